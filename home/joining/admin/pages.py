"""How every page about enquiries is put together: header with the way back, title, nothing kept by a proxy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from home.joining.models import Enquiry


def show(
    request: HttpRequest, template: str, *, title: Any, row: Enquiry | None = None, icon: str = "mail", **context: Any
) -> HttpResponse:
    """Render a page about an enquiry or about all of them."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if template != "list":
        crumbs.append({"url": reverse("enquiries"), "label": _("Enquiries")})
    if row is not None and template != "detail":
        crumbs.append({"url": reverse("enquiry", args=[row.pk]), "label": str(row)})
    crumbs.append({"url": "", "label": str(title)})
    base = {"breadcrumbs_items": crumbs, "header_title": title, "header_icon": icon, "row": row}
    response = render(request, f"joining/admin/{template}.html", {**base, **context})
    response.headers["Cache-Control"] = "private, no-store"
    return response
