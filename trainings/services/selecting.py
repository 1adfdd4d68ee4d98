"""Choosing among applications: votes, decisions that nobody sees yet, and their release in one step."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import Registration, Review
from trainings.registration_states import Event, RegistrationState
from trainings.services.locking import LockedRun, retrying, run_lock
from trainings.services.promoting import offer, promote

S = RegistrationState
SELECT, RESERVE, REJECT = "select", "reserve", "reject"


@transaction.atomic
def review(registration: Registration, *, reviewer: Any, vote: int, comment: str = "") -> Review:
    """Write or change one reviewer's vote. Raises RegistrationError when there is nothing to decide any more."""
    if not Registration.objects.filter(pk=registration.pk, state=S.APPLIED).exists():
        raise RegistrationError("decided", _("This application has been decided."))
    found, _is_new = Review.objects.update_or_create(
        registration=registration, reviewer=reviewer, defaults={"vote": vote, "comment": comment}
    )
    return found


@retrying
def decide(run_id: int, decisions: dict[int, str], *, actor: Any, reason: str = "") -> int:
    """Note decisions by registration id without telling anybody; return how many changed."""
    with run_lock(run_id, actor=actor) as locked:
        rows = Registration.objects.filter(run_id=run_id, pk__in=decisions, state=S.APPLIED)
        changed = 0
        for row in rows:
            row.decision, row.reason = decisions[row.pk], reason if decisions[row.pk] == REJECT else ""
            row.save(update_fields=["decision", "reason"])
            locked.note("decided", row, decision=row.decision)
            changed += 1
    return changed


@retrying
def release(run_id: int, *, actor: Any) -> dict[str, int]:
    """Tell everybody at once: seats are offered, the reserve list gets its order, the others a friendly no.

    All or nothing. Raises RegistrationError when more people are selected than seats are free.
    """
    with run_lock(run_id, actor=actor) as locked:
        decided = Registration.objects.filter(run_id=run_id, state=S.APPLIED).exclude(decision="")
        rows = list(decided.select_related("booking").order_by("pk"))
        chosen = [row for row in rows if row.decision == SELECT]
        _check_seats(locked, chosen)
        if chosen:
            offer(locked, chosen, event=Event.SELECT)
        reserved = _reserve(locked, [row for row in rows if row.decision == RESERVE])
        rejected = _reject(locked, [row for row in rows if row.decision == REJECT])
        Registration.objects.filter(pk__in=[row.pk for row in rows]).update(decision="")
        promote(locked)
    return {SELECT: len(chosen), RESERVE: reserved, REJECT: rejected}


def _check_seats(locked: LockedRun, chosen: list[Registration]) -> None:
    for pool_id in locked.pools:
        wanted = sum(1 for row in chosen if row.pool_id == pool_id)
        if not locked.fits(pool_id, wanted):
            free = locked.free(pool_id) or 0
            text = ngettext(
                "%(wanted)s people are selected, but only %(free)s seat is free.",
                "%(wanted)s people are selected, but only %(free)s seats are free.",
                free,
            )
            raise RegistrationError("full", text % {"wanted": wanted, "free": free})


def _reserve(locked: LockedRun, rows: list[Registration]) -> int:
    """Put them in line by their votes, the best first; equal votes by the time of the application.

    A later release goes on where the last one ended: nobody is moved back by it.
    """
    ranked = sorted(rows, key=lambda row: (-_average(row), row.created_at, row.pk))
    line = Registration.objects.filter(run_id=locked.run.pk).in_line()
    last = max(0, line.aggregate(last=Max("priority"))["last"] or 0) if ranked else 0
    for rank, row in enumerate(ranked, last + 1):
        locked.move(row, Event.RESERVE, S.WAITING, waiting_since=row.created_at, priority=rank)
    if ranked:
        notifications.reserved(ranked)
    return len(ranked)


def _average(row: Registration) -> float:
    votes = list(row.reviews.values_list("vote", flat=True))
    return sum(votes) / len(votes) if votes else 0.0


def _reject(locked: LockedRun, rows: list[Registration]) -> int:
    for row in rows:
        locked.move(row, Event.REJECT, S.REJECTED)
    if rows:
        notifications.rejected(rows)
    return len(rows)
