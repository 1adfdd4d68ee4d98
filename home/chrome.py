"""Header and footer as plain data: one copy per language and process, made anew when content changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.i18n import EASY, in_language, language_suffix
from cms.models import SiteSettings
from cms.pages import private_paths
from cms.routing import address_of, locales
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

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English", EASY: "Leichte Sprache"}
MAIN_LANGUAGES = ("de", "en")
HOME_DEPTH = 2


@dataclass(frozen=True)
class Link:
    """An address with its name; `current` is `page` where it is shown, `true` where what is shown lies below."""

    title: str
    url: str
    current: str = ""


@dataclass(frozen=True)
class LanguageLink:
    """The page in another language, or its nearest visible parent where there is none."""

    code: str
    label: str
    url: str
    exists: bool
    current: bool


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


@dataclass(frozen=True)
class Chrome:
    """The frame around one page; what is asked of it is found when a template asks, pieces from memory need nothing."""

    frame: Frame
    request: HttpRequest
    page: Page | None

    @cached_property
    def nav(self) -> list[Link]:
        """Return the menu with the entry marked below which the answer lies."""
        path = self.request.path
        return [replace(link, current=_current(link.url, path)) for link in self.frame.nav]

    @property
    def here(self) -> str:
        """Return what the menu of this answer depends on."""
        return " ".join(f"{number}{link.current}" for number, link in enumerate(self.nav) if link.current)

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """Return the same in the two main languages."""
        if self.page is None:
            return _other_addresses(self.request, self.frame.language)
        return _page_languages(self.page)

    @property
    def alternates(self) -> list[LanguageLink]:
        """Return the languages in which the page exists, where there are several."""
        found = [link for link in self.languages if link.exists] if self.page else []
        return found if len(found) > 1 else []

    @cached_property
    def breadcrumb(self) -> list[Link]:
        """Return the pages above."""
        return _breadcrumb(self.page) if self.page else []

    @property
    def canonical(self) -> str:
        """Return the full address of a page; none for what is no page."""
        return self.request.build_absolute_uri(self.request.path) if self.page else ""

    def __getattr__(self, name: str) -> Any:
        """Offer the frame's values by their own names, so templates need not know which is which."""
        return getattr(self.frame, name)


def frame_for(language: str) -> Frame:
    """Return the frame in a language from this process's memory."""
    return kept(("frame", language), partial(_make_frame, language))


def chrome_for(request: HttpRequest, page: Page | None) -> Chrome:
    """Return the frame around a page; without page (errors, search) it stays in the language of the address."""
    language = page.locale.language_code if page is not None else translation.get_language() or "de"
    return Chrome(frame_for(language), request, page if page is not None and page.pk else None)


def _current(url: str, path: str) -> str:
    if url == path:
        return "page"
    return "true" if path.startswith(url) else ""


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


def _breadcrumb(page: Page) -> list[Link]:
    """Return the pages above, home first; the page itself is not a link."""
    above = getattr(page, "pages_above", None)
    if above is None:  # a preview: not found by its address
        above = page.get_ancestors().filter(depth__gte=HOME_DEPTH).order_by("depth")
    return [
        Link(_("Home") if one.depth == HOME_DEPTH else one.title, address_of(one.locale_id, one.url_path))
        for one in above
    ]


def _page_languages(page: Page) -> list[LanguageLink]:
    """Return the two main languages; a missing translation leads to that language's home and says so."""
    rows = Page.objects.filter(translation_key=page.translation_key, live=True, alias_of__isnull=True)
    hidden = private_paths()
    found = {
        locales()[locale].language_code: address_of(locale, url_path)
        for locale, path, url_path in rows.values_list("locale_id", "path", "url_path")
        if not path.startswith(hidden)
    }
    own = page.locale.language_code
    return [
        LanguageLink(
            code=code,
            label=LANGUAGE_NAMES[code],
            url=found.get(code) or frame_for(code).home_url,
            exists=code in found,
            current=code == own,
        )
        for code in MAIN_LANGUAGES
    ]


def _other_addresses(request: HttpRequest, language: str) -> list[LanguageLink]:
    """Return the same address in the other language, for views that have no page."""
    from django.urls import translate_url

    return [
        LanguageLink(code, LANGUAGE_NAMES[code], translate_url(request.get_full_path(), code), True, code == language)
        for code in MAIN_LANGUAGES
    ]
