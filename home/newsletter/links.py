"""Signed links to a reader's row: nothing secret is stored. Which link does what is told by its own salt.

The link to unsubscribe never ends: it stands in the header of mails that lie in mailboxes for years.
"""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from home.newsletter.models import Subscriber, address_digest

VALID_FOR = 7 * 24 * 60 * 60
CONFIRM, MOVE, MANAGE, LEAVE = (f"newsletter.{name}" for name in ("confirm", "move", "manage", "leave"))
ISSUES, ALERTS = "i", "a"


def _name(row: Subscriber) -> str:
    return base64.urlsafe_b64encode(row.public_id.bytes).rstrip(b"=").decode()


def _row(name: str) -> Subscriber | None:
    try:
        public_id = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{name}=="))
    except ValueError:
        return None
    return Subscriber.objects.filter(public_id=public_id).first()


def _unsign(text: str, salt: str, *, parts: int, max_age: int | None = None) -> list[str]:
    """Return what a link says; empty for a forged, cut or expired one."""
    try:
        signer = signing.TimestampSigner(salt=salt, sep="~")
        found = signer.unsign(text, max_age=max_age).split(".")
    except signing.BadSignature:
        return []
    return found if len(found) == parts else []


def _sign(salt: str, *parts: object) -> str:
    return signing.TimestampSigner(salt=salt, sep="~").sign(".".join(str(part) for part in parts))


def confirm_token(row: Subscriber) -> str:
    """Return what confirms a sign-up, once and within seven days."""
    return _sign(CONFIRM, _name(row), row.confirm_version)


def find_to_confirm(text: str) -> tuple[Subscriber | None, bool]:
    """Return the row behind a confirmation link, and whether the link is still unused."""
    parts = _unsign(text, CONFIRM, parts=2, max_age=VALID_FOR)
    row = _row(parts[0]) if parts else None
    return row, bool(row and str(row.confirm_version) == parts[1])


def move_token(row: Subscriber) -> str:
    """Return what confirms a new address: bound to this very address."""
    return _sign(MOVE, _name(row), row.confirm_version, address_digest(row.new_email)[:16])


def find_to_move(text: str) -> Subscriber | None:
    """Return the row whose new address a link confirms; None when another one was asked for since."""
    parts = _unsign(text, MOVE, parts=3, max_age=VALID_FOR)
    row = _row(parts[0]) if parts else None
    if row is None or not row.new_email or str(row.confirm_version) != parts[1]:
        return None
    return row if address_digest(row.new_email)[:16] == parts[2] else None


def manage_token(row: Subscriber) -> str:
    """Return what leads to the preferences."""
    return _sign(MANAGE, _name(row), row.links_version)


def find_to_manage(text: str) -> Subscriber | None:
    """Return the row whose preferences a link opens; None for a forged or older one."""
    parts = _unsign(text, MANAGE, parts=2)
    row = _row(parts[0]) if parts else None
    return row if row and str(row.links_version) == parts[1] else None


def leave_token(row: Subscriber, *, what: str = ISSUES, delivery: int = 0) -> str:
    """Return what unsubscribes from the issues or the alerts; `delivery` tells which mail it stood in."""
    return _sign(LEAVE, _name(row), what, delivery)


def find_to_leave(text: str) -> tuple[Subscriber | None, str, int]:
    """Return the row, the list, and the delivery behind a link to unsubscribe."""
    parts = _unsign(text, LEAVE, parts=3)
    row = _row(parts[0]) if parts else None
    return (row, parts[1], int(parts[2])) if row else (None, "", 0)


def url(name: str, *args: str, language: str) -> str:
    """Return a whole address in a language, for mails."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"
