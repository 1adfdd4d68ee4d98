"""What a critical reading of the services found: each of these was wrong once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy import consents
from tests.factories.registrations import book, make_bare_run, make_submission, one, states
from trainings import clocks
from trainings.errors import RegistrationError
from trainings.models import Booking, Offer, Pool, Registration, Run, RunStats
from trainings.personal_data import anonymise
from trainings.services import changing, closing, interests, registering, running, waiting_list
from trainings.services.booking import Person
from trainings.services.invariants import problems

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def expire(run: Run) -> None:
    Registration.objects.filter(run=run, state__startswith="unverified").update(hold_expires_at=timezone.now() - HOUR)
    registering.expire_holds(run.pk)


def kinds_to(email: str) -> list[str]:
    return list(OutboxMessage.objects.filter(to=email).order_by("pk").values_list("kind", flat=True))


def test_a_late_group_that_comes_only_together_gets_no_part_of_its_seats():
    run = make_bare_run(seats=3)
    group = book(run, "Ada", "Bo", "Cem", all_or_nothing=True, confirm=False)
    expire(run)
    book(run)

    registering.confirm(group)

    assert states(run) == ["waiting"] * 3 + ["confirmed"]
    assert problems() == []


def test_a_late_confirmation_does_not_exceed_the_share_of_a_municipality():
    run = make_bare_run(municipality_cap=1)
    late = book(run, municipality_text="Musterstadt", confirm=False)
    expire(run)
    book(run, municipality_text="musterstadt")

    with pytest.raises(RegistrationError) as refused:
        registering.confirm(late)

    assert refused.value.code == "cap"
    assert states(run) == ["expired", "confirmed"]


def test_who_waits_counts_in_the_share_of_a_municipality():
    run = make_bare_run(seats=1, municipality_cap=2)
    book(run, municipality_text="A-Stadt")
    book(run, municipality_text="A-Stadt")

    with pytest.raises(RegistrationError) as refused:
        book(run, municipality_text="A-Stadt")

    assert refused.value.code == "cap"


@pytest.mark.parametrize("fields", [{"seats": 1, "waiting_list": False}, {"municipality_cap": 1}])
def test_a_refusal_does_not_tell_who_is_registered(fields):
    run = make_bare_run(**fields)
    book(run, email="jo@example.org", municipality_text="A-Stadt")
    answers = []

    for email in ("jo@example.org", "new@example.org"):
        with pytest.raises(RegistrationError) as refused:
            book(run, email=email, municipality_text="A-Stadt")
        answers.append((refused.value.code, str(refused.value.message)))

    assert answers[0] == answers[1]


def test_taking_a_cancellation_back_ends_the_offer_to_all():
    run = make_bare_run(seats=1, starts_in=1)
    first, second = book(run), book(run)
    changing.cancel([one(first)])
    assert states(run) == ["cancelled", "offered_open"]

    changing.undo_cancel(one(first))

    assert states(run) == ["confirmed", "waiting"]
    assert one(second).position == 1


def test_a_cancellation_cannot_be_taken_back_when_the_run_is_off():
    run = make_bare_run()
    booking = book(run)
    changing.cancel([one(booking)])
    running.cancel_run(run, actor=None)

    with pytest.raises(RegistrationError):
        changing.undo_cancel(one(booking))

    assert states(run) == ["cancelled"]


def test_a_group_that_comes_only_together_accepts_together_shortly_before_the_start():
    run = make_bare_run(seats=2, starts_in=1)
    first, second = book(run), book(run)
    group = book(run, "Ada", "Bo", all_or_nothing=True)
    changing.cancel([one(first)])
    ada = group.registrations.order_by("pk")[0]

    with pytest.raises(RegistrationError) as refused:
        waiting_list.accept(ada)
    changing.cancel([one(second)])
    waiting_list.accept(ada)

    assert refused.value.code == "taken"
    assert states(run) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert problems() == []


def test_a_group_whose_offer_lapsed_stands_in_line_again_together():
    run = make_bare_run(seats=2)
    first = book(run, "Eins", "Zwei")
    group = book(run, "Ada", "Bo", all_or_nothing=True)
    changing.cancel(list(first.registrations.all()))
    group.registrations.update(offer_expires_at=timezone.now() - HOUR)
    waiting_list.lapse_offers(run.pk)
    assert states(run)[2:] == ["lapsed", "lapsed"]

    waiting_list.requeue(group.registrations.order_by("pk")[0])

    assert states(run)[2:] == ["offered", "offered"]
    assert problems() == []


def test_nothing_is_accepted_after_the_start():
    run = make_bare_run(seats=1, starts_in=1)
    first, second = book(run), book(run)
    changing.cancel([one(first)])

    with time_machine.travel(timezone.now() + dt.timedelta(days=2)), pytest.raises(RegistrationError):
        waiting_list.accept(one(second))

    assert states(run)[1] == "offered_open"


def test_what_nobody_answered_ends_when_the_run_begins_even_if_no_mail_left():
    run = make_bare_run(seats=2, starts_in=5)
    first, _second, third = book(run), book(run, confirm=False), book(run)
    changing.cancel([one(first)])
    assert states(run) == ["cancelled", "unverified", "offered"]

    with time_machine.travel(timezone.now() + dt.timedelta(days=6)):
        clocks.expire()

    assert states(run) == ["cancelled", "expired", "lapsed"]
    assert one(third).has_seat is False


def test_a_form_that_was_loaded_before_does_not_reset_what_was_counted():
    run = make_bare_run()
    old_run, old_pool = Run.objects.get(pk=run.pk), Pool.objects.get(run=run)
    book(run)
    Run.objects.filter(pk=run.pk).update(starts_at=timezone.now() + 40 * HOUR, ends_at=timezone.now() + 50 * HOUR)

    old_pool.save()
    old_run.save()

    assert Pool.objects.get(run=run).places_taken == 1
    fresh = Run.objects.get(pk=run.pk)
    assert fresh.lock_version > old_run.lock_version
    assert fresh.starts_at != old_run.starts_at


def test_statistics_stay_the_same_while_rows_are_emptied_one_after_the_other():
    run = make_bare_run()
    rows = [one(book(run)) for _number in range(4)]
    changing.cancel([rows[3]])
    closing.write_stats(run)
    before = RunStats.objects.get(run=run).counts

    for row in Registration.objects.filter(run=run).select_related("run", "booking"):
        anonymise([row])
    closing.write_stats(run)

    assert RunStats.objects.get(run=run).counts == before
    assert before["state"] == {"confirmed": 3, "cancelled": 1}


def test_after_a_pause_only_the_reminder_whose_time_it_is_goes_out():
    run = make_bare_run(starts_in=30)
    booking = book(run)
    assert run.starts_at is not None

    with time_machine.travel(run.starts_at - 12 * HOUR):
        clocks.remind()
        clocks.remind()

    assert kinds_to(booking.email).count("registration.reminder") == 1


def test_a_run_that_was_moved_is_reminded_of_again():
    run = make_bare_run(starts_in=30)
    booking = book(run)
    session = run.sessions.get()
    with time_machine.travel(session.starts_at - 12 * HOUR):
        clocks.remind()
        late = session.starts_at + dt.timedelta(days=60)
        running.change_session(session, starts_at=late, ends_at=late + HOUR, room="", actor=None)
    with time_machine.travel(late - 12 * HOUR):
        clocks.remind()
        clocks.remind()

    assert kinds_to(booking.email).count("registration.reminder") == 2


def test_a_skipped_group_is_told_once_for_each_number_of_seats():
    run = make_bare_run(seats=3)
    rows = [one(book(run)) for _number in range(3)]
    group = book(run, "Ada", "Bo", "Cem", all_or_nothing=True)
    changing.cancel([rows[0]])

    for day in range(5):
        with time_machine.travel(timezone.now() + dt.timedelta(days=day)):
            waiting_list.open_line(run.pk)

    assert kinds_to(group.email).count("registration.group_skipped") == 1


def test_no_more_than_three_mails_an_hour_that_strangers_can_cause():
    runs = [make_bare_run() for _number in range(8)]
    consents.ensure_text("interest", {"de": "Ja", "en": "Yes"})
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        for run in runs[:5]:
            book(run, email="victim@example.org", confirm=False)
        for _number in range(3):
            registering.submit(runs[0].pk, make_submission(email="victim@example.org"))
        interests.ask(Offer.objects.order_by("pk")[0], email="victim@example.org", locale="de")
        clock.shift(40 * 60)
        for run in runs[5:]:
            book(run, email="victim@example.org", confirm=False)

    moments = sorted(OutboxMessage.objects.filter(to="victim@example.org").values_list("next_attempt_at", flat=True))
    assert len(moments) == 10
    assert all(later - earlier >= HOUR for earlier, later in zip(moments, moments[3:], strict=False))


def test_an_organiser_cannot_add_the_same_address_twice():
    run = make_bare_run()
    submission = make_submission("Ada", "Bo")
    twice = replace(submission, people=(Person("Ada", "a@example.org"), Person("Bo", "A@Example.org")))

    with pytest.raises(RegistrationError) as refused:
        registering.add_by_organiser(run.pk, twice, actor=None, reason="Nachmeldung")

    assert refused.value.code == "again"
    assert Booking.objects.count() == 0
