"""Many at once, in several processes: never one seat too many, never a crash, every rule holds afterwards.

Short here; the long versions are `tests/soak/test_registration.py`.
"""

from __future__ import annotations

import pytest

from tests.trainings.proof.conftest import Nursery

PEOPLE = 20


@pytest.mark.parametrize(("seats", "waiting_list"), [(1, True), (3, False), (10, True)])
def test_the_last_seats_are_given_once(nursery: Nursery, seats: int, waiting_list: bool) -> None:
    found = nursery.play("last_seats", seats, PEOPLE, waiting_list)

    assert found["crashes"] == []
    assert found["problems"] == []
    assert found["seats"] == [seats, 0, seats]
    late = PEOPLE - seats
    if waiting_list:
        assert found["outcomes"] == {"ok": PEOPLE}
        assert found["states"] == {"unverified": seats, "unverified_waiting": late}
    else:
        assert found["outcomes"] == {"ok": seats, "full": late}
        assert found["states"] == {"unverified": seats}


def test_one_submission_that_arrives_forty_times_is_one_booking(nursery: Nursery) -> None:
    found = nursery.play("double_submit", 40)

    assert found["outcomes"] == {"ok": 40}
    assert (found["answers"], found["mails"]) == (1, 1)
    assert found["states"] == {"unverified": 1}
    assert found["problems"] == []


@pytest.mark.parametrize("together", [True, False])
def test_groups_that_cross_get_what_fits(nursery: Nursery, together: bool) -> None:
    found = nursery.play("crossing_groups", 4, together)

    assert found["crashes"] == []
    assert found["problems"] == []
    with_seat = sum(seats for seats, _size in found["groups"])
    if together:
        assert found["groups"] == [[0, 3], [0, 5], [3, 3]]
    else:
        assert with_seat == 4


def test_who_waits_is_served_before_who_comes_while_others_cancel(nursery: Nursery) -> None:
    found = nursery.play("cancel_while_others_come", 4, 6)

    assert found["crashes"] == []
    assert found["problems"] == []
    assert found["served"] == ["offered"] * 4 + ["waiting"] * 2
    assert found["seats"] == [4, 0, 4]


def test_accepting_in_the_second_of_the_expiry_gives_the_seat_once(nursery: Nursery) -> None:
    found = nursery.play("accept_when_it_expires", 2)

    assert set(found["outcomes"]) <= {"confirmed", "lapsed"}
    assert sum(found["outcomes"].values()) == 2


def test_seats_taken_away_while_people_confirm_and_an_editor_saves(nursery: Nursery) -> None:
    assert nursery.play("capacity_against_confirm", 2) == {"broken": []}


def test_a_storm_of_everything_breaks_no_rule(nursery: Nursery) -> None:
    found = nursery.play("storm", 4, 8, 1)

    assert found["crashes"] == []
    assert found["problems"] == []
    assert found["calls"] > 8


@pytest.mark.services
def test_without_the_lock_postgresql_oversells(on_postgresql: Nursery) -> None:
    """The control: were the lock not needed, all tests above would prove nothing. SQLite has one writer anyway.

    All four find the one seat free and take it; whom the constraint on the counters stops sees a crash.
    """
    found = on_postgresql.play("last_seats_without_lock", 1, 4)

    assert found["held"] + len(found["crashes"]) == 4
