"""The page behind the link in the mail: where things stand, and what can be done. GET changes nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from cms import media
from cms.public_forms import keeps_input
from trainings import links
from trainings.calendars import personal_feed
from trainings.erasing import erase_rows
from trainings.errors import BusyError, RegistrationError
from trainings.forms.managing import AnswersForm, CancelForm, DeleteForm, PersonEditForm
from trainings.managing import Manage
from trainings.models import Booking
from trainings.personal_data import describe, describe_booking
from trainings.services import changing, closing, registering, waiting_list
from trainings.services.answering import save_answers

View = Callable[..., HttpResponseBase]


def by_token(view: View) -> View:
    """Find what a link leads to; a forged, older or foreign one gets the same neutral page as an unknown one.

    No other site learns the address. “no-referrer” would say the same, but makes browsers send `Origin: null` with
    every form of the page, which the CSRF check refuses.
    """

    @keeps_input
    @functools.wraps(view)
    @sensitive_variables("token")
    def wrapped(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = links.find(token)
        response: HttpResponseBase
        if row is None:
            response = render(request, "trainings/manage/unknown.html", status=404)
        else:
            response = view(request, Manage(row, token), *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@by_token
@require_safe
def manage(request: HttpRequest, found: Manage) -> HttpResponse:
    """Show status, what happens next, and what can be done."""
    return _page(request, found)


def _page(request: HttpRequest, found: Manage, *, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "trainings/manage/manage.html", {"found": found, "problem": problem}, status=status)


def _do(request: HttpRequest, found: Manage, action: Callable[[], object], done: str) -> HttpResponse:
    """Call a service and lead back to the page; a refusal is shown there in words."""
    if getattr(request, "is_forged", False):
        return _page(request, found, problem=_("Please press the button once more."), status=403)
    try:
        action()
    except RegistrationError as error:
        return _page(request, found.again(), problem=str(error.message), status=409)
    except BusyError:
        return _page(
            request, found, problem=_("Very many people are here at this moment. Please try again."), status=503
        )
    return redirect(f"{found.url()}?done={done}")


@by_token
@require_http_methods(["POST"])
def confirm(request: HttpRequest, found: Manage) -> HttpResponse:
    """Confirm the booking."""
    return _do(request, found, lambda: registering.confirm(found.booking), "confirmed")


@by_token
@require_http_methods(["POST"])
def accept(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Take an offered seat."""
    seat = found.seat(pk)
    return _do(request, found, lambda: waiting_list.accept(seat), "accepted")


@by_token
@require_http_methods(["POST"])
def decline(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Give an offered seat to the next."""
    seat = found.seat(pk)
    return _do(request, found, lambda: waiting_list.decline(seat), "declined")


@by_token
@require_http_methods(["POST"])
def requeue(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Stand in line again."""
    seat = found.seat(pk)
    return _do(request, found, lambda: waiting_list.requeue(seat), "requeued")


@by_token
@require_http_methods(["POST"])
def undo(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Take a fresh cancellation back."""
    seat = found.seat(pk)
    return _do(request, found, lambda: changing.undo_cancel(seat), "undone")


@by_token
@require_http_methods(["POST"])
def take_part(request: HttpRequest, found: Manage) -> HttpResponse:
    """A skipped group takes fewer seats."""
    text = request.POST.get("count", "")
    count = int(text) if text.isdecimal() and len(text) < 4 else 0
    if not isinstance(found.row, Booking):
        raise Http404
    return _do(request, found, lambda: waiting_list.take_part_of_group(found.booking, count), "accepted")


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, found: Manage) -> HttpResponse:
    """Show the consequences; cancel after a deliberate choice."""
    form = CancelForm(request.POST or None, found=found, request=request)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["sure"]:
            return redirect(found.url())
        return _do(request, found, lambda: changing.cancel(form.seats), "cancelled")
    return render(request, "trainings/manage/cancel.html", {"found": found, "form": form})


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Name a seat, correct it, or give it to somebody else."""
    seat = found.seat(pk)
    form = PersonEditForm(request.POST or None, seat=seat, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            changing.set_person(seat, form.person)
        except RegistrationError as error:
            form.add_error(error.field or None, str(error.message))
        except BusyError:
            form.add_error(None, _("Very many people are here at this moment. Please try again."))
        else:
            return redirect(f"{found.again().url()}?done=changed")
    return render(request, "trainings/manage/person.html", {"found": found, "form": form, "seat": seat})


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Ask what may be asked only after a seat is certain."""
    seat = found.seat(pk)
    if not seat.has_seat:
        raise Http404
    form = AnswersForm(request.POST or None, seat=seat, request=request)
    if request.method == "POST" and form.is_valid():
        save_answers(seat, form.answers)
        return redirect(f"{found.url()}?done=answered")
    return render(request, "trainings/manage/answers.html", {"found": found, "form": form, "seat": seat})


@by_token
@require_safe
def data(request: HttpRequest, found: Manage, form: str = "") -> HttpResponse:
    """Show or hand out everything that is stored behind this link."""
    rows = [describe(seat) for seat in found.seats]
    if isinstance(found.row, Booking):
        rows.insert(0, describe_booking(found.booking))
    if form == "json":
        response = JsonResponse({"data": rows}, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response.headers["Content-Disposition"] = 'attachment; filename="kgi-data.json"'
        return response
    return render(request, "trainings/manage/data.html", {"found": found, "rows": rows})


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, found: Manage) -> HttpResponse:
    """Delete everything behind this link after a deliberate choice; seats that are still to come are given back."""
    form = DeleteForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["sure"]:
            return redirect(found.url())
        try:
            erase_rows(list(found.seats), found.row if isinstance(found.row, Booking) else None)
        except BusyError:
            return _page(
                request, found, problem=_("Very many people are here at this moment. Please try again."), status=503
            )
        return render(request, "trainings/manage/deleted.html")
    return render(request, "trainings/manage/delete.html", {"found": found, "form": form})


@by_token
@require_http_methods(["POST"])
def share(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Be on the list of contacts after the event, or no longer."""
    seat = next((seat for seat in found.sharing if seat.pk == pk), None)
    if seat is None:
        raise Http404
    wanted = request.POST.get("share") == "yes"
    return _do(request, found, lambda: closing.share_contact(seat, is_shared=wanted), "changed")


@by_token
@require_safe
def material(request: HttpRequest, found: Manage, pk: int) -> HttpResponseBase:
    """Hand out a file of the run to people who took part; its plain address is closed."""
    row = next((material for material in found.materials if material.pk == pk), None)
    if row is None:
        raise Http404
    document: Any = row.document
    return media.send(request, Path(document.file.path), cache_control="private, no-store", name=document.filename)


@by_token
@require_safe
def calendar(request: HttpRequest, found: Manage) -> HttpResponse:
    """The subscribed calendar of the seats behind this link: it moves by itself."""
    return HttpResponse(personal_feed(found.seats), content_type="text/calendar; charset=utf-8")
