"""Reads one mail of the bounce mailbox: a report of failure, a wish to unsubscribe, or something that does not matter."""

from __future__ import annotations

import email.utils
import hashlib
import re
from dataclasses import dataclass
from email.message import Message
from typing import Any

from django.conf import settings

from cms.outbox.transport import message_id
from home.newsletter.letters import DELIVERY_HEADER
from home.newsletter.models import Bounce, Delivery, Subscriber, normalised
from home.newsletter.services.bounces import ENHANCED, is_hard

UNSUBSCRIBE = re.compile(r"^\s*unsubscribe\s+(\S+~\S+)\s*$", re.IGNORECASE)
NUMBER = re.compile(r"^\d{1,18}$")


@dataclass(frozen=True)
class Report:
    """What one mail says. `action` is `bounce`, `unsubscribe`, or why it is left alone."""

    action: str
    subscriber: Subscriber | None = None
    delivery: Delivery | None = None
    kind: str = ""
    status: str = ""
    token: str = ""
    report_id: str = ""


def read(mail: Message) -> Report:
    """Return what a mail says. Automatic answers, delays and mail of people change nothing."""
    if found := UNSUBSCRIBE.match(str(mail.get("Subject", ""))):
        return Report("unsubscribe", token=found[1])
    if mail.get_content_type() != "multipart/report" or mail.get_param("report-type") != "delivery-status":
        is_automatic = str(mail.get("Auto-Submitted", "no")).lower().startswith("auto-replied")
        return Report("automatic answer" if is_automatic or mail.get("X-Autoreply") else "no report")
    fields = _recipient_fields(mail)
    if fields.get("action", "").lower() != "failed":
        return Report("not failed")
    recipient = _address(fields.get("original-recipient") or fields.get("final-recipient", ""))
    delivery = _delivery(mail, recipient)
    subscriber = delivery.subscriber if delivery else None
    if subscriber is None:
        return Report("unknown")
    status = _status(fields)
    kind = Bounce.Kind.HARD if is_hard(status) else Bounce.Kind.SOFT
    return Report("bounce", subscriber, delivery, kind, status, report_id=_fingerprint(mail))


def _recipient_fields(mail: Message) -> dict[str, str]:
    """Return the fields about the first recipient of a report (RFC 3464)."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message) and block.get("Action"):
                    return {name.lower(): " ".join(str(value).split()) for name, value in block.items()}
    return {}


def _address(field: str) -> str:
    """Return the address of a field like `rfc822; ada@example.org`."""
    return normalised(email.utils.parseaddr(field.rpartition(";")[2].strip())[1])


def _status(fields: dict[str, str]) -> str:
    """Return the status; where the field only says 5.0.0, the words of the other server may say more."""
    said = ENHANCED.search(fields.get("diagnostic-code", ""))
    status = fields.get("status", "")
    return said[1] if said and status in ("", "5.0.0", "4.0.0") else status[:20]


def _delivery(mail: Message, recipient: str) -> Delivery | None:
    """Return the delivery a report is about: by the address it came to, by our header, by the identity of the mail."""
    original = _original_headers(mail)
    wanted = _number_in_address(mail) or str(original.get(DELIVERY_HEADER, "")).strip()
    rows = Delivery.objects.select_related("subscriber", "mailing").filter(subscriber__isnull=False)
    if NUMBER.match(wanted) and (found := rows.filter(pk=wanted).first()):
        return found
    mail_id = str(original.get("Message-ID", "")).strip()
    for found in rows.filter(subscriber__email_norm=recipient).order_by("-pk")[:50]:
        if mail_id and message_id(f"infobrief:{found.mailing_id}:{found.pk}") == mail_id:
            return found
    return None


def _number_in_address(mail: Message) -> str:
    name, _at, host = settings.BOUNCE_ADDRESS.partition("@")
    if not name:
        return ""
    pattern = re.compile(rf"{re.escape(name)}\+(\d{{1,18}})@{re.escape(host)}", re.IGNORECASE)
    for header in ("To", "Delivered-To", "X-Original-To"):
        if found := pattern.search(str(mail.get(header, ""))):
            return found[1]
    return ""


def _original_headers(mail: Message) -> Any:
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            payload: Any = part.get_payload()
            if isinstance(payload, list) and payload:
                return payload[0]
            if isinstance(payload, str):
                return email.message_from_string(payload)
    return {}


def _fingerprint(mail: Message) -> str:
    """Return an identity of the report, so that reading it twice counts once."""
    own = str(mail.get("Message-ID", "")) or mail.as_string()
    return hashlib.sha256(own.encode("utf-8", "replace")).hexdigest()
