"""An issue is a page: preview, workflow, translation and archive come with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField

from cms.findable import Findable, findable
from cms.pages import BasePage, IndexPage
from cms.version import kept
from home.newsletter import viewed
from home.newsletter.blocks import IssueBlock

PER_PAGE = 12
TAKEN = {"anmelden", "subscribe", "feed", "bestaetigen", "confirm", "einstellungen", "preferences", "abmelden", "link"}
TAKEN |= {"unsubscribe", "neue-adresse", "new-address"}


class InfobriefIndexPage(IndexPage):
    """The archive of all issues in one language, and the way to subscribe."""

    parent_page_types: ClassVar = ["home.HomePage"]
    subpage_types: ClassVar = ["newsletter.InfobriefPage"]

    kind_label = _("Infobrief")

    class Meta:
        verbose_name = _("archive of the Infobrief")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of the issues, the newest first; which ones there are is kept, among thousands of pages."""
        issues = InfobriefPage.objects.child_of(self).visible().order_by("-date", "-pk")
        keys = kept(("issues below", self.pk), lambda: list(issues.values_list("pk", flat=True)))
        page_obj = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
        shown = InfobriefPage.objects.visible().for_cards().filter(pk__in=page_obj.object_list)
        page_obj.object_list = shown.order_by("-date", "-pk")
        return {**super().get_context(request, *args, **kwargs), "page_obj": page_obj}


class InfobriefPage(BasePage):
    """One issue in one language. Its web page, its mail and its plain text are made of the same blocks."""

    parent_page_types: ClassVar = ["newsletter.InfobriefIndexPage"]
    subpage_types: ClassVar = []

    date = models.DateField(_("date of the issue"), default=timezone.localdate)
    subject = models.CharField(
        _("subject of the mail"),
        max_length=120,
        blank=True,
        help_text=_("Says what is in it; about 50 characters are shown on a phone. Empty: the title."),
    )
    body = StreamField(IssueBlock(), verbose_name=_("content"))
    archive_only = models.BooleanField(
        _("archive only"), default=False, help_text=_("The issue stands on the site and is never sent as a mail.")
    )

    shared_fields = (*BasePage.shared_fields, "date", "archive_only")
    recommended_fields = ("teaser", "subject")
    required_to_publish = ("teaser",)
    kind_label = _("Infobrief")
    search_kind = "news"
    schema_type = "Article"

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("archive_only")]),
        FieldPanel("subject"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("issue of the Infobrief")
        verbose_name_plural = _("issues of the Infobrief")

    def counted(self) -> Callable[[], None]:
        """Count how often the issue is read on the site."""
        return partial(viewed.count, self.pk)

    @property
    def mail_subject(self) -> str:
        """Return what stands in the subject line."""
        return self.subject or self.title

    @property
    def card_meta(self) -> list[str]:
        """Date of the issue."""
        return [date_format(self.date)]

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Let editors look at the page, the mail and its plain text."""
        return [("", _("Web page")), ("mail", _("Mail")), ("text", _("Plain text of the mail"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the draft in the wanted form."""
        if mode_name not in ("mail", "text"):
            return super().serve_preview(request, mode_name)
        from home.newsletter.rendering import render_issue, with_sample_links

        mail = with_sample_links(render_issue(self))
        if mode_name == "mail":
            return HttpResponse(mail.html)
        return HttpResponse(mail.text, content_type="text/plain; charset=utf-8")

    def clean(self) -> None:
        """Refuse an address that belongs to a form."""
        super().clean()
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This address belongs to a form. Choose another one.")})

    def search_document(self) -> Findable | None:
        """Add the day of the issue."""
        return replace(findable(self), date=self.date)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the parts of the issue as the web page shows them."""
        from home.newsletter.content import parts_of

        return {**super().get_context(request, *args, **kwargs), "parts": parts_of(self)}

    def structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the issue with its date."""
        data = super().structured_data(request)
        data["headline"] = data.pop("name")
        data["datePublished"] = self.date.isoformat()
        return data
