"""Named counters that everything cached in a process hangs on: raised in the transaction that changes content.

The row in the database is the truth. A file that grows with each commit tells the processes of this host at once;
others, and whoever missed it, read the row again every second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms import moment

CONTENT = "content"
SEATS_LAST = 5.0  # seconds; no answer shows older seats
MOST_KEPT = 5_000  # values; more are no answer to a question that pages ask, but to invented hosts or many drafts
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


@dataclass
class Making:
    """What the answer that this thread is making depends on: counters, time, and whether anybody may keep it.

    A counter counts with the value that was read first, before anything was made of it.
    """

    versions: dict[str, int] = field(default_factory=dict)
    lasts: float = float("inf")
    may_be_kept: bool = True

    @property
    def is_lasting(self) -> bool:
        """Return whether it is the same until a counter moves."""
        return self.may_be_kept and self.lasts == float("inf")


_seen: dict[str, tuple[moment.Moment, int]] = {}
_kept: dict[Hashable, tuple[int, float, Any]] = {}
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
    """Return the counter, read from the database when this host has changed something, else once a second."""
    value = _current(name)
    if found := getattr(_mine, "making", None):
        found.versions.setdefault(name, value)
    return value


def _current(name: str) -> int:
    is_unsettled, now = _is_unsettled(name), moment.present()
    found = _seen.get(name)
    if found and found[0] is now and not is_unsettled:
        return found[1]
    value = Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0
    if not is_unsettled:
        _seen[name] = (now, value)
    return value


def kept(key: Hashable, make: Callable[[], Value], name: str = CONTENT, *, seconds: float = float("inf")) -> Value:
    """Return what `make` returned for this key, made again when the counter has moved, seconds or the day are over.

    The counter is read before `make` runs, so a change in between only costs one more run. Values are few (one a
    language or site) and shared between threads: they must not be changed by their readers. What depends on seats or
    the clock (`lasts`) is made each time.
    """
    if _is_unsettled(name):
        return make()
    version, now = current(name), time.monotonic()
    found = _kept.get(key)
    if found is None or found[0] != version or found[1] <= now:
        seconds = min(seconds, moment.seconds_until_midnight())
        value, made = observed(make)
        if not made.is_lasting:
            return value
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = (version, now + seconds, value)
        _kept[key] = found
    return cast("Value", found[2])


def observed(make: Callable[[], Value]) -> tuple[Value, Making]:
    """Return what `make` returns, and what that depends on.

    Whatever it depends on, the answer around it depends on too.
    """
    with making(dict(getattr(_mine, "began", {}))) as inner:
        value = make()
    if outer := getattr(_mine, "making", None):
        outer.versions = {**inner.versions, **outer.versions}
        outer.lasts = min(outer.lasts, inner.lasts)
        outer.may_be_kept = outer.may_be_kept and inner.may_be_kept
    return value, inner


def begin() -> None:
    """Note the content counter before a page is read: pieces made of its row are no newer than this."""
    _mine.began = {} if has_unsettled() else {CONTENT: _current(CONTENT)}


def begin_anew(**_signal: Any) -> None:
    """Forget what was noted for the request before, on the same thread."""
    _mine.began = {}


@contextmanager
def making(versions: dict[str, int] | None = None) -> Iterator[Making]:
    """Watch what the answer that is made inside depends on; `versions` are those of what it is made of."""
    before = getattr(_mine, "making", None)
    _mine.making = Making(versions or {})
    try:
        current()
        yield _mine.making
    finally:
        _mine.making = before


def is_making() -> bool:
    """Return whether this thread makes an answer that may be kept."""
    return getattr(_mine, "making", None) is not None


def lasts(seconds: float = SEATS_LAST) -> None:
    """Say that the answer being made is true for so long only: it shows seats or the clock."""
    if found := getattr(_mine, "making", None):
        found.lasts = min(found.lasts, seconds)


def never_keep() -> None:
    """Say that nobody may keep the answer being made."""
    if found := getattr(_mine, "making", None):
        found.may_be_kept = False


def forget() -> None:
    """Forget everything kept in this process (tests, another database)."""
    moment.end()
    _seen.clear()
    _kept.clear()
    _unsettled().clear()
    begin_anew()


def _unsettled() -> set[str]:
    """Return the counters that this thread has raised in a transaction that is still open."""
    if not hasattr(_mine, "names"):
        _mine.names = set()
    return cast("set[str]", _mine.names)


def has_unsettled() -> bool:
    """Return whether this thread works inside a transaction that has changed something."""
    names = _unsettled()
    return bool(names) and any(_is_unsettled(name) for name in tuple(names))


def _is_unsettled(name: str) -> bool:
    if name in _unsettled() and not transaction.get_connection().in_atomic_block:
        _settle(name)  # rolled back
    return name in _unsettled()


def _settle(name: str) -> None:
    _unsettled().discard(name)
    moment.tell_this_host()
