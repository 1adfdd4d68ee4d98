"""Answers from the rows while an index is being built: words as they are typed, the title counts most.

Plainer than an index and slower on a large site, but the right pages, totals and facets within the same request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from search.analysis import fold
from search.engines.interface import FOREVER, EngineQuery, EngineResult
from search.models import SearchDocument
from search.parsing import Parsed, meaningful

TITLE, TEXT = 3, 1
LONG, ENDING = 6, 2  # longer words are compared without their last letters: they may be an ending
FIELDS = ("title", "lead", "text", "words")
READ = ("pk", "score", "facets", "date", "last_day", "expires", "title")


class Rows:
    """The table of what is findable, asked like an engine."""

    name = "database"

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed

    def search(self, query: EngineQuery) -> EngineResult:
        """Answer with a scan of the language's rows."""
        rows = [row for row in self._matching(query).values(*READ) if _is_in_scope(row, query)]
        hits = sorted((row for row in rows if _fits(row, query.filters)), key=lambda row: _rank(row, query.order))
        shown = hits[query.offset : query.offset + query.limit]
        facets = _counts(hits)
        for name in [name for name, codes in query.filters.items() if codes]:  # its own choice left out
            others = {other: codes for other, codes in query.filters.items() if other != name}
            facets[name] = _counts(row for row in rows if _fits(row, others)).get(name, {})
        return EngineResult([(row["pk"], float(row["score"])) for row in shown], len(hits), facets)

    def _matching(self, query: EngineQuery) -> QuerySet[SearchDocument]:
        rows = SearchDocument.objects.filter(locale=query.locale).exclude(pk__in=query.excluded_ids)
        score: Any = Value(0, output_field=IntegerField())
        wanted = [
            *map(_beginning, meaningful(self.parsed.words, query.locale)),
            *(" ".join(phrase) for phrase in self.parsed.phrases),
        ]
        for part in wanted:
            score = score + Case(
                When(_holds(part, FIELDS[:1]), then=TITLE), When(_holds(part, FIELDS[1:]), then=TEXT), default=0
            )
        for phrase in self.parsed.phrases:
            rows = rows.filter(_holds(" ".join(phrase), FIELDS))
        for word in self.parsed.excluded:
            rows = rows.exclude(_holds(word, FIELDS))
        rows = rows.annotate(score=score)
        return rows.filter(score__gt=0) if wanted else rows


def _beginning(word: str) -> str:
    return word[:-ENDING] if len(word) > LONG else word


def _holds(part: str, fields: Sequence[str]) -> Q:
    """Return a condition; capital umlauts are asked for too, since SQLite compares only ASCII without case."""
    found = Q()
    for name in fields:
        for form in {part, part.capitalize()}:
            found |= Q(**{f"{name}__icontains": form})
    return found


def _is_in_scope(row: Mapping[str, Any], query: EngineQuery) -> bool:
    if (row["expires"] or FOREVER).toordinal() < query.today:
        return False
    if query.ends and not query.ends[0] <= (row["last_day"] or FOREVER).toordinal() <= query.ends[1]:
        return False
    day = row["date"].toordinal() if row["date"] else 0
    if query.dates and not query.dates[0] <= day <= query.dates[1]:
        return False
    return _fits(row, query.scope)


def _fits(row: Mapping[str, Any], filters: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a row has one of the codes of each facet."""
    return all(any(f"{name}:{code}" in row["facets"] for code in codes) for name, codes in filters.items() if codes)


def _counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return how many rows there are with each code of each facet."""
    found: dict[str, dict[str, int]] = {}
    for code, number in Counter(code for row in rows for code in row["facets"]).items():
        name, _colon, value = code.partition(":")
        found.setdefault(name, {})[value] = number
    return found


def _rank(row: Mapping[str, Any], order: str) -> tuple[Any, ...]:
    day = row["date"].toordinal() if row["date"] else 0
    ranks: dict[str, tuple[Any, ...]] = {
        "title": (fold(row["title"]), row["pk"]),
        "date": (day, row["pk"]),
        "-date": (-day, -row["pk"]),
    }
    return ranks.get(order, (-row["score"], row["pk"]))
