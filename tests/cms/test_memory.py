"""Rows of a process are loaded together, and never given once a counter has moved."""

from __future__ import annotations

import pytest
from django.db import transaction

from cms.memory import Memory
from cms.version import CONTENT, raise_counter

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_missing_rows_are_loaded_until_the_counter_moves():
    memory: Memory[int, str] = Memory(10, CONTENT)
    asked: list[list[int]] = []

    def load(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        return {key: f"row {key}" for key in keys if key != 3}

    assert memory.get([1, 2], load) == {1: "row 1", 2: "row 2"}
    assert memory.get([2, 3, 4], load) == {2: "row 2", 4: "row 4"}
    assert memory.get([4, 1], load) == {1: "row 1", 4: "row 4"}
    raise_counter()
    assert memory.get([1], load) == {1: "row 1"}

    assert asked == [[1, 2], [3, 4], [1]]


def test_nothing_is_kept_of_a_change_that_is_not_committed():
    memory: Memory[int, str] = Memory(10, CONTENT)
    memory.get([1], lambda _keys: {1: "old"})

    with transaction.atomic():
        raise_counter()
        assert memory.get([1], lambda _keys: {1: "draft"}) == {1: "draft"}
        transaction.set_rollback(True)

    assert memory.get([1], lambda _keys: {1: "again"}) == {1: "old"}
