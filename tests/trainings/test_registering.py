"""Registering, confirming, waiting and cancelling: the rules, each with a case that could go wrong."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry, ConsentRecord
from tests.factories.pages import make_municipality
from tests.factories.registrations import book, make_bare_run, make_submission, one, states
from trainings.errors import RegistrationError
from trainings.models import Booking, Pool, Registration, Run
from trainings.services import changing, registering, running, waiting_list
from trainings.services.booking import Person
from trainings.services.invariants import problems

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def kinds() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_submit_holds_a_seat_and_asks_to_confirm():
    run = make_bare_run(seats=2)

    submitted = registering.submit(run.pk, make_submission(email="Jo@Example.org"))

    assert submitted.is_new
    assert states(run) == ["unverified"]
    pool = Pool.objects.get(run=run)
    assert (pool.places_taken, pool.places_held) == (0, 1)
    assert kinds() == ["registration.please_confirm"]
    assert one(submitted.booking).email_norm == "jo@example.org"
    assert ConsentRecord.objects.get().subject_id == str(one(submitted.booking).booking_id)


def test_same_submission_twice_is_one_booking():
    run = make_bare_run()
    submission = make_submission()

    first = registering.submit(run.pk, submission)
    again = registering.submit(run.pk, submission)

    assert (again.booking, again.is_new) == (first.booking, False)
    assert Registration.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


def test_confirming_twice_changes_nothing_the_second_time():
    run = make_bare_run()
    booking = book(run)
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()

    registering.confirm(booking)

    assert states(run) == ["confirmed"]
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before


def test_who_comes_after_the_last_seat_waits():
    run = make_bare_run(seats=1)
    book(run)

    booking = book(run)

    assert states(run) == ["confirmed", "waiting"]
    assert one(booking).position == 1
    assert kinds()[-1] == "registration.waiting"
    assert problems() == []


def test_without_waiting_list_the_form_says_that_nothing_is_left():
    run = make_bare_run(seats=1, waiting_list=False)
    book(run)

    with pytest.raises(RegistrationError) as error:
        registering.submit(run.pk, make_submission())

    assert error.value.code == "full"
    assert str(error.value.message) == "Alle Plätze sind vergeben, und für diesen Termin gibt es keine Warteliste."


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"opens_at": timezone.now() + HOUR},
        {"closes_at": timezone.now() - HOUR},
        {"cancelled_at": timezone.now() - HOUR},
        {"starts_in": -2},
        {"admission": "external", "external_url": "https://example.org"},
        {"admission": "interest"},
    ],
)
def test_a_run_that_is_not_open_takes_nobody(fields):
    run = make_bare_run(**fields)

    with pytest.raises(RegistrationError) as error:
        registering.submit(run.pk, make_submission())

    assert error.value.code == "closed"
    assert Booking.objects.count() == 0


def test_a_registered_address_learns_it_by_mail_only():
    run = make_bare_run()
    book(run, email="jo@example.org")

    submitted = registering.submit(run.pk, make_submission(email="JO@example.org "))

    assert submitted.booking is None
    assert states(run) == ["confirmed"]
    assert kinds()[-1] == "registration.already_registered"


def test_a_group_does_not_show_who_is_registered_already():
    run = make_bare_run()
    book(run, email="jo@example.org")
    submission = make_submission("Ada", "Bo")
    known = Person("Jo", "jo@example.org")

    submitted = registering.submit(run.pk, replace(submission, people=(known, submission.people[1])))

    assert submitted.booking is not None
    emails = list(submitted.booking.registrations.order_by("pk").values_list("email", flat=True))
    assert [bool(email) for email in emails] == [False, True]


def test_an_expired_hold_frees_the_seat_for_the_next():
    run = make_bare_run(seats=1)
    slow = book(run, confirm=False)
    book(run)
    Registration.objects.filter(booking=slow).update(hold_expires_at=timezone.now())

    assert registering.expire_holds(run.pk) == 1

    assert states(run) == ["expired", "offered"]
    assert problems() == []


def test_a_hold_without_accepted_mail_never_expires():
    run = make_bare_run(seats=1)
    book(run, confirm=False)

    assert registering.runs_with_due_holds(timezone.now() + dt.timedelta(days=29)) == []


def test_confirming_too_late_keeps_the_rank_of_the_form():
    run = make_bare_run(seats=1)
    slow = book(run, confirm=False)
    waits = book(run)
    Registration.objects.filter(booking=slow).update(hold_expires_at=timezone.now())
    registering.expire_holds(run.pk)
    waiting_list.accept(one(waits))
    third = book(run)

    registering.confirm(slow)

    assert one(slow).state == "waiting"
    assert (one(slow).position, one(third).position) == (1, 2)


def test_each_municipality_gets_its_share():
    run = make_bare_run(municipality_cap=2)
    town = make_municipality()
    book(run, "Ada", municipality_id=town.pk)

    with pytest.raises(RegistrationError) as error:
        registering.submit(run.pk, make_submission("Bo", "Cy", municipality_id=town.pk))

    assert error.value.field == "municipality"
    assert str(error.value.message) == (
        "Jede Kommune erhält bei diesem Termin höchstens 2 Plätze. Für Ihre noch frei: 1."
    )
    assert book(run, "Dee", "Eve", municipality_id=make_municipality().pk)


def test_a_seat_given_back_goes_to_the_first_in_line_not_to_the_last():
    run = make_bare_run(seats=1)
    first = book(run)
    second, third = book(run), book(run)

    changing.cancel([one(first)])

    assert (one(first).state, one(second).state, one(third).state) == ("cancelled", "offered", "waiting")
    assert kinds()[-1] == "registration.offered"
    assert problems() == []


def test_a_new_person_does_not_pass_those_who_wait():
    run = make_bare_run(seats=1)
    first = book(run)
    second = book(run)
    changing.cancel([one(first)])

    newcomer = book(run)

    assert one(second).state == "offered"
    assert one(newcomer).state == "waiting"


def test_accepting_an_offer_takes_the_seat_once():
    run = make_bare_run(seats=1)
    first, second = book(run), book(run)
    changing.cancel([one(first)])

    waiting_list.accept(one(second))
    waiting_list.accept(one(second))

    assert states(run) == ["cancelled", "confirmed"]
    assert kinds().count("registration.confirmed") == 2


def test_an_offer_that_lapsed_goes_on_and_can_be_asked_for_again():
    run = make_bare_run(seats=1)
    first, second, third = book(run), book(run), book(run)
    changing.cancel([one(first)])
    Registration.objects.filter(booking=second).update(offer_expires_at=timezone.now())

    waiting_list.lapse_offers(run.pk)

    assert (one(second).state, one(third).state) == ("lapsed", "offered")
    with pytest.raises(RegistrationError):
        waiting_list.accept(one(second))
    waiting_list.requeue(one(second))
    assert (one(second).state, one(second).position) == ("waiting", 1)


def test_a_group_that_comes_only_together_is_skipped_told_and_keeps_its_rank():
    run = make_bare_run(seats=3)
    firsts = [book(run) for _number in range(3)]
    group = book(run, "Ada", "Bo", all_or_nothing=True)
    single = book(run)

    changing.cancel([one(firsts[0])])

    assert {row.state for row in group.registrations.all()} == {"waiting"}
    assert one(single).state == "offered"
    assert "registration.group_skipped" in kinds()
    changing.cancel([one(firsts[1]), one(firsts[2])])
    assert {row.state for row in group.registrations.all()} == {"offered"}
    assert problems() == []


def test_a_skipped_group_may_take_fewer_seats():
    run = make_bare_run(seats=2)
    firsts = [book(run), book(run)]
    group = book(run, "Ada", "Bo", "Cy", all_or_nothing=True)
    changing.cancel([one(firsts[0]), one(firsts[1])])

    waiting_list.take_part_of_group(group, 2)

    assert [row.state for row in group.registrations.order_by("pk")] == ["offered", "offered", "waiting"]
    assert problems() == []


def test_shortly_before_the_start_the_first_who_accepts_gets_the_seat():
    run = make_bare_run(seats=1, starts_in=1)
    first, second, third = book(run), book(run), book(run)
    changing.cancel([one(first)])
    assert states(run) == ["cancelled", "offered_open", "offered_open"]
    assert Pool.objects.get(run=run).places_held == 0

    waiting_list.accept(one(third))

    assert (one(second).state, one(third).state) == ("waiting", "confirmed")
    with pytest.raises(RegistrationError):
        waiting_list.accept(one(second))


def test_cancelling_after_the_deadline_asks_the_organiser():
    run = make_bare_run(cancel_until=timezone.now() + HOUR)
    booking = book(run)
    Run.objects.filter(pk=run.pk).update(cancel_until=timezone.now() - HOUR)

    changing.cancel([one(booking)])

    assert one(booking).state == "confirmed"
    assert one(booking).cancel_requested_at is not None


def test_a_cancellation_can_be_taken_back_while_the_seat_is_free():
    run = make_bare_run(seats=1)
    booking = book(run)
    changing.cancel([one(booking)])

    changing.undo_cancel(one(booking))

    assert one(booking).state == "confirmed"
    changing.cancel([one(booking)])
    book(run)
    with pytest.raises(RegistrationError) as error:
        changing.undo_cancel(one(booking))
    assert error.value.code == "taken"


def test_replacing_a_person_keeps_the_seat_and_forgets_the_old_one():
    run = make_bare_run(seats=1)
    booking = book(run, "Ada")
    old = one(booking)

    changing.set_person(old, Person("Bo", "bo@example.org", "Leitung"))

    new = one(booking)
    assert (new.pk, new.state, new.name, new.email) == (old.pk, "confirmed", "Bo", "bo@example.org")
    assert new.token_version == old.token_version + 1
    assert kinds()[-2:] == ["registration.replaced", "registration.welcome"]
    assert OutboxMessage.objects.get(kind="registration.replaced").to == old.email


def test_names_cannot_change_after_their_day():
    run = make_bare_run(names_due=timezone.now() - HOUR)
    booking = book(run, "")

    with pytest.raises(RegistrationError) as error:
        changing.set_person(one(booking), Person("Bo", "bo@example.org"))

    assert error.value.code == "late"


def test_fewer_seats_than_taken_are_refused_and_more_go_to_the_line():
    run = make_bare_run(seats=1)
    book(run)
    second = book(run)
    pool = Pool.objects.get(run=run)

    with pytest.raises(RegistrationError):
        running.set_capacity(pool, 0, actor=None)
    running.set_capacity(pool, 2, actor=None)

    assert one(second).state == "offered"


def test_a_cancelled_run_ends_every_registration_and_says_so():
    run = make_bare_run(seats=1)
    seated, waits = book(run), book(run)
    unconfirmed = book(run, confirm=False)

    assert running.cancel_run(run, actor=None, reason="minimum") == 3
    assert running.cancel_run(run, actor=None, reason="minimum") == 0

    assert {one(booking).state for booking in (seated, waits, unconfirmed)} == {"run_cancelled"}
    assert kinds().count("registration.run_cancelled") == 3
    pool = Pool.objects.get(run=run)
    assert (pool.places_taken, pool.places_held) == (0, 0)


def test_applications_are_decided_quietly_and_released_at_once():
    from trainings.services import selecting

    run = make_bare_run(seats=1, admission="application")
    good, fair, poor = book(run), book(run), book(run)
    selecting.decide(run.pk, {one(good).pk: "select", one(fair).pk: "reserve"}, actor=None)
    selecting.decide(run.pk, {one(poor).pk: "reject"}, actor=None, reason="fit")
    assert set(states(run)) == {"applied"}
    assert kinds().count("registration.rejected") == 0

    assert selecting.release(run.pk, actor=None) == {"select": 1, "reserve": 1, "reject": 1}

    assert (one(good).state, one(fair).state, one(poor).state) == ("offered", "waiting", "rejected")
    assert problems() == []


def test_more_selected_than_seats_releases_nothing():
    from trainings.services import selecting

    run = make_bare_run(seats=1, admission="application")
    rows = [one(book(run)), one(book(run))]
    selecting.decide(run.pk, {row.pk: "select" for row in rows}, actor=None)

    with pytest.raises(RegistrationError) as error:
        selecting.release(run.pk, actor=None)

    assert str(error.value.message) == "2 Personen sind ausgewählt, aber nur 1 Platz ist frei."
    assert states(run) == ["applied", "applied"]


def test_mail_bombing_is_spread_over_hours():
    email = "victim@example.org"
    for _number in range(4):
        registering.submit(make_bare_run().pk, make_submission(email=email))

    waits = [message.next_attempt_at > timezone.now() + HOUR / 2 for message in OutboxMessage.objects.order_by("pk")]

    assert waits == [False, False, False, True]


@pytest.mark.parametrize("people", [1, 8])
def test_a_submission_needs_as_many_statements_under_the_lock_for_eight_people_as_for_one(people):
    run = make_bare_run()
    names = [f"Person{number}" for number in range(people)] if people > 1 else []

    with CaptureQueriesContext(connection) as captured:
        registering.submit(run.pk, make_submission(*names))

    statements = [query["sql"] for query in captured]
    lock = next(number for number, sql in enumerate(statements) if "lock_version" in sql and sql.startswith("UPDATE"))
    assert len(statements[lock + 1 :]) == 13


def test_one_address_holds_no_more_than_twenty_seats_without_names():
    run = make_bare_run(seats=100)

    for _form in range(2):
        submission = make_submission(*[""] * 15, email="jo@example.org")
        registering.submit(run.pk, submission)

    found = Registration.objects.filter(run=run).order_by("pk").values_list("state", flat=True)
    assert list(found) == ["unverified"] * 20 + ["unverified_waiting"] * 10
    assert problems(run.pk) == []
