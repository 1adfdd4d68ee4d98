"""Mail that an organiser writes to participants: one message a person, through the outbox."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage, Priority
from cms.outbox.rendering import CONTROL, Verbatim, escape_markdown, render_mail
from trainings import links
from trainings.models import Registration, Run
from trainings.offer_pages import page_of

KIND = "registration.bulk"
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def register() -> None:
    """Make the kind known to the outbox."""
    kinds.register(
        kinds.Kind(
            name=KIND,
            label=_("Mail of the organiser"),
            render=render,
            still_true=still_true,
            priority=Priority.BULK,
            after_lost_lease="hold",
        )
    )


def still_true(message: OutboxMessage) -> bool:
    """Ask right before sending: not to somebody whose status is another one by now, or who was erased."""
    if message.payload.get("test"):
        return True
    row = _row(message)
    return row is not None and row.anonymised_at is None and row.state == message.payload["state"]


def _row(message: OutboxMessage) -> Registration | None:
    return Registration.objects.for_list().filter(pk=message.payload.get("registration")).first()


def render(message: OutboxMessage) -> Mail:
    """Render what the organiser wrote, with greeting, the name of the run and the link to the own seat."""
    run = Run.objects.select_related("offer").get(pk=message.payload["run"])
    row, page = _row(message), page_of(run)
    text = CONTROL.sub("", message.payload["text"])
    context: dict[str, Any] = {
        "mail_subject": message.payload["subject"],
        "name": row.contact_name if row else "",
        "plain": Verbatim(text),
        "marked": Verbatim(marked(text)),
        "title": page.title if page else run.offer.title,
        "number": run.number,
        "manage_url": _manage_url(row, message.locale),
        "is_test": bool(message.payload.get("test")),
    }
    reply_to = message.payload.get("reply_to")
    return render_mail("trainings/mail/bulk", context, reply_to=(reply_to,) if reply_to else ())


def _manage_url(row: Registration | None, language: str) -> str:
    if row is None:
        return ""
    return Verbatim(links.manage_url(row if row.email else row.booking, language=language))


def marked(text: str) -> str:
    """Return typed text as Markdown that shows it as it is: line breaks stay, addresses become links."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "\n\n".join("\\\n".join(_line(line.strip()) for line in part.split("\n")) for part in paragraphs)


def _line(line: str) -> str:
    parts, last = [], 0
    for found in ADDRESS.finditer(line):
        parts += [escape_markdown(line[last : found.start()]), f"<{found.group()}>"]
        last = found.end()
    return "".join([*parts, escape_markdown(line[last:])])
