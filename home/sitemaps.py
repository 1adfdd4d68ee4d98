"""One sitemap for all languages, each address with its alternates."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.fragments import piece
from cms.i18n import EASY
from cms.pages import private_paths
from cms.routing import locales


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Return all public pages with address, last change and the addresses of their translations."""
    codes = {key: locale.language_code for key, locale in locales().items()}
    pages = Page.objects.live().filter(alias_of__isnull=True, depth__gte=2).order_by("path")
    hidden = private_paths()
    found = [page for page in pages if not page.path.startswith(hidden)]
    alternates: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    listed = []
    for page in found:
        url = page.get_full_url(request)
        if url is None:
            continue
        if codes[page.locale_id] != EASY:
            alternates[page.translation_key].append({"lang": codes[page.locale_id], "url": url})
        listed.append({"url": url, "changed": page.last_published_at, "key": page.translation_key})
    for entry in listed:
        others = alternates[entry["key"]]
        entry["alternates"] = others if len(others) > 1 else []
    return listed


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with the sitemap as XML, made once until the content changes: it names every page."""
    xml = piece(
        ("sitemap", request.get_host()),
        lambda: render_to_string("home/sitemap.xml", {"entries": entries(request)}),
    )
    return HttpResponse(xml, content_type="application/xml")
