"""The search of the admin on SQLite: modelsearch, without what makes it slow or fail there.

Stock SQLite joins every hit with every entry of the index (20 s at 10,000 pages), fails on a lone quote and on fields
it has no column for, and recomputes an average over all titles at every save.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchResults,
)
from modelsearch.query import And, Phrase, PlainText
from modelsearch.utils import get_descendants_content_types_pks

CONTROL = dict.fromkeys(range(32), " ")


def harmless(text: str) -> str:
    """Return typed text as it may stand between quotes in a query of FTS5."""
    return text.translate(CONTROL).replace('"', '""')


class QuickCompiler(SQLiteSearchQueryCompiler):
    """Asks the index once for (id, score) and the table once for these ids."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Make quotes in typed text harmless."""
        if isinstance(query, PlainText):
            query = PlainText(harmless(query.query_string), operator=query.operator)
        elif isinstance(query, Phrase):
            query = Phrase(harmless(query.query_string))
        return super().build_search_query_content(query, config=config)

    def scores(self, config: Any) -> dict[Any, float] | None:
        """Return the score of every hit, the best one lowest; None for queries that stock code must answer."""
        wanted = normalize(self.query)
        if not isinstance(wanted, PlainText | Phrase | And):
            return None
        built = self.build_search_query(wanted, config=config)
        if built is None:
            return {}
        columns = [name for name in self.fields or () if name in self.FTS_TABLE_FIELDS] or self.FTS_TABLE_FIELDS
        entries = SQLiteFTSIndexEntry.objects.filter(
            MatchExpression(columns, built),
            index_entry__content_type__in=get_descendants_content_types_pks(self.queryset.model),
        ).annotate(score=BM25())
        to_key = self.queryset.model._meta.pk.to_python
        try:
            return {to_key(key): score for key, score in entries.values_list("index_entry__object_id", "score")}
        except OperationalError:  # a query that FTS5 cannot read finds nothing
            return {}

    def matching(self, config: Any) -> QuerySet[Any] | None:
        """Return the rows of the hits in no order; None for queries that stock code must answer."""
        scores = self.scores(config)
        return None if scores is None else self.among(list(scores))

    def among(self, keys: list[Any]) -> QuerySet[Any]:
        """Keep rows with these keys, as one parameter whatever their number."""
        found: QuerySet[Any] = self.queryset.filter(
            pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])
        )
        return found

    def search(self, config: Any, start: int | None, stop: int | None, score_field: str | None = None) -> Any:
        """Return rows by relevance where scores are asked for in SQL (stock), else in the order of the query set."""
        found = None if score_field else self.matching(config)
        if found is None:
            return super().search(config, start, stop, score_field=score_field)
        return (found if found.query.order_by else found.order_by("-pk"))[start:stop]


class QuickAutocompleteCompiler(QuickCompiler, SQLiteAutocompleteQueryCompiler):
    """The same for the beginning of words in titles."""


class QuickResults(SQLiteSearchResults):
    """Sorts by score here, and loads only what is shown."""

    def _do_search(self) -> list[Any]:
        compiler = self.query_compiler
        scores = compiler.scores(compiler.get_config(self.backend)) if compiler.order_by_relevance else None
        if scores is None:
            found: list[Any] = super()._do_search()
            return found
        allowed = compiler.among(list(scores)).order_by().values_list("pk", flat=True)
        keys = sorted(allowed, key=lambda key: (scores[key], -key if isinstance(key, int) else 0))
        shown = keys[self.start or 0 : self.stop]
        rows = {row.pk: row for row in compiler.queryset.filter(pk__in=shown)}
        for key, row in rows.items():
            if self._score_field:
                setattr(row, self._score_field, scores[key])
        return [rows[key] for key in shown if key in rows]


class QuickIndex(SQLiteIndex):
    """Leaves out the average over all titles, which no score here uses."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        return


class QuickBackend(SQLiteSearchBackend):
    """The backend of SQLite with all of this."""

    query_compiler_class = QuickCompiler
    autocomplete_query_compiler_class = QuickAutocompleteCompiler
    results_class = QuickResults
    index_class = QuickIndex
