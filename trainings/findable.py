"""What the search may know of an offer's runs: mode, fee, months, days. Never seats: they change by the minute."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cms.findable import Findable
from trainings.models.runs import Run

if TYPE_CHECKING:
    from trainings.models import OfferPage

LONGEST_SPAN = 24  # months


def with_runs(found: Findable, page: OfferPage) -> Findable:
    """Return the offer with modes, fees, months and days of its published runs, or of the page itself."""
    runs = page.runs
    if not runs:
        return _without_runs(found, page)
    ends = [run.last_day for run in runs]
    coming = page.coming_runs
    facets = {
        **found.facets,
        "mode": sorted({run.mode for run in runs}),
        "fee": sorted({"free" if run.fee == 0 else "paid" for run in runs if run.fee is not None}),
        "month": sorted({month for run in runs for month in _months(run.first_day, run.last_day)}),
    }
    shown = coming[0] if coming else page.past_runs[0]
    return replace(
        found,
        facets=facets,
        words=[*found.words, *dict.fromkeys(run.city for run in runs if run.city)],
        date=shown.first_day or found.date,
        last_day=None if None in ends else max(day for day in ends if day),
        stale_on=_next_change(runs),
    )


def _without_runs(found: Findable, page: Any) -> Findable:
    first, last = getattr(page, "starts_on", None), getattr(page, "ends_on", None)
    deadline = getattr(page, "deadline", None)
    facets = {**found.facets, "month": _months(first, last or first)}
    return replace(found, facets=facets, date=first or deadline or found.date, last_day=deadline or last)


def _months(first: dt.date | None, last: dt.date | None) -> list[str]:
    """Return the months that a span touches, as "2027-03"."""
    if first is None:
        return []
    end = last or first
    number = (end.year - first.year) * 12 + end.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, start + min(number, LONGEST_SPAN))]


def _next_change(runs: list[Run]) -> dt.date | None:
    """Return the day after the next end of a run: then another run is the next one."""
    today = timezone.localdate()
    ends = [run.last_day for run in runs if run.last_day is not None and run.last_day >= today]
    return min(ends) + dt.timedelta(days=1) if ends else None
