"""Signing up and confirming: the same answer for every address, and GET changes nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from cms.i18n import language_suffix
from cms.privacy import consents
from cms.public_forms import keeps_input
from home.newsletter import links
from home.newsletter.forms import AddressForm, SubscribeForm
from home.newsletter.models import SubscriberState
from home.newsletter.services import subscribing
from home.newsletter.services.texts import KEY


def address_of(request: HttpRequest) -> str:
    """Return the address of the form that was sent, for the proof; a token is no part of it."""
    return request.build_absolute_uri(request.path).partition("~")[0]


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form and take it: nobody learns whether an address is on the list."""
    form = SubscribeForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        subscribing.sign_up(
            form.cleaned_data["email"], form.wishes, key=form.submission_id.hex, source=address_of(request)
        )
        return redirect("infobrief_sent")
    text = consents.current_text(KEY, language_suffix(get_language()))
    return render(request, "newsletter/subscribe.html", {"form": form, "text": text})


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    response = render(request, "newsletter/sent.html", {"sender": settings.DEFAULT_FROM_EMAIL})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; confirm when it is pressed."""
    row, is_unused = links.find_to_confirm(token)
    if row is None or (not is_unused and row.state != SubscriberState.ACTIVE):
        return unknown(request)
    is_done = not is_unused
    if is_unused and _is_pressed(request):
        if not subscribing.confirm(row, source=address_of(request)):
            return unknown(request)
        is_done = True
    return _private(render(request, "newsletter/confirm.html", _about(row, is_done)))


def _about(row: Any, is_done: bool) -> dict[str, Any]:
    interests = [*row.steps.all(), *row.topics.all()]
    manage = links.manage_token(row) if is_done else ""
    return {"row": row, "is_done": is_done, "interests": interests, "manage": manage}


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; take the new address when it is pressed."""
    row = links.find_to_move(token)
    if row is None:
        return unknown(request)
    is_done = _is_pressed(request)
    if is_done:
        row = subscribing.move(row, source=address_of(request))
    context = {"row": row, "is_done": is_done, "manage": links.manage_token(row) if is_done else ""}
    return _private(render(request, "newsletter/move.html", context))


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Send the link to the settings to an address; nobody learns whether it is on the list."""
    form = AddressForm(request.POST if request.method == "POST" else None, request=request)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        subscribing.send_link(form.cleaned_data["email"], key=form.submission_id.hex)
    return render(request, "newsletter/link.html", {"form": form, "is_sent": is_sent})


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer a forged, used or expired link, without telling which."""
    return _private(render(request, "newsletter/unknown.html", status=404))


def _is_pressed(request: HttpRequest) -> bool:
    return request.method == "POST" and not getattr(request, "is_forged", False)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "same-origin"
    return response
