"""What people do with an offer of a seat, and what the clock does for those who do not answer."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Booking, Registration
from trainings.models.registrations import RegistrationQuerySet
from trainings.office_hours import after
from trainings.registration_states import ACTIVE, Event, RegistrationState
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import offer, promote

S = RegistrationState
GONE = (S.WITHDRAWN, S.CANCELLED, S.REMOVED, S.REJECTED, S.RUN_CANCELLED, S.EXPIRED)


def _read(locked: LockedRun, registration: Registration) -> Registration:
    """Return the row as it is under the lock."""
    return Registration.objects.select_related("booking").get(pk=registration.pk, run_id=locked.run.pk)


@retrying
def accept(registration: Registration) -> Registration:
    """Take the offered seat. Safe to call twice. Raises RegistrationError when the offer has ended or nothing is free."""
    with run_lock(registration.run_id) as locked:
        current = _read(locked, registration)
        if current.state == S.CONFIRMED:
            return current
        accepted = [current]
        if current.state == S.OFFERED and not _has_passed(current, locked.now) and not _has_begun(locked):
            locked.move(current, Event.ACCEPT, S.CONFIRMED, offer_expires_at=None)
        elif current.state == S.OFFERED_OPEN and not _has_begun(locked):
            accepted = _with_group(current)
            if not locked.fits(current.pool_id, len(accepted)):
                raise RegistrationError("taken", _("Somebody was faster: the seat is taken. You stay on the list."))
            for one in accepted:
                locked.move(one, Event.ACCEPT, S.CONFIRMED)
        else:
            raise RegistrationError("over", _("This offer is over."))
        notifications.confirmed(accepted)
        promote(locked)
    return next(one for one in accepted if one.pk == current.pk)


def _has_passed(registration: Registration, now: dt.datetime) -> bool:
    return registration.offer_expires_at is not None and registration.offer_expires_at <= now


def _has_begun(locked: LockedRun) -> bool:
    run = locked.run
    return run.cancelled_at is not None or (run.starts_at is not None and run.starts_at <= locked.now)


def _with_group(registration: Registration) -> list[Registration]:
    """Return the seats that go the same way: a group that comes only together moves together."""
    if not registration.booking.all_or_nothing:
        return [registration]
    group = registration.booking.registrations.filter(state=registration.state, pool_id=registration.pool_id)
    return list(group.select_related("booking").order_by("pk"))


@retrying
def decline(registration: Registration) -> Registration:
    """Give the offered seat to the next. Safe to call twice."""
    with run_lock(registration.run_id) as locked:
        current = _read(locked, registration)
        if current.state == S.OFFERED:
            locked.move(current, Event.DECLINE, S.WITHDRAWN, offer_expires_at=None)
            notifications.withdrawn([current])
            promote(locked)
    return current


@retrying
def requeue(registration: Registration) -> Registration:
    """Stand in line again, at the end, after an offer has lapsed. Raises RegistrationError when the run is not open."""
    with run_lock(registration.run_id) as locked:
        current = _read(locked, registration)
        if current.state != S.LAPSED:
            return current
        if _has_begun(locked) or not locked.run.waiting_list:
            raise RegistrationError("closed", _("Registration for this date is not open."))
        group = _with_group(current)
        if len(group) < current.booking.registrations.exclude(state__in=GONE).count():
            Booking.objects.filter(pk=current.booking_id).update(all_or_nothing=False)  # the others have their seats
        for one in group:
            _refuse_twice(one)
            locked.move(one, Event.REQUEUE, S.WAITING, waiting_since=locked.now)
        notifications.waiting(group)
        promote(locked)
    return _again(current)


def _again(registration: Registration) -> Registration:
    return Registration.objects.select_related("booking").get(pk=registration.pk)


def _refuse_twice(registration: Registration) -> None:
    twice = Registration.objects.filter(
        run_id=registration.run_id, state__in=ACTIVE, email_norm=registration.email_norm
    )
    if registration.email_norm and twice.exists():
        raise RegistrationError("again", _("This person is already registered for this run."))


@retrying
def lapse_offers(run_id: int) -> int:
    """End the offers that nobody answered in time, at the latest when the run begins, and serve the next; return how many."""
    with run_lock(run_id, system=True) as locked:
        due = _due_offers(locked.now).filter(run_id=run_id)
        registrations = list(due.order_by("pk").select_related("booking"))
        for registration in registrations:
            locked.move(registration, Event.LAPSE, S.LAPSED)
        if registrations:
            notifications.lapsed(registrations)
            promote(locked)
    return len(registrations)


def start_offer_clock(registration_ids: list[int], accepted_at: dt.datetime) -> None:
    """Start the clock of offers whose mail the server took; never beyond the start of the run."""
    rows = Registration.objects.filter(pk__in=registration_ids, state=S.OFFERED, offer_expires_at__isnull=True)
    for registration in rows.select_related("run"):
        run = registration.run
        expires = after(accepted_at, run.offer_hours, run.timezone)
        if run.starts_at:
            expires = min(expires, run.starts_at)
        Registration.objects.filter(pk=registration.pk, state=S.OFFERED).update(offer_expires_at=expires)


@retrying
def take_part_of_group(booking: Booking, count: int) -> Booking:
    """A skipped group takes fewer seats: the first `count` are offered, the others go on waiting one by one.

    Raises RegistrationError when not so many seats are free any more.
    """
    with run_lock(booking.run_id) as locked:
        group = list(Registration.objects.filter(booking=booking, state=S.WAITING).in_line().select_related("booking"))
        if _has_begun(locked) or not group or not 0 < count <= len(group):
            raise RegistrationError("count", _("Choose how many seats you take."), field="count")
        if not locked.fits(group[0].pool_id, count):
            raise RegistrationError("taken", _("So many seats are not free any more."), field="count")
        Booking.objects.filter(pk=booking.pk).update(all_or_nothing=False, told_skipped_at=None)
        offer(locked, group[:count])
        promote(locked)
    booking.refresh_from_db()
    return booking


@retrying
def open_line(run_id: int) -> None:
    """Serve the line: for the clock, when the time of offers to all has come, and after seats were added."""
    with run_lock(run_id, system=True) as locked:
        promote(locked)


def runs_with_due_offers(now: dt.datetime) -> list[int]:
    """Return the runs in which an offer has passed."""
    return list(_due_offers(now).order_by("run_id").values_list("run_id", flat=True).distinct())


def _due_offers(now: dt.datetime) -> RegistrationQuerySet:
    is_due = Q(offer_expires_at__lte=now) | Q(run__starts_at__lte=now)
    return Registration.objects.filter(is_due, state=S.OFFERED)


def runs_with_people_in_line() -> list[int]:
    """Return the runs that have not begun and in which somebody waits."""
    waiting = Registration.objects.filter(state=S.WAITING, run__cancelled_at__isnull=True)
    waiting = waiting.exclude(run__starts_at__lte=timezone.now())
    return list(waiting.order_by("run_id").values_list("run_id", flat=True).distinct())
