"""What pages of other apps print of the catalogue; templates may look upward, Python may not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cms.fragments import piece
from cms.pages import BasePage
from trainings.catalogue import coming_offers
from trainings.models import OfferPage, Run
from trainings.states import RunStatus

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
    def of(cls, run: Run) -> Shown:
        """Return how a run looks now."""
        status, seats = run.status, run.seats
        return cls(
            run.pk,
            status,
            seats.capacity,
            seats.left,
            seats.taken_share,
            run.opens_at,
            run.closes_at,
            run.days_to_deadline,
        )


@register.simple_tag
def offer_row(page: OfferPage, level: int | str = "") -> SafeString:
    """Return an offer as a row of a list: kept for what its next run looks like, so the seats are those of now."""
    run = page.next_run
    shown = Shown.of(run) if run else None
    key = ("offer row", page.pk, level, shown, getattr(page, "current_status", ""))
    names = {"page": page, "level": level, "run": run, "shown": shown}
    return piece(key, lambda: render_to_string("components/offer_face.html", names))
