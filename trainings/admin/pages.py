"""How every page about a run is put together: header with the way back, title, context; how a service is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from trainings.errors import BusyError, RegistrationError
from trainings.models import Run
from trainings.registration_states import IllegalTransition

BUSY = 503


def show(
    request: HttpRequest,
    template: str,
    *,
    title: Any,
    run: Run | None = None,
    for_reviewer: bool = False,
    status: int = 200,
    icon: str = "date",
    **context: Any,
) -> HttpResponse:
    """Render a page below the runs; nothing of it is kept by a browser or proxy."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if for_reviewer:
        crumbs.append({"url": reverse("run_reviews"), "label": _("Applications")})
    else:
        crumbs.append({"url": reverse("run_calendar"), "label": _("Runs")})
    if run is not None and not for_reviewer and title != run.number:
        crumbs.append({"url": reverse("run_dashboard", args=[run.pk]), "label": run.number})
    crumbs.append({"url": "", "label": str(title)})
    base = {"breadcrumbs_items": crumbs, "header_title": title, "header_icon": icon, "run": run}
    response = render(request, f"trainings/admin/{template}.html", {**base, **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def ask(form: forms.Form | None, service: Callable[[], Any]) -> tuple[bool, Any]:
    """Call a service; its refusal becomes an error of the form, at the field it belongs to. Return (done, result)."""
    try:
        return True, service()
    except RegistrationError as error:
        _refuse(form, error.field, error.message)
    except IllegalTransition:
        _refuse(form, "", _("The status has changed in the meantime. Please look at it again."))
    except BusyError:
        _refuse(form, "", _("Too many people are at work on this run. Nothing was changed; please try again."))
    return False, None


def _refuse(form: forms.Form | None, field: str, message: Any) -> None:
    if form is None:
        raise RegistrationError("refused", message)
    form.add_error(field if field in form.fields else None, message)


def do(request: HttpRequest, service: Callable[[], Any], *, done: Callable[[Any], str], to: str) -> HttpResponse:
    """Call a service from a button: a refusal is shown as message where one goes on."""
    try:
        _is_done, result = ask(None, service)
        messages.success(request, done(result))
    except RegistrationError as error:
        messages.error(request, str(error.message))
    return redirect(to)


def to_run(run: Run, name: str = "run_dashboard", *args: object) -> str:
    """Return an address of a page about the run."""
    return reverse(name, args=[run.pk, *args])
