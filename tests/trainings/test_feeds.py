"""Feeds of runs: the filters of the catalogue, both languages, seats that are true, nobody's data, few queries."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.factories import pages as make
from tests.factories.registrations import book
from tests.factories.registrations import one as only
from trainings.models import Run
from trainings.services.texts import ensure_consent_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


@pytest.fixture
def page() -> Any:
    ensure_consent_texts()
    page = make.make_training(make.make_tree(), title="Werkstatt")
    make.translate(page, title="Workshop")
    return page


def runs(client: Client, query: str = "", path: str = "/de/termine.json") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(f"{path}{query}").content)["runs"]
    return found


def test_json_tells_status_and_the_seats_that_are_left_at_this_moment(client: Client, page):
    run = make.make_run(page, seats=3, fee=0)
    page.save_revision().publish()
    before = runs(client)[0]

    booking = book(run, confirm=False)

    now = runs(client)[0]
    assert (before["seats_left"], now["seats_left"], now["seats"]) == (3, 2, 3)
    assert (now["status"], now["registration_url"].endswith(f"/de/anmelden/{run.number}/")) == ("open", True)
    text = client.get("/de/termine.json").content.decode()
    assert [word in text for word in (only(booking).name, booking.email)] == [False, False]


def test_runs_themselves_have_to_fit_the_filters(client: Client, page):
    onsite = make.make_run(page, fee=20)
    online = make.make_run(page, mode="online", city="", fee=0)
    page.save_revision().publish()

    assert {run["number"] for run in runs(client)} == {onsite.number, online.number}
    assert [run["number"] for run in runs(client, "?mode=online")] == [online.number]
    assert [run["number"] for run in runs(client, "?fee=paid")] == [onsite.number]
    assert runs(client, "?step=plan") == []
    assert runs(client, "?mode=%00&step=nothing&page=x&q=%ff") is not None


def test_past_runs_come_on_demand(client: Client, page):
    coming = make.make_run(page)
    past = make.make_run(page, starts_in=-30)
    Run.objects.filter(pk=past.pk).update(published_at=timezone.now() - dt.timedelta(days=60))
    page.save_revision().publish()

    assert [run["number"] for run in runs(client)] == [coming.number]


@pytest.mark.parametrize(("path", "title"), [("/de/termine.ics", "Werkstatt"), ("/en/dates.ics", "Workshop")])
def test_calendar_to_subscribe_to_has_stable_identities(client: Client, page, path: str, title: str):
    run = make.make_run(page)
    Run.objects.filter(pk=run.pk).update(cancelled_at=timezone.now())
    for language in ("de", "en"):
        page.get_translation(make.Locale.objects.get(language_code=language)).specific.save_revision().publish()

    answer = client.get(path)

    event = next(iter(Calendar.from_ical(answer.content).walk("VEVENT")))
    assert str(event["summary"]) == title
    assert str(event["status"]) == "CANCELLED"
    assert str(event["uid"]).startswith(str(run.sessions.get().ical_uid))
    assert event.get("attendee") is None
    assert answer.headers["Cache-Control"] == "public, max-age=600"


def test_atom_names_the_run_and_its_identity(client: Client, page):
    run = make.make_run(page)
    page.save_revision().publish()

    xml = client.get("/de/termine.atom").content.decode()

    assert f"urn:uuid:{run.public_id}" in xml
    assert f"#run-{run.number}" in xml
    assert "termine.atom?mode=onsite" in client.get("/de/termine.atom?mode=onsite").content.decode()


def test_page_tells_machines_what_is_left(client: Client, page):
    make.make_run(page, seats=3, fee=0)
    page.save_revision().publish()

    html = client.get(page.url).content.decode()

    data = json.loads(html.split('<script type="application/ld+json">')[1].split("</script>")[0])
    graph = data.get("@graph", [data])
    event = next(
        event for node in graph for event in node.get("subjectOf", []) if isinstance(node.get("subjectOf"), list)
    )
    assert (event["maximumAttendeeCapacity"], event["remainingAttendeeCapacity"]) == (3, 3)
    assert event["offers"]["availability"] == "https://schema.org/InStock"


@pytest.mark.parametrize("path", ["/de/termine.json", "/de/termine.ics", "/de/termine.atom"])
def test_many_runs_take_no_more_queries_than_few(client: Client, page, path: str, django_assert_max_num_queries):
    for _number in range(3):
        make.make_run(page)
    page.save_revision().publish()
    client.get(path)
    with django_assert_max_num_queries(40) as few:
        client.get(path)
        number = len(few)
    for _number in range(9):
        make.make_run(page)
    client.get(path)  # a new run empties what the process remembers

    with django_assert_max_num_queries(number):
        client.get(path)
