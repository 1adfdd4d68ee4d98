"""kill -9 in mid-run: nobody gets an issue twice, nobody is without a state, the numbers add up."""

from __future__ import annotations

import pytest

from tests.trainings.proof.conftest import Nursery, nursery, on_postgresql, on_sqlite  # noqa: F401 - fixtures

pytestmark = pytest.mark.services


def test_killed_while_sending_an_issue(nursery: Nursery) -> None:  # noqa: F811 - the fixture
    found = nursery.play("killed_infobrief", 8, 300, 7)

    assert (found["state"], found["total"], found["others"]) == ("done", 300, 0)
    assert found["sent"] + found["unknown"] == 300
    assert found["kills"] > 0
    assert found["unknown"] <= found["kills"]
    assert (found["twice"], found["foreign"]) == (0, 0)
    assert (found["sent_but_not_arrived"], found["arrived_without_state"]) == (0, 0)
