"""An enquiry in words: the same lines on the page to check, in the copy by mail, in the admin and for the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from home.joining.models import Enquiry, Standing, Wish
from knowledge.models import DevelopmentStep

Lines = list[tuple[str, str]]


def steps() -> list[DevelopmentStep]:
    """Return the six steps in their order."""
    return list(DevelopmentStep.objects.order_by("number"))


def standing_lines(standings: dict[str, str], words: dict[str, str]) -> Lines:
    """Return a line for each step that something was said about."""
    labels = dict(Standing.choices)
    found = []
    for step in steps():
        parts = [str(labels.get(standings.get(step.code, ""), "")), words.get(step.code, "")]
        if said := [part for part in parts if part]:
            found.append((f"{step.number}. {step.name}", ": ".join(said)))
    return found


def wish_line(wishes: list[str]) -> str:
    """Return the wishes in one line."""
    labels = dict(Wish.choices)
    return "; ".join(str(labels[wish]) for wish in wishes if wish in labels)


def lines(row: Enquiry) -> Lines:
    """Return what was sent, without what stayed empty."""
    about: Any = row.document.label if row.document else row.page.title if row.page else ""
    found = [
        (_("About"), str(about)),
        (_("Writes for"), str(row.get_sender_display()) if row.sender else ""),
        (_("Organisation"), row.organisation),
        (_("Function"), row.role),
        (_("Municipality"), row.place),
        *standing_lines(row.standings, row.words),
        (_("Wishes"), wish_line(row.wishes)),
        (_("Message"), row.message),
        (_("Name"), row.name),
        (_("E-mail"), row.email),
        (_("Phone"), row.phone),
    ]
    return [(label, value) for label, value in found if value]
