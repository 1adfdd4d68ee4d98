"""Atom feed of what is new: practices, materials, news and coming offers in one language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.pages import BasePage
from home.models import HomePage, NewsPage
from knowledge.models import GoodPracticePage, MaterialPage
from trainings.catalogue import coming_offers

MOST_ENTRIES = 30


class NewPagesFeed(Feed):
    """The newest pages of the knowledge base, current news and coming offers; `?kind=` keeps one page type."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> tuple[HomePage | None, str]:
        """Return the home page of the language and the wanted kind."""
        home = HomePage.objects.visible().filter(locale__language_code=get_language()).first()
        return home, request.GET.get("kind", "")

    def title(self, obj: Any) -> str:
        """Name the feed."""
        return "Kommune goes International – " + _("New on this site")

    def link(self, obj: Any) -> str:
        """Lead to the home page."""
        return f"/{get_language()}/"

    def feed_url(self, obj: Any) -> str:
        """Return the feed's own address."""
        return reverse("feed")

    def items(self, obj: tuple[HomePage | None, str]) -> list[BasePage]:
        """Return the newest entries, the newest first."""
        home, kind = obj
        if home is None:
            return []
        pages: list[Any] = []
        for model in (GoodPracticePage, MaterialPage):
            pages += model.objects.beside(home).order_by("-first_published_at")[:MOST_ENTRIES]
        pages += NewsPage.objects.beside(home).current().order_by("-date")[:MOST_ENTRIES]
        pages += coming_offers(home, limit=MOST_ENTRIES)
        chosen = [page for page in pages if not kind or page.kind == kind]
        return sorted(chosen, key=published, reverse=True)[:MOST_ENTRIES]

    def item_title(self, item: BasePage) -> str:
        """Name the kind of page with its title."""
        return f"{item.kind_label}: {item.title}"

    def item_description(self, item: BasePage) -> str:
        """Give the page in short."""
        return item.teaser

    def item_link(self, item: BasePage) -> str:
        """Return the address of the page."""
        return item.url or ""

    def item_guid(self, item: BasePage) -> str:
        """Return an identity that survives a new address."""
        return f"urn:uuid:{item.translation_key}#{item.locale.language_code}"

    def item_pubdate(self, item: BasePage) -> dt.datetime:
        """Return when the page was first published."""
        return published(item)

    def item_updateddate(self, item: BasePage) -> dt.datetime:
        """Return when the page was last published."""
        return item.last_published_at or published(item)


def published(page: BasePage) -> dt.datetime:
    """Return when a page was first published; now for pages that never went through a publish."""
    return page.first_published_at or timezone.now()
