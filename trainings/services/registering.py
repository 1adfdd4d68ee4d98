"""Registering: submit, confirm, expire. The page, the admin and every import call the same functions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.vocabularies import Admission
from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Booking, Registration, Run, normalised_email
from trainings.models.registrations import RegistrationQuerySet
from trainings.registration_states import ACTIVE, UNVERIFIED, Event, RegistrationState
from trainings.services.booking import Person, Submission, prepare, write_booking
from trainings.services.interests import HEAD_START
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import promote
from trainings.services.shares import check_cap, nameless_too_many
from trainings.states import RunStatus, run_status

S = RegistrationState
HOLD = dt.timedelta(hours=24)  # counted from the moment in which the mail server took the mail
GRACE = dt.timedelta(hours=72)  # an application that was sent in time may be confirmed a little later
MOST_SEATS = 20
OPEN = (RunStatus.OPEN, RunStatus.WAITING, RunStatus.FULL)


@dataclass(frozen=True)
class Submitted:
    """What became of a submission; visitors are told the same in every case."""

    booking: Booking | None
    is_new: bool


@retrying
def submit(run_id: int, submission: Submission) -> Submitted:
    """Book seats, held until the coordinator confirms by mail; the same submission twice gives the first booking back.

    An address that is registered already gets a mail with its link, and the caller learns nothing: every refusal
    comes before that question.
    Raises RegistrationError when the run is not open or has too few seats, BusyError when too many come at once.
    """
    prepared = prepare(submission)
    with run_lock(run_id) as locked:
        if booking := Booking.objects.filter(submission_id=submission.submission_id).first():
            return Submitted(booking, is_new=False)
        _check_open(locked, is_early=submission.is_early)
        check_cap(locked, submission.municipality_id, submission.municipality_text, len(submission.people))
        pool_id = _pool(locked, submission)
        promote(locked)
        states = _states(locked, submission, pool_id)
        submission = _without_registered(locked, submission)
        if not submission.people:
            return Submitted(None, is_new=False)
        booking, rows = write_booking(locked, submission, prepared, (pool_id, states))
        notifications.please_confirm(booking, rows)
        return Submitted(booking, is_new=True)


def _check_open(locked: LockedRun, *, is_early: bool) -> None:
    status = status_for(locked.run, locked.now, is_early=is_early)
    takes_people = locked.run.admission in (Admission.FCFS, Admission.APPLICATION)
    if status not in OPEN or not takes_people:
        raise RegistrationError("closed", _("Registration for this date is not open."))


def _without_registered(locked: LockedRun, submission: Submission) -> Submission:
    """Tell people who are registered already by mail; a group keeps the seat, without the address."""
    active = Registration.objects.filter(run_id=locked.run.pk, state__in=ACTIVE)
    wanted = {normalised_email(person.email) for person in submission.people if person.email}
    known = {row.email_norm: row for row in active.filter(email_norm__in=wanted).select_related("booking")}
    for registration in known.values():
        notifications.already_registered(registration)
    if not known:
        return submission
    if not submission.is_group:
        return replace(submission, people=())
    people = tuple(
        person if normalised_email(person.email) not in known else Person(person.name, "", person.function)
        for person in submission.people
    )
    return replace(submission, people=people)


def _pool(locked: LockedRun, submission: Submission) -> int:
    if submission.pool_id in locked.pools:
        return submission.pool_id
    if len(locked.pools) == 1 and submission.pool_id is None:
        return next(iter(locked.pools))
    raise RegistrationError("pool", _("Choose whether you take part on site or online."), field="pool")


def _states(locked: LockedRun, submission: Submission, pool_id: int) -> list[RegistrationState]:
    """Decide for each seat: held, for the waiting list, or an application."""
    count = len(submission.people)
    if locked.run.admission == Admission.APPLICATION:
        return [S.UNVERIFIED_APPLICATION] * count
    free = _free_for_public(locked, pool_id)
    fit = count if free is None else min(free, count)
    fit = min(fit, count - nameless_too_many(locked, submission))
    if submission.all_or_nothing and fit < count:
        fit = 0
    if fit < count and not locked.run.waiting_list:
        raise RegistrationError("full", _too_few(free or 0), field="people")
    return [S.UNVERIFIED] * fit + [S.UNVERIFIED_WAITING] * (count - fit)


def _too_few(free: int) -> str:
    if not free:
        return _("All seats are taken, and there is no waiting list for this date.")
    return ngettext("Only %(free)s seat is left.", "Only %(free)s seats are left.", free) % {"free": free}


def _free_for_public(locked: LockedRun, pool_id: int) -> int | None:
    """Return the seats that the public may have: none while seats are offered to all who wait."""
    return 0 if locked.count(pool_id, S.OFFERED_OPEN) else locked.free(pool_id)


@retrying
def confirm(booking: Booking) -> Booking:
    """Confirm a booking: seats become certain, waiting people stand in line since they sent the form.

    Safe to call twice. Raises RegistrationError when it comes too late and nothing is free.
    """
    with run_lock(booking.run_id) as locked:
        registrations = list(Registration.objects.filter(booking=booking).order_by("pk"))
        promote(locked)
        seats = _seats_for_late(locked, registrations, booking)
        moved = [one for one in registrations if _confirm_one(locked, one, booking, has_seats=seats)]
        if not moved:
            return booking
        booking.confirmed_at = locked.now
        booking.save(update_fields=["confirmed_at"])
        notifications.after_confirmation(booking, moved)
        promote(locked)
    return booking


def _seats_for_late(locked: LockedRun, registrations: list[Registration], booking: Booking) -> bool:
    """Return whether those whose hold has ended may have seats: a group that comes only together, for all or none."""
    late = [one for one in registrations if one.state == S.EXPIRED]
    if not late:
        return False
    check_cap(locked, booking.municipality_id, booking.municipality_text, len(late))
    free = _free_for_public(locked, late[0].pool_id)
    return free is None or free >= (len(late) if booking.all_or_nothing else 1)


def _confirm_one(locked: LockedRun, registration: Registration, booking: Booking, *, has_seats: bool) -> bool:
    if registration.state == S.UNVERIFIED:
        locked.move(registration, Event.CONFIRM, S.CONFIRMED, hold_expires_at=None)
    elif registration.state == S.UNVERIFIED_WAITING:
        locked.move(registration, Event.CONFIRM, S.WAITING, waiting_since=booking.created_at)
    elif registration.state == S.UNVERIFIED_APPLICATION:
        locked.move(registration, Event.CONFIRM, S.APPLIED)
    elif registration.state == S.EXPIRED:
        _confirm_late(locked, registration, booking, has_seats=has_seats)
    else:
        return False
    return True


def _confirm_late(locked: LockedRun, registration: Registration, booking: Booking, *, has_seats: bool) -> None:
    """Confirm after the hold has ended: a seat if one is free, else the waiting list, with the rank of the form."""
    run = locked.run
    _check_still_single(registration)
    if run.cancelled_at or (run.starts_at and run.starts_at <= locked.now):
        raise RegistrationError("closed", _("Registration for this date is not open."))
    if run.admission == Admission.APPLICATION:
        if run.closes_at and locked.now > run.closes_at + GRACE:
            raise RegistrationError("closed", _("Registration for this date is not open."))
        locked.move(registration, Event.CONFIRM, S.APPLIED)
    elif has_seats and _free_for_public(locked, registration.pool_id) != 0:
        locked.move(registration, Event.CONFIRM, S.CONFIRMED, hold_expires_at=None)
    elif run.waiting_list:
        locked.move(registration, Event.CONFIRM, S.WAITING, waiting_since=booking.created_at)
    else:
        raise RegistrationError("full", _too_few(0))


def _check_still_single(registration: Registration) -> None:
    """Refuse to bring back somebody who has registered anew in the meantime."""
    others = Registration.objects.filter(run_id=registration.run_id, state__in=ACTIVE)
    if (
        registration.email_norm
        and others.filter(email_norm=registration.email_norm).exclude(pk=registration.pk).exists()
    ):
        raise RegistrationError("again", _("This person is already registered for this run."))


@retrying
def expire_holds(run_id: int) -> int:
    """Free the seats of those who did not confirm in time, at the latest when the run begins; return how many."""
    with run_lock(run_id, system=True) as locked:
        registrations = list(_due_holds(locked.now).filter(run_id=run_id).order_by("pk"))
        for registration in registrations:
            locked.move(registration, Event.EXPIRE, S.EXPIRED)
        if registrations:
            promote(locked)
    return len(registrations)


@retrying
def add_by_organiser(run_id: int, submission: Submission, *, actor: Any, reason: str) -> Booking:
    """Register people by hand: confirmed at once. Raises RegistrationError when a reason or a seat is missing."""
    if not reason.strip():
        raise RegistrationError("reason", _("Give a reason."), field="reason")
    prepared = prepare(submission)
    with run_lock(run_id, actor=actor) as locked:
        if booking := Booking.objects.filter(submission_id=submission.submission_id).first():
            return booking
        _refuse_registered(locked, submission)
        pool_id = _pool(locked, submission)
        if not locked.fits(pool_id, len(submission.people)):
            raise RegistrationError("full", _too_few(locked.free(pool_id) or 0), field="people")
        seats = (pool_id, [S.CONFIRMED] * len(submission.people))
        sure = {"by_organiser": True, "confirmed_at": locked.now}
        booking, rows = write_booking(locked, submission, prepared, seats, **sure)
        notifications.after_confirmation(booking, rows)
    return booking


def _refuse_registered(locked: LockedRun, submission: Submission) -> None:
    wanted = [normalised_email(person.email) for person in submission.people if person.email]
    is_twice = len(set(wanted)) < len(wanted)
    if is_twice or Registration.objects.filter(run_id=locked.run.pk, state__in=ACTIVE, email_norm__in=wanted).exists():
        raise RegistrationError("again", _("This person is already registered for this run."), field="email")


def runs_with_due_holds(now: dt.datetime) -> list[int]:
    """Return the runs in which a hold has passed."""
    return list(_due_holds(now).order_by("run_id").values_list("run_id", flat=True).distinct())


def _due_holds(now: dt.datetime) -> RegistrationQuerySet:
    is_due = Q(hold_expires_at__lte=now) | Q(run__starts_at__lte=now)
    return Registration.objects.filter(is_due, state__in=UNVERIFIED)


def status_for(run: Run, now: dt.datetime, *, is_early: bool) -> RunStatus:
    """Return the status of a run; for who waited for a date, registration opens a day earlier."""
    status = run_status(run, now)
    return run_status(run, now + HEAD_START) if is_early and status == RunStatus.PLANNED else status


def is_open(run: Run, now: dt.datetime) -> bool:
    """Return whether the public form of a run takes people now."""
    takes_people = run.admission in (Admission.FCFS, Admission.APPLICATION)
    status = run_status(run, now)
    return takes_people and status in OPEN and (status != RunStatus.FULL)
