"""A change ends the moment: in this process at once, in others when they look at the file, elsewhere after a second."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.models import F
from django.http import HttpResponse

from cms import moment
from cms.pagecache import marking
from cms.version import Counter, raise_counter
from tests.cms.test_pagecache import Front


def told_by_another_process() -> None:
    """Do what another process does after its commit; this one looks at the file again."""
    with (Path(settings.DATA_DIR) / "changes").open("ab") as file:
        file.write(b".")
    moment.present().look_again_at = 0.0


def test_moment_is_the_same_until_somebody_tells_of_a_change() -> None:
    first = moment.present()
    assert moment.present() is first

    told_by_another_process()
    second = moment.present()
    assert second is not first
    moment.tell_this_host()
    assert moment.present() is not second


def test_moment_ends_after_a_second_for_changes_of_which_nobody_told() -> None:
    first = moment.present()
    first.ends_at = first.look_again_at = 0.0

    assert moment.present() is not first


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2027-03-01T22:30", 0.5), ("2027-03-27T23:30", 22.5), ("2027-10-30T22:30", 24.5)],
)
def test_today_lasts_until_midnight_in_berlin_also_when_the_clock_changes(now: str, hours: float) -> None:
    with time_machine.travel(dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC), tick=False):
        assert moment.seconds_until_midnight() == hours * 3600


@pytest.mark.django_db(transaction=True)
def test_finished_answer_is_checked_again_in_each_moment(django_assert_num_queries: Any) -> None:
    asked: list[str] = []

    def application(environ: Any, start_response: Any) -> HttpResponse:
        asked.append("")
        response = HttpResponse("x")
        marking.may_be_kept(response)
        start_response("200 OK", list(response.items()))
        return response

    front = Front(application)
    front.get("/de/")
    moment.present().ends_at = moment.present().look_again_at = float("inf")
    front.get("/de/")
    with django_assert_num_queries(0):
        front.get("/de/")
    assert len(asked) == 1

    raise_counter()
    front.get("/de/")
    assert len(asked) == 2

    Counter.objects.update(value=F("value") + 1)  # elsewhere
    told_by_another_process()
    front.get("/de/")
    assert len(asked) == 3
