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
Row = TypeVar("Row", Booking, Registration)


def token(row: Booking | Registration) -> str:
    """Return what stands in the address: kind, public id and version, signed."""
    kind = "b" if isinstance(row, Booking) else "r"
    public = base64.urlsafe_b64encode(row.public_id.bytes).rstrip(b"=").decode()
    return signing.Signer(salt=SALT, sep="~").sign(f"{kind}{public}.{row.token_version}")


def find(text: str) -> Booking | Registration | None:
    """Return the row behind a token; None for a forged, older or unknown one, without telling which."""
    try:
        value = signing.Signer(salt=SALT, sep="~").unsign(text)
        public, version = value[1:].split(".")
        public_id = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{public}=="))
    except (signing.BadSignature, ValueError):
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
