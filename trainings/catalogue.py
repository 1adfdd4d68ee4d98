"""Offers with their runs: which come next, which are over. The catalogue itself is found by the search."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from cms import version
from cms.pages import BasePage
from cms.version import kept
from trainings.models.runs import Pool, Run

if TYPE_CHECKING:
    from trainings.models import OfferPage
    from trainings.models.runs import RunQuerySet

NEW_RUNS_WITHIN = 60.0  # seconds until a run that is published by the clock shows up
FAR = dt.date(9999, 1, 1)
Finder = Callable[[QueryDict, str], list[Any]]
_finders: list[Finder] = []


def with_runs(pages: list[Any], among: RunQuerySet | None = None) -> list[Any]:
    """Give each offer page its published runs (or those among some), loaded for all of them at once."""
    runs: dict[UUID, list[Run]] = defaultdict(list)
    keys = [page.translation_key for page in pages]
    rows = Run.objects.published() if among is None else among
    for run in rows.filter(offer__translation_key__in=keys).for_display():
        runs[run.offer.translation_key].append(run)
    for page in pages:
        page.runs = runs[page.translation_key]
    return pages


def _coming(beside: BasePage) -> list[Any]:
    """Return the visible offers that are not over, with their coming runs and the seats as they are now.

    Pages and runs come from this process's memory, at most a minute old; a change of either is seen at once.
    """
    pages = kept(("coming offers", beside.locale_id), lambda: _load_coming(beside), seconds=NEW_RUNS_WITHIN)
    return [page for page in pages if not is_past(page)]


def _load_coming(beside: BasePage) -> list[Any]:
    pages = _visible_offers(beside)
    with_any = set(Run.objects.published().values_list("offer__translation_key", flat=True))
    with_runs(pages, Run.objects.published().coming())
    return [page for page in pages if page.runs or page.translation_key not in with_any]


def _refresh_seats(pages: list[Any]) -> list[Any]:
    """Give the runs of pages from memory today's seats, in one query; only the counters of shared rows change."""
    version.lasts()
    pools = {pool.pk: pool for page in pages for run in page.runs for pool in run.pools.all()}
    for key, taken, held in Pool.objects.filter(pk__in=pools).values_list("pk", "places_taken", "places_held"):
        pools[key].places_taken, pools[key].places_held = taken, held
    return pages


def _visible_offers(beside: BasePage) -> list[Any]:
    from trainings.models import ExchangePage, TrainingPage

    return [page for model in (TrainingPage, ExchangePage) for page in model.objects.beside(beside).for_cards()]


def first_day(page: OfferPage) -> dt.date:
    """Return the day by which an offer is sorted; offers without a day come last."""
    run = page.next_run
    if run is not None and run.first_day is not None:
        return run.first_day
    return getattr(page, "starts_on", None) or getattr(page, "deadline", None) or FAR


def is_past(page: OfferPage) -> bool:
    """Return whether an offer has nothing to come: all runs over, or its own dates passed."""
    if page.runs:
        return not page.coming_runs
    last_day = getattr(page, "deadline", None) or getattr(page, "ends_on", None)
    return last_day is not None and last_day < timezone.localdate()


def coming_offers(beside: BasePage, *, step_id: int | None = None, limit: int = 3) -> list[Any]:
    """Return the next offers, of one step if given."""
    pages = _coming(beside)
    if step_id is not None:
        pages = [page for page in pages if step_id in {own.pk for own in page.steps.all()}]
    return _refresh_seats(sorted(pages, key=first_day)[:limit])


def register_finder(find: Finder) -> None:
    """Take from the search how a query string finds offers, so that feeds have the filters of the page."""
    _finders[:] = [find]


def find_offers(query: QueryDict, language: str) -> list[Any]:
    """Return the offers that a query string finds in a language, each with its runs."""
    return [page for find in _finders for page in find(query, language)]
