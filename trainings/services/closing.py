"""After the run: who was there, certificates, the anonymous evaluation, statistics that survive deletion."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections import Counter
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.privacy import audit
from cms.vocabularies import SizeClass
from trainings import notifications
from trainings.errors import RegistrationError
from trainings.models import (
    Attendance,
    Certificate,
    EvaluationResponse,
    EvaluationToken,
    Registration,
    Run,
    RunStats,
    Session,
)
from trainings.registration_states import TAKEN, Event, RegistrationState
from trainings.services.answering import current_form
from trainings.services.locking import retrying, run_lock

S = RegistrationState
Presence = Attendance.Presence
SMALLEST_COUNT = 3
INVITE_WITHIN = dt.timedelta(days=30)


@retrying
def record_attendance(run_id: int, presences: dict[tuple[int, int], str], *, actor: Any) -> int:
    """Write who was at which session, by (registration id, session id); the status follows. Raises before the start.

    Somebody who was at one session at least took part.
    """
    with run_lock(run_id, actor=actor) as locked:
        if locked.run.starts_at is None or locked.run.starts_at > locked.now:
            raise RegistrationError("early", _("Attendance can be recorded once the run has begun."))
        rows = {row.pk: row for row in Registration.objects.filter(run_id=run_id, state__in=TAKEN)}
        sessions = {session.pk: session for session in Session.objects.filter(run_id=run_id)}
        for (registration_id, session_id), presence in presences.items():
            if registration_id in rows and session_id in sessions:
                _write(rows[registration_id], sessions[session_id], presence)
        for row in rows.values():
            _follow(locked, row)
    return len(presences)


def _write(row: Registration, session: Session, presence: str) -> None:
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    share = {Presence.PRESENT: 1.0, Presence.PARTLY: 0.5}.get(Presence(presence), 0.0)
    Attendance.objects.update_or_create(
        registration=row, session=session, defaults={"presence": presence, "minutes": int(length * share)}
    )


def _follow(locked: Any, row: Registration) -> None:
    seen = list(row.attendances.values_list("presence", flat=True))
    if not seen:
        return
    came = any(presence in (Presence.PRESENT, Presence.PARTLY) for presence in seen)
    if came and row.state != S.ATTENDED:
        locked.move(row, Event.ATTEND, S.ATTENDED)
    elif not came and row.state != S.NO_SHOW:
        locked.move(row, Event.MISS, S.NO_SHOW)


@transaction.atomic
def certify(registration: Registration, *, actor: Any = None) -> Certificate:
    """Give out the certificate of one person, once; a changed name or length makes a new digest under the same number.

    Raises RegistrationError for somebody who did not take part or has no name.
    """
    if registration.state != S.ATTENDED or not registration.name:
        raise RegistrationError("absent", _("Certificates are for people who took part."))
    minutes = sum(registration.attendances.values_list("minutes", flat=True))
    found = Certificate.objects.filter(registration=registration).first()
    if found is None:
        number = _free_number(registration.run)
        found = Certificate(registration=registration, run=registration.run, number=number)
        audit.note("certified", subject=("trainings.registration", registration.pk), actor=actor)
    found.minutes, found.digest = minutes, digest(registration.name, registration.run, minutes)
    found.save()
    return found


def _free_number(run: Run) -> str:
    """Return a number that names the run and cannot be guessed."""
    from django.utils.crypto import get_random_string

    return f"{run.number.upper()[:14]}-{get_random_string(8, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789')}"


def digest(name: str, run: Run, minutes: int) -> str:
    """Return what proves a certificate without storing the name: keyed, so that names cannot be tried out."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    text = f"{folded}\n{run.public_id}\n{minutes}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify(number: str, name: str) -> Certificate | None:
    """Return the certificate when number and name belong together and it was not revoked."""
    found = Certificate.objects.filter(number=number.strip().upper(), revoked_at__isnull=True).select_related("run")
    certificate = found.first()
    if certificate is None:
        return None
    expected = digest(name, certificate.run, certificate.minutes)
    return certificate if hmac.compare_digest(expected, certificate.digest) else None


@transaction.atomic
def share_contact(registration: Registration, *, is_shared: bool) -> None:
    """Put somebody on the list of contacts after the event or take them off; by themselves, at any time."""
    changed = Registration.objects.filter(pk=registration.pk, state=S.ATTENDED).exclude(share_contact=is_shared)
    if changed.update(share_contact=is_shared):
        audit.note("contact_shared", subject=("trainings.registration", registration.pk), shared=is_shared)


def runs_to_evaluate(now: dt.datetime) -> list[Run]:
    """Return runs that are over, with people who took part and have not been asked."""
    over = Run.objects.filter(ends_at__lt=now, ends_at__gt=now - INVITE_WITHIN, cancelled_at__isnull=True)
    asked = over.filter(registrations__state=S.ATTENDED, registrations__evaluation_token__isnull=True)
    return list(asked.distinct())


@transaction.atomic
def invite_to_evaluate(run: Run) -> int:
    """Ask everybody who took part; return how many."""
    rows = list(
        Registration.objects.filter(run=run, state=S.ATTENDED, evaluation_token__isnull=True)
        .select_related("booking")
        .order_by("pk")
    )
    EvaluationToken.objects.bulk_create(EvaluationToken(registration=row) for row in rows)
    notifications.evaluation(rows)
    return len(rows)


def evaluate(token: EvaluationToken, answers: dict[str, Any]) -> bool:
    """Store an anonymous answer once; return False when this right was used already.

    Only the day is kept, and nothing that leads back to the person.
    """
    try:
        with transaction.atomic():
            fresh = EvaluationToken.objects.filter(pk=token.pk, is_used=False).update(is_used=True)
            if not fresh:
                return False
            run = token.registration.run
            EvaluationResponse.objects.create(
                run=run, form=current_form(run), answers=answers, day=timezone.localdate()
            )
    except IntegrityError:
        return False
    return True


def write_stats(run: Run) -> RunStats:
    """Write the counts of a run; what is below three is put together as “other”.

    Emptied rows count on, and who never confirmed does not: so the numbers are the same before and after a purge.
    """
    rows = Registration.objects.filter(run=run).exclude(booking__confirmed_at=None).for_list()
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("state", "land", "size", "mode")}
    for row in rows:
        place = row.booking.municipality
        size = SizeClass.of(place.population) if place else None
        counts["state"][row.state] += 1
        counts["mode"][row.pool.mode] += 1
        counts["land"][place.state if place else "unknown"] += 1
        counts["size"][size.value if size else "unknown"] += 1
    kept = {name: _without_small(counter) if name != "state" else dict(counter) for name, counter in counts.items()}
    found, _is_new = RunStats.objects.update_or_create(run=run, defaults={"counts": kept, "written_at": timezone.now()})
    return found


def _without_small(counter: Counter[str]) -> dict[str, int]:
    kept = {code: count for code, count in counter.items() if count >= SMALLEST_COUNT}
    if rest := sum(counter.values()) - sum(kept.values()):
        kept["other"] = rest
    return kept
