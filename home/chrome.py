"""The frame around one page: its place in the menu, its languages, the pages above."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.i18n import EASY
from cms.pages import private_paths
from cms.routing import address_of, locales
from home.frame import Frame, Link, frame_for

LANGUAGE_NAMES = {"de": "Deutsch", "en": "English", EASY: "Leichte Sprache"}
MAIN_LANGUAGES = ("de", "en")
HOME_DEPTH = 2


@dataclass(frozen=True)
class LanguageLink:
    """The page in another language, or its nearest visible parent where there is none."""

    code: str
    label: str
    url: str
    exists: bool
    current: bool


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


def chrome_for(request: HttpRequest, page: Page | None) -> Chrome:
    """Return the frame around a page; without page (errors, search) it stays in the language of the address."""
    language = page.locale.language_code if page is not None else translation.get_language() or "de"
    return Chrome(frame_for(language), request, page if page is not None and page.pk else None)


def _current(url: str, path: str) -> str:
    if url == path:
        return "page"
    return "true" if path.startswith(url) else ""


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
