"""The form of a run: seats are never overwritten, moved sessions are told, pages never touch seats."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from cms.outbox.models import OutboxMessage
from tests.factories import pages as make
from tests.factories.registrations import book, make_bare_run, make_submission, states
from tests.factories.staff import make_staff
from trainings.models import Pool, Run, Session
from trainings.services import registering
from trainings.services.invariants import problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
ADD = "wagtailsnippets_trainings_run:add"
EDIT = "wagtailsnippets_trainings_run:edit"


@pytest.fixture
def organiser(client: Client) -> Any:
    user = make_staff("organiser")
    client.force_login(user)
    return user


@pytest.fixture
def run(organiser: Any) -> Run:
    return make_bare_run(owner=organiser, seats=3)


def typed(client: Client, run: Run) -> dict[str, Any]:
    """What the browser sends back when nothing was changed."""
    form = client.get(reverse(EDIT, args=[run.pk])).context["form"]
    data: dict[str, Any] = {}
    for part in (form, *(row for formset in form.formsets.values() for row in formset)):
        for bound in part:
            value = bound.value()
            if value is None or value is False:
                continue
            local = value if isinstance(value, dt.datetime) else None  # forms show local time
            data[bound.html_name] = "on" if value is True else f"{local:%Y-%m-%d %H:%M}" if local else value
    for name, formset in form.formsets.items():
        data |= {f"{name}-TOTAL_FORMS": len(formset.forms), f"{name}-INITIAL_FORMS": len(formset.forms)}
    return data


def save(client: Client, run: Run, data: dict[str, Any], **changes: Any) -> Any:
    return client.post(reverse(EDIT, args=[run.pk]), {**data, **changes})


def mails() -> list[str]:
    return list(OutboxMessage.objects.exclude(kind="run.organiser").order_by("pk").values_list("kind", flat=True))


def counters(run: Run) -> list[tuple[int | None, int, int]]:
    return list(run.pools.order_by("pk").values_list("capacity", "places_taken", "places_held"))


def test_saving_an_old_form_keeps_what_happened_since(client: Client, run: Run):
    data = typed(client, run)
    book(run)
    book(run, confirm=False)
    Run.objects.filter(pk=run.pk).update(guaranteed_at=timezone.now())
    before = mails()

    answer = save(client, run, data, title_de="Neuer Zusatz")

    run.refresh_from_db()
    assert answer.headers["Location"] == reverse("run_dashboard", args=[run.pk])
    assert (run.title_de, run.guaranteed_at is not None) == ("Neuer Zusatz", True)
    assert counters(run) == [(3, 1, 1)]
    assert mails() == before
    assert problems(run.pk) == []


def test_old_form_overwrites_nothing_unasked(client: Client, run: Run):
    first, second = typed(client, run), typed(client, run)
    save(client, run, first, venue="Rathaus", **{"pools-0-capacity": "9"})

    page = save(client, run, second, title_en="Addition")

    run.refresh_from_db()
    assert (run.venue, run.title_en, counters(run)) == ("Rathaus", "", [(9, 0, 0)])
    assert page.context["form"].non_field_errors() == [
        (
            "Jemand anderes hat diese Durchführung geändert, seit Sie sie geöffnet haben. "
            "Vergleichen Sie; mit erneutem Speichern gelten Ihre Angaben."
        )
    ]
    assert page.context["form"]["title_en"].value() == "Addition"
    again = {**second, "seen": page.context["form"]["seen"].value()}
    save(client, run, again, title_en="Addition")
    run.refresh_from_db()
    assert (run.venue, run.title_en, counters(run)) == ("", "Addition", [(3, 0, 0)])


def test_fewer_seats_than_taken_is_an_error_at_the_field(client: Client, run: Run):
    data = typed(client, run)
    book(run)
    book(run)

    page = save(client, run, data, **{"pools-0-capacity": "1"})

    assert page.status_code == 200
    assert page.context["form"].formsets["pools"].forms[0].errors == {
        "capacity": ["2 Plätze sind schon vergeben oder vorgemerkt."]
    }
    assert counters(run) == [(3, 2, 0)]


def test_more_seats_go_to_who_waits(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser, seats=1)
    book(run)
    book(run)
    assert states(run) == ["confirmed", "waiting"]

    save(client, run, typed(client, run), **{"pools-0-capacity": "2"})

    assert states(run) == ["confirmed", "offered"]
    assert counters(run) == [(2, 1, 1)]
    assert problems(run.pk) == []


def test_kind_of_admission_is_fixed_once_somebody_has_registered(client: Client, run: Run):
    data = typed(client, run)
    registering.submit(run.pk, make_submission())

    page = save(client, run, data, admission="application", title_de="x")

    run.refresh_from_db()
    assert list(page.context["form"].errors) == ["admission"]
    assert (run.admission, run.title_de) == ("fcfs", "")


def test_moved_session_is_told_once(client: Client, run: Run):
    book(run)
    session = run.sessions.get()
    later = timezone.localtime(session.ends_at + dt.timedelta(hours=1))

    save(client, run, typed(client, run), **{"sessions-0-ends_at": f"{later:%Y-%m-%d %H:%M}"})

    session.refresh_from_db()
    run.refresh_from_db()
    assert (session.ical_sequence, run.ends_at) == (1, session.ends_at)
    assert mails().count("registration.run_changed") == 1


def test_another_place_is_told_and_another_title_is_not(client: Client, run: Run):
    book(run)
    save(client, run, typed(client, run), title_de="Teil 2", **{"sessions-0-title_de": "Einstieg"})
    assert mails().count("registration.run_changed") == 0

    save(client, run, typed(client, run), city="Anderswo")

    assert mails().count("registration.run_changed") == 1
    assert Session.objects.get(run=run).ical_sequence == 1


def test_record_of_a_past_run_is_put_straight_without_mail(client: Client, organiser: Any):
    run = make_bare_run(owner=organiser)
    book(run)
    past = timezone.now().replace(microsecond=0) - dt.timedelta(days=9)
    Session.objects.filter(run=run).update(starts_at=past, ends_at=past + dt.timedelta(hours=4))
    Run.objects.filter(pk=run.pk).update(starts_at=past, ends_at=past + dt.timedelta(hours=4))

    save(client, run, typed(client, run), city="Anderswo")

    assert mails().count("registration.run_changed") == 0


def test_seats_with_people_cannot_be_deleted_or_turned_online(client: Client, run: Run):
    book(run)
    data = typed(client, run)

    for change in ({"pools-0-DELETE": "on"}, {"pools-0-mode": "online"}):
        page = save(client, run, data, **change)
        assert page.context["form"].formsets["pools"].forms[0].non_field_errors() == [
            "Für diese Plätze liegen Anmeldungen vor."
        ]
    assert Pool.objects.filter(run=run, mode="onsite").count() == 1


def test_new_session_and_new_seats_are_added(client: Client, run: Run):
    data = typed(client, run) | {
        "sessions-1-starts_at": "2027-05-03 10:00",
        "sessions-1-ends_at": "2027-05-03 12:00",
        "sessions-1-mandatory": "on",
        "sessions-TOTAL_FORMS": 2,
        "pools-1-mode": "online",
        "pools-1-capacity": "",
        "pools-TOTAL_FORMS": 2,
    }

    save(client, run, data)

    assert run.sessions.count() == 2
    assert list(run.pools.order_by("pk").values_list("mode", "capacity")) == [("onsite", 3), ("online", None)]


def test_session_page_warns_and_asks_before_it_tells(client: Client, run: Run):
    book(run)
    session = run.sessions.get()
    address = reverse("run_session", args=[run.pk, session.pk])
    start = timezone.localtime(session.starts_at) + dt.timedelta(days=1)
    data = {"starts_at": f"{start:%Y-%m-%d %H:%M}", "ends_at": f"{start + dt.timedelta(hours=2):%Y-%m-%d %H:%M}"}
    page = client.post(address, data)
    assert (page.context["people"], list(page.context["sure"].errors)) == (1, ["sure"])
    assert "registration.run_changed" not in mails()

    client.post(address, {**data, "sure": "on"})

    session.refresh_from_db()
    assert timezone.localtime(session.starts_at) == start
    assert mails().count("registration.run_changed") == 1


def test_session_that_ends_before_it_begins_is_an_error(client: Client, run: Run):
    session = run.sessions.get()
    data = {"starts_at": "2027-05-03 10:00", "ends_at": "2027-05-03 09:00", "sure": "on"}

    page = client.post(reverse("run_session", args=[run.pk, session.pk]), data)

    assert list(page.context["form"].errors) == ["ends_at"]


def test_capacity_page_refuses_and_saves(client: Client, run: Run):
    book(run)
    pool = run.pools.get()
    address = reverse("run_capacity", args=[run.pk, pool.pk])

    assert list(client.post(address, {"capacity": "0"}).context["form"].errors) == ["capacity"]
    client.post(address, {"capacity": ""})

    assert counters(run) == [(None, 1, 0)]


def test_copy_has_other_dates_and_nobody(client: Client, run: Run):
    book(run)
    assert run.first_day is not None
    day = run.first_day + dt.timedelta(days=70)
    address = reverse("run_copy", args=[run.pk])
    taken = client.post(address, {"number": run.number, "first_day": day.isoformat()})
    assert list(taken.context["form"].errors) == ["number"]

    client.post(address, {"number": "2027-999", "first_day": day.isoformat()})

    copy = Run.objects.get(number="2027-999")
    assert (copy.first_day, copy.published_at, copy.registrations.count()) == (day, None, 0)
    assert counters(copy) == [(3, 0, 0)]


def test_new_run_belongs_to_who_makes_it(client: Client, organiser: Any):
    tree = make.make_tree()
    page = make.make_training(tree)
    from trainings.models import Offer

    offer = Offer.objects.get(translation_key=page.translation_key)
    form = client.get(reverse(ADD), {"offer": offer.pk}).context["form"]
    assert form["offer"].value() == offer.pk
    assert "owner" not in form.fields
    data = {
        "offer": offer.pk,
        "number": "2027-500",
        "mode": "onsite",
        "admission": "fcfs",
        "city": "Musterstadt",
        "timezone_name": "Europe/Berlin",
        "offer_hours": "16",
        "cutoff_hours": "48",
        "sessions-TOTAL_FORMS": 1,
        "sessions-INITIAL_FORMS": 0,
        "pools-TOTAL_FORMS": 1,
        "pools-INITIAL_FORMS": 0,
        "sessions-0-starts_at": "2027-05-03 10:00",
        "sessions-0-ends_at": "2027-05-03 12:00",
        "pools-0-mode": "onsite",
        "pools-0-capacity": "12",
    }

    answer = client.post(reverse(ADD), data)

    run = Run.objects.get(number="2027-500")
    assert answer.headers["Location"] == reverse("run_dashboard", args=[run.pk])
    assert (run.owner, counters(run), run.first_day) == (organiser, [(12, 0, 0)], dt.date(2027, 5, 3))


@pytest.mark.parametrize("offer", ["x", "-1", "99999999999999999999", "0"])
def test_new_run_of_nonsense_is_an_empty_form(client: Client, organiser: Any, offer: str):
    assert client.get(reverse(ADD), {"offer": offer}).status_code == 200


def test_page_of_an_offer_leads_to_a_new_run(client: Client, organiser: Any):
    tree = make.make_tree()
    page = make.make_training(tree)
    client.force_login(make_staff("chief"))

    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert f"{reverse(ADD)}?offer=" in text


def test_run_with_people_cannot_be_deleted(client: Client, run: Run):
    book(run)
    client.force_login(make_staff("chief"))

    client.post(reverse("wagtailsnippets_trainings_run:delete", args=[run.pk]))

    assert Run.objects.filter(pk=run.pk).exists()


def test_pages_never_touch_seats(organiser: Any):
    """Editing, translating and restoring an old revision of the page leave counters and registrations alone."""
    tree = make.make_tree()
    page = make.make_training(tree)
    old = page.latest_revision
    run = make.make_run(page, seats=50)
    for _number in range(5):
        book(run)
    before = (counters(run), states(run), list(run.sessions.values_list("starts_at", "ical_sequence")))

    page.title = "Neuer Titel"
    page.save_revision().publish()
    english = make.translate(page, title="New title")
    copied = page.copy(update_attrs={"title": "Kopie", "slug": "kopie"})
    old.publish()

    assert english.locale == Locale.objects.get(language_code="en")
    assert (counters(run), states(run), list(run.sessions.values_list("starts_at", "ical_sequence"))) == before
    assert copied.specific.runs == []
    assert problems(run.pk) == []
