"""The pages of the qualification catalogue: texts per language; dates and seats live in rows behind them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms import version
from cms.cldr import language_choices
from cms.fields import ChoiceListField
from cms.findable import Findable, findable
from cms.pages import BasePage, IndexPage
from knowledge.models import Tagged, person_field
from trainings.models.offer_row import Offer
from trainings.models.runs import Run


class OfferIndexPage(IndexPage):
    """The qualification catalogue."""

    subpage_types: ClassVar = ["trainings.TrainingPage", "trainings.ExchangePage"]

    kind_label = _("Training and exchange")

    class Meta:
        verbose_name = _("training and exchange")


class OfferPage(RoutablePageMixin, Tagged, BasePage):
    """What trainings and exchanges have in common: the row behind all languages and its runs."""

    contact = person_field(_("contact person"))
    languages = ChoiceListField(_("languages"), options=language_choices, blank=True)

    offer_shared: ClassVar = (*BasePage.shared_fields, *Tagged.shared_tag_fields, "contact", "languages")

    class Meta:
        abstract = True

    @property
    def runs(self) -> list[Run]:
        """Return the published runs, coming ones first, loaded with sessions and pools."""
        if not hasattr(self, "_runs"):
            self._runs: Any = Run.objects.published().filter(offer__translation_key=self.translation_key).for_display()
        return list(self._runs)

    @runs.setter
    def runs(self, runs: list[Run]) -> None:
        """Take runs that a listing has loaded for many pages at once."""
        self._runs = runs

    @property
    def coming_runs(self) -> list[Run]:
        """Return runs that are not over, the next one first."""
        return sorted((run for run in self.runs if not run.is_over), key=lambda run: run.sort_key)

    @property
    def past_runs(self) -> list[Run]:
        """Return runs that are over, the latest first."""
        return sorted((run for run in self.runs if run.is_over), key=lambda run: run.sort_key, reverse=True)

    @property
    def next_run(self) -> Run | None:
        """Return the run that a listing shows: runs are loaded in the order of their beginning."""
        return next((run for run in self.runs if not run.is_over), None)

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The page itself."""
        response: HttpResponse = self.render(request)
        return response

    @path("calendar/<slug:number>/")
    def calendar(self, request: HttpRequest, number: str) -> HttpResponse:
        """One run as calendar file."""
        from django.http import Http404

        from trainings.calendars import run_calendar

        run = next((run for run in self.runs if run.number == number), None)
        if run is None:
            raise Http404
        return HttpResponse(
            run_calendar(run, self, request),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{number}.ics"'},
        )

    def search_document(self) -> Findable | None:
        """Add what the runs say: mode, fee, months, and when the offer is over."""
        from trainings.findable import with_runs

        return with_runs(findable(self), self)

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the offer with its coming runs as events."""
        from trainings.structured_data import run_data

        data = super().structured_data(request)
        version.lasts()  # which runs are still to come is a matter of the clock, whatever else is said of them
        if runs := self.coming_runs:
            data["subjectOf"] = [run_data(run, self, request) for run in runs]
        return data


def ensure_offer(page: OfferPage) -> Offer:
    """Return the language-neutral row behind a page and its translations; made on first need."""
    kind = Offer.Kind(page.search_kind)
    offer, _created = Offer.objects.get_or_create(translation_key=page.translation_key, defaults={"kind": kind})
    return offer
