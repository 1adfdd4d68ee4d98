"""From a rendered mail to what the mail server gets: headers, Message-ID, both texts."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from cms.outbox.kinds import Kind, Mail
from cms.outbox.models import OutboxMessage

LONGEST_SUBJECT = 200


class Connection(Protocol):
    """What the pump asks of Django's mail backends."""

    def open(self) -> bool | None:
        """Connect; errors are raised."""

    def close(self) -> None:
        """Say goodbye."""

    def send_messages(self, email_messages: Any) -> int | None:
        """Hand over; refusals are raised."""


def render(kind: Kind, message: OutboxMessage) -> Mail:
    """Render a message in its own language, whatever language is active."""
    with translation.override(message.locale):
        return kind.render(message)


def compose(message: OutboxMessage, rendered: Mail, connection: Connection) -> EmailMultiAlternatives:
    """Return the mail as Django sends it; marked as automatic (RFC 3834) so that nobody's absence note comes back."""
    headers = {
        "Message-ID": message_id(message.dedupe_key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": message.locale,
        **rendered.headers,
    }
    if rendered.return_path:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    composed = EmailMultiAlternatives(
        subject=one_line(rendered.subject)[:LONGEST_SUBJECT],
        body=rendered.text,
        from_email=rendered.return_path or settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        reply_to=[one_line(address) for address in rendered.reply_to],
        headers=headers,
        connection=connection,
    )
    if rendered.html:
        composed.attach_alternative(rendered.html, "text/html")
    for attachment in rendered.attachments:
        composed.attach(attachment.name, attachment.content, attachment.content_type)
    return composed


def message_id(dedupe_key: str) -> str:
    """Return the same id for the same message, so that a duplicate is recognised as one."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]}@{host}>"


def one_line(text: str) -> str:
    """Return text that cannot begin another header."""
    return " ".join(text.split())
