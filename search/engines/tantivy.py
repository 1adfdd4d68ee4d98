"""Tantivy, embedded: one folder per locale, derived data that may be deleted at any time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from search.engines.folder import STATE, Folder, State
from search.engines.interface import (
    FACETS,
    Change,
    EngineQuery,
    EngineResult,
    EngineUnavailableError,
    Health,
    IndexedDocument,
)

logger = logging.getLogger(__name__)
SCHEMA = 2  # raise it with every change of the fields: older folders are rebuilt
HEAP = 15_000_000
HEAP_OF_REBUILD = 100_000_000
MOST_VALUES = 5_000
MOST_SEGMENTS = 12
ALL = 10_000_000


@cache
def schema() -> Any:
    """Return the fields: tokens, codes, keys to sort by, days."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_unsigned_field("version", fast=True)
    for name in ("title", "joined", "pairs"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("codes", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("date_key", fast=True)  # a number: sorted by a text, each hit costs a look-up of it
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("date", "last_day", "expires"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def guarded(call: Any, *args: Any, **kwargs: Any) -> Any:
    """Call Tantivy; whatever breaks in it (even a panic) is an engine that cannot answer."""
    try:
        return call(*args, **kwargs)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise EngineUnavailableError(str(error)) from error


class _Reader:
    """An opened index. Its files are mapped into memory, so one cut short must be noticed before it is read."""

    def __init__(self, path: Path, signature: tuple[str, int]) -> None:
        import tantivy

        self.signature = signature
        self.path = path
        self._sizes = {
            file: file.stat().st_size for file in path.iterdir() if file.suffix not in ("", ".json", ".lock")
        }
        self.index = guarded(tantivy.Index.open, str(path))
        self.index.config_reader("manual")
        guarded(self.index.reload)
        self.searcher = guarded(self.index.searcher)

    def is_whole(self) -> bool:
        """Tell whether every file still has its size; files merged away stay readable."""
        try:
            if not (self.path / "meta.json").stat().st_size:
                return False
        except OSError:
            return False
        for file, size in self._sizes.items():
            try:
                if file.stat().st_size != size:
                    return False
            except FileNotFoundError:
                continue
        return True


class TantivyEngine:
    """Search in a folder; several processes read, one at a time writes."""

    name = "tantivy"

    def __init__(self, root: Path) -> None:
        self.root = root
        self._readers: dict[str, _Reader] = {}
        self._states: dict[str, tuple[tuple[str, int], State]] = {}
        self._lock = threading.Lock()

    def search(self, query: EngineQuery) -> EngineResult:
        """Answer from the newest committed state."""
        from search.engines import tantivy_queries as build

        searcher = self._reader(query.locale).searcher
        matching = build.matching(query)
        whole = build.scored(query, build.restricted(matching, query.filters))
        order = build.order(query)
        found = guarded(searcher.search, whole, max(1, query.limit), offset=query.offset, **order)
        addresses = [address for _key, address in found.hits][: query.limit]
        ids = guarded(searcher.fast_field_values, "id", addresses) if addresses else []
        scores = [0.0 if order else float(key) for key, _address in found.hits]
        hits = list(zip(ids, scores, strict=False))
        if not order:
            hits.sort(key=lambda hit: (-hit[1], hit[0]))
        return EngineResult(hits, found.count, self._facets(searcher, query, matching))

    def _facets(self, searcher: Any, query: EngineQuery, matching: Any) -> dict[str, dict[str, int]]:
        """Count all facets at once, and once more for each facet that has a choice of its own."""
        from search.engines import tantivy_queries as build

        if not query.facets:
            return {}
        chosen = [name for name, codes in query.filters.items() if codes and name in query.facets]
        counts = self._count(searcher, build.restricted(matching, query.filters))
        found = {name: counts.get(name, {}) for name in query.facets}
        for name in chosen:
            others = {other: codes for other, codes in query.filters.items() if other != name}
            found[name] = self._count(searcher, build.restricted(matching, others)).get(name, {})
        return found

    @staticmethod
    def _count(searcher: Any, matching: Any) -> dict[str, dict[str, int]]:
        wanted = {"all": {"terms": {"field": "facets", "size": MOST_VALUES, "segment_size": MOST_VALUES}}}
        counts: dict[str, dict[str, int]] = {}
        for bucket in guarded(searcher.aggregate, matching, wanted)["all"]["buckets"]:
            name, _colon, code = bucket["key"].partition(":")
            counts.setdefault(name, {})[code] = bucket["doc_count"]
        return counts

    def apply(self, locale: str, changes: Sequence[Change], *, seq: int, again: bool = False) -> bool:
        """Apply changes in one commit, unless somebody else is writing."""
        folder = self._folder(locale)
        with folder.writing(wait=False) as is_mine:
            if not is_mine:
                return False
            live, state = folder.live(), folder.state()
            if live is None or state is None:
                return False
            writer = self._commit(live, changes if again or seq > state.seq else [])
            folder.note(live, State(SCHEMA, max(seq, state.seq), state.lexicon))
            if writer is not None:  # a merge that outlives our lock would undo the next writer's commit
                guarded(writer.wait_merging_threads)
        return True

    @staticmethod
    def _commit(path: Path, changes: Sequence[Change]) -> Any:
        """Commit changes and return the writer, which may still be merging."""
        import tantivy

        if not changes:
            return None
        try:
            index = guarded(tantivy.Index.open, str(path))
        except EngineUnavailableError:
            (path / STATE).unlink(missing_ok=True)  # whoever looks next builds it anew
            raise
        writer = guarded(index.writer, HEAP, 1)
        for change in changes:
            guarded(writer.delete_documents_by_query, tantivy.Query.term_query(schema(), "id", change.id))
            if change.document is not None:
                guarded(writer.add_document, _document(change.document))
        guarded(writer.commit)
        return writer

    def rebuild(self, locale: str, documents: Iterable[IndexedDocument], *, seq: int, lexicon: int) -> int:
        """Build a new folder beside the live one and swap; a killed rebuild leaves the live one alone."""
        import tantivy

        folder = self._folder(locale)
        with folder.writing(wait=True):
            path = folder.new()
            index = guarded(tantivy.Index, schema(), path=str(path))
            writer = guarded(index.writer, HEAP_OF_REBUILD, 1)
            number = 0
            for number, document in enumerate(documents, start=1):  # noqa: B007 - the number of documents is returned
                guarded(writer.add_document, _document(document))
            guarded(writer.commit)
            guarded(writer.wait_merging_threads)
            folder.note(path, State(SCHEMA, seq, lexicon))
            folder.swap(path)
        return number

    def tidy(self, locale: str) -> bool:
        """Merge the many small segments that single publishes leave; tell whether there were any."""
        import tantivy

        folder = self._folder(locale)
        if not self.health(locale).is_ok or self._reader(locale).searcher.num_segments <= MOST_SEGMENTS:
            return False
        with folder.writing(wait=False) as is_mine:
            live, state = folder.live(), folder.state()
            if not is_mine or live is None or state is None:
                return False
            writer = guarded(guarded(tantivy.Index.open, str(live)).writer, HEAP_OF_REBUILD, 1)
            guarded(writer.commit)
            guarded(writer.wait_merging_threads)
            folder.note(live, state)
        return True

    def versions(self, locale: str) -> dict[int, int]:
        """Return the version of each document."""
        import tantivy

        searcher = self._reader(locale).searcher
        found = guarded(searcher.search, tantivy.Query.all_query(), max(1, searcher.num_docs), count=False)
        addresses = [address for _score, address in found.hits]
        ids = guarded(searcher.fast_field_values, "id", addresses)
        return dict(zip(ids, guarded(searcher.fast_field_values, "version", addresses), strict=True))

    def lexicon(self, locale: str) -> int:
        """Return the generation of words the index was made with."""
        state = self._state(locale)
        return state.lexicon if state else 0

    def health(self, locale: str) -> Health:
        """Tell whether the folder can be read, and how far it has come."""
        state = self._state(locale)
        if state is None:
            return Health(is_ok=False, problem="missing")
        if state.schema != SCHEMA:
            return Health(is_ok=False, problem="made by another version")
        try:
            documents = self._reader(locale).searcher.num_docs
        except (EngineUnavailableError, OSError) as error:
            return Health(is_ok=False, problem=str(error))
        return Health(is_ok=True, documents=documents, seq=state.seq, lexicon=state.lexicon)

    def words_with_prefix(self, locale: str, prefix: str, limit: int) -> list[str]:
        """Return surfaces that begin like this, the frequent ones first."""
        searcher = self._reader(locale).searcher
        found = guarded(searcher.terms_with_prefix, "exact", prefix, limit=limit)
        return [term for term, _count in found]

    def _folder(self, locale: str) -> Folder:
        return Folder(self.root / locale)

    def _state(self, locale: str) -> State | None:
        folder = self._folder(locale)
        signature = folder.signature()
        known = self._states.get(locale)
        if known is not None and known[0] == signature:
            return known[1]
        state = folder.state()
        if state is not None:
            self._states[locale] = (signature, state)
        return state

    def _reader(self, locale: str) -> _Reader:
        """Return the opened index, opened anew after each write, swap or damage."""
        folder = self._folder(locale)
        signature = folder.signature()
        reader = self._readers.get(locale)
        if reader is not None and reader.signature == signature and reader.is_whole():
            return reader
        live = folder.live()
        if live is None or not signature[1]:
            raise EngineUnavailableError("missing")
        state = self._state(locale)
        if state is None or state.schema != SCHEMA:
            raise EngineUnavailableError("made by another version")
        with self._lock:
            self._readers[locale] = _Reader(live, signature)
            return self._readers[locale]


def _document(document: IndexedDocument) -> Any:
    import tantivy

    values: dict[str, Any] = {
        "id": document.id,
        "version": document.version,
        "title": " ".join(document.title),
        "joined": " ".join(document.joined),
        "pairs": " ".join(document.pairs),
        "exact": " ".join(document.exact),
        "codes": list(document.facets),
        "facets": [value for value in document.facets if value.partition(":")[0] in FACETS],
        "date_key": int(document.date_key),
        "title_key": document.title_key,
        "date": document.date,
        "last_day": document.last_day,
        "expires": document.expires,
    }
    return tantivy.Document.from_dict(values, schema())
