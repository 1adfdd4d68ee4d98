"""Finds the page of an address in two queries, whatever the depth, and serves it as Wagtail does.

Wagtail walks down the tree with two queries a level. Here one query fetches the page with all pages above it (they
make the breadcrumb), a second one the page's own fields, and nothing it points to: what it says mostly comes from
memory (`cms.fragments`). Site, languages and home pages come from the process.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.models import Locale, Page, Site
from wagtail.url_routing import RouteResult
from wagtail.urls import serve_pattern
from wagtail.views import serve_chain

from cms.pagecache.marking import may_be_kept
from cms.pages import private_paths
from cms.version import begin, kept

OF_THE_WAY = ("path", "depth", "title", "url_path", "locale_id", "content_type_id")  # what a breadcrumb needs


def locales() -> dict[int, Locale]:
    """Return all languages by primary key."""
    return kept("locales", lambda: {locale.pk: locale for locale in Locale.objects.all()})


def home_paths() -> dict[str, str]:
    """Return the `url_path` of the default site's home page in each language."""
    return kept("home paths", _home_paths)


def _home_paths() -> dict[str, str]:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return {}
    homes = Page.objects.filter(translation_key=site.root_page.translation_key, depth=site.root_page.depth)
    codes = {key: locale.language_code for key, locale in locales().items()}
    return {codes[home.locale_id]: home.url_path for home in homes}


def address_of(locale_id: int, url_path: str) -> str:
    """Return the address of a page of the default site as `page.url` does, without asking what else there is."""
    code = locales()[locale_id].language_code
    root = home_paths().get(code, "")
    return f"/{code}/{url_path[len(root) :]}" if root and url_path.startswith(root) else ""


def find(request: HttpRequest, path: str) -> RouteResult:
    """Return the page and what its own routes need. Raises Http404 when there is none.

    The deepest page whose address begins the path answers; what is left of the path goes to its routes.
    """
    root = home_paths().get(get_language() or "")
    if root is None or "\x00" in path:
        raise Http404
    parts = [part for part in path.split("/") if part]
    addresses = {root + "".join(f"{part}/" for part in parts[:length]): length for length in range(len(parts) + 1)}
    rows = sorted(Page.objects.filter(url_path__in=addresses).only(*OF_THE_WAY), key=lambda row: row.depth)
    if not rows:
        raise Http404
    page = _specific(rows[-1])
    page.pages_above = rows[:-1]
    result: RouteResult = page.route(request, parts[addresses[rows[-1].url_path] :])
    return result


def _specific(row: Page) -> Any:
    """Return the page with its own fields; what it points to is loaded by whoever prints it, mostly from memory."""
    page: Any = (row.specific_class or Page)._default_manager.get(pk=row.pk)
    page.locale = locales()[page.locale_id]
    return page


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the page of an address; Wagtail's hooks run as usual."""
    begin()
    request._wagtail_site = kept(("site", request.get_host()), lambda: Site._find_for_request(request))  # type: ignore[attr-defined]  # where Wagtail looks first
    page, args, kwargs = find(request, path)
    chain = serve_chain
    for wrap in reversed(hooks.get_hooks("on_serve_page")):
        chain = wrap(chain)
    for before in hooks.get_hooks("before_serve_page"):
        answer = before(page, request, args, kwargs)
        if isinstance(answer, HttpResponse):
            return answer
    response: HttpResponse = chain(page, request, args, kwargs)
    if getattr(page, "is_same_for_all", False) and not page.path.startswith(private_paths()):
        count = page.counted()
        if count and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            count()
        may_be_kept(response, on_hit=count)
    return response


urlpatterns: list[URLPattern] = [re_path(serve_pattern, serve, name="wagtail_serve")]
