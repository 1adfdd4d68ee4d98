"""The people of a run: the list with its filters, one person, adding by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from cms.privacy.models import AuditEntry
from trainings.admin import forms
from trainings.admin.access import SENSITIVE, run_of_organiser
from trainings.admin.bulk import available_actions
from trainings.admin.pages import ask, show, to_run
from trainings.admin.rows import counts_of, positions
from trainings.admin.wording import action_in_words
from trainings.models import Registration, Run
from trainings.reasons import in_words
from trainings.registration_states import RegistrationState
from trainings.services import changing, organising, registering
from trainings.services.locking import SUBJECT

PER_PAGE = 50


def _of_run(run: Run) -> Any:
    return Registration.objects.filter(run=run, anonymised_at__isnull=True).for_list()


def participants(request: HttpRequest, pk: int) -> HttpResponse:
    """List the people of the run; what is ticked can be worked on together."""
    run = run_of_organiser(request, pk)
    places = _of_run(run).filter(booking__municipality__isnull=False).order_by("booking__municipality__name")
    names = places.values_list("booking__municipality_id", "booking__municipality__name").distinct()
    form = forms.FilterForm(request.GET, run=run, places=list(names))
    rows = form.narrow(_of_run(run)).order_by("created_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    line = positions(run)
    for row in page.object_list:
        row.place_in_line = line.get(row.pk)  # type: ignore[attr-defined]  # for the template
    counts = counts_of([run.pk])[run.pk]
    labels = dict(RegistrationState.choices)
    kept = {name: value for name, value in request.GET.items() if name not in ("p", "all") and value}
    return show(
        request,
        "participants",
        title=_("Participants"),
        icon="group",
        run=run,
        form=form,
        page_obj=page,
        counts=counts,
        chips=[(code, labels[code], count) for code, count in counts.states.items()],
        query=urlencode(kept),
        actions=available_actions(run),
        all_ticked="all" in request.GET,
    )


def person(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Show one person with answers and log; name and note can be changed."""
    run = run_of_organiser(request, pk)
    row = get_object_or_404(_of_run(run), pk=registration_pk)
    is_note = "note" in request.POST
    names = ("name", "email", "function", "share_contact")
    initial = {name: getattr(row, name) for name in names}
    form = forms.PersonForm(request.POST if request.method == "POST" and not is_note else None, initial=initial)
    note = forms.NoteForm(request.POST if is_note else None, initial={"note": row.note})
    if is_note and note.is_valid():
        organising.write_note(row, note.cleaned_data["note"], actor=request.user)
        messages.success(request, _("The note is saved."))
        return redirect(request.path)
    if form.is_bound and form.is_valid():
        done, _row = ask(form, lambda: changing.set_person(row, form.person, actor=request.user))
        if done:
            messages.success(request, _("The change is saved."))
            return redirect(request.path)
    return show(request, "person", title=row.name or _("Seat without a name"), icon="user", run=run, form=form,
                note=note, row=row, place=positions(run).get(row.pk), **_details(request, row))  # fmt: skip


def _details(request: HttpRequest, row: Registration) -> dict[str, Any]:
    """Return answers (sensitive ones only with the right to see them), attendance, and who did what."""
    given: list[Any] = [*row.answers.select_related("question")]
    if request.user.has_perm(SENSITIVE):
        given += row.sensitive_answers.select_related("question")
    log = AuditEntry.objects.filter(subject_kind=SUBJECT, subject_id=str(row.pk)).select_related("actor")
    return {
        "answers": [(answer.question.label, answer.question.in_words(answer.value)) for answer in given],
        "attendances": row.attendances.select_related("session").order_by("session__starts_at"),
        "log": [(action_in_words(entry.action), entry) for entry in log.order_by("pk")],
        "reason": in_words(row.reason),
    }


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Register somebody by hand: confirmed at once, under the same lock as everybody else."""
    run = run_of_organiser(request, pk)
    form = forms.AddForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done, booking = ask(
            form,
            lambda: registering.add_by_organiser(run.pk, form.submission, actor=request.user, reason=reason),
        )
        if done:
            row = booking.registrations.get()
            organising.write_note(row, reason, actor=request.user)
            messages.success(request, _("%(name)s is registered.") % {"name": row.name})
            return redirect(to_run(run, "run_participants"))
    lead = _("The seat is taken at once; a confirmation goes to the address.")
    return show(request, "form", title=_("Add by hand"), run=run, form=form, lead=lead, button=_("Register"))
