"""Service centres: who advises, where, when and how to reach them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField

from cms.blocks import BodyBlock, WebLinkBlock
from cms.cldr import language_choices
from cms.fields import ChoiceListField
from cms.pages import BasePage, IndexPage
from cms.vocabularies import Access, Audience, Channel, ProviderType, Service
from knowledge.models.care import Cared
from knowledge.models.contacts import PersonBlock
from knowledge.models.profiles import year_field
from knowledge.models.topics import TopicCheckboxes, TopicsManager
from knowledge.panels import CarePanel


class OpeningBlock(blocks.StructBlock):
    """Opening hours of one weekday (1 is Monday)."""

    day = blocks.ChoiceBlock(label=_("Day"), choices=[(str(number + 1), name) for number, name in WEEKDAYS.items()])
    opens = blocks.TimeBlock(label=_("Opens"))
    closes = blocks.TimeBlock(label=_("Closes"))

    def clean(self, value: Any) -> Any:
        """Refuse a day that closes before it opens."""
        cleaned = super().clean(value)
        if cleaned.get("opens") and cleaned.get("closes") and cleaned["opens"] >= cleaned["closes"]:
            raise StructBlockValidationError({"closes": ValidationError(_("Closes before it opens."))})
        return cleaned

    class Meta:
        icon = "time"
        label = _("Opening hours")


class ServiceCentreIndexPage(RoutablePageMixin, IndexPage):
    """The service centres on the map and in a list."""

    subpage_types: ClassVar = ["knowledge.ServiceCentrePage"]

    kind_label = _("Service centres")

    class Meta:
        verbose_name = _("service centres on the map")

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The directory: map and list from one query."""
        from knowledge.network.serving import directory

        return directory(self, request, "service_centre")


class ServiceCentrePage(Cared, RoutablePageMixin, BasePage):
    """A place that advises providers, professionals and young people."""

    parent_page_types: ClassVar = ["knowledge.ServiceCentreIndexPage"]
    subpage_types: ClassVar = []

    municipality = models.ForeignKey(
        "knowledge.Municipality",
        verbose_name=_("municipality"),
        null=True,
        on_delete=models.PROTECT,
        related_name="service_centres",
    )
    operator = models.CharField(_("operator of the centre"), max_length=160, blank=True)
    provider_type = models.CharField(_("type of provider"), max_length=20, choices=ProviderType.choices, blank=True)
    area = models.CharField(_("area served"), max_length=200)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    services = ChoiceListField(_("services"), options=Service.choices, blank=True)
    audience = ChoiceListField(_("for whom"), options=Audience.choices, blank=True)
    languages = ChoiceListField(_("languages of advice"), options=language_choices, blank=True)
    channels = ChoiceListField(_("ways of advice"), options=Channel.choices, blank=True)
    opening_hours = StreamField([("opening", OpeningBlock())], verbose_name=_("opening hours"), blank=True)
    opening_note = models.CharField(_("note on opening hours"), max_length=200, blank=True)
    booking_url = models.URLField(_("link to book an appointment"), blank=True)
    street = models.CharField(_("street"), max_length=160, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("place"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(47), MaxValueValidator(56)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(16)]
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of the centre, not of a person."))
    contacts = StreamField([("person", PersonBlock())], verbose_name=_("contact people"), blank=True)
    eurodesk = models.BooleanField(_("Eurodesk partner"), default=False)
    access = ChoiceListField(_("physical access"), options=Access.choices, blank=True)
    sign_language = models.BooleanField(_("German sign language on request"), default=False)
    easy_language = models.BooleanField(_("Easy language on request"), default=False)
    since = year_field(_("exists since"))
    financed_by = models.CharField(_("financed by"), max_length=200, blank=True)
    links = StreamField([("link", WebLinkBlock())], verbose_name=_("links"), blank=True)
    topics = TopicsManager()

    shared_fields = (
        *BasePage.shared_fields,
        "municipality",
        "operator",
        "provider_type",
        "services",
        "audience",
        "languages",
        "channels",
        "opening_hours",
        "booking_url",
        "street",
        "postal_code",
        "city",
        "latitude",
        "longitude",
        "phone",
        "email",
        "contacts",
        "eurodesk",
        "access",
        "sign_language",
        "easy_language",
        "since",
        "links",
        "topics",
    )
    one_of = ("phone", "email", "booking_url")
    one_of_message = _("Give one way of contact: phone, e-mail or a link to book.")
    recommended_fields = (
        "teaser",
        "operator",
        "provider_type",
        "services",
        "audience",
        "languages",
        "channels",
        "opening_hours",
        "street",
        "city",
        "latitude",
        "access",
        "contacts",
        "topics",
        "image",
        "review_by",
    )
    kind_label = _("Service centre")
    search_kind = "service_centre"
    search_facets: ClassVar = {"language": "languages"}
    search_texts = ("operator", "area", "city")
    schema_type = "Organization"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("municipality"),
                FieldPanel("area"),
                FieldRowPanel([FieldPanel("operator"), FieldPanel("provider_type")]),
            ],
            heading=_("Who"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("booking_url"),
                FieldPanel("channels"),
                FieldPanel("opening_hours"),
                FieldPanel("opening_note"),
                FieldPanel("contacts"),
            ],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postal_code"), FieldPanel("city")]),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                FieldPanel("access"),
            ],
            heading=_("Address"),
        ),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("services", "audience", "languages", "sign_language", "easy_language", "eurodesk")]
            + [FieldPanel("topics", widget=TopicCheckboxes)],
            heading=_("Advice"),
        ),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel(n) for n in ("since", "financed_by", "links")], heading=_("More")),
        CarePanel(),
    ]

    class Meta:
        verbose_name = _("service centre")
        verbose_name_plural = _("service centres")

    @property
    def card_meta(self) -> list[str]:
        """Place and area served."""
        return [part for part in (self.city, self.area) if part]

    @property
    def point(self) -> tuple[float, float] | None:
        """Return own coordinates, those of the municipality where the page has none."""
        if self.latitude is not None and self.longitude is not None:
            return self.latitude, self.longitude
        row = self.municipality
        return row.point if row else None

    @property
    def people(self) -> list[Any]:
        """Return the contact people who may be shown."""
        return [block.value for block in self.contacts if block.value and block.value.is_published]

    @path("")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The page itself."""
        response: HttpResponse = self.render(request)
        return response

    @path("vcard/")
    def vcard(self, request: HttpRequest) -> HttpResponse:
        """The centre as a vCard for the address book."""
        from knowledge.vcards import service_centre_vcard

        return HttpResponse(
            service_centre_vcard(self),
            content_type="text/vcard; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{self.slug}.vcf"'},
        )

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the organisation with address and contact point."""
        data = super().structured_data(request)
        data["areaServed"] = self.area
        if self.city:
            data["address"] = {
                "@type": "PostalAddress",
                "streetAddress": self.street,
                "postalCode": self.postal_code,
                "addressLocality": self.city,
                "addressCountry": "DE",
            }
        point = {"telephone": self.phone, "email": self.email, "availableLanguage": self.languages}
        data["contactPoint"] = {"@type": "ContactPoint", **{key: value for key, value in point.items() if value}}
        return data
