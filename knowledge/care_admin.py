"""Confirmation of profiles in the admin: who is overdue, reminded or off the map; owners, staff, confirming by hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.models import User
from knowledge.models import ProfileCare, ProfileKind
from knowledge.services import confirming, staff

RIGHT = "knowledge.change_profilecare"
STATES: dict[str, Any] = {
    "left": gettext_lazy("Off the map"),
    "change": gettext_lazy("Change wanted"),
    "trouble": gettext_lazy("Letter not delivered"),
    "nobody": gettext_lazy("Nobody to ask"),
    "reminded": gettext_lazy("Reminded"),
    "asked": gettext_lazy("Asked"),
    "fine": gettext_lazy("Confirmed"),
    "new": gettext_lazy("Not yet confirmed"),
}


@dataclass(frozen=True)
class Line:
    """One profile of the report."""

    row: ProfileCare
    state: str
    address: str

    @property
    def label(self) -> str:
        """Return the state in words."""
        return str(STATES[self.state])


class CareForm(forms.ModelForm):
    """Who is asked, and who of the users may edit the page."""

    class Meta:
        model = ProfileCare
        fields = ("owner_email", "owner_language", "staff")
        widgets = {"staff": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == ProfileKind.CENTRE:
            people: Any = self.fields["staff"]
            people.queryset = User.objects.filter(is_active=True, is_superuser=False).order_by("username")
        else:
            del self.fields["staff"]


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied


def _state(row: ProfileCare, address: str) -> str:
    """Return the one thing editors should know first about a profile."""
    checks = (
        ("left", row.left_on is not None),
        ("change", row.change_wanted_on is not None),
        ("trouble", row.has_mail_problem),
        ("nobody", not address),
        ("reminded", row.letters > 1),
        ("asked", row.letters == 1),
        ("fine", row.confirmed_on is not None),
    )
    return next((name for name, is_so in checks if is_so), "new")


def lines() -> list[Line]:
    """Return all profiles, those that need somebody first."""
    usual: dict[uuid.UUID, str] = confirming.usual_addresses()
    found = []
    for row in ProfileCare.objects.all():
        address = row.owner_email or usual.get(row.profile_key, "")
        found.append(Line(row, _state(row, address), address))
    order = list(STATES)
    return sorted(found, key=lambda line: (order.index(line.state), line.row.counted_from, line.row.pk))


def index(request: HttpRequest) -> HttpResponse:
    """List the profiles; `?state=` keeps one state."""
    _require(request)
    everything, state = lines(), request.GET.get("state", "")
    counts = [(code, label, sum(line.state == code for line in everything)) for code, label in STATES.items()]
    shown = [line for line in everything if state not in STATES or line.state == state]
    context = {"lines": shown, "state": state, "states": [one for one in counts if one[2]], "total": len(everything)}
    return render(request, "knowledge/admin/care.html", context)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the owner and the staff of a profile."""
    _require(request)
    row = get_object_or_404(ProfileCare, pk=pk)
    form = CareForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        row = ProfileCare.objects.get(pk=pk)  # the form has written into its own copy
        told = form.cleaned_data
        confirming.change_owner(row, email=told["owner_email"], language=told["owner_language"])
        if "staff" in told:
            staff.assign(row, told["staff"])
        messages.success(request, _("Saved."))
        return redirect("profile_care")
    return render(
        request,
        "knowledge/admin/care_edit.html",
        {"row": row, "form": form, "pages": confirming.pages_of(row), "usual": confirming.address_of(row)},
    )


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a profile by hand: somebody has asked by phone."""
    _require(request)
    row = get_object_or_404(ProfileCare, pk=pk)
    confirming.confirm(row)
    messages.success(request, _("“%(title)s” is confirmed as of today.") % {"title": row.title})
    return redirect("profile_care")


class CareMenuItem(MenuItem):
    """Shown to those who look after profiles."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return bool(request.user.has_perm(RIGHT))


@hooks.register("register_admin_urls")
def _urls() -> list[URLPattern]:
    return [
        path("profiles/", index, name="profile_care"),
        path("profiles/<int:pk>/", edit, name="profile_care_edit"),
        path("profiles/<int:pk>/confirm/", confirm, name="profile_care_confirm"),
    ]


@hooks.register("register_reports_menu_item")
def _menu_item() -> CareMenuItem:
    return CareMenuItem(
        gettext_lazy("Confirmation of profiles"),
        reverse("profile_care"),
        name="profile-care",
        icon_name="check",
        order=60,
    )
