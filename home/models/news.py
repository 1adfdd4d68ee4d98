"""News and calls; a call leaves the site by itself after its deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager

from cms.blocks import BodyBlock
from cms.findable import Findable, findable
from cms.pages import BasePage, BasePageQuerySet, IndexPage
from cms.version import kept
from cms.vocabularies import NewsKind
from knowledge.models import Tagged

PER_PAGE = 12


class NewsIndexPage(IndexPage):
    """All news, the newest first."""

    subpage_types: ClassVar = ["home.NewsPage"]

    kind_label = _("News")

    class Meta:
        verbose_name = _("news overview")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the news."""
        from django.core.paginator import Paginator

        keys = kept(("news below", self.pk), lambda: NewsPage.objects.child_of(self).newest())
        page_obj = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        page_obj.object_list = NewsPage.objects.in_order(page_obj.object_list)
        return {**super().get_context(request, *args, **kwargs), "page_obj": page_obj}


class NewsQuerySet(BasePageQuerySet):
    """Vocabulary of news queries."""

    def current(self) -> NewsQuerySet:
        """Keep visible news; calls whose deadline has passed are gone even before the worker unpublishes them."""
        over = models.Q(news_kind=NewsKind.CALL, deadline__lt=timezone.localdate())
        return self.visible().exclude(over)

    def newest(self) -> list[int]:
        """Return the keys of current news, the newest first."""
        return list(self.current().order_by("-date", "-pk").values_list("pk", flat=True))

    def in_order(self, keys: Sequence[int]) -> list[NewsPage]:
        """Return these news, as far as they are still current, ready for their cards."""
        found = {page.pk: page for page in self.current().for_cards().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def newest_news(beside: Page, limit: int) -> list[NewsPage]:
    """Return the newest news in the language of a page; which ones they are is kept, among thousands."""
    key = ("news beside", beside.locale_id)
    keys = kept(key, lambda: NewsPage.objects.beside(beside).newest())
    return NewsPage.objects.in_order(keys[:limit])


class NewsPage(Tagged, BasePage):
    """A news item, or a call with a deadline."""

    parent_page_types: ClassVar = ["home.NewsIndexPage"]
    subpage_types: ClassVar = []

    news_kind = models.CharField(_("kind"), max_length=10, choices=NewsKind.choices, default=NewsKind.NEWS)
    date = models.DateField(_("date"), default=timezone.localdate)
    deadline = models.DateField(
        _("deadline"), null=True, blank=True, help_text=_("For calls: the page leaves the site after this day.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"))
    link_url = models.URLField(_("link"), blank=True)
    steps = ParentalManyToManyField(
        "knowledge.DevelopmentStep", verbose_name=_("development steps"), blank=True, related_name="+"
    )

    shared_fields = (*BasePage.shared_fields, *Tagged.shared_tag_fields, "news_kind", "date", "deadline", "link_url")
    recommended_fields = ("teaser", "steps", "topics", "image")
    kind_label = _("News")
    search_kind = "news"
    schema_type = "NewsArticle"
    objects = PageManager.from_queryset(NewsQuerySet)()

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("news_kind"), FieldPanel("date"), FieldPanel("deadline")]),
        FieldPanel("body"),
        FieldPanel("link_url"),
        MultiFieldPanel(Tagged.tag_panels, heading=_("Where it belongs")),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")

    @property
    def card_meta(self) -> list[str]:
        """Date of the news, deadline of the call."""
        if self.news_kind == NewsKind.CALL and self.deadline:
            return [_("Deadline %(date)s") % {"date": date_format(self.deadline)}]
        return [date_format(self.date)]

    @property
    def is_over(self) -> bool:
        """Return whether the deadline of a call has passed."""
        return self.news_kind == NewsKind.CALL and self.deadline is not None and self.deadline < timezone.localdate()

    def clean(self) -> None:
        """Ask for the deadline of a call and let the page expire at the end of that day."""
        super().clean()
        if self.news_kind == NewsKind.CALL and self.deadline is None and self.live:
            raise ValidationError({"deadline": _("Give the deadline of the call.")})
        if self.news_kind == NewsKind.CALL and self.deadline is not None:
            self.expire_at = end_of_day(self.deadline)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 404 for a call that is over, as after the worker has unpublished it."""
        if self.is_over and not getattr(request, "is_preview", False):
            raise Http404
        return super().serve(request, *args, **kwargs)

    def search_document(self) -> Findable | None:
        """Add the day; a call is found until its deadline."""
        expires = self.deadline if self.news_kind == NewsKind.CALL else None
        return replace(findable(self), date=self.date, expires=expires)

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the article with its date."""
        data = super().structured_data(request)
        data["headline"] = data.pop("name")
        data["datePublished"] = self.date.isoformat()
        return data


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the first moment after a day in the site's time zone."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
