"""From a query string to a request: anything may stand there, nothing of it is an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from django.http import QueryDict

from search.engines.interface import SearchRequest, Sort
from search.labels import labels_of

LONGEST = 200
MOST_CODES = 20
LONGEST_CODE = 40
MOST_IN_MONTHS = 50
SORTS: tuple[str, ...] = ("relevance", "date", "title")
EVERYWHERE = (
    *("kind", "step", "topic", "target_group", "format", "month", "mode", "language", "fee"),
    *("country", "state", "municipality_type", "size"),
)

NAMES = ("q", "sort", "page", "view", "when", *EVERYWHERE, "type")  # in the query string of any place


@dataclass(frozen=True)
class Place:
    """One place of the site where pages are found: what is looked through there, and which facets make sense."""

    facets: Sequence[str] = EVERYWHERE
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)
    when: str = ""
    page_size: int = 15
    has_past: bool = False
    passages: Literal["always", "for words", "never"] = "always"  # lists of cards have none

    def read(self, query: QueryDict, locale: str) -> SearchRequest:
        """Return the request of a query string; values outside the vocabularies are dropped."""
        text = text_of(query)
        return SearchRequest(
            text=text,
            locale=locale,
            filters={name: codes for name in self.facets if (codes := _codes(query, name))},
            scope=self.scope,
            sort=_sort(query),
            page=_page(query),
            page_size=MOST_IN_MONTHS if self.has_past and query.get("view") == "month" else self.page_size,
            when="past" if self.has_past and query.get("when") == "past" else self.when,
            facets=self.facets,
            with_highlights=self.passages == "always" or (bool(text) and self.passages == "for words"),
        )


def text_of(query: Mapping[str, Any]) -> str:
    """Return what was typed, without control characters, cut to a sensible length."""
    text = str(query.get("q", ""))[: LONGEST * 4]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def _codes(query: QueryDict, name: str) -> list[str]:
    typed = [code for code in query.getlist(name)[:MOST_CODES] if 0 < len(code) <= LONGEST_CODE]
    return list(labels_of(name, dict.fromkeys(typed)))


def _sort(query: QueryDict) -> Sort:
    wanted = query.get("sort", "")
    return cast("Sort", wanted) if wanted in SORTS else "relevance"


def _page(query: QueryDict) -> int:
    text = query.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


SEARCH = Place()
KNOWLEDGE = Place(
    facets=("step", "topic", "type", "target_group", "format", "country", "state", "municipality_type", "size"),
    scope={"kind": ("good_practice", "material")},
    page_size=12,
    passages="for words",
)
PRACTICES = Place(
    facets=("step", "topic", "target_group", "format", "country", "state", "municipality_type", "size"),
    scope={"kind": ("good_practice",)},
    page_size=12,
    passages="for words",
)
MATERIALS = Place(facets=("step", "topic", "type"), scope={"kind": ("material",)}, page_size=12, passages="for words")
CATALOGUE = Place(
    facets=("kind", "step", "topic", "month", "mode", "language", "fee", "country"),
    scope={"kind": ("training", "exchange")},
    when="upcoming",
    page_size=12,
    has_past=True,
    passages="never",
)
SHELVES = {"": KNOWLEDGE, "practice": PRACTICES, "material": MATERIALS}


def topic_place(code: str) -> Place:
    """Return the knowledge base narrowed to one topic."""
    facets = [name for name in KNOWLEDGE.facets if name != "topic"]
    return replace(KNOWLEDGE, facets=facets, scope={**KNOWLEDGE.scope, "topic": (code,)})
