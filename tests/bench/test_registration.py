"""How many registrations a second, and for how long each holds the lock of its run (target: p95 below 20 ms)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.reporting import note
from tests.trainings.proof.conftest import nursery_on, postgresql

pytestmark = pytest.mark.bench
TARGET = 0.020


def told(database: str, found: dict[str, float]) -> None:
    """Put the numbers of one database into the table."""
    group = f"registration on {database}"
    for where in ("alone", "together"):
        times = {name: 1000 * found[f"{name}_{where}"] for name in ("lock_p95", "submit_p50", "submit_p95")}
        rounded = {name: round(value, 1) for name, value in times.items()}
        note(group, where, **rounded, target_lock_p95=1000 * TARGET, a_second=found[f"submits_per_second_{where}"])


def test_registrations_on_sqlite(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    with nursery_on({"DATA_DIR": str(tmp_path)}) as nursery:
        found = nursery.play("measure", 200, 4)

    told("SQLite", found)
    assert found["lock_p95_alone"] < TARGET


def test_registrations_on_postgresql(tmp_path: Path) -> None:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    with postgresql() as url, nursery_on({"DATA_DIR": str(tmp_path), "DATABASE_URL": url}) as nursery:
        found = nursery.play("measure", 200, 4)

    told("PostgreSQL", found)
    assert found["lock_p95_alone"] < TARGET
