"""Rows that many pages print, kept in this process: loaded together where missing, true until a counter moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from cms import version
from cms.lru import Bounded

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_all: list[Memory[Any, Any]] = []


class Memory(Generic[K, V]):
    """At most so many values by key, each as good as the counters it hangs on, and no older than some seconds."""

    def __init__(self, most: int, *counters: str, seconds: float = float("inf")) -> None:
        self._counters, self._seconds = counters, seconds
        self._values: Bounded[K, tuple[tuple[int, ...], float, V]] = Bounded(most, lambda _value: 1)
        _all.append(self)

    def get(self, keys: Sequence[K], load: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """Return what there is of these keys; threads share the values, so readers must not change them.

        Inside a transaction that has changed something everything is loaded each time.
        """
        if version.has_unsettled():
            return dict(load(list(keys)))
        versions, now = tuple(version.current(name) for name in self._counters), time.monotonic()
        known = {key: kept for key in keys if (kept := self._values.get(key))}
        found = {key: value for key, (at, until, value) in known.items() if at == versions and until > now}
        if missing := [key for key in dict.fromkeys(keys) if key not in found]:
            for key, value in load(missing).items():
                found[key] = value
                self._values.put(key, (versions, now + self._seconds, value))
        return found

    def clear(self) -> None:
        """Let everything go."""
        self._values.clear()


def forget() -> None:
    """Forget everything that any memory of this process holds (tests)."""
    for memory in _all:
        memory.clear()
