"""Atom feed of the issues in one language."""

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

from home.newsletter.models import InfobriefPage

MOST_ENTRIES = 20


class InfobriefFeed(Feed):
    """The newest issues."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the language."""
        return get_language() or "de"

    def title(self, obj: str) -> str:
        """Name the feed."""
        return "Kommune goes International – " + _("Infobrief")

    def link(self, obj: str) -> str:
        """Lead to the home page."""
        return f"/{obj}/"

    def feed_url(self, obj: str) -> str:
        """Return the feed's own address."""
        return reverse("infobrief_feed")

    def items(self, obj: str) -> list[InfobriefPage]:
        """Return the newest issues."""
        issues = InfobriefPage.objects.visible().filter(locale__language_code=obj).select_related("locale")
        return list(issues.order_by("-date", "-pk")[:MOST_ENTRIES])

    def item_title(self, item: InfobriefPage) -> str:
        """Return the title."""
        return item.title

    def item_description(self, item: InfobriefPage) -> str:
        """Give the issue in short."""
        return item.teaser

    def item_link(self, item: InfobriefPage) -> str:
        """Return the address of the issue."""
        return item.url or ""

    def item_guid(self, item: InfobriefPage) -> str:
        """Return an identity that survives a new address."""
        return f"urn:uuid:{item.translation_key}#{item.locale.language_code}"

    def item_pubdate(self, item: InfobriefPage) -> dt.datetime:
        """Return the day of the issue."""
        return timezone.make_aware(dt.datetime.combine(item.date, dt.time(8)))

    def item_updateddate(self, item: InfobriefPage) -> dt.datetime:
        """Return when the issue was last published."""
        return item.last_published_at or self.item_pubdate(item)
