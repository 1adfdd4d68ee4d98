"""Tells those who answer what is due: once before the day, once after it; a second run writes nothing twice."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from cms.models import SiteSettings
from cms.outbox import services as outbox
from home.joining.models import Enquiry, Kind

REMINDER = "enquiry.reminder"
BEFORE = {Kind.BARRIER: 7, Kind.FILE: 3}  # days; the law's month must not end by surprise
USUALLY_BEFORE = 1
SUBJECT = "joining.enquiry"


def office_address(row: Enquiry) -> str:
    """Return where a notice about an enquiry goes: to who answers it, else to the office."""
    if row.assignee and row.assignee.is_active and row.assignee.email:
        return str(row.assignee.email)
    return str(SiteSettings.load().contact_email)


def remind(today: dt.date | None = None) -> int:
    """Write the reminders that are due; return how many enquiries that concerned."""
    day = today or timezone.localdate()
    longest = max(BEFORE.values())
    rows = Enquiry.objects.waiting().filter(due_on__lte=day + dt.timedelta(days=longest)).select_related("assignee")
    due = [row for row in rows if row.due_on <= day + dt.timedelta(days=BEFORE.get(Kind(row.kind), USUALLY_BEFORE))]
    for row in due:
        _write(row, "late" if row.due_on < day else "soon")
    return len(due)


def _write(row: Enquiry, stage: str) -> None:
    if address := office_address(row):
        outbox.enqueue(
            REMINDER,
            to=address,
            locale="de",
            dedupe_key=f"{REMINDER}:{row.pk}:{row.due_on}:{stage}",
            subject=(SUBJECT, row.pk),
            payload={"due_on": row.due_on.isoformat()},
        )
