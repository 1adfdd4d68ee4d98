"""The page of an exchange of professionals, or of a partner abroad who seeks somebody."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock
from cms.cldr import country_choices
from cms.fields import ChoiceListField
from cms.pages import BasePage
from cms.vocabularies import Direction, ExchangeKind, OfferStatus, Seeking, TargetGroup
from knowledge.models import Tagged, person_field
from knowledge.models.articles import MAX_AGE, funding_choices
from trainings.models.offers import OfferPage


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
