"""What a page tells the search about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Findable:
    """A page as the search knows it: texts of its own language, codes that are the same in all of them.

    `words` are names of the codes (places, topics, countries): they are searched, never shown. `files` are
    digests of files whose text belongs to the page. After `last_day` an
    offer is past, after `expires` the page is found no more, and on `stale_on` the clock changes something of this.
    """

    kind: str
    title: str
    lead: str = ""
    text: str = ""
    words: Sequence[str] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[str] = ()
    date: dt.date | None = None
    last_day: dt.date | None = None
    expires: dt.date | None = None
    stale_on: dt.date | None = None


def findable(page: Any) -> Findable:
    """Return what any page type tells, read from its declarations `search_facets` and `search_texts`."""
    facets: dict[str, Sequence[str]] = {}
    words: list[str] = [str(getattr(page, name)) for name in page.search_texts if getattr(page, name)]
    for facet, name in page.search_facets.items():
        facets[facet], labels = codes_and_labels(page, name)
        words.extend(labels)
    for describe in (_steps, _topics, _place):
        more, labels = describe(page)
        facets.update(more)
        words.extend(labels)
    return Findable(
        kind=page.search_kind,
        title=page.title,
        lead=page.teaser or page.search_description,
        text=page.running_text(),
        words=words,
        facets=facets,
        date=timezone.localdate(page.first_published_at) if page.first_published_at else None,
    )


def codes_and_labels(page: Any, name: str) -> tuple[list[str], list[str]]:
    """Return the codes of a field of one choice or many, and what they are called in the active language."""
    value = getattr(page, name)
    if isinstance(value, list):
        return value, page.labels(name)
    return ([value], [str(getattr(page, f"get_{name}_display")())]) if value else ([], [])


def _steps(page: Any) -> tuple[dict[str, Sequence[str]], list[str]]:
    steps = list(page.steps.all()) if hasattr(page, "steps") else []
    return ({"step": [step.code for step in steps]}, [step.name for step in steps]) if steps else ({}, [])


def _topics(page: Any) -> tuple[dict[str, Sequence[str]], list[str]]:
    topics = list(page.topics.all()) if hasattr(page, "topics") else []
    return ({"topic": [topic.slug for topic in topics]}, [topic.label for topic in topics]) if topics else ({}, [])


def _place(page: Any) -> tuple[dict[str, Sequence[str]], list[str]]:
    place = getattr(page, "municipality", None)
    if place is None:
        return {}, []
    facets: dict[str, Sequence[str]] = {
        "municipality": [str(place.pk)],
        "state": [place.state],
        "municipality_type": [place.type],
        "size": [place.size_class.value] if place.size_class else [],
    }
    return facets, [place.name, place.county, str(place.get_state_display())]
