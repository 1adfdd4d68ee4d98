"""New links by mail, and interest in the next date: the same answer for everybody."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from cms.i18n import language_suffix
from cms.privacy import consents
from cms.public_forms import UNUSABLE, keeps_input
from cms.throttle import Limit, allow
from trainings.forms.links import EmailForm
from trainings.models import Interest, Offer, normalised_email
from trainings.services import changing, interests

AN_ADDRESS = Limit("links to one address", most=3, seconds=3600)


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Send new links to an address that takes part in something; nobody learns whether it does."""
    form = EmailForm(request.POST or None, request=request)
    is_sent = False
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if allow(AN_ADDRESS, normalised_email(email)):
            changing.send_new_links(email)
        is_sent = True
    return render(request, "trainings/new_link.html", {"form": form, "is_sent": is_sent})


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Note an address for the next date of an offer."""
    offer = get_object_or_404(Offer, translation_key=key)
    language = language_suffix(get_language())
    form = EmailForm(request.POST or None, request=request)
    is_sent = False
    if request.method == "POST" and form.is_valid():
        try:
            interests.ask(offer, email=form.cleaned_data["email"], locale=language)
            is_sent = True
        except UNUSABLE as error:
            form.add_not_saved(error)
    context = {"form": form, "is_sent": is_sent, "offer": offer, "text": consents.current_text("interest", language)}
    status = 503 if form.has_error("__all__", "not_saved") else 200
    return render(request, "trainings/interest.html", context, status=status)


def _find(token: str) -> Interest:
    row = interests.find(token)
    if row is None:
        raise Http404
    return row


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; confirm when it is pressed."""
    return _press(request, token, interests.confirm, "trainings/interest_confirm.html")


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; forget the address when it is pressed."""
    return _press(request, token, interests.end, "trainings/interest_end.html")


def _press(request: HttpRequest, token: str, action: Any, template: str) -> HttpResponse:
    row = _find(token)
    is_done = request.method == "POST" and not getattr(request, "is_forged", False)
    if is_done:
        action(row)
    return render(request, template, {"offer": row.offer, "is_done": is_done})
