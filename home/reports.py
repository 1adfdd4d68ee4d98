"""What editors must not lose sight of: pages without translation, or changed since they were translated."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page, get_page_models

from cms.pages import BasePage
from home.moving.completing import labels


def pages_to_translate() -> QuerySet[Page]:
    """Return live German pages without a live English page, or published after it."""
    english = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code="en", live=True, alias_of__isnull=True
    )
    return (
        Page.objects.filter(locale__language_code="de", live=True, depth__gte=2)
        .annotate(translated_at=Subquery(english.values("last_published_at")[:1]))
        .filter(Q(translated_at__isnull=True) | Q(last_published_at__gt=F("translated_at")))
        .order_by("translated_at", "-last_published_at")
    )


def pages_to_review() -> QuerySet[Page]:
    """Return live pages whose own day of the next check has come."""
    due: set[int] = set()
    for model in get_page_models():
        if issubclass(model, BasePage):
            rows = model.objects.live().filter(review_by__lte=timezone.localdate())
            due.update(rows.values_list("pk", flat=True))
    return Page.objects.filter(pk__in=due).order_by("latest_revision_created_at", "pk")


def pages_to_complete() -> QuerySet[Page]:
    """Return imported pages that lack what publishing by hand would ask for."""
    pages = Page.objects.filter(imported__is_complete=False).select_related("imported", "content_type")
    return pages.order_by("path")


class EditorsReport(PageReportView):
    """A list of pages that editors should look at; subclasses say which."""

    results_template_name = "wagtailadmin/reports/base_page_report_results.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the right to translate, which all editors have."""
        if not request.user.has_perm("wagtail_localize.submit_translation"):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class TranslationReport(EditorsReport):
    """List the pages somebody should translate next."""

    page_title = _("Translations to do")
    header_icon = "wagtail-localize-language"
    index_url_name = "translation_report"
    index_results_url_name = "translation_report_results"

    def get_queryset(self) -> Any:
        """Return the pages in the order in which they need somebody."""
        self.queryset = pages_to_translate()
        return super().get_queryset()


class ReviewReport(EditorsReport):
    """List the pages whose day of the next check has come."""

    page_title = _("Pages to check again")
    header_icon = "history"
    index_url_name = "review_report"
    index_results_url_name = "review_report_results"

    def get_queryset(self) -> Any:
        """Return the pages, those that nobody has touched for longest first."""
        self.queryset = pages_to_review()
        return super().get_queryset()


class CompletionReport(EditorsReport):
    """List imported pages with gaps; the next edit by hand asks for what is missing."""

    page_title = _("To complete")
    header_icon = "edit"
    index_url_name = "completion_report"
    index_results_url_name = "completion_report_results"
    results_template_name = "home/reports/to_complete_results.html"
    list_export = (*EditorsReport.list_export, "missing")
    export_headings = {**EditorsReport.export_headings, "missing": _("Missing")}

    def get_queryset(self) -> Any:
        """Return the pages in the order of the tree."""
        self.queryset = pages_to_complete()
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Name what each page lacks as its form does."""
        for page in object_list:
            page.missing = ", ".join(labels(page, page.imported.gaps))
        return object_list
