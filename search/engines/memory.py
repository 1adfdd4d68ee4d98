"""The slow and obvious engine: plain Python over all documents, the oracle the other engines are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from search.engines.interface import Change, EngineQuery, EngineResult, Health, IndexedDocument

K1, B = 1.2, 0.75
FIELDS = ("title", "joined", "pairs", "exact")
EXACT_LENGTHS = 40


def stored_length(length: int) -> int:
    """Return a field's length as Lucene and Tantivy keep it in one byte: four significant bits from 40 on."""
    if length < EXACT_LENGTHS:
        return length
    rest = length - EXACT_LENGTHS + 16
    shift = rest.bit_length() - 4
    return EXACT_LENGTHS - 16 + ((rest >> shift) << shift)


@dataclass
class _Index:
    documents: dict[int, IndexedDocument] = field(default_factory=dict)
    counts: dict[int, dict[str, Counter[str]]] = field(default_factory=dict)
    seq: int = 0
    lexicon: int = 0

    def put(self, document: IndexedDocument) -> None:
        """Add or replace a document."""
        self.documents[document.id] = document
        self.counts[document.id] = {name: Counter(getattr(document, name)) for name in FIELDS}

    def drop(self, key: int) -> None:
        """Remove a document, if it is there."""
        self.documents.pop(key, None)
        self.counts.pop(key, None)


class MemoryEngine:
    """Keeps the documents of each locale in a dictionary."""

    name = "memory"

    def __init__(self) -> None:
        self._indexes: dict[str, _Index] = {}

    def search(self, query: EngineQuery) -> EngineResult:
        """Score every document, count every facet."""
        index = self._indexes.get(query.locale, _Index())
        found = [doc for doc in index.documents.values() if self._matches(index, query, doc)]
        chosen = [doc for doc in found if _fits(doc, query.filters)]
        scores = self._scores(index, query, chosen)
        ordered = _ordered(chosen, scores, query.order)[query.offset : query.offset + query.limit]
        return EngineResult(
            hits=[(doc.id, scores[doc.id]) for doc in ordered],
            total=len(chosen),
            facets={name: _count(found, name, query.filters) for name in query.facets},
        )

    def apply(self, locale: str, changes: Sequence[Change], *, seq: int, again: bool = False) -> bool:
        """Put and drop documents."""
        index = self._indexes.setdefault(locale, _Index())
        for change in changes:
            if change.document is None:
                index.drop(change.id)
            else:
                index.put(change.document)
        index.seq = max(index.seq, seq)
        return True

    def rebuild(self, locale: str, documents: Iterable[IndexedDocument], *, seq: int, lexicon: int) -> int:
        """Start from nothing."""
        index = _Index(seq=seq, lexicon=lexicon)
        for document in documents:
            index.put(document)
        self._indexes[locale] = index
        return len(index.documents)

    def versions(self, locale: str) -> dict[int, int]:
        """Return the version of each document."""
        return {key: doc.version for key, doc in self._indexes.get(locale, _Index()).documents.items()}

    def lexicon(self, locale: str) -> int:
        """Return the generation of words."""
        return self._indexes.get(locale, _Index()).lexicon

    def health(self, locale: str) -> Health:
        """Tell how far this index has come."""
        index = self._indexes.get(locale)
        if index is None:
            return Health(is_ok=False, problem="empty")
        return Health(is_ok=True, documents=len(index.documents), seq=index.seq, lexicon=index.lexicon)

    @staticmethod
    def _matches(index: _Index, query: EngineQuery, doc: IndexedDocument) -> bool:
        counts = index.counts[doc.id]
        is_hit = not query.clauses or any(clause.token in counts[clause.field] for clause in query.clauses)
        return (
            is_hit
            and all(_has_phrase(doc.exact, phrase) for phrase in query.phrases)
            and not any(surface in counts["exact"] for surface in query.excluded)
            and doc.id not in query.excluded_ids
            and doc.expires >= query.today
            and (query.ends is None or query.ends[0] <= doc.last_day <= query.ends[1])
            and (query.dates is None or query.dates[0] <= doc.date <= query.dates[1])
            and _fits(doc, query.scope)
        )

    @staticmethod
    def _scores(index: _Index, query: EngineQuery, found: Sequence[IndexedDocument]) -> dict[int, float]:
        number = len(index.documents)
        lengths = {
            name: sum(len(getattr(doc, name)) for doc in index.documents.values()) / max(1, number) for name in FIELDS
        }
        scores = dict.fromkeys((doc.id for doc in found), 0.0)
        for clause in query.clauses:
            frequency = sum(1 for counts in index.counts.values() if clause.token in counts[clause.field])
            idf = log(1 + (number - frequency + 0.5) / (frequency + 0.5))
            for doc in found:
                if count := index.counts[doc.id][clause.field][clause.token]:
                    length = stored_length(len(getattr(doc, clause.field)))
                    norm = K1 * (1 - B + B * length / max(1e-9, lengths[clause.field]))
                    scores[doc.id] += clause.weight * idf * (K1 + 1) * count / (count + norm)
        if query.clauses and query.bonus_for_upcoming:
            for doc in found:
                scores[doc.id] += query.bonus_for_upcoming if doc.last_day >= query.today else 0.0
        return scores


def _has_phrase(tokens: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(tuple(tokens[start : start + size]) == tuple(phrase) for start in range(len(tokens) - size + 1))


def _fits(doc: IndexedDocument, filters: Mapping[str, Sequence[str]]) -> bool:
    return all(any(f"{name}:{code}" in doc.facets for code in codes) for name, codes in filters.items() if codes)


def _count(found: Iterable[IndexedDocument], name: str, filters: Mapping[str, Sequence[str]]) -> dict[str, int]:
    others = {other: codes for other, codes in filters.items() if other != name}
    start = f"{name}:"
    return dict(
        Counter(
            value.removeprefix(start)
            for doc in found
            if _fits(doc, others)
            for value in set(doc.facets)
            if value.startswith(start)
        )
    )


def _ordered(found: list[IndexedDocument], scores: dict[int, float], order: str) -> list[IndexedDocument]:
    if order == "title":
        return sorted(found, key=lambda doc: doc.title_key)
    if order in ("date", "-date"):
        return sorted(found, key=lambda doc: doc.date_key, reverse=order == "-date")
    return sorted(found, key=lambda doc: (-scores[doc.id], doc.id))
