"""Offers with their runs: which come next, which are over. The catalogue itself is found by the search."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict

from cms import version
from cms.memory import Memory
from cms.pages import BasePage
from cms.version import CONTENT
from trainings import coming
from trainings.coming import FAR, NEW_RUNS_WITHIN
from trainings.models.run_parts import Pool
from trainings.models.runs import Run

if TYPE_CHECKING:
    from trainings.models import OfferPage
    from trainings.models.runs import RunQuerySet

MOST_KEPT = 1_000
Finder = Callable[[QueryDict, str], list[Any]]
_finders: list[Finder] = []
_shown: Memory[int, Any] = Memory(MOST_KEPT, CONTENT, seconds=NEW_RUNS_WITHIN)
_whole: Memory[int, Any] = Memory(MOST_KEPT, CONTENT, seconds=NEW_RUNS_WITHIN)


def with_runs(pages: list[Any], among: RunQuerySet | None = None) -> list[Any]:
    """Give each offer page its published runs (or those among some), loaded for all of them at once.

    Which runs are published and not over is a matter of the clock, so whoever names one may be kept for a minute only.
    """
    if pages:
        version.lasts(NEW_RUNS_WITHIN)
    runs: dict[UUID, list[Run]] = defaultdict(list)
    keys = [page.translation_key for page in pages]
    rows = Run.objects.published() if among is None else among
    for run in rows.filter(offer__translation_key__in=keys).for_display():
        runs[run.offer.translation_key].append(run)
    for page in pages:
        page.runs = runs[page.translation_key]
    return pages


def shown_offers(keys: Sequence[int]) -> list[Any]:
    """Return these offers in this order, those that are visible, as lists show them: the next run with today's seats.

    Pages and coming runs come from this process's memory, at most a minute old; a change of either is seen at once.
    Runs of years past are not loaded at all.
    """
    pages = _in_order(keys, _shown.get(keys, _load_coming))
    _refresh_seats([run for page in pages if (run := page.next_run)])
    return pages


def whole_offers(keys: Sequence[int]) -> list[Any]:
    """Return these offers in this order with all their runs, past ones too, and the seats as they are now."""
    pages = _in_order(keys, _whole.get(keys, _load))
    _refresh_seats([run for page in pages for run in page.runs])
    return pages


def _in_order(keys: Sequence[int], found: Mapping[int, Any]) -> list[Any]:
    return [found[key] for key in keys if key in found]


def _load_coming(keys: list[int]) -> dict[int, Any]:
    return _load(keys, Run.objects.published().coming())


def _load(keys: list[int], among: RunQuerySet | None = None) -> dict[int, Any]:
    from trainings.models import ExchangePage, TrainingPage

    models: tuple[Any, ...] = (TrainingPage, ExchangePage)
    pages = [page for model in models for page in model.objects.visible().filter(pk__in=keys).for_cards()]
    return {page.pk: page for page in with_runs(pages, among)}


def _refresh_seats(runs: Iterable[Run]) -> None:
    """Give runs from memory today's seats, in one query; only the counters of shared rows change."""
    version.lasts()
    pools = {pool.pk: pool for run in runs for pool in run.pools.all()}
    if pools:
        for key, taken, held in Pool.objects.filter(pk__in=pools).values_list("pk", "places_taken", "places_held"):
            pools[key].places_taken, pools[key].places_held = taken, held


def first_day(page: OfferPage) -> dt.date:
    """Return the day by which an offer is sorted; offers without a day come last."""
    run = page.next_run
    if run is not None and run.first_day is not None:
        return run.first_day
    return getattr(page, "starts_on", None) or getattr(page, "deadline", None) or FAR


def coming_offers(beside: BasePage, *, step_id: int | None = None, limit: int = 3) -> list[Any]:
    """Return the next offers, of one step if given."""
    return sorted(shown_offers(coming.keys(beside, step_id, limit)), key=first_day)


def register_finder(find: Finder) -> None:
    """Take from the search how a query string finds offers, so that feeds have the filters of the page."""
    _finders[:] = [find]


def find_offers(query: QueryDict, language: str) -> list[Any]:
    """Return the offers that a query string finds in a language, each with its runs."""
    return [page for find in _finders for page in find(query, language)]
