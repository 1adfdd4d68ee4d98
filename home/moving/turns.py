"""Lets others write beside a long job: SQLite has one lock for writing and no queue in front of it."""

from __future__ import annotations

import time

from django.db import connection

EVERY = 1.0  # seconds
PAUSE = 0.12  # seconds; whoever waits for the lock asks for it every 0.1 s at the latest (sqlite3_busy_timeout)


class Turns:
    """Counts how long a job has been writing, one transaction after the other.

    Without a pause between them a visitor's registration finds the lock taken each time it asks: beside an import it
    waited 3 s in the median and up to the limit of 20 s.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()

    def give(self) -> None:
        """Leave the lock to others for a moment, once a second; call it between two transactions."""
        if connection.vendor == "sqlite" and time.monotonic() - self.began >= EVERY:
            time.sleep(PAUSE)
            self.began = time.monotonic()
