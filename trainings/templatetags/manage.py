"""What the manage page prints: sentences after a change, and stored data with readable labels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from trainings.managing import DONE

register = template.Library()
LABELS = {
    "run": _("Number"),
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "function": _("Function"),
    "organisation": _("Organisation"),
    "municipality": _("Municipality"),
    "invoice_address": _("Address of the invoice"),
    "invoice_reference": _("Reference or Leitweg-ID"),
    "status": _("Status"),
    "sent": _("Sent"),
    "registered": _("Registered"),
    "contact_shared": _("Contact may be passed on"),
}


@register.simple_tag
def done_text(code: str | None) -> str:
    """Return the sentence for a change that has just been made; nothing for any other text."""
    return str(DONE.get(code or "", ""))


@register.filter
def readable(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return stored data as pairs of label and text; answers and attendance become pairs of their own."""
    pairs = []
    for key, value in row.items():
        if isinstance(value, dict):
            pairs += [(label, str(text)) for label, text in value.items()]
        elif key in LABELS:
            pairs.append((str(LABELS[key]), _in_words(value)))
    return pairs


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, dt.datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    return str(value)
