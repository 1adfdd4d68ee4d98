"""A memory of one process bounded by bytes: the longest unused entry goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Keys and values; `weigh` says how many bytes a value takes."""

    def __init__(self, most_bytes: int, weigh: Callable[[V], int]) -> None:
        self.most_bytes = most_bytes
        self.size = 0
        self._weigh = weigh
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def values(self) -> list[V]:
        """Return all values, the longest unused one first."""
        with self._lock:
            return list(self._values.values())

    def get(self, key: K) -> V | None:
        """Return a value and count it as used."""
        with self._lock:
            if (found := self._values.get(key)) is not None:
                self._values.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        """Keep a value, and let the longest unused ones go."""
        with self._lock:
            self._drop(key)
            self._values[key] = value
            self.size += self._weigh(value)
            while self.size > self.most_bytes and self._values:
                self._drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Let a value go."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def _drop(self, key: K) -> None:
        if (gone := self._values.pop(key, None)) is not None:
            self.size -= self._weigh(gone)
