"""Signed links to the page on which an owner confirms a profile: nothing secret is stored, a new owner ends old links."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from knowledge.models import ProfileCare

SALT = "knowledge.profile"


def token(row: ProfileCare) -> str:
    """Return what stands in the address: row and version, signed."""
    return signing.Signer(salt=SALT, sep="~").sign(f"{row.pk}.{row.token_version}")


def find(text: str) -> ProfileCare | None:
    """Return the row behind a token; None for a forged, older or unknown one, without telling which."""
    try:
        pk, version = signing.Signer(salt=SALT, sep="~").unsign(text).split(".")
        return ProfileCare.objects.filter(pk=int(pk), token_version=int(version)).first()
    except (signing.BadSignature, ValueError):
        return None


def url(row: ProfileCare, language: str) -> str:
    """Return the whole address in a language, for mails."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('confirm_profile', args=[token(row)])}"
