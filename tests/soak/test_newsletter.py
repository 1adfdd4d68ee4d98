"""An issue to 10,000 readers with a real SMTP server: at the rate that it takes, memory flat, killed on the way."""

from __future__ import annotations

import pytest

from tests.trainings.proof.conftest import Nursery, nursery, on_postgresql, on_sqlite  # noqa: F401 - fixtures

pytestmark = pytest.mark.soak
READERS = 10_000
MOST_GROWTH = 60  # megabytes


def test_ten_thousand_readers(nursery: Nursery) -> None:  # noqa: F811 - the fixture
    found = nursery.play("big_infobrief", READERS)

    print(found)  # noqa: T201 - a soak tells its numbers
    assert (found["state"], found["sent"], found["others"], found["unknown"]) == ("done", READERS, 0, 0)
    assert (found["twice"], found["sent_but_not_arrived"]) == (0, 0)
    assert found["growth"] < MOST_GROWTH


def test_killed_a_hundred_times(nursery: Nursery) -> None:  # noqa: F811 - the fixture
    found = nursery.play("killed_infobrief", 100, 3000, 11)

    print(found)  # noqa: T201 - a soak tells its numbers
    assert found["sent"] + found["unknown"] == 3000
    assert found["unknown"] <= found["kills"]
    assert (found["twice"], found["sent_but_not_arrived"], found["arrived_without_state"]) == (0, 0, 0)
