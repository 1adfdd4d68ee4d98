"""Who was there: one table a session, a choice a person; works on a tablet and without script."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trainings.admin.access import of_run, run_of_organiser
from trainings.admin.pages import show, to_run
from trainings.errors import BusyError, RegistrationError
from trainings.models import Attendance, Registration
from trainings.registration_states import TAKEN
from trainings.services import closing


def attendance(request: HttpRequest, pk: int, session_pk: int | None = None) -> HttpResponse:
    """Show and take attendance of one session, the first one where none is named."""
    run = run_of_organiser(request, pk)
    session = of_run(run, "sessions", session_pk) if session_pk else run.sessions.first()
    people = Registration.objects.filter(run=run, state__in=TAKEN, anonymised_at__isnull=True).for_list()
    rows = list(people.order_by("name", "pk")) if session else []
    error = ""
    if request.method == "POST" and session:
        chosen = {(row.pk, session.pk): request.POST.get(f"presence-{row.pk}", "") for row in rows}
        presences = {key: value for key, value in chosen.items() if value in Attendance.Presence.values}
        try:
            closing.record_attendance(run.pk, presences, actor=request.user)
            messages.success(request, _("Attendance is saved."))
            return redirect(to_run(run, "run_attendance", session.pk))
        except RegistrationError as refused:
            error = str(refused.message)
        except BusyError:
            error = _("Too many people are at work on this run. Nothing was changed; please try again.")
    known = dict(
        Attendance.objects.filter(session=session, registration__run=run).values_list("registration_id", "presence")
    )
    lines = [(row, request.POST.get(f"presence-{row.pk}") or known.get(row.pk, "")) for row in rows]
    return show(
        request,
        "attendance",
        title=_("Attendance"),
        icon="group",
        run=run,
        session=session,
        sessions=run.sessions.all(),
        lines=lines,
        choices=Attendance.Presence.choices,
        error=error,
    )
