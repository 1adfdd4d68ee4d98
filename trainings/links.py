"""Signed links to a booking or a seat: nothing secret is stored, and a higher version ends all older links."""

from __future__ import annotations

import base64
import uuid
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from trainings.models import Booking, Registration

SALT = "trainings.link"
SALT_OF_ALL = "trainings.all"
ALL_VALID_FOR = 24 * 60 * 60
Row = TypeVar("Row", Booking, Registration)


def _name(row: Booking | Registration) -> str:
    kind = "b" if isinstance(row, Booking) else "r"
    public = base64.urlsafe_b64encode(row.public_id.bytes).rstrip(b"=").decode()
    return f"{kind}{public}.{row.token_version}"


def token(row: Booking | Registration) -> str:
    """Return what stands in the address: kind, public id and version, signed."""
    return signing.Signer(salt=SALT, sep="~").sign(_name(row))


def find(text: str) -> Booking | Registration | None:
    """Return the row behind a token; None for a forged, older or unknown one, without telling which."""
    try:
        return _row(signing.Signer(salt=SALT, sep="~").unsign(text))
    except signing.BadSignature:
        return None


def token_of_all(row: Booking | Registration) -> str:
    """Return what leads to everything of the address behind a row, for a day; the address itself is not in it."""
    return signing.TimestampSigner(salt=SALT_OF_ALL, sep="~").sign(_name(row))


def find_all(text: str) -> str | None:
    """Return the address behind such a token; None for a forged, older or unknown one."""
    try:
        row = _row(signing.TimestampSigner(salt=SALT_OF_ALL, sep="~").unsign(text, max_age=ALL_VALID_FOR))
    except signing.BadSignature:
        return None
    return row.email_norm or None if row else None


def _row(value: str) -> Booking | Registration | None:
    try:
        public, version = value[1:].split(".")
        public_id = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{public}=="))
    except ValueError:
        return None
    model = Booking if value[0] == "b" else Registration
    rows = model.objects.filter(public_id=public_id, token_version=int(version), anonymised_at__isnull=True)
    return rows.select_related("run", "run__offer").first()


def url(name: str, *args: str, language: str) -> str:
    """Return a whole address in a language, for mails."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"


def manage_url(row: Booking | Registration, *, language: str) -> str:
    """Return the address of the manage page."""
    return url("manage", token(row), language=language)
