"""From ids to what lists print: rows from the search's own table, or pages for cards, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from cms.pages import BasePage
from knowledge.models import DevelopmentStep, MaterialPage, Municipality, all_steps
from knowledge.models.materials import with_files
from search.engines.interface import Fragment, Hit
from search.labels import kind_label, labels_of
from search.models import SearchDocument
from trainings.catalogue import with_runs
from trainings.models import OfferPage

MOST_TOPICS = 3
DATED = ("training", "exchange", "news")


@dataclass(frozen=True)
class Row:
    """One hit as it is printed."""

    id: int
    kind: str
    title: Sequence[Fragment]
    highlight: Sequence[Fragment]
    url: str
    steps: Sequence[DevelopmentStep]
    topics: Sequence[str]
    place: str
    date: dt.date | None
    score: float

    @property
    def kind_label(self) -> str:
        """Return what kind of page it is."""
        return kind_label(self.kind)


def rows(found: Sequence[Hit]) -> list[Row]:
    """Return the rows of these hits; a page that has gone in the meantime is left out."""
    keys = [hit.id for hit in found]
    if not keys:
        return []
    documents = SearchDocument.objects.only("kind", "facets", "date").in_bulk(keys)
    pages = Page.objects.live().in_bulk(keys)
    codes = {key: _by_facet(document.facets) for key, document in documents.items()}
    places = _places([code for facets in codes.values() for code in facets["municipality"]])
    return [_row(hit, documents, pages, codes, places) for hit in found if hit.id in documents and hit.id in pages]


def _row(hit: Hit, documents: Any, pages: Any, codes: Any, places: dict[str, str]) -> Row:
    document, facets = documents[hit.id], codes[hit.id]
    return Row(
        id=hit.id,
        kind=document.kind,
        title=hit.title,
        highlight=hit.highlight,
        url=pages[hit.id].url or "",
        steps=[step for step in all_steps() if step.code in facets["step"]],
        topics=list(labels_of("topic", facets["topic"]).values())[:MOST_TOPICS],
        place=", ".join(places[code] for code in facets["municipality"] if code in places),
        date=document.date if document.kind in DATED else None,
        score=hit.score,
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
    """Return the pages in this order, ready for their cards; offers with their runs, seats from the database."""
    models: dict[type[BasePage], list[int]] = defaultdict(list)
    for row in Page.objects.filter(pk__in=keys).live().only("pk", "content_type_id"):
        model = row.specific_class
        if model is not None and issubclass(model, BasePage):
            models[model].append(row.pk)
    found: dict[int, Any] = {}
    for model, own in models.items():
        found |= {page.pk: page for page in model.objects.filter(pk__in=own).for_cards()}
    with_files([page for page in found.values() if isinstance(page, MaterialPage)])
    with_runs([page for page in found.values() if isinstance(page, OfferPage)])
    return [found[key] for key in keys if key in found]
