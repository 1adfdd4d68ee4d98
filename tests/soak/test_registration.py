"""Registration for long: the full numbers of races, storms and kills on both databases (SOAK_SECONDS each storm)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainings.proof.conftest import Nursery, nursery_on, postgresql

pytestmark = pytest.mark.soak
SECONDS = float(os.environ.get("SOAK_SECONDS", "60"))
REPEATS = int(os.environ.get("SOAK_REPEATS", "20"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def nursery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Several processes on one database; PostgreSQL where DATABASE_URL names one."""
    folder = tmp_path_factory.mktemp("soak")
    (folder / "test").mkdir()
    if request.param == "sqlite":
        with nursery_on({"DATA_DIR": str(folder)}) as found:
            yield found
        return
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    with postgresql() as url, nursery_on({"DATA_DIR": str(folder), "DATABASE_URL": url}) as found:
        yield found


def report(name: str, found: Any) -> None:
    """Keep the numbers where a person finds them."""
    if path := os.environ.get("SOAK_REPORT"):
        with Path(path).open("a") as file:
            file.write(f"{name}: {json.dumps(found, sort_keys=True)}\n")


@pytest.mark.parametrize("seats", [1, 3, 10])
def test_fifty_people_for_the_last_seats_again_and_again(nursery: Nursery, seats: int) -> None:
    for repeat in range(REPEATS):
        found = nursery.play("last_seats", seats, 50, repeat % 2 == 0)
        assert (found["crashes"], found["problems"]) == ([], [])
        assert found["seats"] == [seats, 0, seats]
        report(f"last {seats}", found["outcomes"])


def test_a_long_storm(nursery: Nursery) -> None:
    found = nursery.play("storm", SECONDS, 10, 2, 6)

    report("storm", found)
    assert (found["crashes"], found["problems"]) == ([], [])
    assert found["submit_p95"] < 1


def test_accept_and_expiry_meet_often(nursery: Nursery) -> None:
    found = nursery.play("accept_when_it_expires", REPEATS)

    report("accept against expiry", found["outcomes"])
    assert set(found["outcomes"]) <= {"confirmed", "lapsed"}


def test_a_hundred_kills_of_the_web_process(nursery: Nursery) -> None:
    found = nursery.play("killed_web", 100, 3)

    report("kills of the web process", found)
    assert (found["lost"], found["problems"], found["mails_a_booking"]) == ([], [], [1])
    assert found["bookings"] == found["sent"]


def test_a_hundred_kills_of_the_pump(nursery: Nursery) -> None:
    found = nursery.play("killed_pump", 100, 600, 3)

    report("kills of the pump", found)
    assert (found["lost"], found["foreign"], found["states"]) == (0, 0, {"sent": 600})
    assert found["duplicates"] <= found["kills"]
    assert found["clocks"] == 600


@pytest.mark.parametrize("job", ["expire", "lapse", "remind", "retention"])
def test_a_worker_killed_in_a_job_again_and_again(nursery: Nursery, job: str) -> None:
    found = nursery.play("killed_clock", job, 25, 3)

    report(f"kills of {job}", found)
    assert (found["doubles"], found["problems"]) == (0, [])


def test_two_organisers_and_one_seat_again_and_again(nursery: Nursery) -> None:
    assert nursery.play("two_give_the_last_seat", REPEATS) == {"served": [1] * REPEATS, "broken": []}
