"""From a query string to what is wanted of the directory: anything may stand there, nothing of it is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.cldr import language_choices
from cms.version import kept
from cms.vocabularies import MunicipalityType, Service, SizeClass, State, YesNoUnknown
from knowledge.models import all_topics
from knowledge.network.entries import CENTRE, MEMBER, NO, YES
from knowledge.network.places import Asked, asked, position

BOTH = "all"
MOST_CODES = 20
RADII = (25, 50, 100)  # km
FACETS: dict[str, Any] = {
    "state": _("Federal state"),
    "topic": _("Topic"),
    "service": _("Service"),
    "language": _("Language of advice"),
    "type": _("Type of municipality"),
    "size": _("Size"),
    "youth_office": _("Own youth office"),
}
FACETS_OF = {
    MEMBER: ("state", "topic", "type", "size", "youth_office"),
    CENTRE: ("state", "service", "topic", "language"),
    BOTH: ("state", "topic"),
}
_VOCABULARIES: dict[str, Callable[[], list[tuple[str, Any]]]] = {
    "state": lambda: sorted(State.choices, key=lambda choice: str(choice[1])),
    "topic": lambda: sorted(((topic.slug, topic.label) for topic in all_topics()), key=lambda one: one[1].casefold()),
    "service": lambda: list(Service.choices),
    "language": lambda: list(language_choices()),
    "type": lambda: list(MunicipalityType.choices),
    "size": lambda: list(SizeClass.choices),
    "youth_office": lambda: [(YES, YesNoUnknown.YES.label), (NO, YesNoUnknown.NO.label)],
}


def vocabulary(name: str) -> dict[str, str]:
    """Return the codes of a facet with their labels in the active language, in their order; from memory."""
    key = ("directory labels", name, get_language())
    return kept(key, lambda: {code: str(label) for code, label in _VOCABULARIES[name]()})


@dataclass(frozen=True)
class Wanted:
    """What a visitor wants to see. `kind` is what the page shows by itself unless `kind=all` asks for both."""

    kind: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: Asked = field(default_factory=Asked)
    radius: int | None = None

    @classmethod
    def read(cls, query: QueryDict, own_kind: str) -> Wanted:
        """Return what a query string means; values outside the vocabularies are dropped."""
        kind = BOTH if query.get("kind") == BOTH else own_kind
        filters = {name: codes for name in FACETS_OF[kind] if (codes := _codes(query, name))}
        near = asked(query)
        if not near.text:
            near = position(query) or near
        return cls(kind, filters, near, _radius(query) if near.point else None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of profiles that are shown."""
        return (MEMBER, CENTRE) if self.kind == BOTH else (self.kind,)

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is asked beyond what the page shows by itself."""
        return self.kind != BOTH and not self.filters and not self.near.text and self.near.point is None

    def with_value(self, name: str, code: str) -> Wanted:
        """Return the same with this value alone in its facet, or without it where it was chosen alone."""
        chosen = () if self.filters.get(name) == (code,) else (code,)
        return replace(self, filters={**self.filters, name: chosen})

    def without_value(self, name: str, code: str) -> Wanted:
        """Return the same without one value."""
        rest = tuple(one for one in self.filters.get(name, ()) if one != code)
        return replace(self, filters={**self.filters, name: rest})

    def without_place(self) -> Wanted:
        """Return the same anywhere."""
        return replace(self, near=Asked(), radius=None)

    def of_kind(self, kind: str) -> Wanted:
        """Return the same for another kind, with the filters that make sense there."""
        kept = {name: codes for name, codes in self.filters.items() if name in FACETS_OF[kind]}
        return replace(self, kind=kind, filters=kept)

    @property
    def place_pairs(self) -> list[tuple[str, str]]:
        """Return what an address says of the place."""
        near = self.near
        if near.is_own_position and near.point:
            pairs = [("at", f"{near.point[0]},{near.point[1]}")]
        else:
            pairs = [("near", near.text)] if near.text else []
            pairs += [("place", str(near.row.pk))] if near.row else []
        return [*pairs, ("radius", str(self.radius))] if self.radius else pairs

    @property
    def query(self) -> str:
        """Return the query string that says the same, with its question mark; empty for a plain page."""
        pairs = [("kind", BOTH)] if self.kind == BOTH else []
        pairs += [(name, code) for name, codes in self.filters.items() for code in codes]
        text = urlencode([*pairs, *self.place_pairs])
        return f"?{text}" if text else ""


def _codes(query: QueryDict, name: str) -> tuple[str, ...]:
    asked_for = set(query.getlist(name)[:MOST_CODES])
    return tuple(code for code in vocabulary(name) if code in asked_for) if asked_for else ()


def _radius(query: QueryDict) -> int | None:
    return next((radius for radius in RADII if str(radius) == query.get("radius", "")), None)
