"""What an organiser decides about a run: takes place, cancelled, more seats, another time, the next one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trainings.admin import forms
from trainings.admin.access import of_run, run_of_organiser
from trainings.admin.pages import ask, do, show, to_run
from trainings.models import OnlineAccess, Registration, Run
from trainings.registration_states import ACTIVE, TAKEN
from trainings.services import editing, running


@require_POST
def guarantee(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that the run takes place."""
    run = run_of_organiser(request, pk)
    return do(
        request,
        lambda: running.guarantee(run, actor=request.user),
        done=lambda _run: _("It is decided: the run takes place."),
        to=to_run(run),
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the run for good: GET shows whom that concerns, POST with a reason and a tick does it."""
    run = run_of_organiser(request, pk)
    form = forms.CancelRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done, count = ask(form, lambda: running.cancel_run(run, actor=request.user, reason=reason))
        if done:
            text = ngettext(
                "The run is cancelled; %(count)s person gets a mail.",
                "The run is cancelled; %(count)s people get a mail.",
                count,
            )
            messages.warning(request, text % {"count": count})
            return redirect(to_run(run))
    people = Registration.objects.filter(run=run, state__in=ACTIVE).count()
    return show(request, "cancel", title=_("Cancel the run"), run=run, form=form, people=people, icon="warning")


def capacity(request: HttpRequest, pk: int, pool_pk: int) -> HttpResponse:
    """Change the number of seats; new ones go to those who wait."""
    run = run_of_organiser(request, pk)
    pool = of_run(run, "pools", pool_pk)
    form = forms.CapacityForm(request.POST or None, initial={"capacity": pool.capacity})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done, _pool = ask(
            form,
            lambda: running.set_capacity(pool, data["capacity"], actor=request.user, reason=data["reason"]),
        )
        if done:
            messages.success(request, _("The seats are changed."))
            return redirect(to_run(run))
    return show(request, "capacity", title=_("Seats"), run=run, form=form, pool=pool)


def session(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """Move a session. Who has a seat is told, so the number of mails is shown and a tick is needed."""
    run = run_of_organiser(request, pk)
    found = of_run(run, "sessions", session_pk)
    people = Registration.objects.filter(run=run, state__in=TAKEN).count()
    data = request.POST or None
    form, sure = forms.SessionForm(data, instance=found), forms.MovedForm(data)
    may_go = sure.is_valid() or not people
    if request.method == "POST" and form.is_valid() and may_go:
        values: dict[str, Any] = form.cleaned_data
        done, _session = ask(form, lambda: running.change_session(found, actor=request.user, **values))  # type: ignore[arg-type]  # a form like others
        if done:
            messages.success(request, _("The session is changed."))
            return redirect(to_run(run))
    found.refresh_from_db()
    return show(
        request, "session", title=_("Change a session"), run=run, form=form, sure=sure, people=people, session=found
    )


def online(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    """Write how to get into an online session; participants see it from the set time only."""
    run = run_of_organiser(request, pk)
    found = of_run(run, "sessions", session_pk)
    access = OnlineAccess.objects.filter(session=found).first()
    form = forms.OnlineAccessForm(request.POST or None, instance=access)
    if request.method == "POST" and form.is_valid():
        editing.save_online_access(found, values=form.cleaned_data, actor=request.user)
        messages.success(request, _("The online access is saved."))
        return redirect(to_run(run))
    lead = _("Shown to people with a seat on their own page only, never in calendars or mails.")
    return show(request, "form", title=_("Online access"), run=run, form=form, lead=lead)


def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft of the next run: the same terms, other dates, nobody registered."""
    run = run_of_organiser(request, pk)
    form = forms.CopyForm(request.POST or None, initial={"first_day": run.first_day})
    if request.method == "POST" and form.is_valid():
        done, made = _copy(request, run, form)
        if done:
            messages.success(request, _("The copy is a draft: check the dates and publish it."))
            return redirect(to_run(made))
    lead = _("Terms, times of day, sessions and seats are taken over; people, decisions and online access are not.")
    return show(request, "form", title=_("Copy the run"), run=run, form=form, lead=lead, button=_("Copy"))


def _copy(request: HttpRequest, run: Run, form: forms.CopyForm) -> tuple[bool, Any]:
    data = form.cleaned_data
    days = (data["first_day"] - run.first_day).days if run.first_day else 0
    try:
        return ask(form, lambda: running.copy_run(run, number=data["number"], days=days, actor=request.user))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False, None
