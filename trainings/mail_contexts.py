"""What the templates of mails get to see: runs, people, links and dates in words, in the active language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from cms.outbox.models import OutboxMessage
from cms.outbox.rendering import Verbatim
from cms.templatetags.look import clock, day, weekday
from cms.vocabularies import Mode
from trainings import links, reasons
from trainings.models import Booking, Interest, OfferPage, Registration, Run
from trainings.offer_pages import page_of, similar_offers
from trainings.registration_states import RegistrationState
from trainings.services import interests
from trainings.services.registering import HOLD
from trainings.states import RunStatus


def of_run(run: Run, page: OfferPage | None) -> dict[str, Any]:
    """Return what every mail says of a run: title, sessions, place and deadlines."""
    sessions = [session for session in run.sessions.all() if session.cancelled_at is None]
    return {
        "title": " – ".join(part for part in (page.title if page else "", run.title) if part) or run.number,
        "number": run.number,
        "sessions": [_session_in_words(session.starts_at, session.ends_at, run) for session in sessions],
        "place": ", ".join(part for part in (run.venue, run.street, f"{run.postal_code} {run.city}".strip()) if part),
        "is_online": run.mode in (Mode.ONLINE, Mode.HYBRID),
        "is_onsite": run.mode in (Mode.ONSITE, Mode.HYBRID),
        "page_url": Verbatim(page.full_url if page else settings.SITE_URL),
        "cancel_until": in_words(run.cancel_until, run) if run.cancel_until else "",
        "names_due": in_words(run.names_due, run) if run.names_due else "",
        "decide_by": in_words(run.decide_by, run) if run.decide_by else "",
        "closes": in_words(run.closes_at, run) if run.closes_at else "",
    }


def days_to(run: Run) -> int:
    """Return the days until the run begins, as they are when the mail leaves."""
    return (run.first_day - timezone.localdate(timezone=run.timezone)).days if run.first_day else 0


def _local(moment: dt.datetime, run: Run) -> dt.datetime:
    return moment.astimezone(run.timezone).replace(tzinfo=None)


def in_words(moment: dt.datetime, run: Run) -> str:
    """Return a moment in the run's time zone as people write it."""
    local = _local(moment, run)
    return f"{weekday(local)}, {clock(local)}"


def _session_in_words(starts_at: dt.datetime, ends_at: dt.datetime, run: Run) -> str:
    same_day = _local(starts_at, run).date() == _local(ends_at, run).date()
    end = clock(_local(ends_at, run)) if same_day else in_words(ends_at, run)
    return f"{in_words(starts_at, run)}–{end}" if same_day else f"{in_words(starts_at, run)} – {end}"


def of_people(message: OutboxMessage, booking: Booking, rows: list[Registration]) -> dict[str, Any]:
    """Return who is meant and how they stand; `rows` are the seats the mail is about, at least one."""
    own = bool(message.payload.get("own"))
    row = rows[0]
    target: Booking | Registration = row if own else booking
    language = get_language() or message.locale
    expires = [one.offer_expires_at for one in rows if one.offer_expires_at]
    return {
        "own": own,
        "name": message.payload.get("name") or (row.name if own else booking.name),
        "coordinator": booking.name,
        "people": [one.name for one in rows if one.name] if booking.is_group and not own else [],
        "nameless": sum(1 for one in rows if not one.name),
        "seats": len(rows),
        "is_group": booking.is_group,
        "position": min((one.position or 0 for one in rows), default=0),
        "offer_hours": row.run.offer_hours,
        "offer_expires": in_words(min(expires), row.run) if expires else "",
        "reason": reasons.in_words(row.reason),
        "hold_hours": int(HOLD.total_seconds() // 3600),
        "manage_url": Verbatim(links.manage_url(target, language=language)),
        "is_confirmed": any(one.state == RegistrationState.CONFIRMED for one in booking.registrations.all()),
    }


def alternatives(run: Run) -> list[dict[str, Any]]:
    """Return offers like this one, for people who cannot come."""
    return [
        {"title": page.title, "url": Verbatim(page.full_url)}
        for page in similar_offers(run, language=get_language() or "de")
    ]


def of_links(message: OutboxMessage) -> dict[str, Any]:
    """Return the manage links of everything an address has booked, by date, and one of all where there are several."""
    language = get_language() or message.locale
    bookings = Booking.objects.filter(pk__in=message.payload["bookings"], anonymised_at__isnull=True)
    seats = Registration.objects.filter(pk__in=message.payload["registrations"], anonymised_at__isnull=True)
    rows: list[Booking | Registration] = [*bookings.select_related("run"), *seats.select_related("run")]
    entries = []
    for row in sorted(rows, key=lambda row: row.run.sort_key):
        page = page_of(row.run)
        entries.append(
            {
                "title": page.title if page else row.run.number,
                "day": day(row.run.first_day),
                "url": Verbatim(links.manage_url(row, language=language)),
            }
        )
    overview = links.url("my_bookings", links.token_of_all(rows[0]), language=language) if len(rows) > 1 else ""
    return {"entries": entries, "all_url": Verbatim(overview)}


def of_interest(message: OutboxMessage) -> dict[str, Any]:
    """Return the offer somebody wants to hear of, and the links to confirm and to end it."""
    row = Interest.objects.select_related("offer").get(pk=message.subject_id)
    token, language = interests.token(row), get_language() or message.locale
    return {
        "title": row.offer.title,
        "confirm_url": Verbatim(links.url("interest_confirm", token, language=language)),
        "end_url": Verbatim(links.url("interest_end", token, language=language)),
    }


def head_start(run: Run, message: OutboxMessage) -> dict[str, Any]:
    """Return the link by which who waited registers before the others; nothing once registration is open for all."""
    if run.status != RunStatus.PLANNED or run.opens_at is None:
        return {}
    token, language = interests.token(Interest.objects.get(pk=message.subject_id)), get_language() or message.locale
    early = links.url("register_early", run.number, token, language=language)
    return {"early_url": Verbatim(early), "opens": in_words(run.opens_at, run)}
