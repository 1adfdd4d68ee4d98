"""What the directory knows of each profile: plain values, kept in this process until content changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cms.pages import BasePage
from cms.version import kept
from cms.vocabularies import MemberStatus
from knowledge.models import MunicipalityPage, ServiceCentrePage, TopicLink, off_the_map
from knowledge.network.places import Point

MEMBER, CENTRE = "municipality", "service_centre"
KINDS = (MEMBER, CENTRE)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Entry:
    """One profile in one language, as lists print it and filters ask it; people are no part of it."""

    kind: str
    page_id: int
    key: uuid.UUID
    title: str
    teaser: str
    url: str
    meta: tuple[str, ...]
    municipality_id: int | None
    point: Point | None
    facets: dict[str, tuple[str, ...]]

    @property
    def card(self) -> Entry:
        """Return itself: the row component asks a page for its card."""
        return self

    @property
    def kind_label(self) -> str:
        """Return what it is, in the active language."""
        return _("Municipality") if self.kind == MEMBER else _("Service centre")

    def values(self, name: str) -> tuple[str, ...]:
        """Return the codes of one facet."""
        return self.facets.get(name, ())


def entries(beside: BasePage, kinds: Iterable[str] = KINDS) -> list[Entry]:
    """Return the profiles in the language of a page by name.

    Members that left the network are not in it, nor profiles that nobody has confirmed for too long.
    """
    found = [entry for kind in kinds for entry in _kept(beside, kind)]
    return sorted(found, key=lambda entry: entry.title.casefold())


def _kept(beside: BasePage, kind: str) -> list[Entry]:
    return kept(("network", kind, beside.locale_id), lambda: _entries(beside, kind))


def _entries(beside: BasePage, kind: str) -> list[Entry]:
    model: Any = MunicipalityPage if kind == MEMBER else ServiceCentrePage
    pages = model.objects.beside(beside).exclude(translation_key__in=off_the_map()).select_related("municipality")
    if kind == MEMBER:
        pages = pages.exclude(member_status=MemberStatus.FORMER)
    rows = list(pages)
    topics = _topics(rows)
    with translation.override(beside.locale.language_code):
        return [_entry(page, kind, topics[page.pk]) for page in rows]


def _topics(pages: Sequence[BasePage]) -> dict[int, tuple[str, ...]]:
    """Return the codes of the topics of many pages in one query."""
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    links = TopicLink.objects.filter(content_object__in=[page.pk for page in pages])
    for page_id, code in links.order_by("tag__name").values_list("content_object_id", "tag__slug"):
        found[page_id] += (code,)
    return found


def _entry(page: Any, kind: str, topics: tuple[str, ...]) -> Entry:
    return Entry(
        kind=kind,
        page_id=page.pk,
        key=page.translation_key,
        title=page.title,
        teaser=page.teaser,
        url=page.url or "",
        meta=tuple(page.card_meta),
        municipality_id=page.municipality_id,
        point=point_of(page),
        facets={"topic": topics, **_place_facets(page), **_own_facets(page, kind)},
    )


def _place_facets(page: Any) -> dict[str, tuple[str, ...]]:
    row = page.municipality
    if row is None:
        return {}
    return {"state": (row.state,), "type": (row.type,), "size": (row.size_class.value,) if row.size_class else ()}


def _own_facets(page: Any, kind: str) -> dict[str, tuple[str, ...]]:
    if kind == CENTRE:
        return {"service": tuple(page.services), "language": tuple(page.languages)}
    office = page.own_youth_office
    return {"youth_office": () if office is None else (YES if office else NO,)}


def point_of(page: Any) -> Point | None:
    """Return the point of a profile: the page's own, else that of its municipality."""
    own: Point | None = getattr(page, "point", None)
    return own or (page.municipality.point if page.municipality else None)
