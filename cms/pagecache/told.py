"""What each web process tells about its page cache, for the page in the admin: a small file, written now and then."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cms.pagecache.shelf import Shelf

EVERY = 2.0  # seconds
_next = 0.0


@dataclass(frozen=True)
class Told:
    """The numbers of one process."""

    pid: int
    told_at: int  # seconds since 1970
    hits: int
    stale: int
    misses: int
    passed: int
    answers: int
    size: int
    most_bytes: int

    @property
    def share(self) -> int:
        """Return how many of the answers that could come from memory did, in per cent."""
        from_memory = self.hits + self.stale
        return round(100 * from_memory / max(1, from_memory + self.misses))


def folder() -> Path:
    """Return where the files lie."""
    return Path(settings.DATA_DIR) / "cache" / "pages"


def from_time_to_time(shelf: Shelf) -> None:
    """Write the numbers of this process, at most every two seconds; without room on the disk nobody hears them."""
    global _next  # noqa: PLW0603 - one clock per process
    now = time.monotonic()
    if now < _next:
        return
    _next = now + EVERY
    told = {name: shelf.counts[name] for name in ("hits", "stale", "misses", "passed")}
    told |= {"pid": os.getpid(), "told_at": int(time.time()), "answers": len(shelf)}
    told |= {"size": shelf.answers.size, "most_bytes": shelf.answers.most_bytes}
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / f"{os.getpid()}.json").write_text(json.dumps(told))


def by_all() -> list[Told]:
    """Return the numbers of all processes of this host that are alive; what dead ones left is removed."""
    found = []
    for file in sorted(folder().glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            told = Told(**json.loads(file.read_text()))
            if _is_alive(told.pid):
                found.append(told)
            else:
                file.unlink()
    return found


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
