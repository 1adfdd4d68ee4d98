"""What a coordinator or participant changes by the link in the mail: cancel, undo, replace, rename, new link."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Booking, Registration, normalised_email
from trainings.registration_states import ACTIVE, Event, RegistrationState
from trainings.services.booking import Person
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import promote

S = RegistrationState
UNDO_WITHIN = dt.timedelta(minutes=30)


def may_cancel(registration: Registration, now: dt.datetime) -> bool:
    """Return whether a certain seat may still be given back without asking the organiser."""
    run = registration.run
    last = run.cancel_until or run.starts_at
    return last is None or now <= last


@retrying
def cancel(registrations: list[Registration], *, erases: bool = False) -> list[Registration]:
    """Give back seats, leave the waiting list, withdraw applications. Safe to call twice.

    Past the deadline a certain seat is not given back: the organiser is asked. Who wants to be erased always gives it
    back: nobody could cancel it later. All registrations are of one run.
    """
    run_id = registrations[0].run_id
    with run_lock(run_id) as locked:
        rows = Registration.objects.filter(pk__in=[one.pk for one in registrations], run_id=run_id, state__in=ACTIVE)
        current = list(rows.select_related("booking", "run").order_by("pk"))
        cancelled = [one for one in current if _give_back(locked, one, erases=erases)]
        asked = [one for one in current if one.cancel_requested_at == locked.now]
        certain = [one for one in cancelled if one.state == S.CANCELLED]
        if certain:
            notifications.cancelled(certain)
        if others := [one for one in cancelled if one.state == S.WITHDRAWN]:
            notifications.withdrawn(others)
        if asked:
            notifications.organiser(locked.run, "cancel_requested", key=f"{asked[0].pk}:{locked.now:%Y%m%d%H%M%S}")
        promote(locked)
    return current


def _give_back(locked: LockedRun, registration: Registration, *, erases: bool) -> bool:
    if registration.state == S.CONFIRMED:
        if not erases and not may_cancel(registration, locked.now):
            registration.cancel_requested_at = locked.now
            registration.save(update_fields=["cancel_requested_at"])
            locked.note("cancel_requested", registration)
            return False
        sequence = registration.calendar_sequence + 1
        locked.move(registration, Event.CANCEL, S.CANCELLED, calendar_sequence=sequence)
    elif registration.state == S.OFFERED:
        locked.move(registration, Event.DECLINE, S.WITHDRAWN, offer_expires_at=None)
    else:
        locked.move(registration, Event.WITHDRAW, S.WITHDRAWN, hold_expires_at=None)
    return True


def may_undo(registration: Registration, now: dt.datetime) -> bool:
    """Return whether a cancellation is fresh enough to be taken back, and the run still to come."""
    run = registration.run
    is_to_come = run.cancelled_at is None and (run.starts_at is None or now < run.starts_at)
    is_fresh = registration.state == S.CANCELLED and now - registration.state_changed_at <= UNDO_WITHIN
    return is_fresh and is_to_come and registration.anonymised_at is None


@retrying
def undo_cancel(registration: Registration) -> Registration:
    """Take a cancellation back within half an hour. Raises RegistrationError when it is too late or the seat is gone."""
    with run_lock(registration.run_id) as locked:
        current = Registration.objects.select_related("booking", "run").get(pk=registration.pk)
        if current.state == S.CONFIRMED:
            return current
        if not may_undo(current, locked.now):
            raise RegistrationError("late", _("It is too late to take this back. Please register again."))
        if not locked.fits(current.pool_id, 1):
            raise RegistrationError("taken", _("The seat has been given to the next person in line."))
        _refuse_twice(current, current.email_norm)
        sequence = current.calendar_sequence + 1
        locked.move(current, Event.UNDO_CANCEL, S.CONFIRMED, calendar_sequence=sequence)
        notifications.confirmed([current])
        promote(locked)
    return current


@retrying
def set_person(registration: Registration, person: Person, *, actor: Any = None) -> Registration:
    """Name a seat, correct a name, or replace the person: the old person's data is gone, the seat and rank stay.

    Raises RegistrationError after `names_due` (for organisers: never) or when the new person is registered already.
    """
    with run_lock(registration.run_id, actor=actor) as locked:
        current = Registration.objects.select_related("booking", "run").get(pk=registration.pk)
        if current.state not in ACTIVE:
            raise RegistrationError("over", _("This registration has ended."))
        due = locked.run.names_due or locked.run.starts_at
        if actor is None and due and locked.now > due:
            raise RegistrationError("late", _("The time to change names is over. Please ask the organiser."))
        is_other = bool(current.email_norm) and normalised_email(person.email) != current.email_norm
        _refuse_twice(current, normalised_email(person.email))
        if is_other:
            _forget_person(current)
        _write_person(current, person, is_other=is_other)
        locked.note("person_replaced" if is_other else "person_named", current, fields=["name", "email", "function"])
        if person.email and current.state == S.CONFIRMED and (is_other or not current.calendar_sequence):
            notifications.welcome(current)
    return current


def _refuse_twice(registration: Registration, email_norm: str) -> None:
    others = Registration.objects.filter(run_id=registration.run_id, state__in=ACTIVE).exclude(pk=registration.pk)
    if email_norm and others.filter(email_norm=email_norm).exists():
        raise RegistrationError("again", _("This person is already registered for this run."), field="email")


def _forget_person(registration: Registration) -> None:
    """Tell the person who is replaced, then drop what the seat knew of them."""
    if registration.state == S.CONFIRMED:
        notifications.replaced(registration)
    registration.answers.all().delete()
    registration.sensitive_answers.all().delete()


def _write_person(registration: Registration, person: Person, *, is_other: bool) -> None:
    registration.name, registration.email = person.name, person.email.strip()
    registration.email_norm, registration.function = normalised_email(person.email), person.function
    registration.share_contact = person.share_contact
    if is_other:
        registration.token_version += 1
        registration.note = ""
    registration.save(
        update_fields=["name", "email", "email_norm", "function", "share_contact", "token_version", "note"]
    )


def send_new_links(email: str) -> None:
    """Send one mail with fresh links to everything an address takes part in; old links end. Silent for strangers.

    Throttled by the caller; the mail is the same for a coordinator and a participant.
    """
    wanted = normalised_email(email)
    bookings = list(Booking.objects.filter(email_norm=wanted, anonymised_at__isnull=True).order_by("pk"))
    registrations = list(
        Registration.objects.filter(email_norm=wanted, anonymised_at__isnull=True)
        .exclude(booking__email_norm=wanted)
        .order_by("pk")
    )
    if not bookings and not registrations:
        return
    rows: list[Booking | Registration] = [*bookings, *registrations]
    for row in rows:
        row.token_version += 1
        row.save(update_fields=["token_version"])
    notifications.new_links(email, bookings, registrations, at=timezone.now())
