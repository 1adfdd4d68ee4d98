"""Where the deliveries of a mailing stand. The numbers always add up: each delivery is counted once, by its message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Q, Value, When

from cms.outbox.models import MessageState
from home.newsletter.models import Delivery

SENT, FAILED, DEFERRED, UNKNOWN, PENDING, SKIPPED = "sent", "failed", "deferred", "unknown", "pending", "skipped"
STANDS = Case(
    When(message__state=MessageState.SENT, then=Value(SENT)),
    When(message__state=MessageState.FAILED, then=Value(FAILED)),
    When(message__state=MessageState.HELD, then=Value(UNKNOWN)),
    When(Q(message__state=MessageState.SUPERSEDED) | ~Q(skipped=""), then=Value(SKIPPED)),
    When(message__state=MessageState.QUEUED, message__attempts__gt=0, then=Value(DEFERRED)),
    default=Value(PENDING),
    output_field=CharField(),
)


@dataclass(frozen=True)
class Counts:
    """How many deliveries stand where."""

    sent: int = 0
    failed: int = 0
    deferred: int = 0
    unknown: int = 0
    pending: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """Return all of them."""
        return self.sent + self.failed + self.deferred + self.unknown + self.pending + self.skipped

    @property
    def open(self) -> int:
        """Return those that will still change by themselves."""
        return self.pending + self.deferred


def counts_of(mailing_ids: Iterable[int]) -> dict[int, Counts]:
    """Return the counts of some mailings, in one query."""
    ids = list(mailing_ids)
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    rows = Delivery.objects.filter(mailing__in=ids).annotate(stands=STANDS).order_by()
    for pk, stands, count in rows.values_list("mailing", "stands").annotate(count=Count("pk")):
        found[pk][stands] = count
    return {pk: Counts(**numbers) for pk, numbers in found.items()}


def counts(mailing: Any) -> Counts:
    """Return the counts of one mailing."""
    return counts_of([mailing.pk])[mailing.pk]
