"""What pages of other apps print of the catalogue; templates may look upward, Python may not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from cms.fragments import piece
from cms.pages import BasePage
from trainings.catalogue import coming_offers
from trainings.models import OfferPage, Run
from trainings.states import RunStatus, run_status

register = template.Library()


@register.simple_tag(name="coming_offers")
def coming_offers_tag(beside: BasePage, step_id: int | None = None, limit: int = 3) -> list[Any]:
    """Return the next offers in the language of a page, of one step if given."""
    return coming_offers(beside, step_id=step_id, limit=limit)


@dataclass(frozen=True)
class Shown:
    """What a list says of a run at this moment: two moments that look alike are one piece of HTML."""

    key: int
    status: RunStatus
    capacity: int | None
    seats_left: int | None
    seats_taken_share: int | None
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    days_to_deadline: int | None

    @classmethod
    def of(cls, run: Run, now: dt.datetime) -> Shown:
        """Return how a run looks now."""
        seats = run.seats
        return cls(
            run.pk,
            run_status(run, now, seats),
            seats.capacity,
            seats.left,
            seats.taken_share,
            run.opens_at,
            run.closes_at,
            run.days_to_deadline,
        )


@register.simple_tag
def offer_rows(pages: list[Any], level: int | str = "") -> SafeString:
    """Return offers as entries of a list: each kept for what its next run looks like, so the seats are those of now."""
    now = timezone.now()
    return mark_safe("".join(f"<li>{_row(page, level, now)}</li>" for page in pages))  # noqa: S308 - rendered templates


def _row(page: OfferPage, level: int | str, now: dt.datetime) -> SafeString:
    run = page.next_run
    shown = Shown.of(run, now) if run else None
    key = ("offer row", page.pk, level, shown, getattr(page, "current_status", ""))
    names = {"page": page, "level": level, "run": run, "shown": shown}
    return piece(key, lambda: render_to_string("components/offer_face.html", names))
