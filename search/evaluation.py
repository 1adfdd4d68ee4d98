"""Measures relevance on questions with known answers, in an index of its own that is thrown away."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import log2
from pathlib import Path
from typing import Any

import nh3

from search import spelling
from search.analysis import Analyser
from search.asking import engine_query
from search.engines.interface import Engine, SearchRequest
from search.indexing import indexed
from search.models import SearchDocument
from search.parsing import parse
from search.spelling import Spelling
from search.words import count_words, grouped, seed_synonyms

TOP = 10
FILTERS = ("step", "kind", "municipality")
CODES = {"step": "step", "kind": "kind", "municipality": "municipality", "state": "state", "topics": "topic"}


@dataclass(frozen=True)
class Figures:
    """What one query, or the mean of many, scores."""

    queries: int = 0
    ndcg: float = 0.0
    reciprocal_rank: float = 0.0
    recall: float = 0.0
    success: float = 0.0
    empty: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.queries:6} queries   nDCG@10 {self.ndcg:.4f}   MRR {self.reciprocal_rank:.4f}   "
            f"recall@10 {self.recall:.4f}   success@1 {self.success:.4f}   empty {self.empty:.2%}"
        )


class Collection:
    """Documents in a throw-away index; ids of any form become numbers for the engine."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self._spellings: dict[str, Spelling] = {}
        self._names: dict[int, str] = {}
        self._analysers: dict[str, Analyser] = {}

    def load(self, documents: Iterable[Mapping[str, Any]]) -> int:
        """Build one index per locale and return the number of documents."""
        rows: dict[str, list[SearchDocument]] = defaultdict(list)
        for number, document in zip(count(1), documents, strict=False):
            row = row_of(document, number)
            self._names[number] = str(document.get("id") or document.get("source_id"))
            rows[row.locale].append(row)
        for locale, own in rows.items():
            counts = count_words(f"{row.title}\n{row.lead}\n{row.text}" for row in own)
            analyser = self._analysers[locale] = Analyser(locale, counts)
            self._spellings[locale] = Spelling(spelling.build(self.folder, locale, 1, counts))
            self.engine.rebuild(locale, (indexed(row, analyser) for row in own), seq=1, lexicon=0)
        return len(self._names)

    def ranked(self, query: Mapping[str, Any]) -> list[str]:
        """Return the ids of the best ten documents for a query."""
        locale = query.get("locale") or query.get("lang") or "de"
        analyser = self._analysers.get(locale)
        if analyser is None:
            return []
        scope = {name: codes(value) for name, value in filters_of(query).items()}
        request = SearchRequest(query.get("q") or query["query"], locale, scope=scope, page_size=TOP, facets=())
        parsed = parse(request.text)
        synonyms = grouped(seed_synonyms(locale), analyser)
        asked = engine_query(request, parsed, analyser, spelling=self._spellings[locale], synonyms=synonyms)
        if not asked.clauses:
            return []
        found = self.engine.search(asked)
        return [self._names[key] for key, _score in found.hits]


class Marks:
    """How far the indexes of one evaluation have come, in memory."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[int, int]] = {}

    def get(self, name: str) -> tuple[int, int]:
        """Return (last change applied, generation of words)."""
        return self._rows.get(name, (0, 0))

    def put(self, name: str, seq: int, lexicon: int) -> None:
        """Remember both."""
        self._rows[name] = (seq, lexicon)


def groups(query: Mapping[str, Any]) -> list[str]:
    """Return the names of the means that a query counts for: all, its language, its class."""
    found = ["all", f"locale {query.get('locale') or query.get('lang') or 'de'}"]
    return [*found, f"class {query['class']}"] if query.get("class") else found


def filters_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters of a query, which stand beside its words or in an object of their own."""
    given = {**query, **(query.get("filters") or {})}
    return {name: given[name] for name in FILTERS if given.get(name)}


def row_of(document: Mapping[str, Any], number: int) -> SearchDocument:
    """Return a document of `import_content` or of the development set as a row that is never saved."""
    facets = [f"{name}:{code}" for key, name in CODES.items() for code in codes(document.get(key))]
    return SearchDocument(
        page_id=number,
        locale=document.get("locale") or "de",
        title=document.get("title") or "",
        lead="" if _repeats(document) else plain(document.get("summary")),
        text=plain(document.get("body")),
        facets=facets,
        version=1,
    )


def _repeats(document: Mapping[str, Any]) -> bool:
    """Tell whether the summary is only the beginning of the text: counted twice it would weigh twice."""
    beginning = " ".join(plain(document.get("summary")).split())[:120]
    return bool(beginning) and " ".join(plain(document.get("body")).split()).startswith(beginning)


def codes(value: Any) -> list[str]:
    """Return one code or many as a list; names are compared without regard to capitals, a described row by its name."""
    if value in (None, "", {}):
        return []
    if isinstance(value, dict):
        value = value.get("name") or value.get("key") or ""
    return (
        [code for one in value for code in codes(one)] if isinstance(value, list | tuple) else [str(value).casefold()]
    )


def plain(value: Any) -> str:
    """Return paragraphs, Markdown or HTML as text."""
    text = "\n".join(str(line) for line in value) if isinstance(value, list) else str(value or "")
    return html.unescape(nh3.clean(text, tags=set())) if "<" in text else text


def score(ranked: Sequence[str], relevant: Mapping[str, int]) -> Figures:
    """Return the figures of one query."""
    gains = [2 ** relevant.get(key, 0) - 1 for key in ranked[:TOP]]
    best = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:TOP]
    first = next((place for place, gain in enumerate(gains, start=1) if gain), 0)
    wanted = sum(1 for grade in relevant.values() if grade)
    return Figures(
        queries=1,
        ndcg=_discounted(gains) / (_discounted(best) or 1.0),
        reciprocal_rank=1 / first if first else 0.0,
        recall=sum(1 for gain in gains if gain) / max(1, wanted),
        success=float(first == 1),
        empty=float(not ranked),
    )


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))


def mean(figures: Sequence[Figures]) -> Figures:
    """Return the mean of the figures of many queries."""
    number = len(figures)
    names = ("ndcg", "reciprocal_rank", "recall", "success", "empty")
    means = {name: sum(getattr(one, name) for one in figures) / max(1, number) for name in names}
    return Figures(queries=number, **means)


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
