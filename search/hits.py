"""From ids to what lists print: rows from the search's own table, or pages for cards, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from cms.memory import Memory
from cms.pages import BasePage
from cms.version import CONTENT
from knowledge.models import DevelopmentStep, MaterialPage, Municipality, all_steps
from knowledge.models.materials import with_files
from search.engines.interface import Fragment, Hit
from search.labels import kind_label, labels_of
from search.models import SearchDocument
from search.words import SEARCH

MOST_KEPT = 5_000
MOST_TOPICS = 3
DATED = ("training", "exchange", "news")


@dataclass(frozen=True)
class Facts:
    """What is printed of a page whatever was asked."""

    kind: str
    url: str
    steps: Sequence[DevelopmentStep]
    topics: Sequence[str]
    place: str
    date: dt.date | None

    @property
    def kind_label(self) -> str:
        """Return what kind of page it is."""
        return kind_label(self.kind)

    @cached_property
    def head(self) -> SafeString:
        """Return what a list of hits prints above the title; kept with the facts, which are those of one language."""
        return render_to_string("search/hit_head.html", {"facts": self})

    @cached_property
    def foot(self) -> SafeString:
        """Return what a list of hits prints below the passage."""
        return render_to_string("search/hit_foot.html", {"facts": self})


@dataclass(frozen=True)
class Row:
    """One hit as it is printed."""

    id: int
    title: Sequence[Fragment]
    highlight: Sequence[Fragment]
    score: float
    facts: Facts


_facts: Memory[tuple[str | None, int], Facts] = Memory(MOST_KEPT, CONTENT, SEARCH)


def rows(found: Sequence[Hit]) -> list[Row]:
    """Return the rows of these hits; a page that has gone in the meantime is left out."""
    language = get_language()
    known = _facts.get([(language, hit.id) for hit in found], _load)
    return [
        Row(hit.id, hit.title, hit.highlight, hit.score, known[language, hit.id])
        for hit in found
        if (language, hit.id) in known
    ]


def _load(wanted: Sequence[tuple[str | None, int]]) -> Mapping[tuple[str | None, int], Facts]:
    """Return what is known of pages, in three queries however many there are."""
    keys = [key for _language, key in wanted]
    documents = SearchDocument.objects.only("kind", "facets", "date").in_bulk(keys)
    pages = Page.objects.live().in_bulk(keys)
    codes = {key: _by_facet(document.facets) for key, document in documents.items()}
    places = _places([code for facets in codes.values() for code in facets["municipality"]])
    return {
        one: _facts_of(documents[one[1]], codes[one[1]], pages[one[1]].url or "", places)
        for one in wanted
        if one[1] in documents and one[1] in pages
    }


def _facts_of(document: SearchDocument, codes: Mapping[str, list[str]], url: str, places: Mapping[str, str]) -> Facts:
    return Facts(
        kind=document.kind,
        url=url,
        steps=[step for step in all_steps() if step.code in codes["step"]],
        topics=list(labels_of("topic", codes["topic"]).values())[:MOST_TOPICS],
        place=", ".join(places[code] for code in codes["municipality"] if code in places),
        date=document.date if document.kind in DATED else None,
    )


def _by_facet(codes: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        name, _colon, value = code.partition(":")
        found[name].append(value)
    return found


def _places(keys: Sequence[str]) -> dict[str, str]:
    if not keys:
        return {}
    return {str(key): name for key, name in Municipality.objects.filter(pk__in=set(keys)).values_list("pk", "name")}


def pages(keys: Sequence[int]) -> list[Any]:
    """Return the pages in this order, ready for their cards."""
    models: dict[type[BasePage], list[int]] = defaultdict(list)
    for row in Page.objects.filter(pk__in=keys).live().only("pk", "content_type_id"):
        model = row.specific_class
        if model is not None and issubclass(model, BasePage):
            models[model].append(row.pk)
    found: dict[int, Any] = {}
    for model, own in models.items():
        found |= {page.pk: page for page in model.objects.filter(pk__in=own).for_cards()}
    with_files([page for page in found.values() if isinstance(page, MaterialPage)])
    return [found[key] for key in keys if key in found]
