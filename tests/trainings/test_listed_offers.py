"""Lists of offers: only runs to come, the seats of now, and no more work for an offer with many runs behind it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms import version
from tests.factories import pages as make
from trainings.catalogue import shown_offers, whole_offers
from trainings.models.run_parts import Pool
from trainings.services import running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def test_lists_have_the_runs_to_come_and_feeds_all_of_them() -> None:
    page = make.make_training(make.make_tree())
    past, coming = make.make_run(page, starts_in=-9), make.make_run(page)

    assert shown_offers([page.pk])[0].runs == [coming]
    assert whole_offers([page.pk])[0].runs == [past, coming]


def test_seats_of_a_listed_offer_are_those_of_now_in_one_query() -> None:
    page = make.make_training(make.make_tree())
    for days in range(30, 40):
        make.make_run(page, starts_in=days, seats=4)
    version.forget()
    shown_offers([page.pk])
    whole_offers([page.pk])
    Pool.objects.update(places_taken=3)  # as a registration does: it raises no counter
    version.current()

    with CaptureQueriesContext(connection) as asked:
        next_run = shown_offers([page.pk])[0].next_run

    assert next_run.seats_left == 1
    assert [run.seats_left for run in whole_offers([page.pk])[0].runs] == [1] * 10
    conditions = [query["sql"].partition("WHERE")[2] for query in asked if "cms_counter" not in query["sql"]]
    assert [condition.count(",") for condition in conditions] == [0]  # one query, for one pool


def test_changed_number_of_seats_is_in_lists_at_once() -> None:
    page = make.make_training(make.make_tree())
    run = make.make_run(page, seats=4)
    version.forget()
    shown_offers([page.pk])

    running.set_capacity(run.pools.get(), 9, actor=None)

    assert shown_offers([page.pk])[0].next_run.capacity == 9


def test_cancelling_a_run_tells_the_counter_within_the_same_transaction() -> None:
    run = make.make_run(make.make_training(make.make_tree()))

    with CaptureQueriesContext(connection) as asked:
        running.cancel_run(run, actor=None)

    statements = [query["sql"] for query in asked]
    told = next(place for place, sql in enumerate(statements) if sql.startswith('UPDATE "cms_counter"'))
    assert "RELEASE SAVEPOINT" in " ".join(statements[told:])
