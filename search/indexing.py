"""From rows to engines: reads the change log, makes tokens, keeps each index up to date."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Max

from search import words
from search.analysis import Analyser, fold, words_in
from search.engines import choice
from search.engines.interface import FOREVER, Change, Engine, IndexedDocument
from search.models import FileText, SearchChange, SearchDocument

CHUNK = 500
CHECK_EVERY = 1.0  # seconds; another process sees a change after this time at the latest
_checked: dict[tuple[str, str], float] = {}
_seen: dict[tuple[str, str], int] = {}
_changes_made = itertools.count(1)
_last_change = 0


def changed() -> None:
    """Remember that the log has grown; this process's next search sees it, other processes look every second."""
    global _last_change  # noqa: PLW0603 - one number per process
    _last_change = next(_changes_made)


def indexed(row: SearchDocument, analyser: Analyser, file_text: str = "") -> IndexedDocument:
    """Return a row as engines keep it."""
    title = words_in(row.title)
    running = f"{row.lead}\n{row.text}\n{row.words}\n{file_text}"
    body = words_in(running)
    in_title, found = [analyser.word(word) for word in title], [analyser.word(word) for word in (*title, *body)]
    written_as_one = analyser.hyphenated(f"{row.title}\n{running}")
    return IndexedDocument(
        id=row.pk,
        version=row.version,
        title=[word.stem for word in in_title],
        joined=[token for word in found for token in word.tokens] + written_as_one,
        pairs=analyser.pairs(title) + analyser.pairs(body),
        exact=[word.surface for word in found],
        facets=row.facets,
        date=day_number(row.date),
        date_key=f"{day_number(row.date):07}{row.pk:012}",
        title_key=f"{fold(row.title)[:80]} {row.pk:012}",
        last_day=day_number(row.last_day or FOREVER),
        expires=day_number(row.expires or FOREVER),
    )


def day_number(day: dt.date | None) -> int:
    """Return a day as a number, 0 for none."""
    return day.toordinal() if day else 0


def all_documents(locale: str, generation: int) -> Iterator[IndexedDocument]:
    """Return all documents of a language as engines keep them, without holding a transaction open."""
    last = 0
    rows = SearchDocument.objects.filter(locale=locale).order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield from _with_files(chunk, words.analyser(locale, generation))
        last = chunk[-1].pk


def _with_files(rows: list[SearchDocument], analyser: Analyser) -> Iterator[IndexedDocument]:
    texts = file_texts(rows)
    for row in rows:
        yield indexed(row, analyser, "\n".join(texts.get(digest, "") for digest in row.files))


def file_texts(rows: Iterable[SearchDocument]) -> dict[str, str]:
    """Return the texts of the files that these rows name."""
    digests = {digest for row in rows for digest in row.files}
    return dict(FileText.objects.filter(pk__in=digests).values_list("pk", "text")) if digests else {}


def last_seq() -> int:
    """Return the number of the last line of the log."""
    return SearchChange.objects.aggregate(last=Max("seq"))["last"] or 0


def rebuild(engine: Engine, locale: str, *, with_new_words: bool = True) -> int:
    """Build the index of a language anew; what changes meanwhile is applied afterwards."""
    generation = words.refresh(locale) if with_new_words else words.latest(locale)
    seq = last_seq()
    number = engine.rebuild(locale, all_documents(locale, generation), seq=seq, lexicon=generation)
    catch_up(engine, locale)
    return number


def catch_up(engine: Engine, locale: str) -> bool:
    """Apply what the log has and the index has not; rebuild an index that is unusable or too old for the log."""
    health = engine.health(locale)
    if not health.is_ok:
        rebuild(engine, locale, with_new_words=words.latest(locale) == 0)
        return True
    seq = health.seq
    while lines := list(SearchChange.objects.filter(seq__gt=seq).order_by("seq")[:CHUNK]):
        changes = _changes([line for line in lines if line.locale == locale], words.analyser(locale, health.lexicon))
        seq = lines[-1].seq
        if not engine.apply(locale, changes, seq=seq):
            return False
    return True


def _changes(lines: list[SearchChange], analyser: Analyser) -> list[Change]:
    """Return one change per document: its state now, whatever happened in between."""
    newest = {line.document_id: line for line in lines}
    rows = list(SearchDocument.objects.filter(pk__in=newest))
    documents = {document.id: document for document in _with_files(rows, analyser)}
    return [Change(line.seq, key, documents.get(key)) for key, line in newest.items()]


def freshen(engine: Engine, locale: str) -> None:
    """See to it that a search sees this process's changes at once and those of others within a second."""
    if connection.in_atomic_block and not settings.SEARCH_IN_TRANSACTIONS:
        return
    key, now = (engine.name, locale), time.monotonic()
    if _seen.get(key) != _last_change or now - _checked.get(key, -CHECK_EVERY) >= CHECK_EVERY:
        _seen[key], _checked[key] = _last_change, now
        catch_up(engine, locale)


def forget() -> None:
    """Forget everything this process knows of the search (tests)."""
    _checked.clear()
    _seen.clear()
    words.forget()
    choice.forget()
