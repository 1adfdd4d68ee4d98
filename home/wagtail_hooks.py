"""Hooks of the whole site: one line each, the work is done elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page

from cms import translating
from home.reports import TranslationReport

hooks.register("construct_page_action_menu", translating.hide_overwriting_actions)
hooks.register("construct_translated_pages_to_cascade_actions", translating.cascade)
hooks.register("before_bulk_action", translating.before_bulk)
hooks.register("after_bulk_action", translating.after_bulk)
hooks.register("construct_page_chooser_queryset", translating.own_language_only)


@hooks.register("register_admin_urls", order=-10)
def guarded_localize_urls() -> list[URLPattern | URLResolver]:
    """Put our guards before wagtail-localize's addresses."""
    return translating.guarded_urls()


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """Give the report its addresses."""
    return [
        path("reports/translations/", TranslationReport.as_view(), name="translation_report"),
        path(
            "reports/translations/results/",
            TranslationReport.as_view(results_only=True),
            name="translation_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def report_menu_item() -> MenuItem:
    """List the report with the others."""
    return MenuItem(
        _("Translations to do"), reverse("translation_report"), icon_name="wagtail-localize-language", order=50
    )


@hooks.register("before_serve_page")
def serve_in_own_language_only(page: Page, request: HttpRequest, *args: Any) -> None:
    """Answer 404 instead of German text under /en/ when the English home page is missing."""
    if page.locale.language_code != get_language():
        raise Http404


class AccessibilityChecks(ContentCheckerItem):
    """All rules of WCAG 2.1 A and AA in the editor's checks, not only ten."""

    axe_run_only = ("wcag2a", "wcag2aa", "wcag21aa")


@hooks.register("construct_wagtail_userbar")
def all_accessibility_checks(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """Swap in our checks."""
    items[:] = [AccessibilityChecks() if isinstance(item, ContentCheckerItem) else item for item in items]
