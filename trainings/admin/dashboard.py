"""Where a run stands, at a glance: seats, deadlines, what waits for a decision, what went wrong with mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms import health
from cms.outbox import kinds
from cms.outbox import services as outbox
from cms.outbox.models import MailRoute, MessageState, OutboxMessage
from cms.vocabularies import Admission, Mode
from trainings.admin.access import SENSITIVE, run_of_organiser
from trainings.admin.pages import show, to_run
from trainings.admin.rows import Counts, counts_of
from trainings.export_lists import PURPOSES
from trainings.exports import FORMATS
from trainings.models import Booking, Registration, Run, Session
from trainings.notifications import BOOKING, RUN
from trainings.offer_pages import page_of
from trainings.registration_states import RegistrationState

STUCK = (MessageState.FAILED, MessageState.HELD)


@dataclass(frozen=True)
class Deadline:
    """One date of the run."""

    label: str
    at: dt.datetime
    has_passed: bool


class Board:
    """Everything that the dashboard of a run shows; each part is one query, however many people there are."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.now = timezone.now()

    @cached_property
    def counts(self) -> Counts:
        """Return how many people stand where."""
        return counts_of([self.run.pk])[self.run.pk]

    @cached_property
    def page(self) -> Any:
        """Return the page of the offer in the reader's language."""
        return page_of(self.run)

    @property
    def title(self) -> str:
        """Return the offer and the addition of the run."""
        parts = [self.page.title if self.page else self.run.offer.title, self.run.title]
        return " – ".join(part for part in parts if part)

    @property
    def pools(self) -> list[dict[str, Any]]:
        """Return the seats of each pool with what is free and how full it is in per cent."""
        found = []
        for pool in self.run.pools.all():
            used = pool.places_taken + pool.places_held
            share = round(100 * used / pool.capacity) if pool.capacity else 0
            free = None if pool.capacity is None else max(0, pool.capacity - used)
            found.append({"pool": pool, "free": free, "share": share})
        return found

    @cached_property
    def sessions(self) -> list[Session]:
        """Return the sessions with their online access."""
        return list(self.run.sessions.select_related("online_access"))

    @property
    def is_online(self) -> bool:
        """Return whether sessions have an address of their own."""
        return self.run.mode in (Mode.ONLINE, Mode.HYBRID)

    @property
    def deadlines(self) -> list[Deadline]:
        """Return the dates that are set, in their order."""
        names = {
            "opens_at": _("Registration opens"),
            "closes_at": _("Registration closes"),
            "decide_by": _("Decision on applications"),
            "names_due": _("Names of groups"),
            "go_nogo_at": _("Decision whether it takes place"),
            "cancel_until": _("Free cancellation until"),
        }
        found = [(label, getattr(self.run, name)) for name, label in names.items() if getattr(self.run, name)]
        return sorted((Deadline(label, at, at < self.now) for label, at in found), key=lambda one: one.at)

    @property
    def missing(self) -> int:
        """Return how many people are missing to the minimum."""
        return max(0, (self.run.min_participants or 0) - self.counts.taken)

    @property
    def is_undecided(self) -> bool:
        """Return whether the run may still be guaranteed or cancelled."""
        return not (self.run.guaranteed_at or self.run.cancelled_at or self.run.is_over)

    @property
    def is_application(self) -> bool:
        """Return whether people apply and are chosen."""
        return self.run.admission == Admission.APPLICATION

    @cached_property
    def requests(self) -> list[Registration]:
        """Return who asked to cancel after the deadline."""
        rows = Registration.objects.filter(run=self.run, state=RegistrationState.CONFIRMED)
        return list(rows.filter(cancel_requested_at__isnull=False).for_list().order_by("cancel_requested_at"))

    @cached_property
    def mail_problems(self) -> list[OutboxMessage]:
        """Return messages about this run that failed or are held."""
        bookings = [str(pk) for pk in Booking.objects.filter(run=self.run).values_list("pk", flat=True)]
        about = OutboxMessage.objects.filter(subject_kind=BOOKING, subject_id__in=bookings)
        about = about | OutboxMessage.objects.filter(subject_kind=RUN, subject_id=str(self.run.pk))
        rows = list(about.filter(state__in=STUCK).order_by("pk")[:50])
        labels = {kind.name: str(kind.label) for kind in kinds.registered()}
        for row in rows:
            row.kind_label = labels.get(row.kind, row.kind)  # type: ignore[attr-defined]  # for the template
        return rows

    @cached_property
    def sister_seats(self) -> int:
        """Return the free seats on other coming runs of the offer: where people could go instead."""
        others = Run.objects.published().coming().filter(offer=self.run.offer, cancelled_at__isnull=True)
        return sum(run.seats_left or 0 for run in others.exclude(pk=self.run.pk).prefetch_related("pools"))

    @property
    def warnings(self) -> list[str]:
        """Return what keeps mail from leaving."""
        found = []
        if health.worker_state() != "ok":
            found.append(
                _("The worker gives no sign of life: no mail leaves and no deadline ends. Tell the administrator.")
            )
        route = MailRoute.current()
        if route.trouble:
            found.append(f"{route}. {_('Nothing is lost: messages wait, and deadlines for answers wait with them.')}")
        return found


def dashboard(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the run stands."""
    run = run_of_organiser(request, pk)
    board = Board(run)
    lists = [
        (name, purpose)
        for name, purpose in PURPOSES.items()
        if (not purpose.sensitive or request.user.has_perm(SENSITIVE)) and (name != "review" or board.is_application)
    ]
    formats = [(code, label) for code, (label, _type, _write) in FORMATS.items()]
    return show(
        request,
        "dashboard",
        title=run.number,
        run=run,
        board=board,
        papers=_papers(run),
        purposes=lists,
        formats=formats,
    )


def _papers(run: Run) -> list[tuple[str, str]]:
    """Return the papers of a run with their addresses."""
    names = {
        "run_attendance_pdf": _("Attendance list for signatures (PDF)"),
        "run_badges_pdf": _("Name badges (PDF)"),
        "run_certificates": _("Certificates (PDF)"),
        "run_evaluation": _("Results of the evaluation"),
    }
    return [(reverse(name, args=[run.pk]), label) for name, label in names.items()]


@require_POST
def mail_problem(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """Send a stuck message about this run again, or close it."""
    run = run_of_organiser(request, pk)
    stuck = {message.pk: message for message in Board(run).mail_problems}
    message = stuck.get(message_pk)
    if message is None:
        raise Http404
    if request.POST.get("decision") == "again":
        outbox.send_again(message)
        messages.success(request, _("The message waits to be sent again."))
    else:
        outbox.give_up(message)
        messages.success(request, _("The message is closed."))
    return redirect(to_run(run))
