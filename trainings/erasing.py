"""Emptying what registration knows of a person: states and counts stay, nothing else does."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from cms.outbox.models import MessageState, OutboxMessage
from cms.privacy.models import ConsentRecord
from trainings.models import Booking, Interest, Registration, normalised_email
from trainings.registration_states import UNVERIFIED
from trainings.services import changing
from trainings.services.closing import write_stats
from trainings.services.locking import retrying

BOOKING = "trainings.booking"
EMPTY_MESSAGE = {"to": "", "subject": "", "body": "", "payload": {}, "last_error": ""}
OPEN = (MessageState.QUEUED, MessageState.SENDING)


def rows_of(email: str) -> list[Registration]:
    """Return the seats of one person, and of a coordinator the seats that are nobody else's."""
    wanted = normalised_email(email)
    coordinated = Q(booking__email_norm=wanted, email_norm="")
    rows = Registration.objects.filter(Q(email_norm=wanted) | coordinated).for_list().order_by("run_id", "pk")
    return [row for row in rows if row.email_norm or _is_the_coordinator_s(row)]


def _is_the_coordinator_s(row: Registration) -> bool:
    """Return whether a seat without address has no name yet, or the coordinator's own; a named colleague keeps it."""
    names = [" ".join(name.casefold().split()) for name in (row.name, row.booking.name)]
    return not names[0] or names[0] == names[1]


def erase(email: str) -> int:
    """Erase one person: give back seats that are still to come, empty all rows, delete interest."""
    wanted = normalised_email(email)
    bookings = list(Booking.objects.filter(email_norm=wanted))
    nobody_can_confirm = Registration.objects.filter(booking__in=bookings, state__in=UNVERIFIED).for_list()
    rows = {row.pk: row for row in (*rows_of(email), *nobody_can_confirm)}
    count = erase_rows(list(rows.values()))
    for booking in bookings:
        count += _erase_booking(booking)
    interests = Interest.objects.filter(email_norm=wanted)
    gone = [str(pk) for pk in interests.values_list("pk", flat=True)]
    ConsentRecord.objects.filter(subject_kind="trainings.interest", subject_id__in=gone).delete()
    return count + interests.delete()[0]


@retrying
def erase_rows(rows: list[Registration], booking: Booking | None = None) -> int:
    """Give back seats that are still to come and empty the rows; with the booking, what its coordinator gave too.

    Runs are locked in one order, so that two erasures never wait for each other.
    """
    with transaction.atomic():
        for row in sorted(rows, key=lambda row: (row.run_id, row.pk)):
            if row.is_active and not row.has_ended:
                changing.cancel([row], erases=True)
        count = anonymise(rows)
        return count + (_erase_booking(booking) if booking else 0)


@transaction.atomic
def anonymise(rows: list[Registration]) -> int:
    """Empty registrations: state and counts stay, everything about the person goes. Statistics are written before."""
    for run in {row.run for row in rows}:
        write_stats(run)
    for row in rows:
        for of_the_person in (row.answers, row.sensitive_answers, row.reviews, row.attendances):
            of_the_person.all().delete()
    ids = [row.pk for row in rows]
    _forget_mail(rows)
    Registration.objects.filter(pk__in=ids).update(
        name="", email="", email_norm="", function="", note="", reason="", share_contact=False,
        token_version=F("token_version") + 1, anonymised_at=timezone.now(),
    )  # fmt: skip
    _anonymise_bookings(Booking.objects.filter(registrations__in=ids).distinct())
    return len(ids)


def _anonymise_bookings(bookings: Any) -> None:
    """Empty the bookings all of whose seats are empty."""
    done = [one.pk for one in bookings if not one.registrations.filter(anonymised_at__isnull=True).exists()]
    rows = Booking.objects.filter(pk__in=done, anonymised_at__isnull=True)
    forget_bookings(rows)
    rows.update(
        name="", email="", email_norm="", phone="", organisation="", municipality_text="", invoice_address="",
        invoice_reference="", token_version=F("token_version") + 1, anonymised_at=timezone.now(),
    )  # fmt: skip


def _erase_booking(booking: Booking) -> int:
    """Empty what a coordinator gave; colleagues keep their seats and their own links."""
    _empty(_mail_of([booking.pk]).annotate(address=Lower("to")).filter(address=booking.email.lower()))
    changed: int = Booking.objects.filter(pk=booking.pk).update(
        name="",
        email="",
        email_norm="",
        phone="",
        invoice_address="",
        invoice_reference="",
        token_version=F("token_version") + 1,
    )
    return changed


def _forget_mail(rows: list[Registration]) -> None:
    """Empty the mails to these people, and the texts of their bookings' other mails: a coordinator's lists all names."""
    for row in rows:
        mail = _mail_of([row.booking_id])
        if row.email:
            _empty(mail.annotate(address=Lower("to")).filter(address=row.email.lower()))
        mail.exclude(state__in=OPEN).update(subject="", body="")


def forget_bookings(bookings: Any) -> None:
    """Empty all mails about bookings and drop their consents: nobody is left whom they concern."""
    ids = list(bookings.values_list("pk", flat=True))
    _empty(_mail_of(ids))
    ConsentRecord.objects.filter(subject_kind=BOOKING, subject_id__in=[str(pk) for pk in ids]).delete()


def _mail_of(booking_ids: list[int]) -> Any:
    return OutboxMessage.objects.filter(subject_kind=BOOKING, subject_id__in=[str(pk) for pk in booking_ids])


def _empty(messages: Any) -> None:
    """Take back what still waits and empty the rows; a pump that holds one of them does not send it any more."""
    ids = list(messages.values_list("pk", flat=True))
    rows = OutboxMessage.objects.filter(pk__in=ids)
    rows.filter(state__in=OPEN).update(state=MessageState.SUPERSEDED, claim_token=None, lease_until=None)
    rows.update(**EMPTY_MESSAGE)
