"""What a process keeps is never older than the counter, and never taken from a change that did not happen."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection, transaction

from cms import version
from cms.version import current, kept, raise_counter
from knowledge.models import Topic


def name_of(code: str) -> str:
    return Topic.objects.get(slug=code).name


def in_another_thread(work: Callable[[], str]) -> str:
    found: list[str] = []

    def run() -> None:
        found.append(work())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    return found[0]


@pytest.fixture
def topic(transactional_db: None) -> Topic:
    return Topic.objects.create(slug="kept", name="Alt", name_en="Old")


def read() -> str:
    return kept("name", lambda: name_of("kept"))


@pytest.mark.django_db(transaction=True)
def test_value_is_made_once_until_the_counter_moves(topic: Topic) -> None:
    assert read() == "Alt"
    Topic.objects.filter(pk=topic.pk).update(name="Neu")  # says nothing to the counter
    assert read() == "Alt"

    raise_counter()

    assert read() == "Neu"


@pytest.mark.django_db(transaction=True)
def test_value_of_today_is_made_again_tomorrow(topic: Topic) -> None:
    last_moment = dt.datetime(2027, 3, 1, 22, 59, 59, 999_999, tzinfo=dt.UTC)  # in Berlin
    with time_machine.travel(last_moment, tick=False):
        assert read() == "Alt"
    Topic.objects.filter(pk=topic.pk).update(name="Neu")  # says nothing to the counter

    assert read() == "Neu"


@pytest.mark.django_db(transaction=True)
def test_change_is_seen_inside_its_own_transaction(topic: Topic) -> None:
    assert read() == "Alt"

    with transaction.atomic():
        topic.name = "Neu"
        topic.save()  # watched: raises the counter
        assert read() == "Neu"


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_leaves_nothing_behind(topic: Topic) -> None:
    with transaction.atomic():
        topic.name = "Nie geschehen"
        topic.save()
        assert read() == "Nie geschehen"
        transaction.set_rollback(True)

    assert read() == "Alt"
    Topic.objects.filter(pk=topic.pk).update(name="Neu")
    raise_counter()  # the number of the rolled back change is given out again
    assert read() == "Neu"


@pytest.mark.django_db(transaction=True)
def test_another_thread_does_not_keep_old_rows_under_the_new_number(topic: Topic) -> None:
    with transaction.atomic():
        topic.name = "Neu"
        topic.save()
        current()
        assert in_another_thread(read) == "Alt"

    assert read() == "Neu"
    assert in_another_thread(read) == "Neu"


@pytest.mark.django_db
def test_invented_keys_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "MOST_KEPT", 3)

    values = [kept(("host", number), lambda number=number: number) for number in range(10)]  # type: ignore[misc]

    assert values == list(range(10))
    assert len(version._kept) <= 3
