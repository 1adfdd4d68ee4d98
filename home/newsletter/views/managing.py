"""The page behind the link in every mail: settings, pause, new address, data, end. GET changes nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from cms.public_forms import keeps_input
from home.newsletter import links
from home.newsletter.forms import AddressForm, PreferencesForm, SureForm
from home.newsletter.models import Subscriber, SubscriberState
from home.newsletter.personal_data import describe
from home.newsletter.services import subscribing
from home.newsletter.views.subscribing import address_of, unknown

View = Callable[..., HttpResponseBase]


def by_token(view: View) -> View:
    """Find the reader a link leads to; a forged or older one gets the same page as an unknown one."""

    @keeps_input
    @functools.wraps(view)
    @sensitive_variables("token")
    def wrapped(request: HttpRequest, token: str) -> HttpResponseBase:
        row = links.find_to_manage(token)
        if row is None or row.state != SubscriberState.ACTIVE:
            return unknown(request)
        response = view(request, row, token)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def _show(request: HttpRequest, template: str, row: Subscriber, token: str, **context: Any) -> HttpResponse:
    base = {"row": row, "token": token, "leave": links.leave_token(row, what="")}
    return render(request, f"newsletter/{template}.html", {**base, **context})


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, row: Subscriber, token: str) -> HttpResponse:
    """Show and save the settings."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, row=row, request=request)
    if request.method == "POST" and form.is_valid():
        subscribing.save_wishes(row, form.wishes, paused_until=form.paused_until, source=address_of(request))
        if not form.wishes.wants_issues and not form.wishes.wants_alerts:
            return render(request, "newsletter/left.html", {"is_done": True, "is_over": True})
        with translation.override(form.wishes.language):
            return redirect(f"{reverse('infobrief_manage', args=[token])}?done=saved")
    return _show(request, "manage", row, token, form=form, is_saved=request.GET.get("done") == "saved")


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, row: Subscriber, token: str) -> HttpResponse:
    """Ask a new address to confirm."""
    form = AddressForm(request.POST if request.method == "POST" else None, request=request)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        subscribing.ask_new_address(
            row, form.cleaned_data["email"], key=form.submission_id.hex, source=address_of(request)
        )
    return _show(request, "address", row, token, form=form, is_sent=is_sent)


@by_token
@require_safe
def data(request: HttpRequest, row: Subscriber, token: str) -> HttpResponse:
    """Hand out everything that is stored of a reader, with every step of the consent."""
    response = JsonResponse({"data": describe(row)}, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="kgi-infobrief.json"'
    return response


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, row: Subscriber, token: str) -> HttpResponse:
    """Delete a reader after a deliberate tick."""
    form = SureForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        subscribing.forget(row)
        return render(request, "newsletter/deleted.html")
    return _show(request, "delete", row, token, form=form)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; unsubscribe at once on POST, by the button or by a mail program (RFC 8058).

    The signed link is the only proof needed: no cookie, no login, no redirect.
    """
    row, what, delivery = links.find_to_leave(token)
    if row is None:
        return unknown(request)
    if request.method == "POST":
        wanted = "" if request.POST.get("all") else what
        subscribing.leave(row, what=wanted, delivery=delivery, source=address_of(request))
        row.refresh_from_db()
    is_over = row.state != SubscriberState.ACTIVE
    context = {"is_done": request.method == "POST" or is_over, "is_over": is_over, "what": what}
    context["has_both"] = row.wants_issues and row.wants_alerts
    response = render(request, "newsletter/left.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
