"""What the settings of the Infobrief must be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def infobrief_settings(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Name settings with which nothing would leave, or reports would get lost."""
    found: list[checks.CheckMessage] = []
    if settings.INFOBRIEF_PER_MINUTE < 1 or settings.INFOBRIEF_PER_HOUR < 0:
        found.append(
            checks.Error(
                "INFOBRIEF_PER_MINUTE must be 1 or more, INFOBRIEF_PER_HOUR 0 (no limit) or more.", id="newsletter.E001"
            )
        )
    if settings.BOUNCE_ADDRESS and not _is_address(settings.BOUNCE_ADDRESS):
        found.append(checks.Error("BOUNCE_ADDRESS must be an e-mail address.", id="newsletter.E002"))
    if settings.BOUNCE_MAILBOX and not settings.BOUNCE_ADDRESS:
        found.append(
            checks.Warning(
                "BOUNCE_MAILBOX is read, but no mail is sent so that reports come there.",
                hint="Set BOUNCE_ADDRESS to the address of this mailbox.",
                id="newsletter.W001",
            )
        )
    return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
