"""Finished answers in the memory of one process: the longest unused one goes first when there are too many bytes."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import brotli

from cms import moment
from cms.lru import Bounded
from cms.version import current, has_unsettled

Key = tuple[str, ...]
Headers = list[tuple[str, str]]
OF_A_BODY = ("Content-Length", "Content-Encoding", "Content-Type")
OVERHEAD = 2_000  # bytes of an answer beside its body
LARGEST = 1_000_000  # bytes of a body
STALE_FOR = 1.0  # seconds since an answer was known to be true; with a second until a change is noticed that makes two
RENEW_AT = 0.8  # of its time: somebody makes the answer anew while the others still get this one
NOT_KEPT_MOST = 2_000
PATIENCE = 10.0  # seconds to wait for somebody else who makes the same answer


class State(Enum):
    """How true an answer is."""

    FRESH = "fresh"
    STALE = "stale"  # may be given while somebody makes a new one
    OLD = "old"


@dataclass(frozen=True)
class Form:
    """An answer as it goes over the wire in one encoding, and what is said to a browser that has it."""

    headers: Headers
    body: bytes
    etag: str
    headers_without_body: Headers


@dataclass
class Answer:
    """One finished answer: its body as it is and, once somebody asked for it, compressed."""

    headers: Headers
    body: bytes
    versions: tuple[tuple[str, int], ...]
    renew_at: float
    ends_at: float
    on_hit: Callable[[], Any] | None = None
    true_at: float = field(default_factory=time.monotonic)
    true_in: moment.Moment | None = None
    forms: dict[str, Form] = field(default_factory=dict)

    def state(self, now: float) -> State:
        """Return whether all counters stand where they stood and the time is not over."""
        present = moment.present()
        if present is self.true_in and now < self.renew_at and not has_unsettled():
            self.true_at = now
            return State.FRESH
        is_true = all(current(name) == value for name, value in self.versions)
        self.true_in = present if is_true and not has_unsettled() else None
        if is_true and now < self.renew_at:
            self.true_at = now
            return State.FRESH
        if now < self.ends_at and (is_true or now - self.true_at < STALE_FOR):
            return State.STALE
        return State.OLD

    def in_form(self, encoding: str) -> Form:
        """Return the answer in an encoding (`br`, `gzip` or empty), compressed at first use."""
        if encoding not in self.forms:
            body = _compressed(self.body, encoding)
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers = [*self.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
            if encoding:
                headers.append(("Content-Encoding", encoding))
            short = [pair for pair in headers if pair[0] not in OF_A_BODY]
            self.forms[encoding] = Form(headers, body, etag, short)
        return self.forms[encoding]


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5))
    return gzip.compress(body, compresslevel=6, mtime=0) if encoding == "gzip" else body


class Shelf:
    """All answers of a process. One thread makes an answer, the others wait or get the stale one meanwhile."""

    def __init__(self, most_bytes: int) -> None:
        self.answers: Bounded[Key, Answer] = Bounded(most_bytes, _weight)
        self.counts: Counter[str] = Counter()
        self._being_made: dict[Key, threading.Event] = {}
        self._not_kept: dict[Key, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.answers)

    def find(self, key: Key) -> Answer | None:
        """Return what lies under a key, however old."""
        return self.answers.get(key)

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer unless it is too large."""
        if len(answer.body) <= LARGEST:
            self.answers.put(key, answer)

    def is_known_not_kept(self, key: Key) -> bool:
        """Return whether what lies behind a key was not to be kept, as long as the content is the same."""
        version = self._not_kept.get(key)
        return version is not None and version == current()

    def remember_not_kept(self, key: Key) -> None:
        """Let the next visitor of this address pass at once, without waiting for anybody."""
        version = current()
        self.answers.drop(key)
        with self._lock:
            if len(self._not_kept) >= NOT_KEPT_MOST:
                self._not_kept.clear()
            self._not_kept[key] = version

    def begin(self, key: Key) -> bool:
        """Return whether this thread is the one that makes the answer; it must call `end`."""
        with self._lock:
            if key in self._being_made:
                return False
            self._being_made[key] = threading.Event()
            return True

    def end(self, key: Key) -> None:
        """Wake all who wait for this answer."""
        with self._lock:
            event = self._being_made.pop(key)
        event.set()

    def wait(self, key: Key) -> None:
        """Wait until somebody else has made the answer."""
        if event := self._being_made.get(key):
            event.wait(PATIENCE)

    def count(self, what: str) -> None:
        """Count a hit, a miss or a pass; two threads in the same instant may count as one."""
        self.counts[what] = self.counts.get(what, 0) + 1


def _weight(answer: Answer) -> int:
    """Return the bytes an answer takes, with room for its compressed forms (measured: a third of the body)."""
    return len(answer.body) * 4 // 3 + OVERHEAD
