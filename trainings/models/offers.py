"""The pages of the qualification catalogue: texts per language; dates and seats live in rows behind them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField, StreamField

from cms import version
from cms.blocks import BodyBlock
from cms.cldr import country_choices, language_choices
from cms.fields import ChoiceListField
from cms.findable import Findable, findable
from cms.pages import BasePage, IndexPage
from cms.rich_text import PLAIN_TEXT
from cms.vocabularies import Audience, Direction, ExchangeKind, Level, OfferStatus, Seeking, TargetGroup, TrainingKind
from knowledge.models import Tagged, person_field
from knowledge.models.articles import MAX_AGE, funding_choices
from trainings.models.runs import Offer, Run


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


class TrainingPage(OfferPage):
    """A training: what you take home, for whom, programme and terms."""

    parent_page_types: ClassVar = ["trainings.OfferIndexPage"]
    subpage_types: ClassVar = []
    training_kind = models.CharField(_("kind of training"), max_length=12, choices=TrainingKind.choices)
    aims = RichTextField(_("what you take home"), features=PLAIN_TEXT)
    programme = StreamField(BodyBlock(), verbose_name=_("programme"), blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True)
    audience = ChoiceListField(_("for whom"), options=Audience.choices)
    prerequisites = models.TextField(_("what you should bring along"), blank=True)
    venue_access = models.TextField(_("access at the venue"), blank=True)
    interpretation = models.CharField(_("interpretation, sign language, captions"), max_length=200, blank=True)
    fee_text = models.CharField(_("what the fee includes"), max_length=250, blank=True)
    travel = models.TextField(_("travel and lodging"), blank=True)
    cancellation_terms = models.TextField(_("cancellation terms"), blank=True)
    organiser = models.CharField(_("organiser"), max_length=160, blank=True)
    partners = models.CharField(_("cooperation partners"), max_length=250, blank=True)
    funder = models.CharField(_("funded by"), max_length=250, blank=True)
    trainers = models.CharField(
        _("trainers"), max_length=250, blank=True, help_text=_("Organisations; people are chosen as contact people.")
    )
    certificate = models.BooleanField(_("certificate of attendance"), default=False)
    external_url = models.URLField(_("external registration"), blank=True)

    shared_fields = (
        *OfferPage.offer_shared,
        "training_kind",
        "level",
        "audience",
        "organiser",
        "certificate",
        "external_url",
    )
    recommended_fields = (
        "teaser",
        "topics",
        "programme",
        "level",
        "prerequisites",
        "fee_text",
        "cancellation_terms",
        "organiser",
        "contact",
        "languages",
        "image",
        "review_by",
    )
    kind_label = _("Training")
    search_kind = "training"
    search_facets: ClassVar = {"language": "languages"}
    search_texts = ("organiser", "partners", "prerequisites", "trainers")
    schema_type = "Course"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("training_kind"), FieldPanel("level")]),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
        FieldPanel("aims"),
        FieldPanel("audience"),
        FieldPanel("prerequisites"),
        FieldPanel("programme"),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("languages", "interpretation", "venue_access", "travel")], heading=_("Practical")
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("fee_text", "cancellation_terms", "certificate", "external_url")],
            heading=_("Terms"),
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("organiser", "partners", "funder", "trainers", "contact")], heading=_("Who")
        ),
    ]

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    @property
    def card_meta(self) -> list[str]:
        """Kind of training."""
        return [str(self.get_training_kind_display())] if self.training_kind else []


class ExchangePage(OfferPage):
    """An exchange of professionals, or a partner abroad who seeks somebody."""

    parent_page_types: ClassVar = ["trainings.OfferIndexPage"]
    subpage_types: ClassVar = []
    exchange_kind = models.CharField(_("kind of exchange"), max_length=12, choices=ExchangeKind.choices)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, blank=True)
    countries = ChoiceListField(_("partner countries"), options=country_choices)
    place = models.CharField(_("place"), max_length=160, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    window = models.CharField(
        _("possible time"),
        max_length=160,
        blank=True,
        help_text=_("Where there are no fixed dates, e.g. “spring 2027”."),
    )
    age_from = models.PositiveSmallIntegerField(
        _("age from"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    age_to = models.PositiveSmallIntegerField(
        _("age to"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    group_size = models.CharField(_("size of the group"), max_length=60, blank=True)
    target_groups = ChoiceListField(_("target groups"), options=TargetGroup.choices, blank=True)
    language_level = models.CharField(_("level of language"), max_length=120, blank=True)
    programme = StreamField(BodyBlock(), verbose_name=_("programme"), blank=True)
    partner_organisation = models.CharField(_("partner organisation"), max_length=200)
    seeking = models.CharField(_("seeking"), max_length=12, choices=Seeking.choices, blank=True)
    costs = models.TextField(_("costs and what is covered"), blank=True)
    funding = ChoiceListField(_("funding programmes"), options=funding_choices, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    visa_insurance = models.TextField(_("visa and insurance"), blank=True)
    inclusion = models.TextField(_("inclusion and access"), blank=True)
    child_protection_contact = person_field(_("contact for child protection"))
    offer_status = models.CharField(
        _("status of the offer"),
        max_length=10,
        choices=OfferStatus.choices,
        default=OfferStatus.OPEN,
        help_text=_("Only for offers without registration here."),
    )
    source_url = models.URLField(_("source"), blank=True)

    shared_fields = (
        *OfferPage.offer_shared,
        "exchange_kind",
        "direction",
        "countries",
        "starts_on",
        "ends_on",
        "age_from",
        "age_to",
        "group_size",
        "target_groups",
        "seeking",
        "funding",
        "deadline",
        "child_protection_contact",
        "offer_status",
        "source_url",
    )
    one_of = ("starts_on", "window")
    one_of_message = _("Give the dates or the possible time.")
    recommended_fields = (
        "teaser",
        "topics",
        "direction",
        "place",
        "languages",
        "programme",
        "costs",
        "deadline",
        "contact",
        "inclusion",
        "image",
        "review_by",
    )
    kind_label = _("Exchange of professionals")
    search_kind = "exchange"
    search_facets: ClassVar = {"language": "languages", "country": "countries", "target_group": "target_groups"}
    search_texts = ("place", "partner_organisation", "inclusion")
    schema_type = "EducationEvent"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("exchange_kind"), FieldPanel("direction"), FieldPanel("seeking")]),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
        MultiFieldPanel(
            [
                FieldPanel("countries"),
                FieldPanel("place"),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("deadline")]),
                FieldPanel("window"),
                FieldPanel("offer_status"),
            ],
            heading=_("When and where"),
        ),
        FieldPanel("partner_organisation"),
        FieldPanel("programme"),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in (
                    "target_groups",
                    "group_size",
                    "age_from",
                    "age_to",
                    "languages",
                    "language_level",
                    "inclusion",
                )
            ],
            heading=_("For whom"),
        ),
        MultiFieldPanel([FieldPanel(n) for n in ("costs", "funding", "visa_insurance")], heading=_("Costs")),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("contact", "child_protection_contact", "source_url")], heading=_("Contact")
        ),
    ]

    class Meta:
        verbose_name = _("exchange of professionals")
        verbose_name_plural = _("exchanges of professionals")

    @property
    def card_meta(self) -> list[str]:
        """Kind of exchange and countries."""
        return [*([str(self.get_exchange_kind_display())] if self.exchange_kind else []), *self.labels("countries")]

    @property
    def current_status(self) -> str:
        """Return the status; an offer whose deadline or last day has passed is `expired`, whatever was stored."""
        last_day = self.deadline or self.ends_on
        return "expired" if last_day and last_day < timezone.localdate() else self.offer_status

    @property
    def current_status_label(self) -> str:
        """Return the status in words."""
        return str(_("Expired")) if self.current_status == "expired" else str(self.get_offer_status_display())

    def clean(self) -> None:
        """Refuse dates and ages that end before they begin."""
        super().clean()
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValidationError({"ends_on": _("The end is before the beginning.")})
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise ValidationError({"age_to": _("The upper age is below the lower one.")})


def ensure_offer(page: OfferPage) -> Offer:
    """Return the language-neutral row behind a page and its translations; made on first need."""
    kind = Offer.Kind.EXCHANGE if isinstance(page, ExchangePage) else Offer.Kind.TRAINING
    offer, _created = Offer.objects.get_or_create(translation_key=page.translation_key, defaults={"kind": kind})
    return offer
