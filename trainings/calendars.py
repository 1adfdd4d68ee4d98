"""iCalendar of runs (RFC 5545): one entry a session, stable UID, CANCELLED when the run is.

The library is imported by the functions that need it: it is heavy, and a web process starts without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from trainings.offer_pages import page_of

if TYPE_CHECKING:
    from icalendar import Calendar, Event

    from trainings.models import OfferPage, Registration, Run, Session


def run_calendar(run: Run, page: OfferPage, request: HttpRequest) -> bytes:
    """Return the calendar file of one run in the language of the page; public, so without people and join links."""
    calendar = _calendar("CANCEL" if run.cancelled_at else "PUBLISH")
    _add_public(calendar, run, page, request.get_host())
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def runs_calendar(found: Iterable[tuple[Run, OfferPage]], *, name: str) -> bytes:
    """Return many runs as one calendar to subscribe to; the same identities as in the single files."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    for run, page in found:
        _add_public(calendar, run, page, _host())
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _add_public(calendar: Calendar, run: Run, page: OfferPage, host: str) -> None:
    for session in run.sessions.all():
        event = _timed(session, run, page)
        event.add("uid", f"{session.ical_uid}@{host}")
        event.add("sequence", session.ical_sequence)
        event.add("status", "CANCELLED" if run.cancelled_at or session.cancelled_at else "CONFIRMED")
        calendar.add_component(event)


def person_calendar(registration: Registration, run: Run, page: OfferPage | None, *, cancels: bool) -> bytes:
    """Return the invitation of one person: stable UID, rising SEQUENCE, CANCEL when the seat is gone.

    Calendars are shared with colleagues: no manage link, no join link.
    """
    from icalendar import vCalAddress, vText

    calendar = _calendar("CANCEL" if cancels else "REQUEST")
    for session in run.sessions.all():
        event = _timed(session, run, page)
        event.add("uid", f"{session.ical_uid}-{registration.public_id.hex[:12]}@{_host()}")
        event.add("sequence", session.ical_sequence + registration.calendar_sequence)
        is_off = cancels or run.cancelled_at is not None or session.cancelled_at is not None
        event.add("status", "CANCELLED" if is_off else "CONFIRMED")
        organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
        organizer.params["CN"] = vText("Kommune goes International")
        event["organizer"] = organizer
        if registration.contact_email:
            attendee = vCalAddress(f"mailto:{registration.contact_email}")
            attendee.params |= {"RSVP": vText("FALSE"), "PARTSTAT": vText("ACCEPTED"), "ROLE": vText("REQ-PARTICIPANT")}
            event.add("attendee", attendee, encode=False)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def personal_feed(registrations: Iterable[Registration]) -> bytes:
    """Return the subscribed calendar of one person: all seats, cancelled ones marked, no addresses."""
    calendar = _calendar("PUBLISH")
    for registration in registrations:
        run = registration.run
        for session in run.sessions.all():
            event = _timed(session, run, page_of(run))
            event.add("uid", f"{session.ical_uid}-{registration.public_id.hex[:12]}@{_host()}")
            event.add("sequence", session.ical_sequence + registration.calendar_sequence)
            is_on = registration.has_seat and run.cancelled_at is None and session.cancelled_at is None
            event.add("status", "CONFIRMED" if is_on else "CANCELLED")
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Kommune goes International//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _timed(session: Session, run: Run, page: OfferPage | None) -> Event:
    """Return an entry with time, title and place."""
    from icalendar import Event, vText

    event = Event()
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.starts_at.astimezone(run.timezone))
    event.add("dtend", session.ends_at.astimezone(run.timezone))
    title = page.title if page else run.number
    event.add("summary", " – ".join(part for part in (title, run.title, session.title) if part))
    if page:
        event.add("url", page.full_url)
    if place := _place(session, run):
        event["location"] = vText(place)
    return event


def _place(session: Session, run: Run) -> str:
    parts = (session.room, run.venue, run.street, f"{run.postal_code} {run.city}".strip())
    return ", ".join(part for part in parts if part)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
