"""What enquiries keep of people, for how long, and how one person is found, handed out and erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.privacy import registry
from home.joining.answers import lines
from home.joining.models import COUNT_AT_ONCE, Enquiry, Status
from home.joining.services import forget_all


def connect() -> None:
    """Register retention, export and erasure."""
    rules = (
        ("enquiries_unconfirmed", 14, purge_unconfirmed, _("Enquiries that nobody confirmed")),
        ("enquiries", 365, purge_answered, _("Answered enquiries with their notes")),
        ("enquiries_open", 730, purge_forgotten, _("Enquiries that nobody answered")),
    )
    for key, days, purge, label in rules:
        registry.register_rule(registry.RetentionRule(key=key, label=label, days=days, purge=purge))
    registry.register_holder(registry.DataHolder(key="joining", label=_("Enquiries"), export=export, erase=erase))


def _purge(due: Q, *, dry_run: bool) -> int:
    keys = list(Enquiry.objects.filter(due).values_list("pk", flat=True))
    return len(keys) if dry_run else forget_all(keys, system=True)


def purge_unconfirmed(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete what was never confirmed: the person may not even know of it."""
    due = Q(status=Status.NEW, created_at__lt=before) & ~Q(kind__in=COUNT_AT_ONCE)
    return _purge(due, dry_run=dry_run)


def purge_answered(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete what is done, counted from the last change."""
    return _purge(Q(status__in=(Status.ANSWERED, Status.CLOSED), changed_at__lt=before), dry_run=dry_run)


def purge_forgotten(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete what nobody touched any more, whatever its status says."""
    return _purge(Q(changed_at__lt=before), dry_run=dry_run)


def export(email: str) -> list[dict[str, Any]]:
    """Return the enquiries of an address with everything written about them."""
    rows = Enquiry.objects.of_address(email).select_related("municipality", "page", "document")
    return [
        {
            "kind": "enquiry",
            "what": str(row.get_kind_display()),
            "status": str(row.get_status_display()),
            "sent": row.created_at,
            "confirmed": row.confirmed_at,
            "answers": dict(lines(row)),
            "notes": [{"at": note.at, "subject": note.subject, "text": note.text} for note in row.notes.all()],
        }
        for row in rows.prefetch_related("notes").order_by("pk")
    ]


def erase(email: str) -> int:
    """Delete all enquiries of an address; that it wants no mail to members stays known by its digest."""
    return forget_all(list(Enquiry.objects.of_address(email).values_list("pk", flat=True)))
