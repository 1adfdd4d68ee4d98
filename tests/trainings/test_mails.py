"""Mails of registration: every kind in both languages, complete, with the right calendar and nothing that leaks."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation
from icalendar import Calendar

from cms.outbox import kinds, pump, transport
from cms.outbox.models import OutboxMessage
from tests.factories.registrations import book, make_bare_run, one
from tests.factories.smtp import smtp_server
from trainings import mails, notifications
from trainings.models import Registration
from trainings.services import changing

pytestmark = pytest.mark.django_db


def message_of(booking, name: str, **payload) -> OutboxMessage:
    rows = list(booking.registrations.order_by("pk"))
    full = {"registrations": [row.pk for row in rows], "offers": [row.offer_number for row in rows], "states": None}
    return OutboxMessage(
        kind=f"registration.{name}",
        to=booking.email,
        locale=booking.locale,
        dedupe_key=name,
        payload={**full, "bookings": [booking.pk], "free": 2, "days": 7, **payload},
    )


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("name", sorted(mails.LABELS))
@pytest.mark.parametrize("group", [False, True])
def test_every_kind_reads_completely_in_both_languages(name, locale, group):
    run = make_bare_run(cancel_until=timezone.now(), names_due=timezone.now(), decide_by=timezone.now())
    booking = book(run, *(["Ada", ""] if group else []), locale=locale)

    mail = transport.render(kinds.find(f"registration.{name}"), message_of(booking, name))

    text = f"{mail.subject}\n{mail.text}"
    assert mail.subject
    for broken in ("None", "{{", "{%", "%(", "\\"):
        assert broken not in text
    assert "<h1>" not in mail.html
    assert "https://kgi.example" in mail.text
    is_german = any(word in mail.text for word in ("Guten Tag", "Freundliche Grüße"))
    assert is_german == (locale == "de")


def test_a_name_cannot_become_a_link_or_markup(settings):
    run = make_bare_run()
    booking = book(run, name="[Ada](https://evil.example) <b>x</b>")

    mail = transport.render(kinds.find("registration.confirmed"), message_of(booking, "confirmed"))

    assert 'href="https://evil.example' not in mail.html
    assert "<b>" not in mail.html
    assert "[Ada](https://evil.example) <b>x</b>" in mail.text


def test_the_clock_of_a_hold_starts_when_the_server_has_taken_the_mail(settings):
    run = make_bare_run()
    booking = book(run, confirm=False)
    assert one(booking).hold_expires_at is None

    with smtp_server(settings):
        pump.tick()

    accepted = OutboxMessage.objects.get(kind="registration.please_confirm").accepted_at
    assert accepted is not None
    assert one(booking).hold_expires_at == accepted + mails.HOLD


def test_the_clock_of_an_offer_starts_when_the_server_has_taken_the_mail(settings):
    run = make_bare_run(seats=1)
    first, second = book(run), book(run)
    changing.cancel([one(first)])
    assert one(second).offer_expires_at is None

    with smtp_server(settings):
        pump.tick()

    expires = one(second).offer_expires_at
    assert expires is not None
    assert expires > timezone.now()


def test_an_answered_offer_is_not_sent_any_more(settings):
    run = make_bare_run(seats=1)
    first, second = book(run), book(run)
    changing.cancel([one(first)])
    changing.cancel([one(second)])

    with smtp_server(settings) as sink:
        pump.tick()

    assert not any("frei" in str(mail["Subject"]) for mail in sink.received)
    assert OutboxMessage.objects.get(kind="registration.offered").state == "superseded"


def test_an_address_that_does_not_exist_frees_its_seat(settings):
    run = make_bare_run(seats=1)
    booking = book(run, confirm=False)
    with smtp_server(settings) as sink:
        sink.answer = lambda _address: "550 unknown"
        pump.tick()

    from trainings import clocks

    clocks.expire()
    assert one(booking).state == "expired"


def test_calendar_entries_keep_their_uid_rise_and_end():
    run = make_bare_run()
    booking = book(run)

    def entry(name: str):
        mail = transport.render(kinds.find(f"registration.{name}"), message_of(booking, name))
        calendar = Calendar.from_ical(mail.attachments[0].content)
        return calendar, calendar.walk("VEVENT")[0], mail.attachments[0].content_type

    calendar, first, kind = entry("confirmed")
    assert (calendar["METHOD"], first["STATUS"], first["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 0)
    assert kind == "text/calendar; charset=utf-8; method=REQUEST"
    changing.cancel([one(booking)])
    calendar, last, _kind = entry("cancelled")
    assert (calendar["METHOD"], last["STATUS"], last["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert first["UID"] == last["UID"]
    assert "anmeldung" not in first.to_ical().decode().lower()


def test_a_reminder_exists_once_and_not_for_who_cancelled(settings):
    run = make_bare_run()
    booking, gone = book(run), book(run)
    changing.cancel([one(gone)])
    rows = list(Registration.objects.filter(run=run, state="confirmed"))
    for _time in range(2):
        notifications.reminder(rows, days=7)

    reminders = OutboxMessage.objects.filter(kind="registration.reminder")
    assert [message.to for message in reminders] == [booking.email]


def test_language_of_the_person_wins_over_the_active_one():
    booking = book(make_bare_run(), locale="en")
    with translation.override("de"):
        mail = transport.render(kinds.find("registration.confirmed"), message_of(booking, "confirmed"))

    assert mail.subject.startswith("Registered: ")
