"""kill -9 in the middle: nothing that was promised is lost, nothing exists twice, mail arrives at least once."""

from __future__ import annotations

from tests.trainings.proof.conftest import Nursery


def test_killed_while_registering_leaves_all_or_nothing(nursery: Nursery) -> None:
    found = nursery.play("killed_web", 10, 7)

    assert found["lost"] == []
    assert found["problems"] == []
    assert found["kills"] > 0
    assert found["bookings"] == found["sent"]
    assert found["mails_a_booking"] == [1]


def test_killed_while_sending_loses_no_mail(nursery: Nursery) -> None:
    found = nursery.play("killed_pump", 10, 40, 7)

    assert (found["lost"], found["foreign"]) == (0, 0)
    assert found["states"] == {"sent": 40}
    assert found["clocks"] == 40
    assert found["duplicates"] <= found["kills"]
    assert found["problems"] == []
