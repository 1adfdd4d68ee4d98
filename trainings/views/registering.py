"""The registration form, its neutral result, and the suggestions of the municipality field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.public_forms import UNUSABLE, keeps_input
from cms.throttle import Limit, allow_read, client_address
from cms.vocabularies import Admission
from knowledge.place_names import suggestions
from trainings.errors import BusyError, RegistrationError
from trainings.forms.registration import RegistrationForm
from trainings.models import Run
from trainings.offer_pages import page_of, similar_offers
from trainings.services import interests, registering
from trainings.states import RunStatus

TYPING = Limit("municipality suggestions", most=600, seconds=600)


def find_run(number: str) -> Run:
    """Return a published run by its number. Raises Http404."""
    run = Run.objects.published().for_display().filter(number=number).first()
    if run is None:
        raise Http404
    return run


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Show the form of a run, and take it: always the same result page, whoever is registered already.

    With the token of the interest list a day before registration opens for everybody.
    """
    run = find_run(number)
    is_early = bool(token) and interests.has_head_start(run, token)
    if run.admission not in (Admission.FCFS, Admission.APPLICATION) or not _takes_people(run, is_early=is_early):
        return _page(
            request, "trainings/registration_closed.html", run, status=410 if request.method == "POST" else 200
        )
    is_group = "group" in request.GET or "seats" in request.POST
    data = request.POST if request.method == "POST" else None
    form = RegistrationForm(data, run=run, is_group=is_group, request=request)
    status = 200
    if data is not None and "more" not in data and form.is_valid():
        if (status := _submit(run, form, is_early=is_early)) == 302:
            return redirect("registration_sent", number=run.number)
    elif data is not None and "more" in data:
        form = _with_more_rows(form, run, request)
    return _page(request, "trainings/registration_form.html", run, form=form, status=status)


def _submit(run: Run, form: RegistrationForm, *, is_early: bool) -> int:
    """Register; return the status of the answer, the form then holds what went wrong."""
    try:
        registering.submit(run.pk, replace(form.submission(), is_early=is_early))
    except RegistrationError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return 200
    except BusyError:
        form.add_error(None, _("Very many people are registering at this moment. Please send the form once more."))
    except UNUSABLE as error:
        form.add_not_saved(error)
    else:
        return 302
    return 503


def _takes_people(run: Run, *, is_early: bool) -> bool:
    return registering.status_for(run, timezone.now(), is_early=is_early) in (RunStatus.OPEN, RunStatus.WAITING)


def _with_more_rows(form: RegistrationForm, run: Run, request: HttpRequest) -> RegistrationForm:
    """Return the form with one more row and everything typed so far, without a word about what is missing yet."""
    data = request.POST.copy()
    data["seats"] = str(form.row_count + 1)
    grown = RegistrationForm(data, run=run, is_group=True, request=request)
    grown.is_valid()
    grown.errors.clear()
    for row in grown.people:
        row.errors.clear()
    return grown


@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Say what happens next: the same for everybody, so that nobody learns who is registered."""
    run = find_run(number)
    response = _page(request, "trainings/registration_sent.html", run, sender=settings.DEFAULT_FROM_EMAIL)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def municipality_suggestions(request: HttpRequest) -> HttpResponse:
    """Return names of the register that fit to what was typed, as JSON."""
    if not allow_read(TYPING, client_address(request)):
        return JsonResponse([], safe=False, status=429)
    text = request.GET.get("q", "")[:100].replace("\x00", "")
    response = JsonResponse(suggestions(text), safe=False)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page(request: HttpRequest, template: str, run: Run, *, status: int = 200, **context: Any) -> HttpResponse:
    offer_page = page_of(run)
    base = {"run": run, "offer_page": offer_page, "others": []}
    if template == "trainings/registration_closed.html":
        base["others"] = similar_offers(run, language=request.LANGUAGE_CODE)
    return render(request, template, {**base, **context}, status=status)
