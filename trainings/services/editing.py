"""What the form of a run writes: under the run's lock, so that no counter is overwritten and nobody moves unasked.

Only what changed is written. Seats are compared with a recount, moved sessions are told to everybody with a seat.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from cms.privacy import audit
from cms.privacy.models import AuditEntry
from trainings.errors import RegistrationError
from trainings.models import OnlineAccess, Pool, Registration, Run, RunMaterial, Session
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import promote
from trainings.services.running import RUN, refresh_dates, run_changed, tell_change

PLACE = frozenset({"venue", "street", "postal_code", "city", "mode"})
CHANGES = ("run_changed", "capacity", "session_moved", "run_cancelled")
MOVES = frozenset({"starts_at", "ends_at", "room"})


@dataclass(frozen=True)
class Row:
    """Seats or a session as a form holds them: without a key it is new; `values` holds what changed."""

    pk: int | None
    values: dict[str, Any]
    delete: bool = False
    place: int = 0


@dataclass(frozen=True)
class Change:
    """What somebody changed about a run."""

    values: dict[str, Any] = field(default_factory=dict)
    pools: list[Row] = field(default_factory=list)
    sessions: list[Row] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Return the names of what changed, for the log."""
        names = sorted(self.values)
        return [*names, *(name for name in ("pools", "sessions") if getattr(self, name))]


def last_change(run_id: int) -> int:
    """Return the number of the last change to what the form shows: who saves an older form is told."""
    entries = AuditEntry.objects.filter(subject_kind=RUN, subject_id=str(run_id), action__in=CHANGES)
    return entries.aggregate(last=Max("pk"))["last"] or 0


@retrying
def save_run(run_id: int, change: Change, *, actor: Any, seen: int | None = None) -> bool:
    """Write a changed run; return whether people were told of another time or place.

    Raises RegistrationError, with the field, when seats or admission cannot change any more, and with code `stale`
    when somebody else has changed the run since the change `seen`.
    """
    with run_lock(run_id, actor=actor) as locked:
        if seen is not None and seen != last_change(run_id):
            text = _("Somebody else has changed this run since you opened it. Compare, then save again to use yours.")
            raise RegistrationError("stale", text)
        _refuse_admission(locked, change.values)
        before = locked.run
        Run.objects.filter(pk=run_id).update(**change.values)
        for row in change.pools:
            _save_pool(locked, row)
        moved = [_save_session(locked, row) for row in change.sessions]
        refresh_dates(run_id)
        tells = _tell(locked, before, moved=any(moved), replaced=bool(PLACE & set(change.values)))
        if change.names:
            audit.note("run_changed", subject=(RUN, run_id), actor=actor, fields=change.names)
        locked.run = Run.objects.select_related("offer").get(pk=run_id)
        promote(locked)
        run_changed(locked.run)
    return tells


def _refuse_admission(locked: LockedRun, values: dict[str, Any]) -> None:
    if "admission" in values and Registration.objects.filter(run_id=locked.run.pk).exists():
        text = _("People have registered already: the kind of admission stays as it is.")
        raise RegistrationError("admission", text, field="admission")


def _save_pool(locked: LockedRun, row: Row) -> None:
    if row.pk is None:
        pool = Pool.objects.create(run_id=locked.run.pk, **row.values)
        locked.pools[pool.pk] = pool
        return
    if row.pk not in locked.pools:
        return
    has_people = Registration.objects.filter(pool_id=row.pk).exists()
    if has_people and (row.delete or "mode" in row.values):
        raise RegistrationError("pool", _("People have registered for these seats."), field="pools", place=row.place)
    if row.delete:
        Pool.objects.filter(pk=row.pk).delete()
        del locked.pools[row.pk]
        return
    capacity, used = row.values.get("capacity", locked.pools[row.pk].capacity), locked.used(row.pk)
    if capacity is not None and capacity < used:
        text = _("%(count)s seats are already taken or held.") % {"count": used}
        raise RegistrationError("capacity", text, field="pools", place=row.place)
    Pool.objects.filter(pk=row.pk).update(**row.values)
    locked.pools[row.pk].capacity = capacity


def _save_session(locked: LockedRun, row: Row) -> bool:
    """Write one session; return whether people must be told."""
    if row.pk is None:
        Session.objects.create(run_id=locked.run.pk, **row.values)
        return True
    session = Session.objects.filter(pk=row.pk, run_id=locked.run.pk).first()
    if session is None:
        return False
    if row.delete:
        if session.attendances.exists():
            text = _("Attendance has been recorded for this session.")
            raise RegistrationError("session", text, field="sessions", place=row.place)
        session.delete()
        return True
    for name, value in row.values.items():
        setattr(session, name, value)
    is_moved = bool(MOVES & set(row.values))
    session.ical_sequence += int(is_moved)
    session.full_clean()
    session.save()
    return is_moved


def _tell(locked: LockedRun, before: Run, *, moved: bool, replaced: bool) -> bool:
    """Tell people with a seat, unless the run is over or cancelled: then somebody only puts the record straight."""
    ended = before.ends_at is not None and before.ends_at < locked.now
    if not (moved or replaced) or ended or before.cancelled_at:
        return False
    if replaced and not moved:
        Session.objects.filter(run_id=before.pk).update(ical_sequence=F("ical_sequence") + 1)
    tell_change(locked)
    return True


@transaction.atomic
def save_online_access(session: Session, *, values: dict[str, Any], actor: Any) -> OnlineAccess | None:
    """Write how to get into an online session; an empty address removes it."""
    audit.note("online_access", subject=(RUN, session.run_id), actor=actor, session=session.pk)
    if not values.get("join_url"):
        OnlineAccess.objects.filter(session=session).delete()
        return None
    return OnlineAccess.objects.update_or_create(session=session, defaults=values)[0]


@transaction.atomic
def add_material(run: Run, document: Any, *, actor: Any) -> RunMaterial:
    """Give participants a file; the same one twice stays one."""
    found, is_new = RunMaterial.objects.get_or_create(run=run, document=document)
    if is_new:
        audit.note("material_added", subject=(RUN, run.pk), actor=actor)
    return found


@transaction.atomic
def remove_material(run: Run, pk: int, *, actor: Any) -> None:
    """Take a file back; the document itself stays."""
    deleted, _details = RunMaterial.objects.filter(run=run, pk=pk).delete()
    if deleted:
        audit.note("material_removed", subject=(RUN, run.pk), actor=actor)
