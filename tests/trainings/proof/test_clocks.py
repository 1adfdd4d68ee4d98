"""Time that is not simple: summer time, weekends and holidays, midnight, clocks that run twice or not at all."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar

from cms.outbox.models import OutboxMessage
from tests.factories.registrations import book, make_bare_run, one, states
from trainings import clocks, mail_contexts, mails
from trainings.calendars import person_calendar
from trainings.errors import RegistrationError
from trainings.models import Registration, Run, Session
from trainings.office_hours import after
from trainings.services import changing, running, waiting_list
from trainings.services.invariants import problems

BERLIN, ATHENS = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Athens")
HOUR = dt.timedelta(hours=1)


def berlin(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=BERLIN)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (berlin(2027, 1, 13, 9, 0), 4, berlin(2027, 1, 14, 12, 0)),  # never before noon of the next working day
        (berlin(2027, 1, 13, 9, 0), 16, berlin(2027, 1, 14, 15, 0)),
        (
            berlin(2027, 1, 15, 17, 30),
            16,
            berlin(2027, 1, 19, 13, 30),
        ),  # Friday 17:30: half an hour, ten, five and a half
        (berlin(2027, 1, 16, 11, 0), 16, berlin(2027, 1, 19, 14, 0)),  # Saturday counts from Monday
        (
            berlin(2027, 3, 25, 17, 30),
            16,
            berlin(2027, 3, 31, 13, 30),
        ),  # Maundy Thursday: Good Friday and Easter Monday off
        (berlin(2027, 3, 26, 9, 0), 1, berlin(2027, 3, 30, 12, 0)),  # Good Friday itself
        (berlin(2026, 12, 23, 17, 0), 16, berlin(2026, 12, 29, 13, 0)),  # Christmas
        (berlin(2026, 12, 31, 17, 0), 11, berlin(2027, 1, 5, 9, 0)),  # town halls are closed on New Year's Eve too
        (berlin(2027, 10, 29, 16, 0), 4, berlin(2027, 11, 1, 12, 0)),  # summer time ends in between
        (berlin(2027, 1, 13, 23, 59), 16, berlin(2027, 1, 15, 14, 0)),
        (berlin(2028, 2, 28, 8, 0), 20, berlin(2028, 2, 29, 18, 0)),  # leap day
    ],
)
def test_office_hours_know_weekends_holidays_and_summer_time(start, hours, end):
    assert after(start.astimezone(dt.UTC), hours, BERLIN) == end


def test_office_hours_are_those_of_the_place():
    assert after(dt.datetime(2027, 1, 13, 7, 0, tzinfo=dt.UTC), 10, ATHENS) == dt.datetime(
        2027, 1, 14, 12, 0, tzinfo=ATHENS
    )


@pytest.mark.parametrize("start", [berlin(2027, 3, 26, 7, 59), berlin(2027, 10, 30, 18, 1), berlin(2027, 1, 1, 0, 0)])
@pytest.mark.parametrize("hours", [1, 10, 16, 40, 200])
def test_office_hours_always_end_while_offices_are_open(start, hours):
    end = after(start, hours, BERLIN).astimezone(BERLIN)

    assert end.weekday() < 5
    assert dt.time(8) < end.time() <= dt.time(18)
    assert end > start


def run_at(start: dt.datetime, end: dt.datetime, **fields) -> Run:
    run = make_bare_run(**fields)
    Session.objects.filter(run=run).update(starts_at=start, ends_at=end)
    running.refresh_dates(run.pk)
    return Run.objects.get(pk=run.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (berlin(2027, 3, 27, 22, 0), berlin(2027, 3, 28, 6, 0), 7),  # the night of the gap has one hour less
        (berlin(2027, 10, 30, 22, 0), berlin(2027, 10, 31, 6, 0), 9),
        (berlin(2028, 2, 29, 9, 0), berlin(2028, 2, 29, 17, 0), 8),
    ],
)
def test_calendar_entries_are_right_across_the_change_of_the_clock(start, end, hours):
    with time_machine.travel(berlin(2027, 1, 4, 12, 0)):
        run = run_at(start.astimezone(dt.UTC), end.astimezone(dt.UTC))
        seat = one(book(run))

    parsed = Calendar.from_ical(person_calendar(seat, run, None, cancels=False))
    event = parsed.walk("VEVENT")[0]

    begins, ends = event.decoded("dtstart"), event.decoded("dtend")
    assert begins.astimezone(dt.UTC) == start.astimezone(dt.UTC)
    assert ends.astimezone(dt.UTC) - begins.astimezone(dt.UTC) == dt.timedelta(hours=hours)
    assert parsed.walk("VTIMEZONE")


@pytest.mark.django_db
def test_a_copy_across_the_change_keeps_the_time_of_day():
    run = run_at(berlin(2027, 3, 20, 9, 0), berlin(2027, 3, 20, 17, 0), closes_at=berlin(2027, 3, 10, 23, 59))

    copy = running.copy_run(run, number="copy-1", days=14, actor=None)

    assert copy.closes_at == berlin(2027, 3, 24, 23, 59)
    assert Session.objects.get(run=copy).starts_at == berlin(2027, 4, 3, 9, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "is_open"), [(berlin(2027, 3, 31, 23, 59), True), (berlin(2027, 4, 1, 0, 0), False)]
)
def test_a_deadline_at_midnight_is_that_of_the_run(moment, is_open):
    """Where the server stands (UTC) or the visitor sits (Athens, already tomorrow) plays no part."""
    with time_machine.travel(berlin(2027, 3, 1, 12, 0)):
        run = run_at(berlin(2027, 5, 3, 9, 0), berlin(2027, 5, 3, 17, 0), closes_at=berlin(2027, 3, 31, 23, 59))

    with time_machine.travel(moment.astimezone(ATHENS), tick=False):
        if is_open:
            book(run)
        else:
            with pytest.raises(RegistrationError):
                book(run)
        assert run.closes_at is not None
        words = mail_contexts.in_words(run.closes_at, run)

    assert "23:59" in words or "23.59" in words
    assert len(states(run)) == is_open


@pytest.mark.django_db
def test_free_cancellation_ends_with_its_minute():
    with time_machine.travel(berlin(2027, 3, 1, 12, 0)):
        run = run_at(berlin(2027, 5, 3, 9, 0), berlin(2027, 5, 3, 17, 0), cancel_until=berlin(2027, 3, 31, 23, 59))
        first, second = book(run), book(run)

    with time_machine.travel(berlin(2027, 3, 31, 23, 59), tick=False):
        changing.cancel([one(first)])
    with time_machine.travel(berlin(2027, 4, 1, 0, 0), tick=False):
        changing.cancel([one(second)])

    assert states(run) == ["cancelled", "confirmed"]
    assert one(second).cancel_requested_at == berlin(2027, 4, 1, 0, 0)


@pytest.mark.django_db
def test_two_ticks_and_a_pause_of_three_days_do_each_thing_once():
    with time_machine.travel(berlin(2027, 2, 1, 9, 0), tick=False) as clock:
        run = run_at(berlin(2027, 2, 12, 9, 0), berlin(2027, 2, 12, 17, 0), seats=2)
        first, _second, third = book(run), book(run), book(run)
        unconfirmed = book(run, confirm=False)
        changing.cancel([one(first)])
        waiting_list.start_offer_clock([one(third).pk], berlin(2027, 2, 1, 9, 0))
        mails.on_accepted(_accepted(unconfirmed.email, berlin(2027, 2, 1, 9, 0)))
        clock.move_to(berlin(2027, 2, 5, 9, 30))  # the worker was off for three days
        for _tick in range(2):
            clocks.expire()
            clocks.remind()

    assert states(run) == ["cancelled", "confirmed", "lapsed", "expired"]
    kinds = list(OutboxMessage.objects.values_list("kind", flat=True))
    assert kinds.count("registration.lapsed") == 1
    assert kinds.count("registration.reminder") == 1
    assert problems() == []


def _accepted(email: str, moment: dt.datetime) -> OutboxMessage:
    message = OutboxMessage.objects.get(to=email, kind="registration.please_confirm")
    message.accepted_at = moment
    return message


@pytest.mark.django_db
def test_a_clock_that_jumps_back_revives_nothing():
    now = berlin(2027, 2, 1, 9, 0)
    with time_machine.travel(now, tick=False) as clock:
        run = run_at(berlin(2027, 3, 12, 9, 0), berlin(2027, 3, 12, 17, 0), seats=1)
        book(run, confirm=False)
        Registration.objects.update(hold_expires_at=now + HOUR)
        clock.move_to(now + HOUR)
        clocks.expire()
        clock.move_to(now - HOUR)
        clocks.expire()

    assert states(run) == ["expired"]
