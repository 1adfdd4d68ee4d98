"""From rows to engines: reads the change log, makes tokens, keeps each index up to date."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from search import spelling, words
from search.analysis import Analyser, fold, words_in
from search.engines import choice
from search.engines.folder import locked
from search.engines.interface import FOREVER, Change, Engine, EngineUnavailableError, Health, IndexedDocument
from search.models import EngineMark, FileText, Lexicon, SearchChange, SearchDocument

CHUNK = 500
Builder = Callable[[Engine, str], bool]
Progress = Callable[[Iterable[IndexedDocument]], Iterable[IndexedDocument]]
logger = logging.getLogger(__name__)
GROWN, FEW = 0.2, 10  # share of the documents after which words are counted anew; a few documents more are none
FORGOTTEN = "log forgotten"  # the mark of what was taken out of the log
_repairing = threading.RLock()


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


def today() -> int:
    """Return today as a number."""
    return timezone.localdate().toordinal()


def is_behind(engine: Engine, locale: str) -> bool:
    """Tell whether the log has changes of a language that the index has not."""
    last = SearchChange.objects.filter(locale=locale).aggregate(last=Max("seq"))["last"] or 0
    return last > _known_seq(engine, locale)


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


def refresh_words(locale: str) -> int:
    """Count the words of a language anew, for all engines, and return the new generation."""
    generation = words.refresh(locale)
    build_spelling(locale, generation)
    return generation


def build_spelling(locale: str, generation: int) -> None:
    """Make this host's file of spellings, where it is missing."""
    folder = Path(settings.SEARCH_FOLDER)
    if generation and not spelling.path_of(folder, locale, generation).exists():
        spelling.build(folder, locale, generation, words.analyser(locale, generation).words)


def _silent(documents: Iterable[IndexedDocument]) -> Iterable[IndexedDocument]:
    return documents


def rebuild(engine: Engine, locale: str, *, with_new_words: bool = True, progress: Progress = _silent) -> int:
    """Build the index of a language anew; what changes meanwhile is applied afterwards."""
    generation = refresh_words(locale) if with_new_words else words.latest(locale)
    seq = last_seq()
    number = engine.rebuild(locale, progress(all_documents(locale, generation)), seq=seq, lexicon=generation)
    build_spelling(locale, generation)
    _apply_log(engine, locale, seq, generation)
    return number


def rebuild_all(locale: str) -> int:
    """Count the words of a language anew and build its index with them in every engine that answers."""
    refresh_words(locale)
    number = 0
    for engine in choice.engines():
        try:
            number = rebuild(engine, locale, with_new_words=False)
        except EngineUnavailableError as error:
            logger.warning("%s was not rebuilt: %s", engine.name, error)
    return number


def has_outgrown_its_words(locale: str) -> bool:
    """Tell whether a language has many more or fewer documents than when its words were counted."""
    lexicon = Lexicon.objects.filter(locale=locale).order_by("-generation").only("documents").first()
    number = SearchDocument.objects.filter(locale=locale).count()
    return lexicon is not None and abs(number - lexicon.documents) > GROWN * max(lexicon.documents, FEW)


def catch_up(engine: Engine, locale: str, *, build: Builder | None = None) -> bool:
    """Apply what the log has and the index has not; build an index that is unusable or too old for the log."""
    health = engine.health(locale)
    if _must_be_built(health):
        return (build or build_missing)(engine, locale)
    return _apply_log(engine, locale, health.seq, health.lexicon)


def build_missing(engine: Engine, locale: str) -> bool:
    """Build an unusable index anew; of several processes and threads that notice it, one does."""
    with _repairing, locked(Path(settings.SEARCH_FOLDER) / f"{engine.name}-{locale}.building"):
        health = engine.health(locale)
        if _must_be_built(health):
            logger.warning("Building the index %s of %s anew: %s", locale, engine.name, health.problem or "too old")
            rebuild(engine, locale, with_new_words=words.latest(locale) == 0)
    return True


def _must_be_built(health: Health) -> bool:
    return not health.is_ok or health.seq < forgotten_until()


def _apply_log(engine: Engine, locale: str, seq: int, lexicon: int) -> bool:
    while lines := list(SearchChange.objects.filter(seq__gt=seq).order_by("seq")[:CHUNK]):
        mine = [line for line in lines if line.locale == locale]
        seq = lines[-1].seq
        if not engine.apply(locale, _changes(mine, words.analyser(locale, lexicon)), seq=seq):
            return False
    return True


def _changes(lines: list[SearchChange], analyser: Analyser) -> list[Change]:
    """Return one change per document: its state now, whatever happened in between."""
    newest = {line.document_id: line for line in lines}
    documents = {document.id: document for document in _documents(newest, analyser)}
    return [Change(line.seq, key, documents.get(key)) for key, line in newest.items()]


def documents_of(keys: Iterable[int], locale: str, generation: int) -> Iterator[IndexedDocument]:
    """Return some documents of a language as engines keep them."""
    return _documents(keys, words.analyser(locale, generation))


def _documents(keys: Iterable[int], analyser: Analyser) -> Iterator[IndexedDocument]:
    return _with_files(list(SearchDocument.objects.filter(pk__in=list(keys), locale=analyser.locale)), analyser)


def pending_locales(engine: Engine) -> list[str]:
    """Return the languages in which the log has something that this engine's index has not."""
    seqs = {locale: _known_seq(engine, locale) for locale in locales()}
    oldest = min(seqs.values(), default=0)
    found = SearchChange.objects.filter(seq__gt=oldest).values_list("locale").annotate(last=Max("seq"))
    return [locale for locale, last in found.order_by("locale") if last > seqs.get(locale, 0)]


def _known_seq(engine: Engine, locale: str) -> int:
    health = engine.health(locale)
    return health.seq if health.is_ok else 0


def locales() -> list[str]:
    """Return the languages that have an index."""
    return [code for code, _name in settings.LANGUAGES]


def forgotten_until() -> int:
    """Return the number of the last line that the log no longer has."""
    return EngineMark.objects.filter(name=FORGOTTEN).values_list("seq", flat=True).first() or 0


def forget() -> None:
    """Forget everything this process knows of the search (tests)."""
    words.forget()
    choice.forget()
