"""Stops asking an engine that has failed several times in a row; another one answers meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from search.engines.interface import Engine, EngineQuery, EngineResult, EngineUnavailableError

logger = logging.getLogger(__name__)
FAILURES = 3
OPEN_FOR = 30.0  # seconds


class Breaker:
    """Guards the searches of one engine: after three failures nobody waits for it for half a minute."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self.engine = engine
        self._clock = clock
        self._failures = 0
        self._closed_again_at = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Tell whether the engine is left alone for now."""
        return self._clock() < self._closed_again_at

    def search(self, query: EngineQuery) -> EngineResult:
        """Ask the engine; raise EngineUnavailableError at once while it is left alone."""
        if self.is_open:
            raise EngineUnavailableError(f"{self.engine.name} is left alone after {FAILURES} failures")
        try:
            found = self.engine.search(query)
        except EngineUnavailableError as error:
            self._failed(error)
            raise
        self._failures = 0
        return found

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:  # one more failure after the pause is enough
                self._closed_again_at = self._clock() + OPEN_FOR
        logger.warning("%s does not answer (%s in a row): %s", self.engine.name, self._failures, error)
