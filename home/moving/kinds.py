"""The kinds a line may have: which page type or row each stands for, and where its text and date go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import Page

from cms.models import CustomDocument, CustomImage, SiteSettings
from home.models import (
    AccessibilityPage,
    ContactSettings,
    EasyLanguagePage,
    HomePage,
    LegalPage,
    NewsIndexPage,
    NewsPage,
    SignLanguagePage,
    StandardPage,
    TeamPage,
)
from home.newsletter.models import InfobriefIndexPage, InfobriefPage
from knowledge.models import (
    DevelopmentStep,
    FundingProgramme,
    GoodPracticePage,
    KnowledgeIndexPage,
    MaterialPage,
    MunicipalityIndexPage,
    MunicipalityPage,
    ServiceCentreIndexPage,
    ServiceCentrePage,
    StepIndexPage,
    StepPage,
    Topic,
)
from trainings.models import ExchangePage, OfferIndexPage, TrainingPage

PAGE_FIELDS = ("slug", "seo_title", "search_description", "show_in_menus", "first_published_at", "expire_at")


@dataclass(frozen=True)
class PageKind:
    """A page type; `below` is the kind of the overview it belongs under when its line names no parent."""

    model: type[Page]
    body: str = ""
    date: str = ""
    below: str = "home"


@dataclass(frozen=True)
class RowKind:
    """A row that pages refer to; found by `key`, settings (one row each) have none."""

    model: type[models.Model]
    key: str = ""


CONTENT: dict[str, PageKind] = {
    "good_practice": PageKind(GoodPracticePage, body="how", below="knowledge_index"),
    "material": PageKind(MaterialPage, body="body", date="published_on", below="knowledge_index"),
    "municipality": PageKind(MunicipalityPage, body="portrait", below="municipality_index"),
    "service_centre": PageKind(ServiceCentrePage, body="body", below="service_centre_index"),
    "training": PageKind(TrainingPage, body="programme", below="offer_index"),
    "exchange": PageKind(ExchangePage, body="programme", below="offer_index"),
    "news": PageKind(NewsPage, body="body", date="date", below="news_index"),
}
STRUCTURE: dict[str, PageKind] = {  # for a full move
    "home": PageKind(HomePage, body="body", below=""),
    "step_index": PageKind(StepIndexPage, body="body"),
    "step": PageKind(StepPage, below="step_index"),
    "knowledge_index": PageKind(KnowledgeIndexPage),
    "offer_index": PageKind(OfferIndexPage),
    "municipality_index": PageKind(MunicipalityIndexPage),
    "service_centre_index": PageKind(ServiceCentreIndexPage),
    "news_index": PageKind(NewsIndexPage),
    "infobrief_index": PageKind(InfobriefIndexPage),
    "infobrief": PageKind(InfobriefPage, date="date", below="infobrief_index"),
    "standard": PageKind(StandardPage, body="body"),
    "team": PageKind(TeamPage),
    "legal": PageKind(LegalPage, body="body"),
    "accessibility": PageKind(AccessibilityPage, body="body", date="checked_on"),
    "sign_language": PageKind(SignLanguagePage),
    "easy_language": PageKind(EasyLanguagePage, body="body", below=""),
}
PAGES = {**CONTENT, **STRUCTURE}
ROWS: dict[str, RowKind] = {
    "topic": RowKind(Topic, "slug"),
    "development_step": RowKind(DevelopmentStep, "code"),
    "funding_programme": RowKind(FundingProgramme, "code"),
    "site_settings": RowKind(SiteSettings),
    "contact_settings": RowKind(ContactSettings),
}
FILES: dict[str, type[models.Model]] = {"image": CustomImage, "document": CustomDocument}
LATE = "contact_settings"  # chooses a page, so it is written when the pages are there

OVERVIEWS = {  # made where an import needs one that is not there yet
    "step_index": {"de": ("Der Weg", "der-weg"), "en": ("The way", "the-way")},
    "knowledge_index": {"de": ("Wissen", "wissen"), "en": ("Knowledge", "knowledge")},
    "offer_index": {"de": ("Fortbildung und Austausch", "angebote"), "en": ("Training and exchange", "offers")},
    "municipality_index": {"de": ("Kommunen", "kommunen"), "en": ("Municipalities", "municipalities")},
    "service_centre_index": {
        "de": ("Servicestellen", "servicestellen"),
        "en": ("Service centres", "service-centres"),
    },
    "news_index": {"de": ("Aktuelles", "aktuelles"), "en": ("News", "news")},
    "infobrief_index": {"de": ("Infobrief", "infobrief"), "en": ("Infobrief", "infobrief")},
}


def kind_of(page: Page) -> str:
    """Return the kind of a page; empty for a type that no line can name."""
    return next((name for name, kind in PAGES.items() if kind.model is type(page)), "")


def writable_fields(model: type[models.Model]) -> dict[str, Any]:
    """Return the fields that a line may set by name: what an editor fills in, never what places a page in the tree."""
    taken = {field.name for field in Page._meta.get_fields()} if issubclass(model, Page) else {"id"}
    fields = {
        field.name: field
        for field in model._meta.get_fields()
        if _is_own(field) and (field.name not in taken or field.name in PAGE_FIELDS) and field.name != "page_ptr"
    }
    return {name: field for name, field in fields.items() if not getattr(field, "primary_key", False)}


def _is_own(field: Any) -> bool:
    if field.auto_created or (field.is_relation and not hasattr(field, "contribute_to_class")):
        return False
    if field.one_to_many or field.one_to_one:
        return False
    return getattr(field, "editable", True) or isinstance(field, ParentalManyToManyField)
