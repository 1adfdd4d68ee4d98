"""Named counters that everything cached in a process hangs on: raised in the transaction that changes content."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

CONTENT = "content"
READ_AGAIN_AFTER = 1.0  # seconds; another process sees a change after this time at the latest
Value = TypeVar("Value")


class Counter(models.Model):
    """One counter; a cached value is good as long as its counter has not moved."""

    name = models.CharField(max_length=30, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("counter")

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class FollowedPage(models.Model):
    """Which revision of a page its followers have seen; the worker repairs the difference after a crash."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="followed", primary_key=True)
    revision_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("followed page")

    def __str__(self) -> str:
        return f"{self.page_id} @ {self.revision_id}"


_seen: dict[str, tuple[float, int]] = {}
_kept: dict[Hashable, tuple[int, Any]] = {}
_mine = threading.local()


def raise_counter(name: str = CONTENT) -> None:
    """Raise the counter in the current transaction; this process sees it once the transaction is committed.

    Until then only this thread works with the new state, and nothing it makes of it is kept: another thread would
    keep what it reads of the old state under the new number, and a rollback would give the number away twice.
    """
    if not Counter.objects.filter(name=name).update(value=F("value") + 1):
        Counter.objects.get_or_create(name=name, defaults={"value": 1})
    _unsettled().add(name)
    transaction.on_commit(lambda: _settle(name))


def current(name: str = CONTENT) -> int:
    """Return the counter, read from the database at most once a second."""
    now = time.monotonic()
    read_at, value = _seen.get(name, (0.0, 0))
    is_unsettled = _is_unsettled(name)
    if name in _seen and now - read_at < READ_AGAIN_AFTER and not is_unsettled:
        return value
    value = Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0
    if not is_unsettled:
        _seen[name] = (now, value)
    return value


def kept(key: Hashable, make: Callable[[], Value], name: str = CONTENT) -> Value:
    """Return what `make` returned for this key, made again when the counter has moved.

    The counter is read before `make` runs, so a change in between only costs one more run. Values are few (one a
    language or site) and shared between threads: they must not be changed by their readers.
    """
    if _is_unsettled(name):
        return make()
    version = current(name)
    found = _kept.get(key)
    if found is None or found[0] != version:
        found = (version, make())
        _kept[key] = found
    return cast("Value", found[1])


def forget() -> None:
    """Forget everything kept in this process (tests, another database)."""
    _seen.clear()
    _kept.clear()
    _unsettled().clear()


def _unsettled() -> set[str]:
    """Return the counters that this thread has raised in a transaction that is still open."""
    if not hasattr(_mine, "names"):
        _mine.names = set()
    return cast("set[str]", _mine.names)


def _is_unsettled(name: str) -> bool:
    if name in _unsettled() and not transaction.get_connection().in_atomic_block:
        _settle(name)  # rolled back
    return name in _unsettled()


def _settle(name: str) -> None:
    _unsettled().discard(name)
    _seen.pop(name, None)
