"""The search as everybody else calls it: `search`, `complete`, `related`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from search import highlighting, indexing, words
from search.analysis import Analyser, Word
from search.engines import choice
from search.engines.interface import (
    FACETS,
    FOREVER,
    Completion,
    Engine,
    EngineQuery,
    EngineResult,
    FacetValue,
    Hit,
    SearchRequest,
    SearchResponse,
)
from search.models import SearchDocument
from search.parsing import Parsed, clauses, meaningful, parse

STEPS = ("allies", "network", "plan", "training", "service", "pr")
UPCOMING_BONUS = 3.0
MOST_PAGES = 500
MOST_ON_A_PAGE = 50


def search(request: SearchRequest) -> SearchResponse:
    """Answer a request; text that says nothing finds everything the filters let through."""
    engine = choice.embedded()
    indexing.freshen(engine, request.locale)
    analyser = words.analyser(request.locale, engine.health(request.locale).lexicon)
    parsed = parse(request.text)
    result = engine.search(engine_query(request, parsed, analyser, words.synonyms(request.locale, analyser)))
    return SearchResponse(
        hits=hits(result, request, parsed, analyser),
        total=result.total,
        facets=facets(result, request),
        engine=engine.name,
    )


def complete(text: str, locale: str) -> list[Completion]:
    """Return titles, topics and words that begin like this."""
    return []


def related(page_id: int, locale: str, limit: int = 3) -> list[int]:
    """Return the pages that fit best with a page, by what it is about."""
    return []


def engine_query(
    request: SearchRequest, parsed: Parsed, analyser: Analyser, synonyms: Mapping[str, Sequence[Word]]
) -> EngineQuery:
    """Return what the engine is asked."""
    typed = [*meaningful(parsed.words, request.locale), *(word for phrase in parsed.phrases for word in phrase)]
    analysed = [analyser.word(word) for word in typed]
    today = timezone.localdate()
    return EngineQuery(
        locale=request.locale,
        clauses=clauses(analysed, synonyms, pairs=analyser.pairs(typed)),
        phrases=[[analyser.word(word).surface for word in phrase] for phrase in parsed.phrases],
        excluded=[analyser.word(word).surface for word in parsed.excluded],
        filters={name: codes for name, codes in request.filters.items() if codes},
        scope={**{name: codes for name, codes in request.scope.items() if codes}, **_month(request.when)},
        facets=request.facets,
        today=today.toordinal(),
        ends=_ends(request.when, today),
        dates=_dates(request),
        bonus_for_upcoming=0.0 if request.when else UPCOMING_BONUS,
        order=_order(request, parsed),
        offset=(page_number(request) - 1) * page_size(request),
        limit=page_size(request),
    )


def in_index(asked: EngineQuery, locale: str) -> EngineQuery:
    """Return the same question to another index."""
    return replace(asked, locale=locale)


def page_number(request: SearchRequest) -> int:
    """Return the wanted page, kept within reason."""
    return min(max(1, request.page), MOST_PAGES)


def page_size(request: SearchRequest) -> int:
    """Return the number of hits on a page, kept within reason."""
    return min(max(0, request.page_size), MOST_ON_A_PAGE)


def _order(request: SearchRequest, parsed: Parsed) -> str:
    if request.sort == "title":
        return "title"
    if request.sort == "date" or parsed.is_empty:
        return "date" if request.when and request.when != "past" else "-date"
    return "score"


def _ends(when: str, today: dt.date) -> tuple[int, int] | None:
    if when == "upcoming":
        return today.toordinal(), FOREVER.toordinal()
    return (0, today.toordinal() - 1) if when == "past" else None


def _month(when: str) -> Mapping[str, Sequence[str]]:
    return {"month": [when]} if when not in ("", "upcoming", "past") else {}


def _dates(request: SearchRequest) -> tuple[int, int] | None:
    if request.date_from is None and request.date_to is None:
        return None
    return indexing.day_number(request.date_from), (request.date_to or FOREVER).toordinal()


def facets(result: EngineResult, request: SearchRequest) -> dict[str, list[FacetValue]]:
    """Return the counted codes, frequent ones first; chosen codes and the six steps are there with 0 too."""
    found = {}
    for name in request.facets:
        counts = dict(result.facets.get(name, {}))
        chosen = list(request.filters.get(name, ()))
        for code in (*(STEPS if name == "step" else ()), *chosen):
            counts.setdefault(code, 0)
        order = (
            sorted(counts, key=_step_number) if name == "step" else sorted(counts, key=lambda c, n=counts: (-n[c], c))
        )
        found[name] = [FacetValue(code, counts[code], code in chosen) for code in order]
    return found


def _step_number(code: str) -> tuple[int, str]:
    return (STEPS.index(code) if code in STEPS else len(STEPS), code)


def hits(result: EngineResult, request: SearchRequest, parsed: Parsed, analyser: Analyser) -> list[Hit]:
    """Return the hits with title and best passage marked; a row that has gone in the meantime is left out."""
    rows = SearchDocument.objects.in_bulk([key for key, _score in result.hits])
    wanted = highlighting.Wanted.of(parsed, analyser) if request.with_highlights else None
    return [_hit(rows[key], score, wanted) for key, score in result.hits if key in rows]


def _hit(row: SearchDocument, score: float, wanted: highlighting.Wanted | None) -> Hit:
    if wanted is None:
        return Hit(row.pk, score, row.kind)
    passage = highlighting.best_passage(row.lead, row.text, wanted)
    return Hit(row.pk, score, row.kind, highlighting.marked(row.title, wanted), passage)


__all__ = ["FACETS", "Engine", "complete", "related", "search"]
