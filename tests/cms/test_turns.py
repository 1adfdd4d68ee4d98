"""A long job on SQLite lets others write."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from cms import turns

PATIENCE = 2.0  # seconds that a visitor waits for the lock


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such lock")
def test_visitor_gets_the_lock_beside_a_job_that_writes_without_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "EVERY", 0.1)
    file = tmp_path / "db"
    sqlite3.connect(file).execute("CREATE TABLE t (n)")
    is_over = threading.Event()

    def job() -> None:
        own, others = sqlite3.connect(file, isolation_level=None), turns.Turns()
        while not is_over.is_set():
            own.execute("BEGIN IMMEDIATE")
            own.execute("INSERT INTO t VALUES (1)")
            time.sleep(0.15)  # the work of one transaction
            own.execute("COMMIT")
            others.give()

    worker = threading.Thread(target=job)
    worker.start()
    try:
        visitor = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
        for _visit in range(3):
            visitor.execute("BEGIN IMMEDIATE")
            visitor.execute("INSERT INTO t VALUES (2)")
            visitor.execute("COMMIT")
    finally:
        is_over.set()
        worker.join()
    assert visitor.execute("SELECT count(*) FROM t WHERE n = 2").fetchone() == (3,)
