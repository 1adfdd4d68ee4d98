"""Atom feed of any search: the same words and filters, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.i18n import language_suffix
from search import hits, queries
from search.finding import Found, plain
from search.hits import Row
from search.models import SearchDocument
from search.places import SEARCH

MOST_ENTRIES = 30


class SearchFeed(Feed):
    """Entries of one search."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Found:
        """Read the query string as the search page does."""
        return Found(SEARCH, request.GET, language_suffix(get_language()))

    def title(self, obj: Found) -> str:
        """Name the feed after the search."""
        parts = [obj.text, *(chip.label for chip in obj.chips)]
        return "Kommune goes International – " + (", ".join(part for part in parts if part) or _("New on this site"))

    def link(self, obj: Found) -> str:
        """Lead to the search page."""
        return reverse("search") + obj.parameters

    def feed_url(self, obj: Found) -> str:
        """Return the feed's own address."""
        return reverse("search_feed") + obj.parameters

    def items(self, obj: Found) -> list[tuple[Row, SearchDocument]]:
        """Return the newest hits."""
        wanted = replace(obj.request, sort="date", page=1, page_size=MOST_ENTRIES, facets=())
        rows = hits.rows(queries.search(wanted).hits)
        documents = SearchDocument.objects.only("lead", "date").in_bulk([row.id for row in rows])
        return [(row, documents[row.id]) for row in rows if row.id in documents]

    def item_title(self, item: tuple[Row, SearchDocument]) -> str:
        """Name the kind of page with its title."""
        return f"{item[0].facts.kind_label}: {plain(item[0].title)}"

    def item_description(self, item: tuple[Row, SearchDocument]) -> str:
        """Return the summary."""
        return item[1].lead

    def item_link(self, item: tuple[Row, SearchDocument]) -> str:
        """Return the address of the page."""
        return item[0].facts.url

    def item_updateddate(self, item: tuple[Row, SearchDocument]) -> dt.datetime:
        """Return the day of the page; feeds need a time."""
        day = item[1].date or timezone.localdate()
        return dt.datetime.combine(min(day, timezone.localdate()), dt.time(12), timezone.get_current_timezone())
