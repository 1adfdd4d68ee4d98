"""From a visitor's request to the engine's question, and from its counts to facets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from django.utils import timezone

from search.analysis import Analyser, Word, plain
from search.engines.interface import FOREVER, EngineQuery, EngineResult, FacetValue, SearchRequest
from search.parsing import Group, Parsed, clauses, meaningful
from search.spelling import Spelling

STEPS = ("allies", "network", "plan", "training", "service", "pr")
UPCOMING_BONUS = 3.0
MOST_PAGES = 500
MOST_ON_A_PAGE = 50
SHORTEST_BEGINNING = 2
MOST_BEGUN = 8
MOSTLY_KNOWN = 0.6  # of the letters of a word that the site does not have
Order = Literal["score", "date", "-date", "title"]


def engine_query(
    request: SearchRequest,
    parsed: Parsed,
    analyser: Analyser,
    *,
    spelling: Spelling,
    synonyms: Iterable[Group] = (),
) -> EngineQuery:
    """Return what the engine is asked."""
    typed = typed_words(parsed, request.locale)
    today = timezone.localdate()
    return EngineQuery(
        locale=request.locale,
        clauses=clauses(
            asked_words(typed, analyser),
            synonyms,
            pairs=analyser.pairs(typed),
            prefixed=half_typed(parsed, analyser, spelling),
            corrected=[analyser.word(word) for word in corrections(typed, analyser, spelling).values()],
        ),
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


def asked_words(typed: Sequence[str], analyser: Analyser) -> list[Word]:
    """Return words as they are asked for.

    Where the site has none of them, scraps of made-up compounds would be all that is found: parts must be most of it.
    """
    found = [analyser.word(word) for word in typed]
    if any(analyser.knows(word) for word in typed):
        return found
    return [word if analyser.known_share(word.lower) >= MOSTLY_KNOWN else replace(word, parts=()) for word in found]


def corrections(typed: Iterable[str], analyser: Analyser, spelling: Spelling) -> dict[str, str]:
    """Return for each word that the site does not know the one that was probably meant."""
    better = {word: spelling.better(plain(word)) for word in typed if is_unknown(word, analyser, spelling)}
    return {word: other for word, other in better.items() if other}


def half_typed(parsed: Parsed, analyser: Analyser, spelling: Spelling) -> list[str]:
    """Return surfaces that begin like the last word, when that is no word yet."""
    last = parsed.words[-1] if parsed.words else ""
    if len(last) < SHORTEST_BEGINNING or not is_unknown(last, analyser, spelling):
        return []
    return [analyser.word(word).surface for word in spelling.beginning_with(plain(last), MOST_BEGUN)]


def is_unknown(word: str, analyser: Analyser, spelling: Spelling) -> bool:
    """Tell whether the site has no such word, in whatever form, and no words that make it up."""
    return word.isalpha() and not analyser.knows(word) and not spelling.knows(plain(word))


def typed_words(parsed: Parsed, locale: str) -> list[str]:
    """Return the words that are looked for, those of phrases too."""
    return [*meaningful(parsed.words, locale), *(word for phrase in parsed.phrases for word in phrase)]


def page_number(request: SearchRequest) -> int:
    """Return the wanted page, kept within reason."""
    return min(max(1, request.page), MOST_PAGES)


def page_size(request: SearchRequest) -> int:
    """Return the number of hits on a page, kept within reason."""
    return min(max(0, request.page_size), MOST_ON_A_PAGE)


def _order(request: SearchRequest, parsed: Parsed) -> Order:
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
    return (request.date_from.toordinal() if request.date_from else 0), (request.date_to or FOREVER).toordinal()


def facet_values(result: EngineResult, request: SearchRequest) -> dict[str, list[FacetValue]]:
    """Return the counted codes, frequent ones first; chosen codes and the six steps are there with 0 too."""
    found = {}
    for name in request.facets:
        counts = dict(result.facets.get(name, {}))
        chosen = list(request.filters.get(name, ()))
        for code in (*(STEPS if name == "step" else ()), *chosen):
            counts.setdefault(code, 0)
        order = sorted(counts.items(), key=_step_first if name == "step" else _frequent_first)
        found[name] = [FacetValue(code, number, code in chosen) for code, number in order]
    return found


def _step_first(pair: tuple[str, int]) -> tuple[int, str]:
    return (STEPS.index(pair[0]) if pair[0] in STEPS else len(STEPS), pair[0])


def _frequent_first(pair: tuple[str, int]) -> tuple[int, str]:
    return (-pair[1], pair[0])
