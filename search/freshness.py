"""What a search waits for: this process's changes at once, those of others within a second, never a long building."""

from __future__ import annotations

import itertools
import logging
import threading
import time

from django.conf import settings
from django.db import connection, connections

from search import indexing
from search.engines.interface import Engine
from search.models import SearchDocument

logger = logging.getLogger(__name__)
WAITS, WAIT = 20, 0.01  # seconds that a search waits for the writer of this process's own change
CHECK_EVERY = 1.0  # seconds; another process sees a change after this time at the latest
SMALL = 500  # documents; an index of so few is built within the request that misses it
_checked: dict[tuple[str, str], float] = {}
_seen: dict[tuple[str, str], int] = {}
_building: dict[tuple[str, str], threading.Thread] = {}
_starting = threading.Lock()
_changes_made = itertools.count(1)
_last_change = 0


def changed() -> None:
    """Remember that the log has grown; this process's next search sees it, other processes look every second."""
    global _last_change  # noqa: PLW0603 - one number per process
    _last_change = next(_changes_made)


def freshen(engine: Engine, locale: str) -> None:
    """See to it that a search sees this process's changes at once and those of others within a second."""
    if connection.in_atomic_block and not settings.SEARCH_IN_TRANSACTIONS:
        return
    key, now = (engine.name, locale), time.monotonic()
    wanted = _last_change
    if _seen.get(key) != wanted or now - _checked.get(key, -CHECK_EVERY) >= CHECK_EVERY:
        _checked[key] = now
        is_mine = _seen.get(key) != wanted
        if _caught_up(engine, locale, tries=WAITS if is_mine else 1):  # else the next search looks again
            _seen[key] = wanted


def _caught_up(engine: Engine, locale: str, *, tries: int) -> bool:
    """Catch up; while somebody else is writing, wait a little for one's own change."""
    for left in reversed(range(tries)):
        if indexing.catch_up(engine, locale, build=_build_if_small) or (engine.name, locale) in _building:
            return True
        if left:
            time.sleep(WAIT)
    return False


def _build_if_small(engine: Engine, locale: str) -> bool:
    """Build a small index here; a large one beside the request, which the rows answer meanwhile."""
    if SearchDocument.objects.filter(locale=locale)[SMALL:].exists():
        build_apart(engine, locale)
        return False
    return indexing.build_missing(engine, locale)


def build_apart(engine: Engine, locale: str) -> threading.Thread:
    """Build an unusable index in a thread of its own, one at a time."""
    key = (engine.name, locale)
    with _starting:
        if key not in _building:
            _building[key] = threading.Thread(target=_build, args=(engine, locale), name="search building", daemon=True)
            _building[key].start()
        return _building[key]


def _build(engine: Engine, locale: str) -> None:
    try:
        indexing.build_missing(engine, locale)
    except Exception:
        logger.exception("The index %s was not built; the worker will try again", locale)
    finally:
        connections.close_all()
        _building.pop((engine.name, locale), None)


def forget() -> None:
    """Forget everything this process knows of the search (tests)."""
    for thread in list(_building.values()):
        thread.join()
    _checked.clear()
    _seen.clear()
    indexing.forget()
