"""Who may do what with the Infobrief, and how its pages in the admin are put together."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

SEE = "newsletter.view_mailing"
PREPARE = "newsletter.add_mailing"
SEND = "newsletter.send_mailing"
READERS = "newsletter.view_subscriber"
CHANGE_READERS = "newsletter.change_subscriber"


def require(request: HttpRequest, right: str) -> None:
    """Ask for a right. Raises PermissionDenied."""
    if not request.user.has_perm(right):
        raise PermissionDenied


def show(
    request: HttpRequest, template: str, *, title: Any, crumbs: list[tuple[str, Any]] | None = None, **context: Any
) -> HttpResponse:
    """Render a page of the Infobrief; nothing of it is kept by a browser or proxy."""
    above = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    above += [{"url": url, "label": str(label)} for url, label in crumbs or []]
    base = {
        "breadcrumbs_items": [*above, {"url": "", "label": str(title)}],
        "header_title": title,
        "header_icon": "mail",
        "may_send": request.user.has_perm(SEND),
        "may_prepare": request.user.has_perm(PREPARE),
        "may_change_readers": request.user.has_perm(CHANGE_READERS),
    }
    response = render(request, f"newsletter/admin/{template}.html", {**base, **context})
    response.headers["Cache-Control"] = "private, no-store"
    return response
