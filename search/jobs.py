"""What the worker does for the search: apply, repair, read files, forget."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cms import worker
from search import counting, documents, files, indexing
from search.engines import choice
from search.engines.interface import Engine, EngineUnavailableError
from search.models import EngineMark, SearchChange, SearchTerm

logger = logging.getLogger(__name__)
LOOK_EVERY = 5.0  # seconds between two looks at an index that has nothing to apply
LOG_KEPT = dt.timedelta(days=7)
RARE_TERMS_KEPT = dt.timedelta(days=60)
_looked: dict[tuple[str, str], tuple[float, int]] = {}


def register() -> None:
    """Register the jobs; slow ones get a thread of their own."""
    worker.register(apply, every=0.5, group="search")
    worker.register(refresh_stale, every=1.0, group="search")
    worker.register(tidy, every=60.0, group="search")
    worker.register(count_words_anew, every=3600.0, group="search")
    worker.register(read_files, every=2.0, group="search files")
    worker.register(repair, every=600.0, group="clocks")
    worker.register(forget_old, every=3600.0, group="clocks")


def apply() -> None:
    """Bring every index up to date; one that is missing or broken is built anew."""
    last = indexing.last_seq()
    for engine in choice.engines():
        for locale in indexing.locales():
            seen_at, seq = _looked.get((engine.name, locale), (0.0, -1))
            if seq == last and time.monotonic() - seen_at < LOOK_EVERY:
                continue
            if _catch_up(engine, locale):
                indexing.build_spelling(locale, engine.lexicon(locale))  # where the file has gone
                _looked[engine.name, locale] = (time.monotonic(), last)


def _catch_up(engine: Engine, locale: str) -> bool:
    try:
        return indexing.catch_up(engine, locale)
    except EngineUnavailableError as error:
        logger.warning("%s cannot be brought up to date now: %s", engine.name, error)
        _looked[engine.name, locale] = (time.monotonic(), indexing.last_seq())
        return False


def refresh_stale() -> int:
    """Bring rows up to date that the clock or a renamed topic has changed."""
    return documents.refresh_stale()


def tidy() -> None:
    """Merge the small segments of this host's index."""
    for locale in indexing.locales():
        choice.embedded().tidy(locale)


def read_files() -> int:
    """Read the text of new files."""
    return files.read_new_files()


def repair() -> int:
    """Repair the difference between pages and rows that a crash left."""
    return documents.repair()


def count_words_anew() -> None:
    """Count the words again where the site has grown or shrunk, and build the indexes with them."""
    for locale in indexing.locales():
        if indexing.has_outgrown_its_words(locale):
            indexing.rebuild_all(locale)


def forget_old() -> None:
    """Take old lines out of the log, and rare searches out of the counts: they might tell who searched."""
    old = SearchChange.objects.filter(created_at__lt=timezone.now() - LOG_KEPT).aggregate(last=Max("seq"))["last"]
    if old:
        with transaction.atomic():
            EngineMark.objects.update_or_create(name=indexing.FORGOTTEN, defaults={"seq": old})
            SearchChange.objects.filter(seq__lte=old).delete()
    before = timezone.localdate() - RARE_TERMS_KEPT
    SearchTerm.objects.filter(month__lt=before, searches__lt=counting.SHOWN_FROM).delete()
