"""An engine query as the body of one Elasticsearch request: query, post_filter, one aggregation per facet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search.engines.interface import FACETS, EngineQuery, IndexedDocument

MOST_VALUES = 1_000
DEEPEST = 50_000
ORDERS: dict[str, list[Any]] = {
    "score": ["_score", {"id": "asc"}],
    "title": [{"title_key": "asc"}],
    "date": [{"date_key": "asc"}],
    "-date": [{"date_key": "desc"}],
}


def index_body(replicas: int) -> dict[str, Any]:
    """Return settings and mapping of a new index: tokens come ready made, texts stay in the database."""
    tokens = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    key = {"type": "keyword"}
    fields: dict[str, Any] = {
        "id": {"type": "long"},
        "version": {"type": "long"},
        **dict.fromkeys(("title", "joined", "pairs"), tokens),
        "exact": {**tokens, "index_options": "positions"},
        "codes": {**key, "doc_values": False},
        "facets": {"properties": {name: {**key, "index": False} for name in FACETS}},
        "date_key": {**key, "index": False},
        "title_key": {**key, "index": False},
        **{name: {"type": "integer"} for name in ("date", "last_day", "expires")},
    }
    return {
        "settings": {
            "number_of_shards": 1,  # one shard: all documents share their statistics, and there are few of them
            "number_of_replicas": replicas,
            "index.gc_deletes": "1h",  # a late replay finds out that the document is gone
            "index.max_result_window": DEEPEST,
        },
        "mappings": {"dynamic": "strict", "_source": {"enabled": False}, "properties": fields},
    }


def source(document: IndexedDocument) -> dict[str, Any]:
    """Return a document as it is indexed."""
    facets: dict[str, list[str]] = {}
    for value in document.facets:
        name, _colon, code = value.partition(":")
        if name in FACETS:
            facets.setdefault(name, []).append(code)
    return {
        "id": document.id,
        "version": document.version,
        **{name: " ".join(getattr(document, name)) for name in ("title", "joined", "pairs", "exact")},
        "codes": list(document.facets),
        "facets": facets,
        **{name: getattr(document, name) for name in ("date_key", "title_key", "date", "last_day", "expires")},
    }


def body(query: EngineQuery) -> dict[str, Any]:
    """Return the request."""
    asked: dict[str, Any] = {
        "query": _query(query),
        "post_filter": {"bool": {"filter": _codes(query.filters)}},
        "sort": ORDERS[query.order],
        "track_scores": True,
        "track_total_hits": True,
        "from_": query.offset,
        "size": query.limit if query.offset + query.limit <= DEEPEST else 0,
        "docvalue_fields": ["id"],
        "source": False,
    }
    if query.facets:
        asked["aggs"] = {name: _aggregation(name, query.filters) for name in query.facets}
    return asked


def _query(query: EngineQuery) -> dict[str, Any]:
    restrictions: list[Any] = [*_codes(query.scope), *(_phrase(list(phrase)) for phrase in query.phrases)]
    if query.ends is not None:
        restrictions.append(_between("last_day", *query.ends))
    if query.dates is not None:
        restrictions.append(_between("date", *query.dates))
    excluded: list[Any] = [_between("expires", None, query.today - 1)]
    excluded += [{"term": {"exact": surface}} for surface in query.excluded]
    if query.excluded_ids:
        excluded.append({"terms": {"id": list(query.excluded_ids)}})
    found: dict[str, Any] = {"filter": restrictions, "must_not": excluded}
    if query.clauses:
        found["must"] = [{"bool": {"should": [_clause(clause) for clause in query.clauses]}}]
        if query.bonus_for_upcoming and query.order == "score":
            upcoming = {"filter": _between("last_day", query.today, None)}
            found["should"] = [{"constant_score": {**upcoming, "boost": query.bonus_for_upcoming}}]
    return {"bool": found}


def _clause(clause: Any) -> dict[str, Any]:
    return {"term": {clause.field: {"value": clause.token, "boost": clause.weight}}}


def _codes(filters: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"terms": {"codes": [f"{name}:{code}" for code in codes]}} for name, codes in filters.items() if codes]


def _aggregation(name: str, filters: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Count a facet over everything the other facets let through."""
    others = _codes({other: codes for other, codes in filters.items() if other != name})
    values = {"terms": {"field": f"facets.{name}", "size": MOST_VALUES}}
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": values}}


def _phrase(words: list[str]) -> dict[str, Any]:
    return {"match_phrase": {"exact": " ".join(words)}}


def _between(name: str, lowest: int | None, highest: int | None) -> dict[str, Any]:
    limits = {"gte": lowest, "lte": highest}
    return {"range": {name: {sign: value for sign, value in limits.items() if value is not None}}}
