"""Home page, plain pages, team and the pages the law asks for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock, VideoBlock
from cms.findable import Findable
from cms.i18n import EASY
from cms.pages import BasePage
from cms.rich_text import PLAIN_TEXT
from cms.version import kept
from cms.vocabularies import Conformity
from knowledge.models import PagesBlock, PersonBlock

NETWORK_PAGES = (
    "knowledge.MunicipalityIndexPage",
    "knowledge.ServiceCentreIndexPage",
    "home.StandardPage",
    "home.TeamPage",
)


class EntryBlock(blocks.StructBlock):
    """One way in for a municipality: where it stands and where to read on."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), max_length=300)
    page = blocks.PageChooserBlock(label=_("Leads to"))

    class Meta:
        icon = "arrow-right"
        label = _("Way in")


class HomePage(BasePage):
    """The entrance: what this is for, the line with six stations, ways in, next dates, practice, map."""

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = [
        "knowledge.StepIndexPage",
        "knowledge.KnowledgeIndexPage",
        "trainings.OfferIndexPage",
        *NETWORK_PAGES,
        "home.NewsIndexPage",
        "newsletter.InfobriefIndexPage",
        "home.LegalPage",
        "home.AccessibilityPage",
        "home.SignLanguagePage",
    ]
    may_be_root = True

    claim = models.CharField(_("claim"), max_length=140, help_text=_("One sentence: what this is for."))
    lead = models.TextField(_("lead"), max_length=400, blank=True)
    example_queries = models.TextField(_("example searches"), blank=True, help_text=_("One a line, three at most."))
    entries = StreamField([("entry", EntryBlock())], verbose_name=_("ways in"), blank=True, max_num=3)
    featured = StreamField(
        PagesBlock("knowledge.GoodPracticePage"),
        verbose_name=_("chosen practices"),
        blank=True,
        max_num=3,
        help_text=_("The first one is shown large."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels: ClassVar = [
        *BasePage.content_panels,
        *(FieldPanel(n) for n in ("claim", "lead", "example_queries", "entries", "featured", "body")),
    ]
    shared_fields = (*BasePage.shared_fields, "featured")
    kind_label = _("Home")
    schema_type = "WebSite"
    show_as_card = False

    class Meta:
        verbose_name = _("home page")

    def search_document(self) -> Findable | None:
        """Let the entrance out: it only repeats what is found elsewhere."""
        return None

    @property
    def queries(self) -> list[str]:
        """Return the example searches."""
        return [line.strip() for line in self.example_queries.splitlines() if line.strip()][:3]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the home page gathers from the whole site."""
        from home.gathering import home_context

        return {**super().get_context(request, *args, **kwargs), **home_context(self)}

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the site with its search."""
        from django.urls import reverse

        data = super().structured_data(request)
        data["name"] = "Kommune goes International"
        data["potentialAction"] = {
            "@type": "SearchAction",
            "target": request.build_absolute_uri(reverse("search")) + "?q={search_term_string}",
            "query-input": "required name=search_term_string",
        }
        return data


class StandardPage(BasePage):
    """A plain page that may gather its subpages."""

    parent_page_types: ClassVar = ["home.HomePage", "home.StandardPage"]
    subpage_types: ClassVar = [*NETWORK_PAGES]

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    show_children = models.BooleanField(_("list the pages below"), default=False)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body"), FieldPanel("show_children")]
    shared_fields = (*BasePage.shared_fields, "show_children")

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages below, where the editor wants them listed."""
        from home.gathering import children_cards

        children = children_cards(self) if self.show_children else []
        return {**super().get_context(request, *args, **kwargs), "children": children}


class TeamPage(BasePage):
    """Who works for the network: people are records, chosen here in an order."""

    parent_page_types: ClassVar = ["home.HomePage", "home.StandardPage"]
    subpage_types: ClassVar = []

    intro = RichTextField(_("introduction"), features=PLAIN_TEXT, blank=True)
    people = StreamField([("person", PersonBlock())], verbose_name=_("people"), blank=True)

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("intro"), FieldPanel("people")]
    shared_fields = (*BasePage.shared_fields, "people")
    schema_type = "AboutPage"

    class Meta:
        verbose_name = _("team page")

    @property
    def shown_people(self) -> list[Any]:
        """Return the people who may be shown, in the editor's order."""
        return [block.value for block in self.people if block.value and block.value.is_published]


class LegalPage(BasePage):
    """Imprint, privacy and other legal texts; linked from the footer of every page."""

    class Kind(models.TextChoices):
        """Which legal text this is."""

        IMPRINT = "imprint", _("Imprint")
        PRIVACY = "privacy", _("Privacy")
        OTHER = "other", _("Other legal text")

    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = []

    legal_kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    body = StreamField(BodyBlock(), verbose_name=_("text"))

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("legal_kind"), FieldPanel("body")]
    shared_fields = (*BasePage.shared_fields, "legal_kind")
    show_as_card = False

    class Meta:
        verbose_name = _("legal page")
        verbose_name_plural = _("legal pages")


class GapBlock(blocks.StructBlock):
    """Something that is not accessible yet: what, why, and what to use instead (§ 12b BGG)."""

    what = blocks.CharBlock(label=_("What is not accessible"), max_length=300)
    reason = blocks.CharBlock(label=_("Why, and until when"), max_length=300)
    alternative = blocks.CharBlock(label=_("What to use instead"), max_length=300)

    class Meta:
        icon = "warning"
        label = _("Gap")


class AccessibilityPage(BasePage):
    """The declaration on accessibility with everything § 12b BGG and § 7 BITV 2.0 ask for."""

    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = []

    conformity = models.CharField(_("conformity"), max_length=10, choices=Conformity.choices)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    gaps = StreamField([("gap", GapBlock())], verbose_name=_("what is not accessible"), blank=True)
    method = RichTextField(_("how it was checked"), features=PLAIN_TEXT)
    created_on = models.DateField(_("declaration made on"), null=True)
    checked_on = models.DateField(
        _("declaration last checked on"), null=True, help_text=_("The law asks for a check every year.")
    )
    feedback_email = models.EmailField(_("address for feedback"))
    feedback_phone = models.CharField(_("phone for feedback"), max_length=40, blank=True)
    arbitration = RichTextField(_("arbitration body"), features=PLAIN_TEXT)

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldPanel("conformity"),
        FieldPanel("body"),
        FieldPanel("gaps"),
        FieldPanel("method"),
        FieldRowPanel([FieldPanel("created_on"), FieldPanel("checked_on")]),
        MultiFieldPanel([FieldPanel("feedback_email"), FieldPanel("feedback_phone")], heading=_("Feedback")),
        FieldPanel("arbitration"),
    ]
    shared_fields = (
        *BasePage.shared_fields,
        "conformity",
        "created_on",
        "checked_on",
        "feedback_email",
        "feedback_phone",
    )
    show_as_card = False

    class Meta:
        verbose_name = _("accessibility declaration")

    def clean(self) -> None:
        """Ask for the gaps where the site is not fully accessible."""
        super().clean()
        if self.conformity and self.conformity != Conformity.FULL and not self.gaps and self.checked_on:
            raise ValidationError({"gaps": _("Say what is not accessible, why, and what to use instead.")})


class EasyLanguagePage(BasePage):
    """A page in Easy language (Leichte Sprache, locale de-simple)."""

    parent_page_types: ClassVar = ["wagtailcore.Page", "home.EasyLanguagePage"]
    subpage_types: ClassVar = ["home.EasyLanguagePage"]
    may_be_root = True

    body = StreamField(BodyBlock(), verbose_name=_("text"))

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("body")]
    show_as_card = False

    class Meta:
        verbose_name = _("page in Easy language")
        verbose_name_plural = _("pages in Easy language")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Allow the page type in the tree of Easy language only."""
        return super().can_create_at(parent) and (parent.depth == 1 or parent.locale.language_code == EASY)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages below; which ones there are is kept, among thousands of pages."""
        below = EasyLanguagePage.objects.child_of(self).visible()
        keys = kept(("easy pages below", self.pk), lambda: list(below.values_list("pk", flat=True)))
        children = EasyLanguagePage.objects.visible().filter(pk__in=keys)
        return {**super().get_context(request, *args, **kwargs), "children": children}


class SignLanguagePage(BasePage):
    """What the site offers, in German sign language, as an own video with captions and transcript."""

    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = []

    videos = StreamField([("video", VideoBlock())], verbose_name=_("videos"))

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("videos")]
    show_as_card = False

    class Meta:
        verbose_name = _("page in sign language")
