"""How many registrations a second, and for how long each holds the lock of its run (target: p95 below 20 ms)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.trainings.proof.conftest import nursery_on, postgresql

pytestmark = pytest.mark.bench
TARGET = 0.020


def test_registrations_on_sqlite(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    with nursery_on({"DATA_DIR": str(tmp_path)}) as nursery:
        found = nursery.play("measure", 200, 4)

    print("\nSQLite", found)
    assert found["lock_p95_alone"] < TARGET


def test_registrations_on_postgresql(tmp_path: Path) -> None:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    with postgresql() as url, nursery_on({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}) as nursery:
        found = nursery.play("measure", 200, 4)

    print("\nPostgreSQL", found)
    assert found["lock_p95_alone"] < TARGET
