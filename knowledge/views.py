"""The page behind the yearly mail: the owner of a profile confirms it or says what has changed. GET changes nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from cms.models import SiteSettings
from cms.public_forms import keeps_input
from knowledge import profile_links
from knowledge.models import ProfileCare
from knowledge.services import confirming


class ProfileAnswerForm(forms.Form):
    """What has changed, in own words; needed only for the button beside it."""

    change = forms.CharField(
        label=_("What has changed?"),
        help_text=_("For example: new opening hours, another contact person. We put it right."),
        max_length=confirming.LONGEST_CHANGE,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write what has changed, or confirm that everything is right.")},
    )
    use_required_attribute = False

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, error) for the list on top."""
        return [("id_change", str(error)) for error in self.errors.get("change", [])]


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def confirm_profile(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the site says, take the answer, say thank you; a forged or old link gets a neutral page."""
    row = profile_links.find(token)
    response = _answer(request, row) if row else render(request, "knowledge/profile_unknown.html", status=404)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: HttpRequest, row: ProfileCare) -> HttpResponse:
    is_forged = getattr(request, "is_forged", False)
    if request.method != "POST":
        return _page(request, row, ProfileAnswerForm())
    if is_forged:
        return _page(request, row, ProfileAnswerForm(initial={"change": request.POST.get("change", "")}), status=403)
    if request.POST.get("answer") == "right":
        confirming.confirm(row)
        return redirect(f"{request.path}?done=confirmed")
    form = ProfileAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    confirming.want_change(row, text=form.cleaned_data["change"], to=_editors())
    return redirect(f"{request.path}?done=told")


def _editors() -> str:
    return SiteSettings.load().contact_email or settings.DEFAULT_FROM_EMAIL


def _page(request: HttpRequest, row: ProfileCare, form: ProfileAnswerForm, *, status: int = 200) -> HttpResponse:
    page = confirming.page_for(row, request.LANGUAGE_CODE)
    context: dict[str, Any] = {
        "row": row,
        "profile": page,
        "form": form,
        "done": request.GET.get("done", ""),
        "is_forged": status == 403,
    }
    return render(request, "knowledge/profile_confirm.html", context, status=status)
