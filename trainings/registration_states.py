"""The states of a registration and the only ways between them (`trainings.md` 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RegistrationState(models.TextChoices):
    """Where one person's registration stands."""

    UNVERIFIED = "unverified", _("Not confirmed yet, seat held")
    UNVERIFIED_WAITING = "unverified_waiting", _("Not confirmed yet, for the waiting list")
    UNVERIFIED_APPLICATION = "unverified_application", _("Not confirmed yet, application")
    EXPIRED = "expired", _("Not confirmed in time")
    APPLIED = "applied", _("Applied")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Seat offered")
    OFFERED_OPEN = "offered_open", _("Seat offered to all who wait")
    LAPSED = "lapsed", _("Offer not answered in time")
    CONFIRMED = "confirmed", _("Registered")
    ATTENDED = "attended", _("Took part")
    NO_SHOW = "no_show", _("Did not come")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", pgettext_lazy("seat", "Cancelled")
    REMOVED = "removed", _("Cancelled by the organiser")
    REJECTED = "rejected", _("Not selected")
    RUN_CANCELLED = "run_cancelled", _("Run cancelled")


class Event(StrEnum):
    """What happens to a registration."""

    CONFIRM = "confirm"
    EXPIRE = "expire"
    SELECT = "select"
    RESERVE = "reserve"
    REJECT = "reject"
    OFFER = "offer"
    OFFER_OPEN = "offer_open"
    CLOSE_OPEN_OFFER = "close_open_offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    REQUEUE = "requeue"
    CANCEL = "cancel"
    UNDO_CANCEL = "undo_cancel"
    WITHDRAW = "withdraw"
    REMOVE = "remove"
    CANCEL_RUN = "cancel_run"
    ATTEND = "attend"
    MISS = "miss"


S = RegistrationState
E = Event

UNVERIFIED = frozenset({S.UNVERIFIED, S.UNVERIFIED_WAITING, S.UNVERIFIED_APPLICATION})
HELD = frozenset({S.UNVERIFIED, S.OFFERED})
TAKEN = frozenset({S.CONFIRMED, S.ATTENDED, S.NO_SHOW})
WAITS = frozenset({S.WAITING, S.OFFERED_OPEN})
FINAL = frozenset(
    {
        *(S.EXPIRED, S.LAPSED, S.ATTENDED, S.NO_SHOW, S.WITHDRAWN, S.CANCELLED, S.REMOVED, S.REJECTED),
        S.RUN_CANCELLED,
    }
)
ACTIVE = frozenset(S) - FINAL
ENDED_BY_RUN = ACTIVE

TRANSITIONS: dict[tuple[RegistrationState, Event], frozenset[RegistrationState]] = {
    (S.UNVERIFIED, E.CONFIRM): frozenset({S.CONFIRMED}),
    (S.UNVERIFIED_WAITING, E.CONFIRM): frozenset({S.WAITING}),
    (S.UNVERIFIED_APPLICATION, E.CONFIRM): frozenset({S.APPLIED}),
    (S.EXPIRED, E.CONFIRM): frozenset({S.CONFIRMED, S.WAITING, S.APPLIED}),
    **{(state, E.EXPIRE): frozenset({S.EXPIRED}) for state in UNVERIFIED},
    **{(state, E.WITHDRAW): frozenset({S.WITHDRAWN}) for state in (*UNVERIFIED, S.WAITING, S.OFFERED_OPEN, S.APPLIED)},
    (S.APPLIED, E.SELECT): frozenset({S.OFFERED}),
    (S.APPLIED, E.RESERVE): frozenset({S.WAITING}),
    (S.APPLIED, E.REJECT): frozenset({S.REJECTED}),
    (S.WAITING, E.REJECT): frozenset({S.REJECTED}),
    (S.WAITING, E.OFFER): frozenset({S.OFFERED}),
    (S.WAITING, E.OFFER_OPEN): frozenset({S.OFFERED_OPEN}),
    (S.OFFERED_OPEN, E.CLOSE_OPEN_OFFER): frozenset({S.WAITING}),
    (S.OFFERED, E.ACCEPT): frozenset({S.CONFIRMED}),
    (S.OFFERED_OPEN, E.ACCEPT): frozenset({S.CONFIRMED}),
    (S.OFFERED, E.DECLINE): frozenset({S.WITHDRAWN}),
    (S.OFFERED, E.LAPSE): frozenset({S.LAPSED}),
    (S.LAPSED, E.REQUEUE): frozenset({S.WAITING}),
    (S.CONFIRMED, E.CANCEL): frozenset({S.CANCELLED}),
    (S.CANCELLED, E.UNDO_CANCEL): frozenset({S.CONFIRMED}),
    (S.CONFIRMED, E.ATTEND): frozenset({S.ATTENDED}),
    (S.CONFIRMED, E.MISS): frozenset({S.NO_SHOW}),
    (S.NO_SHOW, E.ATTEND): frozenset({S.ATTENDED}),
    (S.ATTENDED, E.MISS): frozenset({S.NO_SHOW}),
    **{(state, E.REMOVE): frozenset({S.REMOVED}) for state in ACTIVE},
    **{(state, E.CANCEL_RUN): frozenset({S.RUN_CANCELLED}) for state in ENDED_BY_RUN},
}


class IllegalTransition(Exception):  # noqa: N818 - what happened, not an error of the program
    """A registration cannot go that way from where it stands."""


@dataclass(frozen=True)
class Move:
    """One step through the table."""

    source: RegistrationState
    event: Event
    target: RegistrationState


def allowed(source: str, event: Event, target: str) -> Move:
    """Return the step when the table has it. Raises IllegalTransition otherwise."""
    state, wanted = RegistrationState(source), RegistrationState(target)
    if wanted not in TRANSITIONS.get((state, event), frozenset()):
        raise IllegalTransition(f"{source} --{event}--> {target}")
    return Move(state, event, wanted)


def can(source: str, event: Event) -> bool:
    """Return whether a registration in this state may take that step at all."""
    return (RegistrationState(source), event) in TRANSITIONS
