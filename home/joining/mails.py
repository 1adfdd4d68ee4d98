"""What the mails about enquiries say; before the address is confirmed they repeat nothing that was typed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage, Priority
from cms.outbox.rendering import CONTROL, Verbatim, render_mail
from home.joining import links
from home.joining.answers import lines
from home.joining.models import Enquiry, EnquiryNote, Status
from home.joining.reminding import REMINDER
from home.joining.services import ANSWER, CONFIRM, COPY, NOTICE
from trainings.bulk_mail import marked


def register() -> None:
    """Make all kinds known to the outbox."""
    rows = (
        (CONFIRM, _("Confirm an enquiry"), render, is_new, Priority.CONFIRM),
        (COPY, _("Copy of an enquiry"), render, exists, Priority.NOTICE),
        (NOTICE, _("New enquiry, to the office"), render, exists, Priority.NOTICE),
        (REMINDER, _("Enquiry is due, to the office"), render, is_due, Priority.REMINDER),
        (ANSWER, _("Answer to an enquiry"), render_answer, has_note, Priority.NOTICE),
    )
    for name, label, render_one, still_true, priority in rows:
        kinds.register(kinds.Kind(name=name, label=label, render=render_one, still_true=still_true, priority=priority))


def _row(message: OutboxMessage) -> Enquiry | None:
    rows = Enquiry.objects.select_related("municipality", "page", "document")
    return rows.filter(pk=message.subject_id).first() if message.subject_id.isdecimal() else None


def exists(message: OutboxMessage) -> bool:
    """Say nothing about an enquiry that was deleted."""
    return _row(message) is not None


def is_new(message: OutboxMessage) -> bool:
    """Ask for no confirmation that was given."""
    row = _row(message)
    return row is not None and row.status == Status.NEW


def is_due(message: OutboxMessage) -> bool:
    """Remind of nothing that was answered or put off."""
    row = _row(message)
    return row is not None and row.is_waiting and row.due_on.isoformat() == message.payload["due_on"]


def has_note(message: OutboxMessage) -> bool:
    """Send no answer whose enquiry was erased."""
    return EnquiryNote.objects.filter(pk=message.payload.get("note")).exists()


def render(message: OutboxMessage) -> Mail:
    """Render a mail about an enquiry in the language that is active."""
    row = _row(message)
    assert row is not None
    name = message.kind.partition(".")[2]
    admin = f"{settings.SITE_URL}{reverse('enquiry', args=[row.pk])}"
    context: dict[str, Any] = {
        "name": row.name if name == "copy" else "",
        "kind": str(row.get_kind_display()),
        "due_on": row.due_on,
        "is_late": row.is_overdue,
        "confirm_url": Verbatim(links.confirm_url(row)),
        "admin_url": Verbatim(admin),
        "lines": lines(row) if name == "copy" else [],
    }
    return render_mail(f"joining/mail/{name}", context)


def render_answer(message: OutboxMessage) -> Mail:
    """Render what an editor answered."""
    note = EnquiryNote.objects.select_related("enquiry").get(pk=message.payload["note"])
    return answer_mail(note.subject, note.text, reply_to=message.payload.get("reply_to") or "")


def answer_mail(subject: str, text: str, *, reply_to: str) -> Mail:
    """Return an answer as its reader gets it: for sending and for the preview."""
    clean = CONTROL.sub("", text)
    context = {"mail_subject": subject, "plain": Verbatim(clean), "marked": Verbatim(marked(clean))}
    return render_mail("joining/mail/answer", context, reply_to=(reply_to,) if reply_to else (), is_automatic=False)
