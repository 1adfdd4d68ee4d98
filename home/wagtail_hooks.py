"""Hooks of the whole site: one line each, the work is done elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.models import Page

from cms import translating
from cms.links import OwnLanguageLinkHandler
from home.reports import ReviewReport, TranslationReport

hooks.register("construct_page_action_menu", translating.hide_overwriting_actions)
hooks.register("construct_translated_pages_to_cascade_actions", translating.cascade)
hooks.register("before_bulk_action", translating.before_bulk)
hooks.register("after_bulk_action", translating.after_bulk)
hooks.register("construct_page_chooser_queryset", translating.own_language_only)


@hooks.register("register_admin_urls", order=-10)
def guarded_localize_urls() -> list[URLPattern | URLResolver]:
    """Put our guards before wagtail-localize's addresses."""
    return translating.guarded_urls()


REPORTS = {"translation": TranslationReport, "review": ReviewReport}


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern]:
    """Give each report its two addresses."""
    return [
        path(f"reports/{name}/{part}", report.as_view(results_only=bool(part)), name=f"{name}_report{suffix}")
        for name, report in REPORTS.items()
        for part, suffix in (("", ""), ("results/", "_results"))
    ]


def _report_menu_item(name: str) -> MenuItem:
    report = REPORTS[name]
    return MenuItem(report.page_title, reverse(f"{name}_report"), icon_name=report.header_icon, order=50)


for _name in REPORTS:
    hooks.register("register_reports_menu_item", partial(_report_menu_item, _name))


@hooks.register("before_serve_page")
def serve_in_own_language_only(page: Page, request: HttpRequest, *args: Any) -> None:
    """Answer 404 instead of German text under /en/ when the English home page is missing."""
    if page.locale.language_code != get_language():
        raise Http404


@hooks.register("register_rich_text_features", order=100)
def links_in_own_language(features: Any) -> None:
    """Take the place of Wagtail's handler of page links."""
    features.register_link_type(OwnLanguageLinkHandler)


class AccessibilityChecks(ContentCheckerItem):
    """All rules of WCAG 2.1 A and AA in the editor's checks, not only ten."""

    axe_run_only = ("wcag2a", "wcag2aa", "wcag21aa")


@hooks.register("construct_wagtail_userbar")
def all_accessibility_checks(request: HttpRequest, items: list[Any], page: Page | None) -> None:
    """Swap in our checks."""
    items[:] = [AccessibilityChecks() if isinstance(item, ContentCheckerItem) else item for item in items]
