"""The map of Germany for templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.fragments import piece
from cms.vocabularies import State
from knowledge import map as germany
from knowledge.sources import NOTES

register = template.Library()


class StateLink(Protocol):
    """What the map needs to know of a state."""

    code: str
    label: str
    count: int
    url: str


@register.simple_tag
def germany_map(
    places: Iterable[germany.Place],
    states: Sequence[StateLink] = (),
    active: str | Sequence[str] = (),
    *,
    labels: bool = False,
    here: tuple[float, float] | None = None,
    here_label: str = "",
) -> SafeString:
    """Draw states and places as links. The list beside the map says the same: the map is never the only way.

    States without a link are drawn too; `active` names the chosen states; `here` is where a search nearby starts.
    What shows the same is kept; around a place nearly each search shows something else.
    """
    links = {state.code: state for state in states}
    chosen, drawn = (active,) if isinstance(active, str) else tuple(active), tuple(places)
    if here is not None:
        return _map(drawn, links, chosen, labels=labels, here=here, here_label=here_label)
    key = ("map", drawn, tuple((one.code, one.count, one.url) for one in states), chosen, labels)
    return piece(key, lambda: _map(drawn, links, chosen, labels=labels))


def _map(
    places: tuple[germany.Place, ...],
    links: dict[str, StateLink],
    chosen: tuple[str, ...],
    *,
    labels: bool,
    here: tuple[float, float] | None = None,
    here_label: str = "",
) -> SafeString:
    pins = germany.pins(places)
    context = {
        "width": germany.WIDTH,
        "height": germany.projection().height,
        "states": [_state(code, shape, links.get(code), chosen) for code, shape in germany.baked()["states"].items()],
        "pins": pins,
        "legend": len({pin.kind for pin in pins}) > 1,
        "here": [f"{number:.1f}" for number in germany.projection().point(*here)] if here else None,
        "here_label": here_label,
        "hit_radius": germany.PIN_GAP // 2,
        "labels": labels,
        "sources": NOTES,
    }
    return render_to_string("knowledge/map.html", context)


def _state(code: str, shape: dict[str, Any], link: StateLink | None, active: Sequence[str]) -> dict[str, Any]:
    name = str(State(code).label)
    return {
        "code": code,
        "name": name,
        "title": _("%(state)s (%(count)s)") % {"state": name, "count": link.count} if link else name,
        "url": link.url if link else "",
        "active": code in active,
        "path": shape["path"],
        "label": [str(number) for number in shape["label"]],
    }
