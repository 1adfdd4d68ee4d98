"""What registration keeps of people, for how long, and how one person is found, handed out and erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.privacy import registry
from trainings.erasing import anonymise, erase, forget_bookings, rows_of
from trainings.models import Answer, Booking, Interest, Registration, Run, SensitiveAnswer, normalised_email
from trainings.registration_states import RegistrationState

S = RegistrationState
NEVER_CAME = (
    S.WITHDRAWN,
    S.CANCELLED,
    S.REMOVED,
    S.REJECTED,
    S.RUN_CANCELLED,
    S.LAPSED,
    S.WAITING,
    S.APPLIED,
    S.OFFERED_OPEN,
)
CAME = (S.CONFIRMED, S.ATTENDED, S.NO_SHOW, S.OFFERED)


def connect() -> None:
    """Register retention, export and erasure."""
    rules = (
        ("registrations_unconfirmed", 2, purge_unconfirmed, _("Registrations that nobody confirmed")),
        ("registrations_ended", 90, purge_ended, _("Rejected and withdrawn registrations")),
        ("registrations", 365, purge_finished, _("Registrations, attendance and certificates")),
        ("sensitive_answers", 14, purge_sensitive, _("Answers about health and documents")),
        ("interest", 730, purge_interest, _("Interest in the next date")),
    )
    for key, days, purge, label in rules:
        registry.register_rule(registry.RetentionRule(key=key, label=label, days=days, purge=purge))
    registry.register_holder(registry.DataHolder(key="trainings", label=_("Registrations"), export=export, erase=erase))


def purge_unconfirmed(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete what was never confirmed: the person may not even know of it. Counted from the end of the hold."""
    due = Registration.objects.filter(state=S.EXPIRED, state_changed_at__lt=before)
    count = due.count()
    if not dry_run and count:
        bookings = set(due.values_list("booking_id", flat=True))
        due.delete()
        gone = Booking.objects.filter(pk__in=bookings, registrations__isnull=True)
        forget_bookings(gone)
        gone.delete()
    return count


def _ended_before(before: dt.datetime) -> Q:
    """Runs that ended before a moment; without dates, registrations whose last change was before it."""
    return Q(run__ends_at__lt=before) | Q(run__ends_at__isnull=True, state_changed_at__lt=before)


def purge_ended(before: dt.datetime, *, dry_run: bool) -> int:
    """Empty registrations that came to nothing."""
    due = Registration.objects.filter(_ended_before(before), state__in=NEVER_CAME, anonymised_at__isnull=True)
    return due.count() if dry_run else anonymise(list(due))


def purge_finished(before: dt.datetime, *, dry_run: bool) -> int:
    """Empty registrations of people who came; a run whose funder asks for proof longer keeps them longer."""
    due = Registration.objects.filter(_ended_before(before), state__in=CAME, anonymised_at__isnull=True)
    rule_days = (timezone.now() - before).days
    rows = [row for row in due.select_related("run") if _is_over_own_time(row.run, rule_days)]
    return len(rows) if dry_run else anonymise(rows)


def _is_over_own_time(run: Run, days: int) -> bool:
    own = run.retention_days
    if own is None or own <= days or run.ends_at is None:
        return True
    return run.ends_at + dt.timedelta(days=own) < timezone.now()


def purge_sensitive(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete answers about health and documents, at the latest after the rule's days, earlier where the question says so."""
    rule_days = max(0, (timezone.now() - before).days)
    answers = SensitiveAnswer.objects.filter(registration__run__ends_at__lt=timezone.now()).select_related(
        "question", "registration__run"
    )
    due = [answer.pk for answer in answers if _is_over_days(answer, rule_days)]
    if not dry_run:
        SensitiveAnswer.objects.filter(pk__in=due).delete()
    return len(due)


def _is_over_days(answer: SensitiveAnswer, rule_days: int) -> bool:
    ends_at = answer.registration.run.ends_at
    days = min(rule_days, answer.question.retention_days)
    return ends_at is not None and ends_at + dt.timedelta(days=days) < timezone.now()


def purge_interest(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete interest that is old, and such that nobody confirmed within two days."""
    unconfirmed = Q(confirmed_at__isnull=True, created_at__lt=timezone.now() - dt.timedelta(days=2))
    due = Interest.objects.filter(Q(created_at__lt=before) | unconfirmed)
    count = due.count()
    if not dry_run:
        due.delete()
    return count


def export(email: str) -> list[dict[str, Any]]:
    """Return bookings, registrations with answers and interest of one person."""
    wanted = normalised_email(email)
    found: list[dict[str, Any]] = [describe(row) for row in rows_of(email)]
    bookings = Booking.objects.filter(email_norm=wanted).select_related("run", "municipality")
    found += [describe_booking(booking) for booking in bookings]
    found += [
        {"kind": "interest", "offer": row.offer.title, "email": row.email, "since": row.created_at}
        for row in Interest.objects.filter(email_norm=wanted).select_related("offer")
    ]
    return found


def describe_booking(booking: Booking) -> dict[str, Any]:
    """Return what a coordinator gave for all seats of a booking."""
    return {
        "kind": "booking",
        "run": booking.run.number,
        "name": booking.name,
        "email": booking.email,
        "phone": booking.phone,
        "organisation": booking.organisation,
        "municipality": booking.place,
        "invoice_address": booking.invoice_address,
        "invoice_reference": booking.invoice_reference,
        "sent": booking.created_at,
    }


def describe(row: Registration) -> dict[str, Any]:
    """Return everything about one seat that belongs to the person, for the page “my data” and the export."""
    answers: list[Answer | SensitiveAnswer] = [
        *row.answers.select_related("question"),
        *row.sensitive_answers.select_related("question"),
    ]
    return {
        "kind": "registration",
        "run": row.run.number,
        "name": row.name,
        "email": row.email,
        "function": row.function,
        "status": str(row.get_state_display()),
        "municipality": row.booking.place,
        "registered": row.created_at,
        "contact_shared": row.share_contact,
        "answers": {answer.question.label: answer.question.in_words(answer.value) for answer in answers},
        "attendance": {str(one.session): str(one.get_presence_display()) for one in row.attendances.all()},
    }
