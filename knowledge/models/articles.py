"""Good practice: what a municipality did, what it cost, what did not work and how to do it yourself."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from cms.blocks import BodyBlock
from cms.cldr import country_choices
from cms.fields import ChoiceListField
from cms.pages import BasePage
from cms.rich_text import PLAIN_TEXT
from cms.version import kept
from cms.vocabularies import CostClass, Format, MunicipalityType, PracticeStatus, ProviderType, TargetGroup
from knowledge.models.contacts import person_field
from knowledge.models.topics import FundingProgramme, Tagged

MAX_STEPS = 3
MAX_TOPICS = 5
MAX_AGE = 120


def funding_choices() -> list[tuple[str, str]]:
    """Return (code, name in the active language) of all funding programmes."""
    return [
        (programme.code, programme.name) for programme in kept("funding", lambda: list(FundingProgramme.objects.all()))
    ]


class PagesBlock(blocks.StreamBlock):
    """Pages of one type, chosen in any language."""

    def __init__(self, page_type: str = "wagtailcore.Page", **kwargs: Any) -> None:
        super().__init__([("page", blocks.PageChooserBlock(page_type=page_type, label=_("Page")))], **kwargs)


def page_keys(stream: Any) -> list[int]:
    """Return the primary keys of the chosen pages without loading them."""
    return [item["value"] for item in stream.get_prep_value() if item["value"]]


class GoodPracticePage(Tagged, BasePage):
    """One example from a municipality. Required is only what a reader cannot do without."""

    parent_page_types: ClassVar = ["knowledge.KnowledgeIndexPage"]
    subpage_types: ClassVar = []

    municipality = models.ForeignKey(
        "knowledge.Municipality",
        verbose_name=_("municipality"),
        null=True,
        on_delete=models.PROTECT,
        related_name="practices",
    )
    provider = models.CharField(_("provider"), max_length=160, blank=True)
    provider_type = models.CharField(_("type of provider"), max_length=20, choices=ProviderType.choices, blank=True)
    target_groups = ChoiceListField(_("target groups"), options=TargetGroup.choices, blank=True)
    age_from = models.PositiveSmallIntegerField(
        _("age from"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    age_to = models.PositiveSmallIntegerField(
        _("age to"), null=True, blank=True, validators=[MaxValueValidator(MAX_AGE)]
    )
    formats = ChoiceListField(_("formats"), options=Format.choices, blank=True)
    partner_countries = ChoiceListField(_("partner countries"), options=country_choices, blank=True)
    partner = models.CharField(_("partner"), max_length=200, blank=True)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_to = models.DateField(_("to"), null=True, blank=True)
    status = models.CharField(_("status of the project"), max_length=10, choices=PracticeStatus.choices, blank=True)
    situation = RichTextField(_("starting point"), features=PLAIN_TEXT)
    aims = RichTextField(_("aims"), features=PLAIN_TEXT, blank=True)
    how = StreamField(BodyBlock(), verbose_name=_("what was done"))
    results = RichTextField(_("results"), features=PLAIN_TEXT)
    evidence = RichTextField(_("evidence"), features=PLAIN_TEXT, blank=True)
    cost_class = models.CharField(_("cost"), max_length=10, choices=CostClass.choices, blank=True)
    staff_hours = models.CharField(
        _("staff time"), max_length=120, blank=True, help_text=_("e.g. “6 hours a week for one year”")
    )
    lead_time = models.CharField(_("lead time"), max_length=120, blank=True, help_text=_("e.g. “9 months”"))
    funding = ChoiceListField(_("funding"), options=funding_choices, blank=True)
    success_factors = RichTextField(_("what helped"), features=PLAIN_TEXT, blank=True)
    pitfalls = RichTextField(_("what did not work"), features=PLAIN_TEXT, blank=True)
    transfer_tips = RichTextField(_("how to do it yourselves"), features=PLAIN_TEXT, blank=True)
    transferable_to = ChoiceListField(_("suits"), options=MunicipalityType.choices, blank=True)
    inclusion = RichTextField(_("inclusion"), features=PLAIN_TEXT, blank=True)
    sustainability = RichTextField(_("green travel"), features=PLAIN_TEXT, blank=True)
    materials = StreamField(PagesBlock("knowledge.MaterialPage"), verbose_name=_("materials"), blank=True)
    contact = person_field(_("contact person"))
    related = StreamField(PagesBlock("knowledge.GoodPracticePage"), verbose_name=_("related practices"), blank=True)
    recommended = models.BooleanField(_("recommended by the network"), default=False)
    verified_on = models.DateField(_("checked on"), null=True, blank=True)

    shared_fields = (
        *BasePage.shared_fields,
        *Tagged.shared_tag_fields,
        "municipality",
        "provider",
        "provider_type",
        "target_groups",
        "age_from",
        "age_to",
        "formats",
        "partner_countries",
        "period_from",
        "period_to",
        "status",
        "cost_class",
        "funding",
        "transferable_to",
        "materials",
        "contact",
        "related",
        "recommended",
        "verified_on",
    )
    required_to_publish = ("teaser", "topics")
    at_most: ClassVar = {"steps": MAX_STEPS, "topics": MAX_TOPICS}
    recommended_fields = (
        "provider",
        "provider_type",
        "formats",
        "target_groups",
        "period_from",
        "status",
        "aims",
        "evidence",
        "success_factors",
        "pitfalls",
        "transfer_tips",
        "cost_class",
        "staff_hours",
        "lead_time",
        "contact",
        "image",
        "review_by",
    )
    kind_label = _("Good practice")
    search_kind = "good_practice"
    search_facets: ClassVar = {"target_group": "target_groups", "format": "formats", "country": "partner_countries"}
    search_texts = ("provider", "partner")
    schema_type = "Article"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("municipality"),
                FieldRowPanel([FieldPanel("provider"), FieldPanel("provider_type")]),
                FieldPanel("contact"),
            ],
            heading=_("Who"),
        ),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
        *(FieldPanel(n) for n in ("situation", "aims", "how", "results", "evidence")),
        *(FieldPanel(n) for n in ("success_factors", "pitfalls", "transfer_tips")),
        MultiFieldPanel(
            [
                FieldPanel("formats"),
                FieldPanel("target_groups"),
                FieldRowPanel([FieldPanel("age_from"), FieldPanel("age_to")]),
                FieldPanel("partner_countries"),
                FieldPanel("partner"),
                FieldRowPanel([FieldPanel("period_from"), FieldPanel("period_to"), FieldPanel("status")]),
            ],
            heading=_("What"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("cost_class", "staff_hours", "lead_time", "funding", "transferable_to")],
            heading=_("Effort"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("inclusion"), FieldPanel("sustainability")],
            heading=_("Inclusion and travel"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("materials"), FieldPanel("related"), FieldPanel("recommended"), FieldPanel("verified_on")],
            heading=_("Leads on to"),
            classname="collapsed",
        ),
    ]

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    @property
    def card_meta(self) -> list[str]:
        """Place, state and partner countries."""
        place = [self.municipality.name, self.municipality.get_state_display()] if self.municipality else []
        return [*map(str, dict.fromkeys(place)), *self.labels("partner_countries")[:3]]

    def clean(self) -> None:
        """Refuse an age or period that ends before it begins."""
        super().clean()
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise ValidationError({"age_to": _("The upper age is below the lower one.")})
        if self.period_from and self.period_to and self.period_from > self.period_to:
            raise ValidationError({"period_to": _("The end is before the beginning.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the materials that an editor chose, as a function: a page from memory does not ask for them."""
        from knowledge.related import material_pages

        return {
            **super().get_context(request, *args, **kwargs),
            "materials": cache(partial(material_pages, self)),
        }

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the article with its headline and place."""
        data = super().structured_data(request)
        data["headline"] = data.pop("name")
        if self.first_published_at:
            data["datePublished"] = timezone.localdate(self.first_published_at).isoformat()
        if self.municipality:
            data["contentLocation"] = {"@type": "Place", "name": self.municipality.name}
        return data
