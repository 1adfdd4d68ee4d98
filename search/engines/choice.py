"""Which engine answers: chosen by configuration, made once per process."""

from __future__ import annotations

import threading

from search.engines.interface import Engine
from search.engines.memory import MemoryEngine

_engines: dict[str, Engine] = {}
_lock = threading.Lock()


def embedded() -> Engine:
    """Return the engine of this process's host."""
    with _lock:
        if "embedded" not in _engines:
            _engines["embedded"] = MemoryEngine()
        return _engines["embedded"]


def forget() -> None:
    """Make engines anew (tests)."""
    _engines.clear()
