"""Counts how often issues are read on the site: in memory, written once a minute, so that reading writes nothing."""

from __future__ import annotations

import logging
import threading
from collections import Counter

from django.apps import apps
from django.db import close_old_connections, transaction
from django.db.models import F

logger = logging.getLogger(__name__)
FLUSH_EVERY = 60.0
_counts: Counter[int] = Counter()
_lock = threading.Lock()
_timer: threading.Timer | None = None


def count(page_id: int) -> None:
    """Remember that somebody has read this issue."""
    global _timer  # noqa: PLW0603 - one timer per process
    with _lock:
        _counts[page_id] += 1
        if _timer is None:
            _timer = threading.Timer(FLUSH_EVERY, _flush_later)
            _timer.daemon = True
            _timer.start()


def flush() -> None:
    """Write the numbers of this process; an issue that is gone is not counted any more."""
    with _lock:
        counts = dict(_counts)
        _counts.clear()
    views, pages = apps.get_model("newsletter", "IssueViews"), apps.get_model("newsletter", "InfobriefPage")
    with transaction.atomic():
        for key in pages.objects.filter(pk__in=counts).values_list("pk", flat=True):
            views.objects.get_or_create(pk=key)
            views.objects.filter(pk=key).update(count=F("count") + counts[key])


def forget() -> None:
    """Forget what was counted and not written yet (tests)."""
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
        logger.exception("The views of the last minute were not counted")
    finally:
        close_old_connections()
