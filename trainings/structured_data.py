"""Runs for machines: schema.org on the page, plain facts in the feed. Never anything about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cms.vocabularies import Admission, Mode
from trainings.states import RunStatus

if TYPE_CHECKING:
    from trainings.models import OfferPage, Run, Session

ATTENDANCE = {Mode.ONSITE: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}
AVAILABILITY = {
    RunStatus.OPEN: "InStock",
    RunStatus.WAITING: "SoldOut",
    RunStatus.FULL: "SoldOut",
    RunStatus.PLANNED: "PreOrder",
    RunStatus.INTEREST: "PreOrder",
}


def run_data(run: Run, page: OfferPage, request: HttpRequest) -> dict[str, Any]:
    """Return one run as EducationEvent with dates, place, mode, price, status and the seats that are left."""
    url = page.get_full_url(request)
    data: dict[str, Any] = {
        "@type": "EducationEvent",
        "identifier": run.number,
        "name": page.title,
        "url": f"{url}#run-{run.number}",
        "inLanguage": list(page.languages) or page.locale.language_code[:2],
        "eventStatus": "https://schema.org/Event" + ("Cancelled" if run.cancelled_at else "Scheduled"),
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE[Mode(run.mode)]}EventAttendanceMode",
        "location": _location(run, url),
    }
    if run.starts_at and run.ends_at:
        data |= _times(run, run.starts_at, run.ends_at)
    sessions = [session for session in run.sessions.all() if session.cancelled_at is None]
    if len(sessions) > 1:
        data["subEvent"] = [_session(run, session, page) for session in sessions]
    return data | _seats(run) | _offer(run, url)


def _times(run: Run, starts_at: Any, ends_at: Any) -> dict[str, str]:
    zone = run.timezone
    return {"startDate": starts_at.astimezone(zone).isoformat(), "endDate": ends_at.astimezone(zone).isoformat()}


def _session(run: Run, session: Session, page: OfferPage) -> dict[str, Any]:
    name = session.title or page.title
    return {"@type": "EducationEvent", "name": name, **_times(run, session.starts_at, session.ends_at)}


def _seats(run: Run) -> dict[str, int]:
    """Return all seats and those that nobody holds, where seats are given away here and are limited."""
    if run.capacity is None:
        return {}
    if run.admission != Admission.FCFS or run.seats_left is None:
        return {"maximumAttendeeCapacity": run.capacity}
    return {"maximumAttendeeCapacity": run.capacity, "remainingAttendeeCapacity": run.seats_left}


def _offer(run: Run, url: str | None) -> dict[str, Any]:
    """Return price and availability; a cancelled run or one that is over is offered to nobody."""
    if run.fee is None:
        return {}
    offer = {"@type": "Offer", "price": str(run.fee), "priceCurrency": "EUR", "url": url}
    if availability := AVAILABILITY.get(run.status):
        offer["availability"] = f"https://schema.org/{availability}"
    if run.opens_at:
        offer["validFrom"] = run.opens_at.astimezone(run.timezone).isoformat()
    return {"isAccessibleForFree": run.fee == 0, "offers": offer}


def _location(run: Run, url: str | None) -> Any:
    online = {"@type": "VirtualLocation", "url": url}
    if run.mode == Mode.ONLINE:
        return online
    address = {
        "@type": "PostalAddress",
        "streetAddress": run.street,
        "postalCode": run.postal_code,
        "addressLocality": run.city,
        "addressCountry": "DE",
    }
    place = {"@type": "Place", "name": run.venue or run.city, "address": address}
    return [place, online] if run.mode == Mode.HYBRID else place


def run_facts(run: Run, page: OfferPage, *, title: str, url: str) -> dict[str, Any]:
    """Return one run as plain facts: status, sessions and the seats that nobody holds at this moment."""
    takes_people = run.admission in (Admission.FCFS, Admission.APPLICATION)
    register = f"{settings.SITE_URL}{reverse('register', args=[run.number])}" if takes_people else run.external_url
    is_open = run.status in (RunStatus.OPEN, RunStatus.WAITING)
    return {
        "number": run.number,
        "kind": page.search_kind,
        "title": title,
        "url": url,
        "status": run.status.value,
        "status_label": run.status_label,
        "admission": run.admission,
        "mode": run.mode,
        "venue": run.venue,
        "city": run.city,
        "timezone": run.timezone_name,
        "starts_at": _moment(run, run.starts_at),
        "ends_at": _moment(run, run.ends_at),
        "closes_at": _moment(run, run.closes_at),
        "fee": None if run.fee is None else str(run.fee),
        "seats": run.capacity,
        "seats_left": _seats(run).get("remainingAttendeeCapacity"),
        "guaranteed": run.guaranteed_at is not None,
        "registration_url": register if is_open and register else None,
        "calendar_url": f"{page.full_url}calendar/{run.number}/",
        "sessions": [
            {
                "title": session.title,
                "starts_at": _moment(run, session.starts_at),
                "ends_at": _moment(run, session.ends_at),
                "cancelled": session.cancelled_at is not None,
            }
            for session in run.sessions.all()
        ],
    }


def _moment(run: Run, value: Any) -> str | None:
    return value.astimezone(run.timezone).isoformat() if value else None
