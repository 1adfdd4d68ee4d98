"""Profiles of member municipalities; name, type, state and coordinates come from the municipality's row."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField

from cms.blocks import BodyBlock, WebLinkBlock
from cms.cldr import country_choices, language_choices
from cms.fields import ChoiceListField
from cms.pages import BasePage, IndexPage
from cms.vocabularies import DecidingBody, Format, MemberStatus, StepStatus, TargetGroup
from knowledge.models.care import Cared
from knowledge.models.contacts import person_field
from knowledge.models.topics import TopicCheckboxes, TopicsManager
from knowledge.panels import CarePanel

STEP_CODES = ("allies", "network", "plan", "training", "service", "pr")
FIRST_YEAR = 1900
LAST_YEAR = 2100


def year_field(label: Any, **kwargs: Any) -> models.PositiveSmallIntegerField:
    """Return an optional calendar year."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)], **kwargs
    )


class TwinningBlock(blocks.StructBlock):
    """One twin town."""

    town = blocks.CharBlock(label=_("Town"), max_length=120)
    country = blocks.ChoiceBlock(label=_("Country"), choices=country_choices)
    since = blocks.IntegerBlock(label=_("Since"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)

    class Meta:
        icon = "group"
        label = _("Town twinning")


class StepStatusBlock(blocks.StructBlock):
    """Where the municipality stands in each of the six steps."""

    def __init__(self, **kwargs: Any) -> None:
        from django.utils.text import capfirst

        names = {
            "allies": _("Win allies"),
            "network": _("Local network"),
            "plan": _("Local development plan"),
            "training": _("Training and qualification"),
            "service": _("Service centres"),
            "pr": _("Public relations"),
        }
        super().__init__(
            [
                (code, blocks.ChoiceBlock(label=capfirst(names[code]), choices=StepStatus.choices, required=False))
                for code in STEP_CODES
            ],
            **kwargs,
        )


class MunicipalityIndexPage(RoutablePageMixin, IndexPage):
    """The members on the map and in a list."""

    subpage_types: ClassVar = ["knowledge.MunicipalityPage"]

    kind_label = _("Municipalities")

    class Meta:
        verbose_name = _("municipalities on the map")

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The directory: map and list from one query."""
        from knowledge.network.serving import directory

        return directory(self, request, "municipality")

    @path("wie-wir/", name="alike-de")
    @path("like-us/", name="alike-en")
    def alike(self, request: HttpRequest) -> HttpResponse:
        """Members that resemble a municipality."""
        from knowledge.network.serving import alike

        return alike(self, request)

    @property
    def alike_url(self) -> str:
        """Return the address of “municipalities like mine” in the language of this page."""
        language = "en" if self.locale.language_code == "en" else "de"
        return str(self.url) + self.reverse_subpage(f"alike-{language}")


class MunicipalityPage(Cared, BasePage):
    """A municipality tells what it does; its six stations show where it stands."""

    parent_page_types: ClassVar = ["knowledge.MunicipalityIndexPage"]
    subpage_types: ClassVar = []

    municipality = models.ForeignKey(
        "knowledge.Municipality",
        verbose_name=_("municipality"),
        null=True,
        on_delete=models.PROTECT,
        related_name="profiles",
    )
    own_youth_office = models.BooleanField(_("own youth office"), null=True, blank=True)
    deciding_body = models.CharField(_("deciding body"), max_length=20, choices=DecidingBody.choices, blank=True)
    member_status = models.CharField(
        _("member status"), max_length=12, choices=MemberStatus.choices, default=MemberStatus.MEMBER
    )
    member_since = year_field(_("member since"))
    portrait = StreamField(BodyBlock(), verbose_name=_("portrait"), blank=True)
    step_status = StreamField(
        [("status", StepStatusBlock(label=_("Status per step")))],
        verbose_name=_("status per step"),
        blank=True,
        max_num=1,
    )
    plan_adopted_on = models.DateField(_("development plan adopted on"), null=True, blank=True)
    plan_adopted_by = models.CharField(_("adopted by"), max_length=160, blank=True)
    plan_document = models.ForeignKey(
        "cms.CustomDocument",
        verbose_name=_("development plan"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    partner_countries = ChoiceListField(_("partner countries"), options=country_choices, blank=True)
    twinnings = StreamField([("twinning", TwinningBlock())], verbose_name=_("town twinnings"), blank=True)
    formats = ChoiceListField(_("formats"), options=Format.choices, blank=True)
    focus_groups = ChoiceListField(_("focus groups"), options=TargetGroup.choices, blank=True)
    contact_languages = ChoiceListField(_("contact languages"), options=language_choices, blank=True)
    contact = person_field(_("contact person"))
    service_centre = models.ForeignKey(
        "knowledge.ServiceCentrePage",
        verbose_name=_("service centre"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    links = StreamField([("link", WebLinkBlock())], verbose_name=_("links"), blank=True)
    topics = TopicsManager(_("happy to answer on"))

    shared_fields = (
        *BasePage.shared_fields,
        "municipality",
        "own_youth_office",
        "deciding_body",
        "member_status",
        "member_since",
        "step_status",
        "plan_adopted_on",
        "plan_document",
        "partner_countries",
        "twinnings",
        "formats",
        "focus_groups",
        "contact_languages",
        "contact",
        "service_centre",
        "links",
        "topics",
    )
    recommended_fields = (
        "teaser",
        "portrait",
        "own_youth_office",
        "deciding_body",
        "member_since",
        "step_status",
        "contact",
        "contact_languages",
        "partner_countries",
        "formats",
        "topics",
        "image",
        "review_by",
    )
    kind_label = _("Municipality")
    search_kind = "municipality"
    search_facets: ClassVar = {"format": "formats", "country": "partner_countries", "target_group": "focus_groups"}
    schema_type = "ProfilePage"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("municipality"),
        FieldPanel("portrait"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("member_status"), FieldPanel("member_since")]),
                FieldPanel("own_youth_office"),
                FieldPanel("deciding_body"),
            ],
            heading=_("Membership"),
        ),
        FieldPanel("step_status"),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("plan_adopted_on", "plan_adopted_by", "plan_document")],
            heading=_("Development plan"),
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("partner_countries", "twinnings", "formats", "focus_groups")],
            heading=_("International work"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldPanel("contact"),
                FieldPanel("contact_languages"),
                FieldPanel("topics", widget=TopicCheckboxes),
                FieldPanel("service_centre"),
                FieldPanel("links"),
            ],
            heading=_("Contact"),
        ),
        CarePanel(),
    ]

    class Meta:
        verbose_name = _("municipality profile")
        verbose_name_plural = _("municipality profiles")

    @property
    def card_meta(self) -> list[str]:
        """Type and state."""
        if not self.municipality:
            return []
        return [str(self.municipality.get_type_display()), str(self.municipality.get_state_display())]

    @property
    def step_states(self) -> dict[str, str]:
        """Return the status of each step by its code; steps nobody has rated are `open`."""
        value = self.step_status[0].value if self.step_status else {}
        return {code: value.get(code) or StepStatus.OPEN.value for code in STEP_CODES}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add practices of this municipality and its stations, as functions: a page from memory asks for neither."""
        from knowledge.related import practices_of, stations

        return {
            **super().get_context(request, *args, **kwargs),
            "practices": cache(partial(practices_of, self)),
            "stations": cache(partial(stations, self)),
        }

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the profile and the administrative area it is about."""
        data = super().structured_data(request)
        if self.municipality:
            data["mainEntity"] = {"@type": "AdministrativeArea", "name": self.municipality.name}
        return data
