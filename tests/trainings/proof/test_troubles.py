"""A full or read-only database, cut connections, a worker killed in the middle of each kind of job."""

from __future__ import annotations

import pytest

from tests.trainings.proof.conftest import Nursery


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_database_that_takes_nothing_keeps_what_was_typed(on_sqlite: Nursery, trouble: str) -> None:
    found = on_sqlite.play("unwritable", trouble)

    assert found["statuses"] == [503, 302]
    assert (found["kept"], found["told"]) == (True, True)
    assert (found["half_written"], found["at_last"]) == ([0, 0], [1, 1])
    assert found["problems"] == []


@pytest.mark.services
def test_a_read_only_postgresql_keeps_what_was_typed(on_postgresql: Nursery) -> None:
    found = on_postgresql.play("unwritable", "read-only")

    assert found["statuses"] == [503, 302]
    assert (found["kept"], found["told"]) == (True, True)
    assert (found["half_written"], found["at_last"]) == ([0, 0], [1, 1])


@pytest.mark.services
def test_connections_cut_while_people_register_break_nothing(on_postgresql: Nursery) -> None:
    found = on_postgresql.play("cut_connections", 2.5)

    assert found["cut"] > 0
    assert found["crashes"] == []
    assert found["bookings"] >= found["promised"] > 0
    assert found["afterwards"] == "ok"
    assert found["problems"] == []


def test_two_organisers_who_give_the_last_seat_give_it_once(nursery: Nursery) -> None:
    assert nursery.play("two_give_the_last_seat", 2) == {"served": [1, 1], "broken": []}


@pytest.mark.parametrize(
    ("job", "states", "mails", "left"),
    [
        ("expire", ["expired", "offered"], 0, 60),
        ("lapse", ["cancelled", "lapsed", "offered"], 20, 60),
        ("remind", ["confirmed"], 60, 60),
        ("retention", ["confirmed"], 0, 0),
    ],
)
def test_a_worker_killed_in_a_job_finishes_it_next_time(
    on_sqlite: Nursery, job: str, states: list[str], mails: int, left: int
) -> None:
    found = on_sqlite.play("killed_clock", job, 3, 5)

    assert found["states"] == states
    assert (found["mails"], found["doubles"], found["left"]) == (mails, 0, left)
    assert found["problems"] == []
