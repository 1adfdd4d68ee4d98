"""What every template may ask: the frame around the page and its description for machines."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe

from home.chrome import Chrome, chrome_for

register = template.Library()


@register.simple_tag(takes_context=True)
def chrome(context: dict[str, Any]) -> Chrome:
    """Return header, footer, breadcrumb and language links for the page in the context."""
    return chrome_for(context["request"], context.get("page"))


@register.filter
def has_session(request: HttpRequest | None) -> bool:
    """Return whether somebody may be signed in, without opening the session: that would make the page personal."""
    return request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES


@register.simple_tag(takes_context=True)
def structured_data(context: dict[str, Any]) -> SafeString:
    """Return the page's JSON-LD as a data block, which a browser does not run."""
    page = context.get("page")
    if page is None or not hasattr(page, "structured_data"):
        return mark_safe("")
    request = context["request"]
    graph = [page.structured_data(request)]
    if trail := _breadcrumb_data(context, page):
        graph.append(trail)
    block = json_script({"@context": "https://schema.org", "@graph": graph})
    return mark_safe(block.replace("application/json", "application/ld+json", 1))  # noqa: S308  # escaped by Django


def _breadcrumb_data(context: dict[str, Any], page: Any) -> dict[str, Any] | None:
    found = context.get("chrome")
    if found is None or not found.breadcrumb:
        return None
    request = context["request"]
    items = [
        {"@type": "ListItem", "position": number, "name": link.title, "item": request.build_absolute_uri(link.url)}
        for number, link in enumerate(found.breadcrumb, start=1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": page.title})
    return {"@type": "BreadcrumbList", "itemListElement": items}
