"""The page cache in the admin: what each web process of this host answered from memory, and a button to empty all."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms import version
from cms.pagecache import told
from cms.version import Counter


def _only_administrators(request: HttpRequest) -> None:
    if not request.user.is_superuser:
        raise PermissionDenied


def index(request: HttpRequest) -> HttpResponse:
    """Show the numbers of all processes and the counters that finished pages hang on."""
    _only_administrators(request)
    counters = dict(Counter.objects.order_by("name").values_list("name", "value"))
    context = {"processes": told.by_all(), "counters": counters, "is_on": bool(settings.PAGE_CACHE_MB)}
    return render(request, "cms/pagecache/index.html", context)


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Raise all counters: whatever any process on any host has kept is made anew."""
    _only_administrators(request)
    for name in Counter.objects.values_list("name", flat=True):
        version.raise_counter(name)
    messages.success(request, _("All finished pages will be made anew."))
    return redirect("pagecache")


class PageCacheMenuItem(MenuItem):
    """Shown to administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return bool(request.user.is_superuser)


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [
        path("page-cache/", index, name="pagecache"),
        path("page-cache/empty/", empty, name="pagecache_empty"),
    ]


@hooks.register("register_reports_menu_item")
def _menu_item() -> PageCacheMenuItem:
    label = gettext_lazy("Finished pages")
    return PageCacheMenuItem(label, reverse("pagecache"), name="pagecache", icon_name="history", order=9100)
