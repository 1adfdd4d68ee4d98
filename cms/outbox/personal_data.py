"""What the outbox keeps of people, and for how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.outbox.models import MessageState, OutboxMessage
from cms.privacy import registry

OPEN = (MessageState.QUEUED, MessageState.SENDING)


def connect() -> None:
    """Register retention, search, export and erasure."""
    registry.register_rule(
        registry.RetentionRule(key="outbox_bodies", days=30, purge=purge, label=_("Texts of sent mails"))
    )
    registry.register_holder(registry.DataHolder(key="outbox", label=_("Mails"), export=export, erase=erase))


def purge(before: dt.datetime, *, dry_run: bool) -> int:
    """Empty address and text of closed messages that were written before a moment; the counts stay."""
    due = OutboxMessage.objects.filter(created_at__lt=before).exclude(state__in=OPEN).exclude(to="", body="")
    if dry_run:
        return due.count()
    return due.update(to="", subject="", body="", payload={}, last_error="")


def export(email: str) -> list[dict[str, Any]]:
    """Return the mails to an address."""
    rows = OutboxMessage.objects.sent_to(email).order_by("pk")
    return [
        {"kind": row.kind, "written": row.created_at, "state": row.state, "subject": row.subject, "text": row.body}
        for row in rows
    ]


def erase(email: str) -> int:
    """Take back what waits and empty what was sent to an address."""
    rows = OutboxMessage.objects.sent_to(email)
    rows.filter(state__in=OPEN).update(state=MessageState.SUPERSEDED, claim_token=None, lease_until=None)
    return rows.update(to="", subject="", body="", payload={}, last_error="")
