"""The waiting list: who is served next, in strict order (`trainings.md` 2.7).

Called under the lock whenever a seat may have become free, never later and on every path.
"""

from __future__ import annotations

import datetime as dt

from trainings import notifications
from trainings.models import Registration
from trainings.registration_states import WAITS, Event, RegistrationState
from trainings.services.locking import LockedRun

S = RegistrationState


def promote(locked: LockedRun) -> None:
    """Offer free seats to those who wait; shortly before the start to all of them at once."""
    run = locked.run
    if run.cancelled_at or (run.starts_at and run.starts_at <= locked.now):
        return
    for pool_id in locked.pools:
        if not locked.count(pool_id, *WAITS):
            continue
        if locked.free(pool_id) == 0:
            _close_open_offers(locked, pool_id)
        elif is_past_cutoff(locked):
            _offer_to_all(locked, pool_id)
        else:
            _offer_in_line(locked, pool_id)


def is_past_cutoff(locked: LockedRun) -> bool:
    """Return whether offers now go to everybody who waits: there is no time left to ask one after the other."""
    starts_at = locked.run.starts_at
    return starts_at is not None and starts_at - dt.timedelta(hours=locked.run.cutoff_hours) <= locked.now


def _line(locked: LockedRun, pool_id: int) -> list[Registration]:
    waiting = Registration.objects.filter(run_id=locked.run.pk, pool_id=pool_id).in_line()
    return list(waiting.select_related("booking"))


def _offer_in_line(locked: LockedRun, pool_id: int) -> None:
    for group in _groups([one for one in _line(locked, pool_id) if one.state == S.WAITING]):
        free = locked.free(pool_id)
        if free == 0:
            return
        booking = group[0].booking
        if booking.all_or_nothing and free is not None and len(group) > free:
            notifications.group_skipped(booking, free=free, now=locked.now)
            continue
        offer(locked, group if free is None else group[:free])


def _groups(line: list[Registration]) -> list[list[Registration]]:
    """Return who is served at once: neighbours of one booking; who comes only together, at the rank of the first."""
    groups: list[list[Registration]] = []
    together: dict[int, list[Registration]] = {}
    for one in line:
        if one.booking.all_or_nothing and one.booking_id in together:
            together[one.booking_id].append(one)
        elif groups and groups[-1][-1].booking_id == one.booking_id:
            groups[-1].append(one)
        else:
            groups.append(together.setdefault(one.booking_id, [one]) if one.booking.all_or_nothing else [one])
    return groups


def offer(locked: LockedRun, registrations: list[Registration], *, event: Event = Event.OFFER) -> None:
    """Hold a seat for each and tell them; the clock starts when the mail server has taken the mail."""
    for registration in registrations:
        locked.move(registration, event, S.OFFERED, offer_number=registration.offer_number + 1, offer_expires_at=None)
    notifications.offered(registrations)


def _offer_to_all(locked: LockedRun, pool_id: int) -> None:
    """Tell all who wait that seats are free: nothing is held, the first who accepts gets one."""
    waiting = [one for one in _line(locked, pool_id) if one.state == S.WAITING]
    for registration in waiting:
        locked.move(registration, Event.OFFER_OPEN, S.OFFERED_OPEN, offer_number=registration.offer_number + 1)
    if waiting:
        notifications.offered_to_all(waiting)


def _close_open_offers(locked: LockedRun, pool_id: int) -> None:
    for registration in _line(locked, pool_id):
        if registration.state == S.OFFERED_OPEN:
            locked.move(registration, Event.CLOSE_OPEN_OFFER, S.WAITING)
