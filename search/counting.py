"""Counts what is searched for: in memory, written once a minute, so that a search itself writes nothing."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from django.db import close_old_connections, transaction
from django.db.models import F
from django.utils import timezone

from search.models import LONGEST_TERM, SearchTerm
from search.parsing import parse

logger = logging.getLogger(__name__)
FLUSH_EVERY = 60.0
SHOWN_FROM = 3  # searches: below, a term is shown to nobody
MOST_KEPT = 5_000
MOST_WORDS = 6
_counts: Counter[tuple[str, str, bool]] = Counter()
_lock = threading.Lock()
_timer: threading.Timer | None = None


def count(text: str, locale: str, total: int) -> None:
    """Remember that somebody searched for this and found so many pages."""
    global _timer  # noqa: PLW0603 - one timer per process
    term = " ".join(parse(text).words[:MOST_WORDS])[:LONGEST_TERM]
    if not term or "@" in text or any(letter.isdecimal() for letter in term):
        return  # addresses and numbers might be a person's
    with _lock:
        if len(_counts) < MOST_KEPT:
            _counts[locale, term, total == 0] += 1
        if _timer is None:
            _timer = threading.Timer(FLUSH_EVERY, _flush_later)
            _timer.daemon = True
            _timer.start()


def flush() -> int:
    """Write the counts of this process; return how many terms there were."""
    with _lock:
        counts = dict(_counts)
        _counts.clear()
    month = timezone.localdate().replace(day=1)
    with transaction.atomic():
        for (locale, text, is_empty), number in counts.items():
            row, _new = SearchTerm.objects.get_or_create(locale=locale, text=text, month=month)
            empty = number if is_empty else 0
            SearchTerm.objects.filter(pk=row.pk).update(searches=F("searches") + number, empty=F("empty") + empty)
    return len(counts)


def forget() -> None:
    """Forget what was counted and not written yet (tests, another database)."""
    global _timer  # noqa: PLW0603 - one timer per process
    with _lock:
        _counts.clear()
        if _timer is not None:
            _timer.cancel()
        _timer = None


def _flush_later() -> None:
    global _timer  # noqa: PLW0603 - one timer per process
    _timer = None
    try:
        flush()
    except Exception:
        logger.exception("The searches of the last minute were not counted")
    finally:
        close_old_connections()
