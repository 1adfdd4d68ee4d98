"""An engine query in Tantivy's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Order, Query

from search.engines.interface import EngineQuery
from search.engines.tantivy import schema

INDEXED = {"exact": "position", "codes": "basic"}


def matching(query: EngineQuery) -> Any:
    """Return the query without the visitor's filters: any clause, all phrases, nothing excluded, in scope."""
    parts: list[tuple[Any, Any]] = [(Occur.Must, _any_clause(query))]
    parts += [(Occur.Must, _unscored(_phrase(list(phrase)))) for phrase in query.phrases]
    parts += [(Occur.MustNot, _term("exact", surface)) for surface in query.excluded]
    if query.excluded_ids:
        parts.append((Occur.MustNot, Query.term_set_query(schema(), "id", list(query.excluded_ids))))
    if query.ends is not None:
        parts.append((Occur.Must, _unscored(_between("last_day", *query.ends))))
    if query.dates is not None:
        parts.append((Occur.Must, _unscored(_between("date", *query.dates))))
    parts.append((Occur.MustNot, _between("expires", None, query.today - 1)))
    return restricted(Query.boolean_query(parts), query.scope)


def restricted(matching: Any, filters: Mapping[str, Sequence[str]]) -> Any:
    """Return the query with filters: one of the codes of each facet."""
    parts = [(Occur.Must, _one_of(name, codes)) for name, codes in filters.items() if codes]
    return Query.boolean_query([(Occur.Must, matching), *parts]) if parts else matching


def _one_of(name: str, codes: Sequence[str]) -> Any:
    """Return the query for a few codes: term by term costs a tenth of a set, for which an automaton would be built."""
    terms = [(Occur.Should, _term("codes", f"{name}:{code}")) for code in codes]
    return _unscored(Query.boolean_query(terms))


def scored(query: EngineQuery, whole: Any) -> Any:
    """Return the query with the bonus of what is not over."""
    if not query.clauses or not query.bonus_for_upcoming or query.order != "score":
        return whole
    upcoming = Query.const_score_query(_between("last_day", query.today, None), query.bonus_for_upcoming)
    return Query.boolean_query([(Occur.Must, whole), (Occur.Should, upcoming)])


def order(query: EngineQuery) -> dict[str, Any]:
    """Return the arguments that sort by a field; by score without any."""
    if query.order == "title":
        return {"order_by_field": "title_key", "order": Order.Asc}
    if query.order in ("date", "-date"):
        return {"order_by_field": "date_key", "order": Order.Asc if query.order == "date" else Order.Desc}
    return {}


def _any_clause(query: EngineQuery) -> Any:
    if not query.clauses:
        return _unscored(tantivy.Query.all_query())
    return Query.boolean_query(
        [
            (Occur.Should, Query.boost_query(_term(clause.field, clause.token), clause.weight))
            for clause in query.clauses
        ]
    )


def _term(name: str, token: str) -> Any:
    return Query.term_query(schema(), name, token, INDEXED.get(name, "freq"))


def _phrase(words: list[str]) -> Any:
    return Query.phrase_query(schema(), "exact", list(words)) if len(words) > 1 else _term("exact", words[0])


def _between(name: str, lowest: int | None, highest: int | None) -> Any:
    return Query.range_query(schema(), name, FieldType.Integer, lowest, highest)


def _unscored(query: Any) -> Any:
    return Query.const_score_query(query, 0.0)
