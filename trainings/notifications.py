"""Which mail a change causes: rows of the outbox, written in the transaction of the change.

A coordinator gets one mail a booking and event; every person with an own address gets one about the own seat. What a
mail says is put together when it is sent (`trainings.mails`); here only ids and moments are noted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from cms.outbox import services as outbox
from cms.outbox.models import MessageState, OutboxMessage
from trainings.models import Booking, Registration, Run

BOOKING = "trainings.booking"
REGISTRATION = "trainings.registration"
RUN = "trainings.run"
MAILS_AN_HOUR = 3
HOUR = dt.timedelta(hours=1)
CAUSED_BY_ANYBODY = (
    "registration.please_confirm",
    "registration.already_registered",
    "registration.new_links",
    "interest.confirm",
)


def next_moment(email: str, *, kinds: tuple[str, ...] = CAUSED_BY_ANYBODY) -> dt.datetime:
    """Return when a mail that strangers can cause may go to an address: never more than three of these in an hour."""
    now = timezone.now()
    rows = OutboxMessage.objects.sent_to(email).filter(kind__in=kinds)
    rows = rows.exclude(state__in=(MessageState.SUPERSEDED, MessageState.FAILED))
    moment = Coalesce("accepted_at", Greatest("next_attempt_at", "created_at"))
    latest = rows.annotate(moment=moment).filter(moment__gt=now - HOUR).order_by("-moment")
    moments = list(latest.values_list("moment", flat=True)[:MAILS_AN_HOUR])
    return max(now, moments[-1] + HOUR) if len(moments) == MAILS_AN_HOUR else now


def please_confirm(booking: Booking, rows: list[Registration]) -> None:
    """Ask the coordinator to confirm; an address that gets many such mails gets the next ones later (no bombing)."""
    moment = next_moment(booking.email)
    _send([_draft("please_confirm", booking.email, booking, key="1", registrations=rows, not_before=moment)])


def already_registered(registration: Registration) -> None:
    """Tell the owner of an address, once an hour at most, that somebody tried to register it again."""
    key = f"{registration.pk}:{timezone.now():%Y%m%d%H}"
    to = registration.contact_email
    moment = next_moment(to)
    _send(
        [_draft("already_registered", to, registration.booking, key=key, registrations=[registration],
                not_before=moment)]
    )  # fmt: skip


def after_confirmation(booking: Booking, moved: list[Registration]) -> None:
    """Tell what became of each seat of a booking that was just confirmed."""
    by_state: dict[str, list[Registration]] = defaultdict(list)
    for registration in moved:
        by_state[registration.state].append(registration)
    tell = {"confirmed": confirmed, "waiting": waiting, "applied": applied}
    for state, rows in by_state.items():
        tell[state](rows)
    organiser(booking.run, "new_registration", key=f"{booking.pk}")


def confirmed(rows: list[Registration]) -> None:
    """The seat is certain; with calendar entry."""
    _tell("confirmed", rows, states=["confirmed"])


def waiting(rows: list[Registration]) -> None:
    """On the waiting list, with the position."""
    _tell("waiting", rows, states=["waiting", "offered_open"])


def applied(rows: list[Registration]) -> None:
    """The application has arrived."""
    _tell("applied", rows, states=["applied"])


def offered(rows: list[Registration]) -> None:
    """A seat is free for you until …; accepting starts from the mail."""
    _tell("offered", rows, states=["offered"])


def offered_to_all(rows: list[Registration]) -> None:
    """Seats are free, the first who accepts gets one."""
    _tell("offered_to_all", rows, states=["offered_open"])


def lapsed(rows: list[Registration]) -> None:
    """Nobody answered in time; standing in line again is one click."""
    _tell("lapsed", rows, states=["lapsed"])


def withdrawn(rows: list[Registration]) -> None:
    """Thanks for telling us."""
    _tell("withdrawn", rows)


def cancelled(rows: list[Registration]) -> None:
    """The seat is given back; the calendar entry goes."""
    _tell("cancelled", rows)


def removed(rows: list[Registration]) -> None:
    """The organiser cancelled the seat, with the reason."""
    _tell("removed", rows)


def rejected(rows: list[Registration]) -> None:
    """Not selected, with other offers."""
    _tell("rejected", rows)


def reserved(rows: list[Registration]) -> None:
    """On the reserve list."""
    _tell("reserved", rows, states=["waiting", "offered_open", "offered"])


def run_cancelled(rows: list[Registration]) -> None:
    """The run does not take place, with other offers; the calendar entry goes."""
    _tell("run_cancelled", rows)


def run_changed(rows: list[Registration], *, at: dt.datetime) -> None:
    """Time or place have changed; the calendar follows."""
    _tell("run_changed", rows, states=["confirmed", "attended", "no_show"], moment=at)


def reminder(rows: list[Registration], *, days: int) -> None:
    """The run is near."""
    for row in rows[:1]:
        starts_at = row.run.starts_at
        key = f"{days}d{starts_at:%Y%m%d}" if starts_at else f"{days}d"
        _tell("reminder", rows, states=["confirmed"], key=key, days=days)


def evaluation(rows: list[Registration]) -> None:
    """Please tell us anonymously how it was; certificate and materials are on the manage page."""
    _tell("evaluation", rows, states=["attended"], key="1")


def group_skipped(booking: Booking, *, free: int, now: dt.datetime) -> None:
    """Seats were free, but not for the whole group; the rank stays. Told once for each number of free seats."""
    if booking.told_skipped_at is None:
        Booking.objects.filter(pk=booking.pk).update(told_skipped_at=now)
    _to_booking("group_skipped", booking, key=f"free{free}", states=["waiting"], free=free)


def names_due(booking: Booking, *, key: str) -> None:
    """Names of the group are missing."""
    _to_booking("names_due", booking, key=key)


def welcome(registration: Registration) -> None:
    """The seat is yours: to a person who was named later."""
    key = f"{registration.pk}:{registration.token_version}"
    _send(
        [_draft("welcome", registration.email, registration.booking, key=key, registrations=[registration], own=True)]
    )


def replaced(registration: Registration) -> None:
    """Somebody else has taken your seat: written before the data goes, so the address stands in the message."""
    key = f"{registration.pk}:{registration.token_version}"
    _send(
        [_draft("replaced", registration.email, registration.booking, key=key, registrations=[registration],
                own=True, name=registration.name)]
    )  # fmt: skip


def new_links(email: str, bookings: list[Booking], registrations: list[Registration], *, at: dt.datetime) -> None:
    """One mail with the links to everything an address takes part in."""
    first: Any = (bookings or registrations)[0]
    locale = first.locale if bookings else first.booking.locale
    message = outbox.draft(
        "registration.new_links",
        to=email.strip(),
        locale=locale,
        dedupe_key=f"links:{first.pk}:{first.token_version}:{'b' if bookings else 'r'}",
        subject=(BOOKING, first.pk if bookings else first.booking_id),
        payload={"bookings": [row.pk for row in bookings], "registrations": [row.pk for row in registrations]},
        not_before=next_moment(email),
    )
    outbox.enqueue_all([message])


def organiser(run: Run, what: str, *, key: str) -> None:
    """Tell the organiser of a run, without personal data: the mail leads into the admin."""
    if run.owner is None or not run.owner.email:
        return
    language = getattr(getattr(run.owner, "wagtail_userprofile", None), "preferred_language", "") or "de"
    message = outbox.draft(
        "run.organiser",
        to=run.owner.email,
        locale=language,
        dedupe_key=f"organiser:{run.pk}:{what}:{key}",
        subject=(RUN, run.pk),
        payload={"what": what},
    )
    outbox.enqueue_all([message])


def _tell(
    kind: str, rows: list[Registration], *, states: list[str] | None = None, key: str = "", **payload: Any
) -> None:
    """Write one mail to the coordinator of each booking and one to each person with another address."""
    moment = payload.pop("moment", None)
    messages = []
    for booking, group in _by_booking(rows):
        first = group[0]
        stamp = key or f"{(moment or first.state_changed_at):%Y%m%d%H%M%S%f}"
        common: dict[str, Any] = {"states": states, **payload}
        messages.append(_draft(kind, booking.email, booking, key=f"{first.pk}:{stamp}", registrations=group, **common))
        for row in group:
            if row.email_norm != booking.email_norm:
                own = f"{row.pk}:{stamp}:own"
                messages.append(_draft(kind, row.email, booking, key=own, registrations=[row], own=True, **common))
    _send(messages)


def _by_booking(rows: Iterable[Registration]) -> list[tuple[Booking, list[Registration]]]:
    groups: dict[int, list[Registration]] = defaultdict(list)
    bookings: dict[int, Booking] = {}
    for row in rows:
        groups[row.booking_id].append(row)
        bookings[row.booking_id] = row.booking
    return [(bookings[pk], group) for pk, group in groups.items()]


def _to_booking(kind: str, booking: Booking, *, key: str, states: list[str] | None = None, **payload: Any) -> None:
    rows = list(booking.registrations.order_by("pk"))
    _send([_draft(kind, booking.email, booking, key=key, registrations=rows, states=states, **payload)])


def _send(messages: list[OutboxMessage]) -> None:
    """Write them in one statement; a seat without address whose coordinator was erased hears nothing."""
    outbox.enqueue_all([message for message in messages if message.to])


def _draft(
    kind: str,
    to: str,
    booking: Booking,
    *,
    key: str,
    registrations: list[Registration],
    states: list[str] | None = None,
    not_before: dt.datetime | None = None,
    **payload: Any,
) -> OutboxMessage:
    return outbox.draft(
        f"registration.{kind}",
        to=to,
        locale=booking.locale,
        dedupe_key=f"booking:{booking.pk}:{kind}:{key}",
        subject=(BOOKING, booking.pk),
        payload={
            "registrations": [row.pk for row in registrations],
            "offers": [row.offer_number for row in registrations],
            "states": states,
            **payload,
        },
        not_before=not_before,
    )
