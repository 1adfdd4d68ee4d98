"""What came back: one refusal for good, or three for now within 90 days, end an address."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from home.newsletter.models import BlockedAddress, Bounce, Delivery, Subscriber, SubscriberState
from home.newsletter.services import subscribing

SOFT_ONES = 3
WITHIN = dt.timedelta(days=90)
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
ADDRESS_IS_WRONG = ("550", "551", "553")
BAD_ADDRESS, MAILBOX_GONE = "5.1.", ("5.2.0", "5.2.1")


@transaction.atomic
def note_bounce(
    row: Subscriber, *, kind: str, source: str, status: str = "", delivery: Delivery | None = None, report_id: str = ""
) -> bool:
    """Note that a mail came back; return whether the address is given up by that. The same report counts once."""
    row = Subscriber.objects.select_for_update().get(pk=row.pk)
    if report_id and Bounce.objects.filter(report_id=report_id).exists():
        return False
    try:
        with transaction.atomic():
            Bounce.objects.create(
                subscriber=row, delivery=delivery, kind=kind, source=source, status=status[:20], report_id=report_id
            )
    except IntegrityError:
        return False  # another process has read the same report
    if row.state != SubscriberState.ACTIVE or not _is_given_up(row):
        return False
    subscribing.end(row, SubscriberState.BOUNCED, reason=BlockedAddress.Reason.BOUNCED)
    subscribing.note(row, "bounced", source=source)
    return True


def _is_given_up(row: Subscriber) -> bool:
    recent = row.bounces.filter(at__gte=timezone.now() - WITHIN)
    return recent.filter(kind=Bounce.Kind.HARD).exists() or recent.filter(kind=Bounce.Kind.SOFT).count() >= SOFT_ONES


def is_hard(status: str) -> bool:
    """Return whether a status says that the address itself is wrong; a full mailbox or a filter is not for good."""
    return status.startswith(BAD_ADDRESS) or status in MAILBOX_GONE


def note_refusal(message: OutboxMessage) -> None:
    """Note what the mail server said when the outbox gave a message up."""
    delivery = Delivery.objects.select_related("subscriber").filter(message=message.pk).first()
    if delivery is None or delivery.subscriber is None:
        return
    said = OutboxMessage.objects.filter(pk=message.pk).values_list("last_error", flat=True).first() or ""
    found = ENHANCED.search(said)
    status = found[1] if found else said[:3]
    hard = is_hard(status) if found else status in ADDRESS_IS_WRONG
    note_bounce(
        delivery.subscriber,
        kind=Bounce.Kind.HARD if hard else Bounce.Kind.SOFT,
        source="smtp",
        status=status,
        delivery=delivery,
    )


@transaction.atomic
def block_by_hand(row: Subscriber, *, actor: Any) -> None:
    """Let an address get nothing any more, whoever signs it up. Safe to call twice."""
    from cms.privacy import audit

    row = Subscriber.objects.select_for_update().get(pk=row.pk)
    if row.state != SubscriberState.BLOCKED:
        subscribing.end(row, SubscriberState.BLOCKED, reason=BlockedAddress.Reason.BY_HAND)
        BlockedAddress.objects.filter(digest=subscribing.address_digest(row.email)).update(
            reason=BlockedAddress.Reason.BY_HAND
        )
        subscribing.note(row, "blocked", source="admin")
        audit.note("reader_blocked", subject=(subscribing.SUBJECT, row.pk), actor=actor)
