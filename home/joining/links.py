"""Signed links to an enquiry and to the end of mail to members: no address and nothing secret is in them."""

from __future__ import annotations

import uuid

from django.core import signing

from home.joining.models import Enquiry
from trainings.links import url

SALT = "joining.enquiry"
SALT_OF_REFUSAL = "joining.refusal"


def _signer(salt: str) -> signing.Signer:
    return signing.Signer(salt=salt, sep="~")


def confirm_url(row: Enquiry) -> str:
    """Return the address of the page that confirms an enquiry."""
    return url("enquiry_confirm", _signer(SALT).sign(row.public_id.hex), language=row.locale)


def find(token: str) -> Enquiry | None:
    """Return the enquiry behind a token; None for a forged one or one that is gone."""
    try:
        key = uuid.UUID(_signer(SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Enquiry.objects.filter(public_id=key).select_related("municipality", "page", "document").first()


def refusal_url(digest: str, *, language: str) -> str:
    """Return the address at which an addressee ends mail to members."""
    return url("letters_end", _signer(SALT_OF_REFUSAL).sign(digest), language=language)


def find_digest(token: str) -> str | None:
    """Return the digest in a token; None for a forged one."""
    try:
        return _signer(SALT_OF_REFUSAL).unsign(token)
    except signing.BadSignature:
        return None
