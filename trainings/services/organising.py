"""Small decisions of an organiser about one seat: requests to cancel, notes, who of the waiting is turned down."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.privacy import audit
from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Registration
from trainings.registration_states import Event, RegistrationState
from trainings.services.locking import SUBJECT, retrying, run_lock
from trainings.services.promoting import promote

S = RegistrationState


def _asking(run_id: int, registrations: list[Registration]) -> QuerySet[Registration]:
    """Return who holds a certain seat and asked to give it back after the deadline."""
    ids = [row.pk for row in registrations]
    rows = Registration.objects.filter(run_id=run_id, pk__in=ids, state=S.CONFIRMED)
    return rows.filter(cancel_requested_at__isnull=False).select_related("booking").order_by("pk")


@retrying
def confirm_cancellation(registrations: list[Registration], *, actor: Any) -> int:
    """Agree to what people asked for after the deadline: the seats are free again; return how many. Safe to call twice."""
    run_id = registrations[0].run_id
    with run_lock(run_id, actor=actor) as locked:
        rows = list(_asking(run_id, registrations))
        for row in rows:
            sequence = row.calendar_sequence + 1
            locked.move(row, Event.CANCEL, S.CANCELLED, calendar_sequence=sequence, cancel_requested_at=None)
        if rows:
            notifications.cancelled(rows)
        promote(locked)
    return len(rows)


@retrying
def keep_seats(registrations: list[Registration], *, actor: Any) -> int:
    """Close requests to cancel without doing so; the organiser has talked to the people. Return how many."""
    run_id = registrations[0].run_id
    with run_lock(run_id, actor=actor) as locked:
        rows = list(_asking(run_id, registrations))
        for row in rows:
            row.cancel_requested_at = None
            row.save(update_fields=["cancel_requested_at"])
            locked.note("seat_kept", row)
    return len(rows)


@retrying
def turn_down(registrations: list[Registration], *, actor: Any, reason: str) -> int:
    """Tell people on the waiting list that they get no seat; return how many. Raises RegistrationError without a reason."""
    if not reason.strip():
        raise RegistrationError("reason", _("Give a reason."), field="reason")
    run_id, ids = registrations[0].run_id, [row.pk for row in registrations]
    with run_lock(run_id, actor=actor) as locked:
        rows = list(
            Registration.objects.filter(run_id=run_id, pk__in=ids, state=S.WAITING)
            .select_related("booking")
            .order_by("pk")
        )
        for row in rows:
            locked.move(row, Event.REJECT, S.REJECTED, reason=reason[:30])
        if rows:
            notifications.rejected(rows)
        promote(locked)
    return len(rows)


@retrying
def bring_forward(registrations: list[Registration], *, actor: Any, reason: str) -> int:
    """Put people who wait at the front of the line, in their order, against the rule and therefore with a reason.

    They get the next free seat, at once where one is free. Return how many. Raises RegistrationError without a reason.
    """
    if not reason.strip():
        raise RegistrationError("reason", _("Give a reason."), field="reason")
    run_id, ids = registrations[0].run_id, [row.pk for row in registrations]
    with run_lock(run_id, actor=actor) as locked:
        line = list(Registration.objects.filter(run_id=run_id).in_line())
        front = min((one.priority for one in line), default=0)
        rows = [one for one in line if one.pk in ids and one.state == S.WAITING]
        for place, row in enumerate(rows):
            row.priority = front - len(rows) + place
            row.save(update_fields=["priority"])
            locked.note("brought_forward", row, reason=reason)
        promote(locked)
    return len(rows)


@transaction.atomic
def write_note(registration: Registration, note: str, *, actor: Any) -> None:
    """Keep what the organiser wants to remember; the log says that, not what."""
    changed = Registration.objects.filter(pk=registration.pk, anonymised_at__isnull=True).exclude(note=note)
    if changed.update(note=note):
        audit.note("note_changed", subject=(SUBJECT, registration.pk), actor=actor, fields=["note"])
