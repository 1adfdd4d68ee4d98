"""The qualification catalogue: which offers, in which order, for a query string."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.pages import BasePage
from cms.version import kept
from cms.vocabularies import Mode
from knowledge.listings import Chip, Filter, chips
from knowledge.models import DevelopmentStep, all_steps
from trainings.models.runs import Run

if TYPE_CHECKING:
    from trainings.models import OfferIndexPage, OfferPage

PER_PAGE = 12
FAR = dt.date(9999, 1, 1)


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


class Catalogue:
    """One page of the catalogue."""

    def __init__(self, page: OfferIndexPage, query: QueryDict) -> None:
        self.page, self.query = page, query

    @cached_property
    def filters(self) -> list[Filter]:
        """Return the filters of the catalogue."""
        steps = [(step.code, f"{step.number} {step.name}") for step in all_steps()]
        kinds = [("trainingpage", _("Training")), ("exchangepage", _("Exchange of professionals"))]
        return [
            Filter.read("when", _("When"), [("past", _("Past offers"))], self.query),
            Filter.read("kind", _("Kind"), kinds, self.query),
            Filter.read("step", _("Development step"), steps, self.query),
            Filter.read("mode", _("On site or online"), Mode.choices, self.query),
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """Return the chosen values as removable chips."""
        return chips(self.filters, self.query)

    @property
    def shows_past(self) -> bool:
        """Return whether past offers are shown instead of coming ones."""
        return bool(self._chosen("when"))

    @cached_property
    def page_obj(self) -> PageOfResults[Any]:
        """Return one page of offers: coming ones by date, past ones latest first."""
        pages = [page for page in offer_pages(self.page) if self._fits(page)]
        pages.sort(key=first_day, reverse=self.shows_past)
        return Paginator(pages, PER_PAGE).get_page(self.query.get("page"))

    def _chosen(self, name: str) -> list[str]:
        return next(group.chosen for group in self.filters if group.name == name)

    def _fits(self, page: OfferPage) -> bool:
        steps, modes, kinds = self._chosen("step"), self._chosen("mode"), self._chosen("kind")
        return (
            is_past(page) == self.shows_past
            and (not kinds or page.kind in kinds)
            and (not steps or any(step.code in steps for step in page.steps.all()))
            and (not modes or any(run.mode in modes for run in page.runs))
        )
