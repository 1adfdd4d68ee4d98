"""Working on several people at once: choose, see whom it concerns, confirm. Each action is one call of a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from trainings.admin.access import run_of_organiser
from trainings.admin.forms import CHOOSE
from trainings.admin.pages import ask, show, to_run
from trainings.models import Pool, Registration, Run
from trainings.reasons import ForwardReason, RejectReason, RemoveReason
from trainings.registration_states import ACTIVE, RegistrationState
from trainings.services import organising, running, selecting

S = RegistrationState
Rows = list[Registration]


@dataclass(frozen=True)
class Action:
    """One thing to do with people: for whom it makes sense, what it asks, whom it tells, which service does it."""

    label: Any
    states: frozenset[str]
    hint: Any
    run: Callable[[Run, Rows, dict[str, Any], Any], int]
    reasons: Any = None
    asks_pool: bool = False
    only_requests: bool = False
    is_told: bool = True


def _decide(decision: str) -> Callable[[Run, Rows, dict[str, Any], Any], int]:
    def decided(run: Run, rows: Rows, data: dict[str, Any], actor: Any) -> int:
        wanted = {row.pk: decision for row in rows}
        return selecting.decide(run.pk, wanted, actor=actor, reason=data.get("reason", ""))

    return decided


def _move(run: Run, rows: Rows, data: dict[str, Any], actor: Any) -> int:
    return running.move_to_pool(rows, Pool.objects.get(pk=data["pool"], run=run), actor=actor)


QUIET = gettext_lazy("Nobody is told yet: decisions are released together.")
APPLIED = frozenset({S.APPLIED})
ACTIONS: dict[str, Action] = {
    "select": Action(gettext_lazy("Select"), APPLIED, QUIET, _decide("select")),
    "reserve": Action(gettext_lazy("Put on the reserve list"), APPLIED, QUIET, _decide("reserve")),
    "reject": Action(gettext_lazy("Reject with reason"), APPLIED, QUIET, _decide("reject"), RejectReason),
    "undecide": Action(gettext_lazy("Take the decision back"), APPLIED, QUIET, _decide("")),
    "forward": Action(
        gettext_lazy("Bring to the front of the waiting list"),
        frozenset({S.WAITING}),
        gettext_lazy(
            "Against the order, so the log keeps the reason. They get the next free seat; nobody is told now."
        ),
        lambda _run, rows, data, actor: organising.bring_forward(rows, actor=actor, reason=data["reason"]),
        ForwardReason,
        is_told=False,
    ),
    "turn_down": Action(
        gettext_lazy("Turn down on the waiting list"),
        frozenset({S.WAITING}),
        gettext_lazy("They get a mail with the reason and other offers."),
        lambda _run, rows, data, actor: organising.turn_down(rows, actor=actor, reason=data["reason"]),
        RejectReason,
    ),
    "confirm_cancellation": Action(
        gettext_lazy("Agree to the request to cancel"),
        frozenset({S.CONFIRMED}),
        gettext_lazy("They get a mail, the seat goes to who waits."),
        lambda _run, rows, _data, actor: organising.confirm_cancellation(rows, actor=actor),
        only_requests=True,
    ),
    "keep": Action(
        gettext_lazy("Close the request, the seat stays"),
        frozenset({S.CONFIRMED}),
        gettext_lazy("No mail is sent: talk to the people first."),
        lambda _run, rows, _data, actor: organising.keep_seats(rows, actor=actor),
        only_requests=True,
    ),
    "move": Action(
        gettext_lazy("Move between on site and online"),
        frozenset(ACTIVE),
        gettext_lazy("No mail is sent: write to the people yourself."),
        _move,
        asks_pool=True,
    ),
    "remove": Action(
        gettext_lazy("Take off the run with reason"),
        frozenset(ACTIVE),
        gettext_lazy("They get a mail with the reason and other offers; the seat goes to who waits."),
        lambda _run, rows, data, actor: running.remove(rows, actor=actor, reason=data["reason"]),
        RemoveReason,
    ),
}


def available_actions(run: Run) -> list[tuple[str, Any]]:
    """Return what can be done in this run: choosing only where people apply, moving only between two pools."""
    applies = run.admission == "application"
    has_two = len(run.pools.all()) > 1
    wanted = dict.fromkeys(ACTIONS, True)
    wanted |= dict.fromkeys(("select", "reserve", "reject", "undecide"), applies)
    wanted["move"] = has_two
    return [(name, action.label) for name, action in ACTIONS.items() if wanted[name]]


class ActionForm(forms.Form):
    """What an action asks before it is done."""

    def __init__(self, data: Any, *, action: Action, run: Run) -> None:
        super().__init__(data)
        if action.reasons:
            self.fields["reason"] = forms.ChoiceField(
                label=_("Reason"),
                choices=[CHOOSE, *action.reasons.choices],
                help_text=_("This sentence stands in the mails, in the reader's language.") if action.is_told else "",
            )
        if action.asks_pool:
            pools = [(str(pool.pk), pool.get_mode_display()) for pool in run.pools.all()]
            self.fields["pool"] = forms.ChoiceField(label=_("Takes part"), choices=[CHOOSE, *pools])


def chosen(run: Run, ids: list[str], action: Action) -> Rows:
    """Return the people of this run for whom the action makes sense; foreign ids are left out."""
    numbers = [int(text) for text in ids if text.isdecimal() and len(text) < 19]
    rows = Registration.objects.filter(run=run, pk__in=numbers, state__in=action.states, anonymised_at__isnull=True)
    if action.only_requests:
        rows = rows.filter(cancel_requested_at__isnull=False)
    return list(rows.for_list().order_by("pk"))


@require_POST
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what an action needs and show whom it concerns; the second time, with `sure`, do it."""
    run = run_of_organiser(request, pk)
    back = to_run(run, "run_participants")
    name, ids = request.POST.get("action", ""), request.POST.getlist("ids")
    action = ACTIONS.get(name) if name in dict(available_actions(run)) else None
    if action is None or not ids:
        messages.error(
            request, _("Tick people and choose what to do.") if action or not name else _("Choose what to do.")
        )
        return redirect(back)
    rows = chosen(run, ids, action)
    if not rows:
        messages.warning(request, _("This is not possible for anybody you ticked."))
        return redirect(back)
    is_sure = request.POST.get("sure") == "yes"
    form = ActionForm(request.POST if is_sure else None, action=action, run=run)
    if is_sure and form.is_valid():
        done, count = ask(form, lambda: action.run(run, rows, form.cleaned_data, request.user))
        if done:
            text = ngettext("Done for %(count)s person.", "Done for %(count)s people.", count)
            messages.success(request, text % {"count": count})
            return redirect(back)
    left_out = len(set(ids)) - len(rows)
    return show(request, "bulk", title=action.label, icon="group", run=run, form=form, rows=rows, action=action,
                name=name, left_out=left_out)  # fmt: skip
