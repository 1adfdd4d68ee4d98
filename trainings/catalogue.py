"""Offers with their runs: which come next, which are over. The catalogue itself is found by the search."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from cms.pages import BasePage
from cms.version import kept
from knowledge.models import DevelopmentStep
from trainings.models.runs import Run

if TYPE_CHECKING:
    from trainings.models import OfferPage

FAR = dt.date(9999, 1, 1)
Finder = Callable[[QueryDict, str], list[Any]]
_finders: list[Finder] = []


def with_runs(pages: list[Any]) -> list[Any]:
    """Give each offer page its runs, loaded for all of them at once."""
    runs: dict[UUID, list[Run]] = defaultdict(list)
    keys = [page.translation_key for page in pages]
    for run in Run.objects.published().filter(offer__translation_key__in=keys).for_display():
        runs[run.offer.translation_key].append(run)
    for page in pages:
        page.runs = runs[page.translation_key]
    return pages


def offer_pages(beside: BasePage) -> list[Any]:
    """Return all visible offers in a language with their runs.

    The pages come from this process's memory; each caller gets copies, because runs and seats change without them.
    """
    pages = kept(("offer pages", beside.locale_id), lambda: _visible_offers(beside))
    return with_runs([copy(page) for page in pages])


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


def coming_offers(beside: BasePage, *, step: DevelopmentStep | None = None, limit: int = 3) -> list[Any]:
    """Return the next offers, of one step if given."""
    pages = [page for page in offer_pages(beside) if not is_past(page)]
    if step is not None:
        pages = [page for page in pages if step.pk in {own.pk for own in page.steps.all()}]
    return sorted(pages, key=first_day)[:limit]


def register_finder(find: Finder) -> None:
    """Take from the search how a query string finds offers, so that feeds have the filters of the page."""
    _finders[:] = [find]


def find_offers(query: QueryDict, language: str) -> list[Any]:
    """Return the offers that a query string finds in a language, each with its runs."""
    return [page for find in _finders for page in find(query, language)]
