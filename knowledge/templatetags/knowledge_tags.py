"""What templates ask of the knowledge base: what belongs to a step, and where the shelves are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cms.fragments import piece
from cms.pages import BasePage
from cms.version import kept
from knowledge.models import KnowledgeIndexPage, MunicipalityIndexPage, MunicipalityPage, StepPage
from knowledge.network.parts import Row, StateLink
from knowledge.place_names import label_of
from knowledge.related import Gathered, for_step

register = template.Library()
PLACE = "components/place_row.html"


@dataclass(frozen=True)
class Shelves:
    """The addresses of the shelves in one language."""

    url: str
    practice_url: str
    material_url: str
    topic_url: str


@register.simple_tag(name="for_step")
def for_step_tag(page: StepPage) -> dict[str, Gathered]:
    """Return practices, materials and service centres of a step."""
    return for_step(page)


@register.simple_tag
def shelves(beside: BasePage) -> Shelves | None:
    """Return the shelves in the language of a page, from this process's memory; nothing without knowledge base."""
    return kept(("shelves", beside.locale_id), lambda: _shelves(beside))


def _shelves(beside: BasePage) -> Shelves | None:
    page = KnowledgeIndexPage.objects.beside(beside).first()
    if page is None:
        return None
    topic = page.shelf_url("topic", "x").removesuffix("x/")
    return Shelves(str(page.url), page.shelf_url("practice"), page.shelf_url("material"), topic)


@register.simple_tag
def step_links(language: str) -> list[StepPage]:
    """Return the step pages of a language in their order, from this process's memory, for pages outside the tree."""
    return kept(("step links", language), lambda: list(_step_pages(language)))


def _step_pages(language: str) -> Any:
    pages = StepPage.objects.visible().filter(locale__language_code=language)
    return pages.select_related("step").order_by("step__number")


@register.simple_tag
def place_row(row: Row, kind: str) -> SafeString:
    """Return a profile as a row of the directory; kept unless it says how far away it lies."""
    names = {"page": row.entry, "away": row.away, "kind": kind}
    if row.away:
        return render_to_string(PLACE, names)
    return piece(("place row", row.entry.page_id, kind), lambda: render_to_string(PLACE, names))


@register.filter
def occupied(states: list[StateLink]) -> list[StateLink]:
    """Keep the states in which something lies: the map links no empty lists."""
    return [state for state in states if state.count]


@register.simple_tag
def alike_link(page: MunicipalityPage) -> str:
    """Return where members like this one are listed; nothing without directory or municipality."""
    index = kept(("alike", page.locale_id), lambda: _alike_url(page))
    row = page.municipality
    if not index or row is None:
        return ""
    return f"{index}?{urlencode({'municipality': label_of(row), 'place': row.pk})}"


def _alike_url(page: MunicipalityPage) -> str:
    index = MunicipalityIndexPage.objects.beside(page).first()
    return str(index.alike_url) if index else ""
