"""Runs: computed status, seats, calendar, and one offer behind all languages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from cms import version
from tests.factories import pages as make
from trainings.models import Offer, Pool, Run, Session
from trainings.states import RunStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
NOW = timezone.now
HOUR = dt.timedelta(hours=1)


def run_with(*, starts_in: int = 30, seats: int | None = 20, taken: int = 0, **fields: Any) -> Run:
    run = make.make_run(make.make_training(make.make_tree()), starts_in=starts_in, seats=seats, **fields)
    Pool.objects.filter(run=run).update(places_taken=taken)
    return Run.objects.get(pk=run.pk)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, RunStatus.OPEN),
        ({"published_at": None}, RunStatus.DRAFT),
        ({"published_at": NOW() + HOUR}, RunStatus.DRAFT),
        ({"archived_at": NOW() - HOUR}, RunStatus.ARCHIVED),
        ({"cancelled_at": NOW() - HOUR}, RunStatus.CANCELLED),
        ({"cancelled_at": NOW() - HOUR, "starts_in": -9}, RunStatus.CANCELLED),
        ({"starts_in": -9}, RunStatus.OVER),
        ({"opens_at": NOW() + HOUR}, RunStatus.PLANNED),
        ({"closes_at": NOW() - HOUR}, RunStatus.CLOSED),
        ({"seats": 5, "taken": 5}, RunStatus.WAITING),
        ({"seats": 5, "taken": 5, "waiting_list": False}, RunStatus.FULL),
        ({"seats": 5, "taken": 5, "admission": "application"}, RunStatus.OPEN),
        ({"seats": None}, RunStatus.OPEN),
        ({"admission": "interest"}, RunStatus.INTEREST),
    ],
)
def test_status_follows_from_decisions_seats_and_clock(fields: dict[str, Any], status: RunStatus) -> None:
    assert run_with(**fields).status == status


def test_run_that_has_begun_is_running() -> None:
    run = run_with()
    Session.objects.filter(run=run).update(starts_at=NOW() - HOUR, ends_at=NOW() + HOUR)
    Session.objects.get(run=run).save()

    assert Run.objects.get(pk=run.pk).status == RunStatus.RUNNING


def test_dates_follow_the_sessions() -> None:
    run = run_with(starts_in=30)
    later = NOW() + dt.timedelta(days=60)
    second = Session.objects.create(run=run, starts_at=later, ends_at=later + HOUR)
    run.refresh_from_db()
    assert run.ends_at == later + HOUR

    second.delete()

    run.refresh_from_db()
    assert run.ends_at < later


def test_seats_held_count_as_gone() -> None:
    run = run_with(seats=10, taken=4)
    Pool.objects.filter(run=run).update(places_held=3)
    run = Run.objects.get(pk=run.pk)

    assert (run.seats_left, run.seats_taken_share) == (3, 70)


def test_database_refuses_more_seats_than_there_are() -> None:
    run = run_with(seats=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(run=run).update(places_taken=4, places_held=2)


def test_lowering_seats_below_those_taken_is_explained() -> None:
    pool = Pool.objects.get(run=run_with(seats=5, taken=4))
    pool.capacity = 3

    with pytest.raises(ValidationError) as error:
        pool.full_clean()

    assert error.value.message_dict == {"capacity": ["4 Plätze sind schon vergeben oder vorgemerkt."]}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"opens_at": NOW(), "closes_at": NOW() - HOUR}, "closes_at"),
        ({"admission": "external"}, "external_url"),
        ({"mode": "onsite", "city": ""}, "city"),
    ],
)
def test_wrong_run_is_explained_at_the_field(fields: dict[str, Any], wrong: str) -> None:
    run = run_with()
    for name, value in fields.items():
        setattr(run, name, value)

    with pytest.raises(ValidationError) as error:
        run.clean()

    assert list(error.value.message_dict) == [wrong]


def test_both_languages_show_the_same_runs() -> None:
    page = make.make_training(make.make_tree())
    english = make.translate(page)
    run = make.make_run(page)

    assert Offer.objects.count() == 1
    assert [found.pk for found in page.runs] == [found.pk for found in english.runs] == [run.pk]


def test_draft_runs_are_shown_to_nobody(client: Client) -> None:
    page = make.make_training(make.make_tree())
    run = make.make_run(page, published_at=None, city="Geheimstadt")

    assert "Geheimstadt" not in client.get(page.url).content.decode()
    assert client.get(f"{page.url}calendar/{run.number}/").status_code == 404


def calendar_of(client: Client, run: Run, page: Any) -> Any:
    answer = client.get(f"{page.url}calendar/{run.number}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def test_calendar_holds_each_session_with_a_stable_uid(client: Client) -> None:
    page = make.make_training(make.make_tree(), title="Werkstatt; Antrag, Teil 1")
    run = make.make_run(page, venue="Rathaus")
    session = Session.objects.get(run=run)

    calendar = calendar_of(client, run, page)

    (event,) = calendar.walk("VEVENT")
    assert event["UID"].startswith(str(session.ical_uid))
    assert str(event["SUMMARY"]) == "Werkstatt; Antrag, Teil 1"
    assert event["DTSTART"].dt == session.starts_at
    assert (str(event["STATUS"]), str(event["LOCATION"])) == ("CONFIRMED", "Rathaus, Musterstadt")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_cancelled_run_stays_visible_and_cancels_its_entries(client: Client) -> None:
    page = make.make_training(make.make_tree())
    run = make.make_run(page, cancelled_at=NOW())

    calendar = calendar_of(client, run, page)

    assert "Abgesagt" in client.get(page.url).content.decode()
    assert str(calendar["METHOD"]) == "CANCEL"
    assert [str(event["STATUS"]) for event in calendar.walk("VEVENT")] == ["CANCELLED"]


def test_catalogue_shows_coming_offers_by_date_and_past_ones_on_demand(client: Client) -> None:
    tree = make.make_tree()
    for title, days in (("Später", 40), ("Bald", 5), ("Vorbei", -5)):
        make.make_run(make.make_training(tree, title=title), starts_in=days)

    coming = client.get(tree.offers.url).content.decode()
    past = client.get(tree.offers.url + "?when=past").content.decode()

    assert coming.index("Bald") < coming.index("Später")
    assert "Vorbei" not in coming
    assert "Vorbei" in past
    assert "Bald" not in past


def test_list_from_memory_shows_the_seats_of_now(client: Client) -> None:
    tree = make.make_tree()
    run = make.make_run(make.make_training(tree), seats=20)
    version.forget()  # ends the test's own open change: from here on the process remembers
    assert "20 von 20 Plätzen frei" in client.get(tree.offers.url).content.decode()

    Pool.objects.filter(run=run).update(places_taken=17, places_held=1)  # as registrations do: no counter is raised

    assert "2 von 20 Plätzen frei" in client.get(tree.offers.url).content.decode()
    assert "2 von 20 Plätzen frei" in client.get(tree.home.url).content.decode()


def test_exchange_whose_deadline_has_passed_is_expired_whatever_was_stored() -> None:
    page = make.make_exchange(make.make_tree(), deadline=timezone.localdate() - dt.timedelta(days=1))

    assert (page.offer_status, page.current_status) == ("open", "expired")


def test_call_leaves_the_site_after_its_deadline(client: Client) -> None:
    tree = make.make_tree()
    over = make.make_news(tree, title="Zu spät", news_kind="call", deadline=timezone.localdate() - dt.timedelta(days=1))
    make.make_news(tree, title="Noch heute", news_kind="call", deadline=timezone.localdate())

    html = client.get(tree.news.url).content.decode()

    assert "Noch heute" in html
    assert "Zu spät" not in html
    assert client.get(over.url).status_code == 404
    assert "Zu spät" not in client.get("/de/feed/").content.decode()


def test_vcard_names_the_centre_and_no_person(client: Client) -> None:
    person = make.make_person()
    page = make.make_centre(
        make.make_tree(), contacts=[{"type": "person", "value": person.pk}], email="stelle@example.org"
    )

    answer = client.get(f"{page.url}vcard/")

    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert "FN:Servicestelle Muster" in text
    assert "EMAIL:stelle@example.org" in text
    assert "Jo Beispiel" not in text
