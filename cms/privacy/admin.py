"""Data protection in the admin: find, hand out and erase one person; what is kept how long; what was purged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.privacy import audit, registry, services
from cms.privacy.models import AuditEntry, PurgeReport

RIGHT = "privacy.view_erasurelog"
PER_PAGE = 100


class PersonForm(forms.Form):
    """One address; erasing needs a tick."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def index(request: HttpRequest) -> HttpResponse:
    """Show the rules with what is due, and the form to find a person. The address travels by POST, never in a URL."""
    _require(request)
    form = PersonForm(request.POST or None)
    found: dict[str, list[dict[str, Any]]] | None = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        decision = request.POST.get("decision", "find")
        if decision == "erase" and request.POST.get("sure") == "yes":
            return _erase(request, email)
        found = services.export_person(email)
        if decision == "export":
            return _export(request, found)
        if decision == "erase":
            form.add_error(None, _("Tick that you are sure."))
    due = services.purge_due(dry_run=True)
    context = {
        "form": form,
        "found": None if found is None else _readable(found),
        "rules": [(rule, due.get(rule.key, 0)) for rule in registry.rules()],
        "purges": PurgeReport.objects.all()[:30],
    }
    return render(request, "privacy/index.html", context)


def _readable(found: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, list[dict[str, Any]]]]:
    labels = {holder.key: holder.label for holder in registry.holders()}
    return [(labels[key], rows) for key, rows in found.items()]


def _export(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    audit.note("person_exported", subject=("privacy.person", "-"), actor=request.user, holders=sorted(found))
    response = JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="person.json"'
    return response


def _erase(request: HttpRequest, email: str) -> HttpResponse:
    counts = services.erase_person(email, actor=request.user)
    if counts:
        messages.success(request, _("Erased: %(count)s rows.") % {"count": sum(counts.values())})
    else:
        messages.info(request, _("Nothing is known of this address."))
    return redirect("privacy")


def log(request: HttpRequest) -> HttpResponse:
    """Show who did what; no personal value stands in it."""
    _require(request)
    rows = AuditEntry.objects.select_related("actor").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "privacy/log.html", {"page_obj": page})


class PrivacyMenuItem(MenuItem):
    """Shown to those who protect data."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return bool(request.user.has_perm(RIGHT))


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [path("privacy/", index, name="privacy"), path("privacy/log/", log, name="privacy_log")]


@hooks.register("register_reports_menu_item")
def _menu_item() -> PrivacyMenuItem:
    return PrivacyMenuItem(
        gettext_lazy("Data protection"), reverse("privacy"), name="privacy", icon_name="lock", order=8950
    )
