"""iCalendar of runs (RFC 5545): one entry a session, stable UID, CANCELLED when the run is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from icalendar import Calendar, Event, vText

if TYPE_CHECKING:
    from trainings.models import OfferPage, Run, Session


def run_calendar(run: Run, page: OfferPage, request: HttpRequest) -> bytes:
    """Return the calendar file of one run in the language of the page."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kommune goes International//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if run.cancelled_at else "PUBLISH")
    for session in run.sessions.all():
        calendar.add_component(_event(session, run, page, request))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(session: Session, run: Run, page: OfferPage, request: HttpRequest) -> Event:
    event = Event()
    event.add("uid", f"{session.ical_uid}@{request.get_host()}")
    event.add("sequence", session.ical_sequence)
    event.add("dtstamp", page.last_published_at or timezone.now())
    event.add("dtstart", session.starts_at.astimezone(run.timezone))
    event.add("dtend", session.ends_at.astimezone(run.timezone))
    event.add("summary", " – ".join(part for part in (page.title, run.title, session.title) if part))
    event.add("url", page.get_full_url(request))
    event.add("status", "CANCELLED" if run.cancelled_at or session.cancelled_at else "CONFIRMED")
    place = ", ".join(
        part for part in (session.room, run.venue, run.street, f"{run.postal_code} {run.city}".strip()) if part
    )
    if place:
        event["location"] = vText(place)
    return event
