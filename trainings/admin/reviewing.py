"""Applications: reviewers vote, organisers decide quietly and tell everybody in one step.

While a review is blind no name is shown, to organisers neither; nobody here sees how to reach a person.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from trainings.admin.access import is_organiser, is_reviewer, own_runs, reviewed_runs, run_of_organiser, run_of_reviewer
from trainings.admin.pages import ask, do, show, to_run
from trainings.admin.rows import with_titles
from trainings.models import Registration, Review, Run
from trainings.reasons import RejectReason, in_words
from trainings.registration_states import RegistrationState
from trainings.services import selecting
from trainings.services.selecting import REJECT, RESERVE, SELECT

S = RegistrationState


class VoteForm(forms.Form):
    """One reviewer's view."""

    vote = forms.TypedChoiceField(
        label=gettext_lazy("Vote"), choices=Review.Vote.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stick to the criteria of the call: the person may ask to read it."),
    )


class Application:
    """What may be known of an application by who judges it: no address ever, no name while the review is blind."""

    def __init__(self, row: Registration, run: Run, user: Any) -> None:
        self.pk, self.run = row.pk, run
        self.function, self.place = row.function, row.booking.place
        place = row.booking.municipality
        self.land = str(place.get_state_display()) if place else ""
        self.name = "" if run.blind_review else row.name
        self.organisation = "" if run.blind_review else row.booking.organisation
        self.decision, self.decision_label = row.decision, row.get_decision_display()
        self.reason_code, self.reason = row.reason, in_words(row.reason)
        self.pool = row.pool.get_mode_display()
        self._reviews = list(row.reviews.all())
        self.own = next((one for one in self._reviews if one.reviewer_id == user.pk), None)
        self._answers = list(row.answers.all())

    @property
    def title(self) -> str:
        """Return what the application is called: its number, with the name where that may be known."""
        number = _("Application %(number)s") % {"number": self.pk}
        return f"{number}: {self.name}" if self.name else number

    @property
    def votes(self) -> list[int]:
        """Return all votes."""
        return [one.vote for one in self._reviews]

    @property
    def average(self) -> float | None:
        """Return the mean of the votes."""
        return statistics.fmean(self.votes) if self.votes else None

    @property
    def spread(self) -> int | None:
        """Return how far the votes are apart; much means: talk about it."""
        return max(self.votes) - min(self.votes) if self.votes else None

    @property
    def comments(self) -> list[Review]:
        """Return the votes with a comment."""
        return [one for one in self._reviews if one.comment]

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return what was answered with the application."""
        return [(one.question.label, one.question.in_words(one.value)) for one in self._answers]


def _applications(run: Run, user: Any) -> list[Application]:
    rows = Registration.objects.filter(run=run, state=S.APPLIED, anonymised_at__isnull=True).for_list()
    rows = rows.prefetch_related("reviews__reviewer", "answers__question").order_by("pk")
    return [Application(row, run, user) for row in rows]


def reviews(request: HttpRequest) -> HttpResponse:
    """List the runs whose applications one may judge."""
    if not (is_reviewer(request.user) or is_organiser(request.user)):
        raise PermissionDenied
    applied = Count("registrations", filter=Q(registrations__state=S.APPLIED), distinct=True)
    mine = Count("registrations__reviews", filter=Q(registrations__reviews__reviewer=request.user,
                 registrations__state=S.APPLIED), distinct=True)  # fmt: skip
    runs = with_titles(reviewed_runs(request.user)).annotate(applied=applied, voted=mine).filter(applied__gt=0)
    return show(
        request,
        "reviews",
        title=_("Applications"),
        icon="form",
        for_reviewer=True,
        runs=runs.order_by("decide_by", "pk"),
    )


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """List the applications of a run, the best votes first, with what has been decided so far."""
    run = run_of_reviewer(request, pk)
    rows = sorted(_applications(run, request.user), key=lambda one: (-(one.average or 0), one.pk))
    decided = [one for one in rows if one.decision]
    may_decide = own_runs(request.user).filter(pk=run.pk).exists()
    return show(
        request,
        "review",
        title=_("Applications of %(number)s") % {"number": run.number},
        icon="form",
        run=run,
        for_reviewer=not may_decide,
        rows=rows,
        may_decide=may_decide,
        counts={name: sum(1 for one in decided if one.decision == name) for name in ("select", "reserve", "reject")},
        undecided=len(rows) - len(decided),
        seats=run.seats_left,
        reasons=RejectReason.choices,
    )


def vote(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Show one application and take the vote. What others voted is shown after the own vote only."""
    run = run_of_reviewer(request, pk)
    rows = Registration.objects.filter(run=run, state=S.APPLIED, anonymised_at__isnull=True).for_list()
    rows = rows.prefetch_related("reviews__reviewer", "answers__question")
    row = get_object_or_404(rows, pk=registration_pk)
    application = Application(row, run, request.user)
    own = application.own
    form = VoteForm(request.POST or None, initial={"vote": own.vote, "comment": own.comment} if own else None)
    if request.method == "POST" and form.is_valid():
        done, _review = ask(form, lambda: selecting.review(row, reviewer=request.user, **form.cleaned_data))
        if done:
            messages.success(request, _("Your vote is saved."))
            return redirect(to_run(run, "run_review"))
    return show(request, "vote", title=application.title, icon="form", run=run, for_reviewer=True, form=form,
                application=application)  # fmt: skip


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell all decisions at once; nothing happens when more people are selected than seats are free."""
    run = run_of_organiser(request, pk)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you are sure."))
        return redirect(to_run(run, "run_review"))
    return do(
        request,
        lambda: selecting.release(run.pk, actor=request.user),
        done=lambda counts: (
            _("Released: %(select)s selected, %(reserve)s on the reserve list, %(reject)s rejected.") % counts
        ),
        to=to_run(run, "run_review"),
    )


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the decisions of the whole list: one choice an application; nobody is told."""
    run = run_of_organiser(request, pk)
    groups = _changed(run, request.POST)

    def note_all() -> int:
        return sum(
            selecting.decide(run.pk, wanted, actor=request.user, reason=reason) for reason, wanted in groups.items()
        )

    return do(
        request,
        note_all,
        done=lambda count: (
            ngettext(
                "%(count)s decision is noted. Nobody has been told yet.",
                "%(count)s decisions are noted. Nobody has been told yet.",
                count,
            )
            % {"count": count}
        ),
        to=to_run(run, "run_review"),
    )


def _changed(run: Run, data: Any) -> dict[str, dict[int, str]]:
    """Return what differs from the decisions noted so far, by reason; unknown values are left out."""
    groups: dict[str, dict[int, str]] = defaultdict(dict)
    for row in Registration.objects.filter(run=run, state=S.APPLIED):
        decision, _colon, reason = data.get(f"decision-{row.pk}", f"{row.decision}:{row.reason}").partition(":")
        is_known = decision in ("", SELECT, RESERVE) or (decision == REJECT and reason in RejectReason.values)
        if is_known and (decision, reason) != (row.decision, row.reason):
            groups[reason][row.pk] = decision
    return groups
