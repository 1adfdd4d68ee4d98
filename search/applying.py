"""Applies what was just committed to this host's index, beside the request that committed it."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import connections

from search import freshness, indexing
from search.engines import choice
from search.engines.interface import EngineUnavailableError

logger = logging.getLogger(__name__)
APPLY_EVERY = 0.5  # seconds; more changes than that wait for each other
SHARE = 10  # of the time goes to other work at least: thousands of publishes in a row must not wait for the index
LONGEST_WAIT = 5.0
_applied_at = -APPLY_EVERY
_took = 0.0


def committed() -> None:
    """Apply what was just committed; while many pages are published, once for several of them."""
    global _applied_at  # noqa: PLW0603 - one clock per process
    freshness.changed()
    now = time.monotonic()
    if now - _applied_at < max(APPLY_EVERY, min(LONGEST_WAIT, SHARE * _took)):
        return  # the worker applies it, and this process before its next search
    _applied_at = now
    if settings.SEARCH_IN_TRANSACTIONS:
        apply_pending()
    else:  # a commit of the index waits for the disk, and nobody who publishes should
        threading.Thread(target=_apply_apart, name="search index", daemon=True).start()


def apply_pending() -> None:
    """Apply what the log has to this host's index."""
    for locale in indexing.pending_locales(choice.embedded()):
        try:
            freshness.freshen(choice.embedded(), locale)
        except EngineUnavailableError:
            logger.exception("The change is in the log and will be applied by the worker")


def _apply_apart() -> None:
    global _took  # noqa: PLW0603 - one clock per process
    began = time.monotonic()
    try:
        apply_pending()
    except Exception:
        logger.exception("The change is in the log and will be applied by the worker")
    finally:
        connections.close_all()
        _took = time.monotonic() - began
