"""What changes a run: dates, seats, decisions; everybody concerned is told in the same transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.privacy import audit
from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Pool, Registration, Run, Session
from trainings.registration_states import ACTIVE, TAKEN, Event, RegistrationState
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import promote

S = RegistrationState
RUN = "trainings.run"


def refresh_dates(run_id: int) -> None:
    """Write the first beginning and the last end of the sessions to the run, which lists are sorted by."""
    span = Session.objects.filter(run_id=run_id, cancelled_at__isnull=True).aggregate(
        starts_at=Min("starts_at"), ends_at=Max("ends_at")
    )
    Run.objects.filter(pk=run_id).update(**span)


@retrying
def set_capacity(pool: Pool, capacity: int | None, *, actor: Any, reason: str = "") -> Pool:
    """Change the seats of a pool; new ones go to those who wait. Raises RegistrationError below what is taken or held."""
    with run_lock(pool.run_id, actor=actor) as locked:
        used = locked.used(pool.pk)
        if capacity is not None and capacity < used:
            text = _("%(count)s seats are already taken or held.") % {"count": used}
            raise RegistrationError("capacity", text, field="capacity")
        Pool.objects.filter(pk=pool.pk).update(capacity=capacity)
        locked.pools[pool.pk].capacity = capacity
        audit.note("capacity", subject=(RUN, pool.run_id), actor=actor, pool=pool.mode, to=capacity, reason=reason)
        promote(locked)
        run_changed(locked.run)
    pool.refresh_from_db()
    return pool


@retrying
def guarantee(run: Run, *, actor: Any) -> Run:
    """Decide that the run takes place."""
    with run_lock(run.pk, actor=actor) as locked:
        if locked.run.cancelled_at:
            raise RegistrationError("cancelled", _("This run has been cancelled."))
        Run.objects.filter(pk=run.pk, guaranteed_at__isnull=True).update(guaranteed_at=locked.now)
        audit.note("guaranteed", subject=(RUN, run.pk), actor=actor)
    run.refresh_from_db()
    return run


@retrying
def cancel_run(run: Run, *, actor: Any, reason: str = "") -> int:
    """Cancel a run for good and tell everybody; return how many people that concerned. Safe to call twice."""
    with run_lock(run.pk, actor=actor) as locked:
        if locked.run.cancelled_at:
            return 0
        Run.objects.filter(pk=run.pk).update(cancelled_at=locked.now)
        locked.run.cancelled_at = locked.now
        rows = list(
            Registration.objects.filter(run_id=run.pk, state__in=ACTIVE).select_related("booking").order_by("pk")
        )
        for row in rows:
            sequence = row.calendar_sequence + 1
            locked.move(row, Event.CANCEL_RUN, S.RUN_CANCELLED, calendar_sequence=sequence, reason=reason[:30])
        notifications.run_cancelled(rows)
        Session.objects.filter(run_id=run.pk).update(ical_sequence=F("ical_sequence") + 1)
        audit.note("run_cancelled", subject=(RUN, run.pk), actor=actor, people=len(rows))
        run_changed(locked.run)
    run.refresh_from_db()
    return len(rows)


@retrying
def change_session(
    session: Session, *, starts_at: dt.datetime, ends_at: dt.datetime, room: str, actor: Any, tell: bool = True
) -> Session:
    """Move a session; calendars follow, everybody with a seat is told. Nothing happens when nothing changes."""
    with run_lock(session.run_id, actor=actor) as locked:
        current = Session.objects.get(pk=session.pk)
        if (current.starts_at, current.ends_at, current.room) == (starts_at, ends_at, room):
            return current
        current.starts_at, current.ends_at, current.room = starts_at, ends_at, room
        current.ical_sequence += 1
        current.full_clean()
        current.save()
        refresh_dates(session.run_id)
        if tell:
            tell_change(locked)
        audit.note("session_moved", subject=(RUN, session.run_id), actor=actor)
    return current


def tell_change(locked: LockedRun) -> None:
    """Tell everybody with a seat that time or place have changed; calendars get a newer version."""
    rows = Registration.objects.filter(run_id=locked.run.pk, state__in=TAKEN)
    rows.update(calendar_sequence=F("calendar_sequence") + 1)
    notifications.run_changed(list(rows.select_related("booking").order_by("pk")), at=locked.now)


def run_changed(run: Run) -> None:
    """Tell pages, lists and search in the transaction of the change: an update of rows sends no signal by itself."""
    post_save.send(Run, instance=run, created=False, raw=False, using=run._state.db, update_fields=None)


@retrying
def remove(registrations: list[Registration], *, actor: Any, reason: str) -> int:
    """Take people off the run by the organiser; they are told why. Raises RegistrationError without a reason."""
    if not reason.strip():
        raise RegistrationError("reason", _("Give a reason."), field="reason")
    run_id = registrations[0].run_id
    with run_lock(run_id, actor=actor) as locked:
        rows = Registration.objects.filter(pk__in=[one.pk for one in registrations], run_id=run_id, state__in=ACTIVE)
        current = list(rows.select_related("booking").order_by("pk"))
        for row in current:
            sequence = row.calendar_sequence + 1
            locked.move(row, Event.REMOVE, S.REMOVED, calendar_sequence=sequence, reason=reason[:30])
        if current:
            notifications.removed(current)
        promote(locked)
    return len(current)


@retrying
def move_to_pool(registrations: list[Registration], pool: Pool, *, actor: Any) -> int:
    """Move people between on site and online. Raises RegistrationError when the other pool is too small."""
    with run_lock(pool.run_id, actor=actor) as locked:
        rows = Registration.objects.filter(
            pk__in=[one.pk for one in registrations], run_id=pool.run_id, state__in=ACTIVE
        ).exclude(pool=pool)
        current = list(rows.order_by("pk"))
        with_seat = sum(1 for row in current if row.state in TAKEN or row.state in (S.OFFERED, S.UNVERIFIED))
        if not locked.fits(pool.pk, with_seat):
            raise RegistrationError("full", _("So many seats are not free there."), field="pool")
        for row in current:
            row.pool = pool
            row.save(update_fields=["pool"])
            locked.note("moved", row, to=pool.mode)
        locked.recount()
        promote(locked)
    return len(current)


@transaction.atomic
def copy_run(run: Run, *, number: str, days: int, actor: Any) -> Run:
    """Make a draft of the next run: the same terms, all dates so many days later, no people, no decisions."""
    shift = dt.timedelta(days=days)
    copy = Run.objects.get(pk=run.pk)
    copy.pk, copy.public_id, copy.number = None, uuid.uuid4(), number
    copy.published_at = copy.guaranteed_at = copy.cancelled_at = copy.archived_at = None
    copy.lock_version, copy._state.adding = 0, True
    for name in ("opens_at", "closes_at", "cancel_until", "decide_by", "go_nogo_at", "names_due"):
        moment = getattr(copy, name)
        setattr(copy, name, _shifted(moment, shift, run) if moment else None)
    copy.full_clean()
    copy.save(force_insert=True)
    for session in run.sessions.all():
        Session.objects.create(
            run=copy,
            title_de=session.title_de,
            title_en=session.title_en,
            room=session.room,
            mandatory=session.mandatory,
            starts_at=_shifted(session.starts_at, shift, run),
            ends_at=_shifted(session.ends_at, shift, run),
        )
    for pool in run.pools.all():
        Pool.objects.create(run=copy, mode=pool.mode, capacity=pool.capacity)
    audit.note("run_copied", subject=(RUN, copy.pk), actor=actor, source=run.number)
    return copy


def _shifted(moment: dt.datetime, shift: dt.timedelta, run: Run) -> dt.datetime:
    """Return the same time of day so many days later, also across a change to summer time."""
    return moment.astimezone(run.timezone) + shift


def runs_to_decide(now: dt.datetime | None = None) -> list[Run]:
    """Return runs whose decision whether they take place is due within a week."""
    now = now or timezone.now()
    due = Run.objects.published().filter(
        go_nogo_at__lte=now + dt.timedelta(days=7), guaranteed_at__isnull=True, cancelled_at__isnull=True
    )
    return [run for run in due if run.starts_at is None or run.starts_at > now]
