"""What people looked for, counted: no person, no time of day. Counted in memory, written once a minute."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from django.db import close_old_connections, transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from search.models import LONGEST_TERM, SearchTerm

logger = logging.getLogger(__name__)
EVERY = 60.0
SMALLEST = 3  # what fewer people looked for is shown to nobody
MOST_KEPT = 5_000

_lock = threading.Lock()
_searches: Counter[tuple[str, str]] = Counter()
_empty: Counter[tuple[str, str]] = Counter()
_timer: list[threading.Timer] = []


def note(locale: str, text: str, *, total: int) -> None:
    """Count one search; the words only, folded. What looks like an address or a number is not counted."""
    term = " ".join(text.casefold().split())[:LONGEST_TERM]
    if not term or "@" in term or any(letter.isdigit() for letter in term):
        return
    with _lock:
        if len(_searches) < MOST_KEPT or (locale, term) in _searches:
            _searches[locale, term] += 1
            if not total:
                _empty[locale, term] += 1
        if not _timer:
            _timer.append(threading.Timer(EVERY, _flush_in_background))
            _timer[0].daemon = True
            _timer[0].start()


def _flush_in_background() -> None:
    close_old_connections()
    try:
        flush()
    except Exception:
        logger.exception("The counts of searches could not be written")
    finally:
        close_old_connections()


def flush() -> int:
    """Write what was counted; return how many terms that were."""
    with _lock:
        searches, empty = dict(_searches), dict(_empty)
        _searches.clear()
        _empty.clear()
        _timer.clear()
    month = timezone.localdate().replace(day=1)
    with transaction.atomic():
        for (locale, term), count in searches.items():
            row, _is_new = SearchTerm.objects.get_or_create(locale=locale, text=term, month=month)
            SearchTerm.objects.filter(pk=row.pk).update(
                searches=F("searches") + count, empty=F("empty") + empty.get((locale, term), 0)
            )
    return len(searches)


def frequent(locale: str, limit: int = 50) -> QuerySet[SearchTerm, dict[str, object]]:
    """Return what was searched for most in all kept months; rare terms stay hidden."""
    return _summed(locale).filter(all__gte=SMALLEST).order_by("-all", "text")[:limit]


def in_vain(locale: str, limit: int = 50) -> QuerySet[SearchTerm, dict[str, object]]:
    """Return what was searched for in vain, the most frequent first."""
    return _summed(locale).filter(none__gte=SMALLEST).order_by("-none", "text")[:limit]


def _summed(locale: str) -> QuerySet[SearchTerm, dict[str, object]]:
    rows = SearchTerm.objects.filter(locale=locale).values("text")
    return rows.annotate(all=Sum("searches"), none=Sum("empty"))


def purge() -> int:
    """Delete counts that are older than a year, and after a month those that were rare; return how many rows."""
    today = timezone.localdate()
    old = SearchTerm.objects.filter(month__lt=today.replace(year=today.year - 1, day=1)).delete()[0]
    return old + SearchTerm.objects.filter(month__lt=today.replace(day=1), searches__lt=SMALLEST).delete()[0]
