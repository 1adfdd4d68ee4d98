"""What editors see of the search: synonyms, promoted results, and what people looked for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search import terms
from search.counting import SHOWN_FROM
from search.models import LANGUAGES, Promotion, Synonyms

RIGHT = "search.change_synonyms"


class SynonymsViewSet(SnippetViewSet):
    """Words that mean the same."""

    model = Synonyms
    icon = "pilcrow"
    menu_label = _("Synonyms")
    list_display: ClassVar = ["words", "locale"]
    list_filter: ClassVar = ["locale"]


class PromotionViewSet(SnippetViewSet):
    """Pages that come first for certain words."""

    model = Promotion
    icon = "pick"
    menu_label = _("Promoted results")
    list_display: ClassVar = ["words", "locale", "page", "order"]
    list_filter: ClassVar = ["locale"]


class SearchViewSetGroup(SnippetViewSetGroup):
    """Both below one menu entry."""

    items = (SynonymsViewSet, PromotionViewSet)
    menu_icon = "search"
    menu_label = _("Search")
    menu_name = "site-search"
    menu_order = 240


register_snippet(SearchViewSetGroup)


def searches(request: HttpRequest) -> HttpResponse:
    """List what people looked for, per language: most often, and in vain. Nothing that fewer than three looked for."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    languages: list[dict[str, Any]] = [
        {"label": label, "frequent": terms.frequent(code), "in_vain": terms.in_vain(code), "code": code}
        for code, label in LANGUAGES
    ]
    return render(request, "search/admin/searches.html", {"languages": languages, "smallest": SHOWN_FROM})


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [path("searches/", searches, name="searches_report")]


class SearchesMenuItem(MenuItem):
    """Shown to those who may change synonyms: they can do something about it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return bool(request.user.has_perm(RIGHT))


@hooks.register("register_reports_menu_item")
def _menu_item() -> SearchesMenuItem:
    return SearchesMenuItem(_("Searches"), reverse("searches_report"), name="searches", icon_name="search", order=60)
