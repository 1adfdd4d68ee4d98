"""What header and footer print whatever the page: one copy per language and process, made anew when content changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.i18n import in_language, language_suffix
from cms.models import SiteSettings
from cms.pages import private_paths
from cms.version import kept
from home.models import (
    AccessibilityPage,
    ContactSettings,
    EasyLanguagePage,
    HomePage,
    LegalPage,
    NewsIndexPage,
    SignLanguagePage,
)
from home.newsletter.models import InfobriefIndexPage
from knowledge.models import KnowledgeIndexPage, ServiceCentreIndexPage
from knowledge.sources import NOTES


@dataclass(frozen=True)
class Link:
    """An address with its name; `current` is `page` where it is shown, `true` where what is shown lies below."""

    title: str
    url: str
    current: str = ""


@dataclass(frozen=True)
class Contact:
    """The person who answers, as every page prints it."""

    name: str
    function: str
    phone: str
    email: str
    hours: str
    url: str


@dataclass(frozen=True)
class Partner:
    """One partner in the footer."""

    name: str
    url: str
    logo: Any = None


@dataclass(frozen=True)
class Frame:
    """What header and footer print in one language, whatever the page."""

    language: str
    home_url: str
    nav: list[Link]
    legal: list[Link]
    easy_url: str
    sign_url: str
    contact: Contact | None
    operator: str
    funder_text: str
    funder_url: str
    funder_logo: Any
    partners: list[Partner]
    footer_text: str
    notice_title: str
    notice_text: str
    feeds: list[Link]
    sources: list[Any]
    search_url: str
    news_url: str
    centres_url: str
    infobrief_url: str
    external_url: str
    privacy_url: str

    @property
    def piece_key(self) -> str:
        """Return under what pieces of it are kept (`{% keep chrome.frame … %}`)."""
        return f"frame {self.language}"


def frame_for(language: str) -> Frame:
    """Return the frame in a language from this process's memory."""
    return kept(("frame", language), partial(_make_frame, language))


def _make_frame(language: str) -> Frame:
    with translation.override(language):
        home = HomePage.objects.filter(locale__language_code=language).visible().first()
        root = home or HomePage.objects.filter(locale__language_code="de").visible().first()
        settings, legal = SiteSettings.load(), _legal(root)
        nav = [link for page in _below(root) if page.show_in_menus for link in _menu_links(page)]
        return Frame(
            language=language,
            home_url=root.url if root else "/",
            nav=nav,
            legal=[Link(page.title, page.url) for page in legal],
            easy_url=_easy_url(),
            sign_url=_sign_url(root),
            contact=_contact(root),
            operator=settings.operator_name,
            funder_text=in_language(settings, "funder_text"),
            funder_url=settings.funder_url,
            funder_logo=settings.funder_logo,
            partners=[
                Partner(block.value.name, block.value["url"], block.value["logo"]) for block in settings.partners
            ],
            footer_text=in_language(settings, "footer"),
            notice_title=getattr(settings, f"notice_title_{language_suffix(language)}"),
            notice_text=getattr(settings, f"notice_text_{language_suffix(language)}"),
            feeds=[Link(_("Everything new (Atom)"), reverse("feed"))],
            sources=list(NOTES),
            search_url=reverse("search"),
            news_url=_url_of(NewsIndexPage, root),
            centres_url=_url_of(ServiceCentreIndexPage, root),
            infobrief_url=_url_of(InfobriefIndexPage, root) or reverse("infobrief_subscribe"),
            external_url=reverse("external_content"),
            privacy_url=next((page.url for page in legal if _is_privacy(page)), ""),
        )


def _below(home: HomePage | None) -> list[Page]:
    """Return the public pages right below a home page, in the order of the tree."""
    if home is None:
        return []
    children = home.get_children().live().exclude(path__in=private_paths())
    return list(children.select_related("content_type").order_by("path"))


def _menu_links(page: Page) -> list[Link]:
    """Return the entries of a page in the menu: the knowledge base shows its two shelves instead of itself."""
    specific = page.specific
    if isinstance(specific, KnowledgeIndexPage):
        return [
            Link(_("Practice"), specific.shelf_url("practice")),
            Link(_("Materials"), specific.shelf_url("material")),
        ]
    return [Link(page.title, page.url)]


def _url_of(model: Any, home: HomePage | None) -> str:
    if home is None:
        return ""
    page = model.objects.beside(home).first()
    return page.url if page else ""


def _legal(home: HomePage | None) -> list[Page]:
    if home is None:
        return []
    pages: list[Page] = [*LegalPage.objects.beside(home).order_by("legal_kind", "path")]
    return [*pages, *AccessibilityPage.objects.beside(home)]


def _is_privacy(page: Page) -> bool:
    return isinstance(page, LegalPage) and page.legal_kind == LegalPage.Kind.PRIVACY


def _easy_url() -> str:
    page = EasyLanguagePage.objects.visible().filter(depth=2).first()
    return page.url if page is not None and page.body else ""


def _sign_url(home: HomePage | None) -> str:
    page = SignLanguagePage.objects.beside(home).first() if home else None
    return page.url if page is not None and page.videos else ""


def _contact(home: HomePage | None) -> Contact | None:
    settings = ContactSettings.load()
    url = ""
    if settings.page_id and home is not None:
        page = (
            Page.objects.live()
            .filter(
                translation_key__in=Page.objects.filter(pk=settings.page_id).values("translation_key"),
                locale=home.locale_id,
            )
            .first()
        )
        url = page.url if page else ""
    person = settings.person
    if person is None or not person.is_published:
        general = SiteSettings.load()
        if not (general.contact_email or general.contact_phone):
            return None
        return Contact("", "", general.contact_phone, general.contact_email, in_language(settings, "hours"), url)
    hours = in_language(settings, "hours") or person.hours
    return Contact(person.name, person.function, person.phone, person.email, hours, url)
