"""Tells the processes of this host of a change: a file grows with each commit, and everybody looks at its size.

In one and the same moment no counter has to be read again. It ends when the file has grown, and after a second, so
that a change on another host, or one that could not be told, is seen then.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

LASTS = 1.0  # seconds; another host sees a change after this time at the latest
LOOK_AGAIN_AFTER = 0.01  # seconds; other processes of this host see it after this time
LONGEST_HINT = 4096  # bytes; the file begins anew
Hint = tuple[int, int]


@dataclass
class Moment:
    """A time in which nothing has changed; two of them are the same only if they are the same object."""

    hint: Hint
    ends_at: float
    look_again_at: float


_now = Moment((0, 0), 0.0, 0.0)


def present() -> Moment:
    """Return the moment that it is; what was true in it is still true as long as this returns the same one."""
    global _now  # noqa: PLW0603 - one for the process
    found, now = _now, time.monotonic()
    if now < found.look_again_at:
        return found
    hint = _hint()
    if hint == found.hint and now < found.ends_at:
        found.look_again_at = now + LOOK_AGAIN_AFTER
        return found
    _now = Moment(hint, now + LASTS, now + LOOK_AGAIN_AFTER)
    return _now


def end() -> None:
    """End the present moment in this process."""
    global _now  # noqa: PLW0603 - one for the process
    _now = Moment((0, 0), 0.0, 0.0)


def tell_this_host() -> None:
    """Let the file grow by a byte; a full disk only means that others notice a second later."""
    with suppress(OSError), Path(_path()).open("ab") as file:
        file.write(b".")
        if file.tell() > LONGEST_HINT:
            file.truncate(0)
    end()


def seconds_until_midnight() -> float:
    """Return how long today lasts where the site is: dates, ages and "in three days" change at midnight.

    Counted in real seconds: a day with a change of the clock has 23 or 25 hours.
    """
    now = timezone.localtime()
    tomorrow = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time.min, tzinfo=now.tzinfo)
    return tomorrow.timestamp() - now.timestamp()


@cache
def _path() -> str:
    return str(Path(settings.DATA_DIR) / "changes")


def _hint() -> Hint:
    try:
        found = os.stat(_path())  # noqa: PTH116 - asked for again and again: without the detour of a Path
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
