"""Lets the demo's invented people register, wait, apply, take part and say how it was; and takes them away again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry, ConsentRecord
from home.demo.people import Crowd, booking_ids, is_only_demo
from knowledge.models import Municipality
from trainings.models import (
    Attendance,
    Booking,
    Certificate,
    EvaluationResponse,
    EvaluationToken,
    Pool,
    Registration,
    Run,
    RunStats,
)
from trainings.registration_states import RegistrationState
from trainings.services import changing, closing, registering, running, selecting
from trainings.services.locking import run_lock
from trainings.services.texts import ensure_consent_texts

if TYPE_CHECKING:
    from home.demo.loader import Loader

S = RegistrationState
BOOKING, REGISTRATION, RUN = "trainings.booking", "trainings.registration", "trainings.run"
REASON = "Demo"
REVIEWERS = ("demo-auswahl-1", "demo-auswahl-2")
COMMENTS = (
    "Klares Vorhaben, Partner vorhanden.",
    "Gute Mischung aus Stadt und Land.",
    "Träger war schon zweimal dabei.",
)
WORDS = (
    "Mehr Zeit für die Fallarbeit.",
    "Bitte genau so wieder, gern mit einer Kommune aus Ostdeutschland.",
    "Die Vorlage nutze ich gleich am Montag.",
    "Technik lief, Pausen waren knapp.",
)
Facts = dict[str, Any]


def populate(run: Run, pools: list[Facts], loader: Loader, *, cancelled: bool) -> None:
    """Make the people that the facts of a run name, by pool: {confirmed, held, waiting, offered, applied, came, missed}."""
    ensure_consent_texts()
    crowd = Crowd(run, list(Municipality.objects.filter(source=Municipality.Source.DEMO).order_by("pk")))
    for facts in pools:
        pool = Pool.objects.get(run=run, mode=facts["mode"])
        if people := facts.get("people"):
            _fill(run, pool, crowd, people)
    missed = sum(facts.get("people", {}).get("missed", 0) for facts in pools)
    if run.is_over and Registration.objects.filter(run=run).exists():
        _finish(run, missed=missed)
    if cancelled:
        running.cancel_run(run, actor=None)
    _review(run, loader)
    _spread(run)


def _fill(run: Run, pool: Pool, crowd: Crowd, people: Facts) -> None:
    """Fill a pool; what is not open any more is filled by the organiser, with as many seats taken."""
    confirmed, held, offered = (people.get(name, 0) for name in ("confirmed", "held", "offered"))
    past = people.get("came", 0) + people.get("missed", 0)
    if not registering.is_open(Run.objects.get(pk=run.pk), timezone.now()):
        for submission in crowd.bookings(confirmed + held + offered + past, pool.pk):
            registering.add_by_organiser(run.pk, submission, actor=None, reason=REASON)
        return
    _submit(run, crowd, pool, confirmed + offered)
    _submit(run, crowd, pool, held, confirm=False)
    _submit(run, crowd, pool, people.get("waiting", 0) + offered + people.get("applied", 0))
    _give_back(run, pool, offered)


def _submit(run: Run, crowd: Crowd, pool: Pool, seats: int, *, confirm: bool = True) -> None:
    for submission in crowd.bookings(seats, pool.pk):
        booking = registering.submit(run.pk, submission).booking
        assert booking is not None
        if confirm:
            registering.confirm(booking)


def _give_back(run: Run, pool: Pool, count: int) -> None:
    """Cancel some seats, so that the first in line are offered one."""
    rows = Registration.objects.filter(run=run, pool=pool, state=S.CONFIRMED).order_by("-pk")[:count]
    for row in rows.select_related("booking", "run"):
        changing.cancel([row])


def _finish(run: Run, *, missed: int) -> None:
    """Record who was there, certify, ask how it was and let most of them answer."""
    rows = list(Registration.objects.filter(run=run, state=S.CONFIRMED).order_by("pk"))
    absent = {row.pk for row in rows[:: max(1, len(rows) // missed)][:missed]} if missed else set()
    presence = Attendance.Presence
    sessions = list(run.sessions.all())
    seen: dict[tuple[int, int], str] = {
        (row.pk, session.pk): presence.ABSENT if row.pk in absent else presence.PARTLY if late else presence.PRESENT
        for row, session, late in _with_late(rows, sessions)
    }
    closing.record_attendance(run.pk, seen, actor=None)
    for row in Registration.objects.filter(run=run, state=S.ATTENDED).select_related("run").order_by("pk"):
        closing.certify(row)
    closing.invite_to_evaluate(run)
    for number, token in enumerate(
        EvaluationToken.objects.filter(registration__run=run).select_related("registration__run")
    ):
        if number % 3:
            closing.evaluate(token, _opinion(number))
    closing.write_stats(run)


def _with_late(rows: list[Registration], sessions: list[Any]) -> list[tuple[Registration, Any, bool]]:
    """Pair everybody with every session; each ninth person leaves the last one early."""
    return [
        (row, session, number % 9 == 8 and session == sessions[-1])
        for number, row in enumerate(rows)
        for session in sessions
    ]


def _opinion(number: int) -> dict[str, Any]:
    marks = {"content": 5 - number % 2, "use": 4 + number % 2, "organisation": 5 - (number % 5 == 1), "access": 4}
    return {**marks, "change": WORDS[number % len(WORDS)]} if number % 2 else dict(marks)


def _review(run: Run, loader: Loader) -> None:
    """Let two invented reviewers vote on the first applications."""
    applied = list(Registration.objects.filter(run=run, state=S.APPLIED).order_by("pk"))
    if not applied:
        return
    reviewers = [account(name, loader) for name in REVIEWERS]
    for number, row in enumerate(applied[: len(applied) * 2 // 3]):
        for turn, reviewer in enumerate(reviewers[: 1 + number % 2]):
            comment = COMMENTS[number % len(COMMENTS)] if turn == 0 else ""
            selecting.review(row, reviewer=reviewer, vote=4 - (number + turn) % 3, comment=comment)
    decisions = {row.pk: selecting.SELECT for row in applied[:2]}
    selecting.decide(run.pk, decisions, actor=None)


def account(name: str, loader: Loader) -> Any:
    """Return an invented account with which nobody can log in."""
    user, is_new = get_user_model().objects.get_or_create(username=name, defaults={"is_active": False})
    if is_new:
        user.set_unusable_password()
        user.save()
        loader.remember(f"users/{name}", user, "")
    return user


def _spread(run: Run) -> None:
    """Date what was just made back into the time in which registration was open, in the same order."""
    now = timezone.now()
    bookings = list(Booking.objects.filter(run=run).order_by("pk"))
    if not bookings:
        return
    last = min(moment for moment in (now, run.closes_at, run.starts_at) if moment)
    first = min(run.opens_at or last, last)
    rows = list(Registration.objects.filter(run=run))
    for number, booking in enumerate(bookings, 1):
        booking.created_at = first + (last - first) * number / (len(bookings) + 1)
        booking.confirmed_at = booking.created_at + dt.timedelta(hours=1) if booking.confirmed_at else None
    made = {booking.pk: booking.created_at for booking in bookings}
    for row in rows:
        row.created_at = made[row.booking_id]
        row.waiting_since = row.created_at if row.waiting_since else None
    Booking.objects.bulk_update(bookings, ["created_at", "confirmed_at"])
    Registration.objects.bulk_update(rows, ["created_at", "waiting_since"])
    if run.is_over and run.ends_at:
        Certificate.objects.filter(run=run).update(issued_at=min(now, run.ends_at + dt.timedelta(days=1)))
        day = min(now, run.ends_at + dt.timedelta(days=2)).date()
        EvaluationResponse.objects.filter(run=run).update(day=day)


def is_untouched(run: Run) -> bool:
    """Return whether nobody but the demo registered, and no organiser worked with the run."""
    ids = [str(pk) for pk in Registration.objects.filter(run=run).values_list("pk", flat=True)]
    by_staff = AuditEntry.objects.filter(actor__isnull=False)
    touched = by_staff.filter(subject_kind=REGISTRATION, subject_id__in=ids) | by_staff.filter(
        subject_kind=RUN, subject_id=str(run.pk)
    )
    return is_only_demo(run) and not touched.exists()


@transaction.atomic
def depopulate(run: Run) -> None:
    """Take the invented people of a run away with all that hangs on them; the log stays, others keep their seats."""
    bookings = Booking.objects.filter(run=run, submission_id__in=booking_ids(run))
    is_alone = is_only_demo(run)
    registrations = Registration.objects.filter(booking__in=bookings)
    about = {"subject_kind": BOOKING, "subject_id__in": [str(pk) for pk in bookings.values_list("pk", flat=True)]}
    OutboxMessage.objects.filter(**about).delete()
    ConsentRecord.objects.filter(**about).delete()
    Certificate.objects.filter(registration__in=registrations).delete()
    if is_alone:
        Certificate.objects.filter(run=run).delete()
        EvaluationResponse.objects.filter(run=run).delete()
        RunStats.objects.filter(run=run).delete()
    registrations.delete()
    bookings.delete()
    with run_lock(run.pk, system=True):
        pass  # its end recounts the seats
