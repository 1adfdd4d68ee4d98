"""What the manage page shows of a booking or of one person's seat: status, what happens next, what can be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.privacy import registry
from trainings import links
from trainings.models import (
    Booking,
    EvaluationToken,
    OfferPage,
    OnlineAccess,
    Registration,
    Run,
    RunMaterial,
    Stage,
)
from trainings.offer_pages import page_of
from trainings.personal_data import NEVER_CAME
from trainings.registration_states import UNVERIFIED, RegistrationState
from trainings.services.answering import questions
from trainings.services.changing import may_cancel, may_undo

S = RegistrationState
TONES = {
    **dict.fromkeys((*UNVERIFIED, S.OFFERED, S.OFFERED_OPEN), "act"),
    **dict.fromkeys((S.CONFIRMED, S.ATTENDED), "good"),
    **dict.fromkeys((S.WAITING, S.APPLIED), "wait"),
}
NEXT = {
    S.UNVERIFIED: _("Please confirm below. Until then the seat is only kept for you."),
    S.UNVERIFIED_WAITING: _("Please confirm below. Then you stand on the waiting list."),
    S.UNVERIFIED_APPLICATION: _("Please confirm below. Then your application counts."),
    S.EXPIRED: _("It was not confirmed in time. You can still do so: if a seat is free you get it."),
    S.APPLIED: _("The organiser decides about the applications. You get a mail."),
    S.WAITING: _("When a seat becomes free, you get an offer by mail."),
    S.OFFERED: _("A seat is free for you. Please accept or decline."),
    S.OFFERED_OPEN: _("Seats are free. Who accepts first gets one."),
    S.LAPSED: _("The offer was not answered in time. You can stand in line again."),
    S.CONFIRMED: _("Your seat is certain."),
    S.ATTENDED: _("Thank you for taking part."),
    S.NO_SHOW: _("You were not there."),
    S.WITHDRAWN: _("Nothing more happens."),
    S.CANCELLED: _("The seat is given back."),
    S.REMOVED: _("The organiser cancelled the registration."),
    S.REJECTED: _("This time there were more applications than seats."),
    S.RUN_CANCELLED: _("This date does not take place."),
}
DONE = {
    "confirmed": _("Thank you, that is confirmed."),
    "accepted": _("The seat is yours."),
    "declined": _("Thank you, the seat goes to the next person."),
    "requeued": _("You stand in line again."),
    "undone": _("The cancellation is taken back."),
    "cancelled": _("It is cancelled. You get a mail."),
    "changed": _("The change is saved."),
    "answered": _("Thank you, your answers are saved."),
    "evaluated": _("Thank you for your answers."),
}


@dataclass
class Seat:
    """One line of the page."""

    registration: Registration
    now: dt.datetime

    @property
    def tone(self) -> str:
        """Return which colour goes with the status; the words carry the meaning."""
        return TONES.get(RegistrationState(self.registration.state), "over")

    @property
    def next_step(self) -> str:
        """Return what happens next."""
        return str(NEXT[RegistrationState(self.registration.state)])

    @cached_property
    def position(self) -> int | None:
        """Return the place in line."""
        return self.registration.position

    @property
    def can_accept(self) -> bool:
        """Return whether a seat is offered."""
        return self.registration.state in (S.OFFERED, S.OFFERED_OPEN)

    @property
    def can_decline(self) -> bool:
        """Return whether an offer can be given to the next."""
        return self.registration.state == S.OFFERED

    @property
    def can_requeue(self) -> bool:
        """Return whether standing in line again is possible."""
        return self.registration.state == S.LAPSED

    @property
    def can_undo(self) -> bool:
        """Return whether a cancellation is fresh enough."""
        return may_undo(self.registration, self.now)

    @property
    def can_change(self) -> bool:
        """Return whether the person can be named or changed."""
        run = self.registration.run
        due = run.names_due or run.starts_at
        return self.registration.is_active and not self.registration.has_ended and (due is None or self.now <= due)

    @property
    def can_certify(self) -> bool:
        """Return whether there is a certificate to have."""
        return self.registration.state == S.ATTENDED and bool(self.registration.name)

    @property
    def asks_to_cancel(self) -> bool:
        """Return whether the organiser has been asked."""
        return self.registration.cancel_requested_at is not None and self.registration.state == S.CONFIRMED


class Manage:
    """A booking or one person's seat, found by its link."""

    def __init__(self, row: Booking | Registration, token: str) -> None:
        self.row, self.token = row, token
        self.now = timezone.now()

    def again(self) -> Manage:
        """Return the same, read anew: after a change the link may have a new version."""
        row = type(self.row).objects.select_related("run", "run__offer").get(pk=self.row.pk)
        return Manage(row, links.token(row))

    @property
    def booking(self) -> Booking:
        """Return the booking."""
        return self.row if isinstance(self.row, Booking) else self.row.booking

    @property
    def is_booking(self) -> bool:
        """Return whether this is the coordinator's link."""
        return isinstance(self.row, Booking)

    @property
    def run(self) -> Run:
        """Return the run."""
        return self.row.run

    @cached_property
    def page(self) -> OfferPage | None:
        """Return the page of the offer in the reader's language."""
        return page_of(self.run)

    @cached_property
    def seats(self) -> list[Registration]:
        """Return the seats behind this link."""
        rows = Registration.objects.filter(anonymised_at__isnull=True).for_list()
        own = rows.filter(booking=self.row) if isinstance(self.row, Booking) else rows.filter(pk=self.row.pk)
        return list(own.order_by("pk"))

    @property
    def lines(self) -> list[Seat]:
        """Return the seats with what can be done about them."""
        return [Seat(seat, self.now) for seat in self.seats]

    def seat(self, pk: int) -> Registration:
        """Return one of the seats. Raises Http404 for a foreign one."""
        for seat in self.seats:
            if seat.pk == pk:
                return seat
        raise Http404

    def url(self, name: str = "manage", *args: object) -> str:
        """Return an address below this link."""
        return reverse(name, args=[self.token, *args])

    @property
    def waits_for_confirmation(self) -> bool:
        """Return whether the coordinator still has to confirm."""
        states = {seat.state for seat in self.seats}
        return self.is_booking and bool(states & {*UNVERIFIED, S.EXPIRED})

    @property
    def can_cancel(self) -> bool:
        """Return whether anything can be given back or withdrawn."""
        return any(seat.is_active and not seat.has_ended for seat in self.seats)

    @property
    def is_late(self) -> bool:
        """Return whether certain seats can only be given back by the organiser."""
        return any(seat.state == S.CONFIRMED and not may_cancel(seat, self.now) for seat in self.seats)

    @property
    def skipped_group(self) -> int:
        """Return how many seats of a group that comes only together wait; 0 where the question does not arise."""
        if not (self.is_booking and self.booking.all_or_nothing and self.booking.told_skipped_at):
            return 0
        return sum(1 for seat in self.seats if seat.state == S.WAITING)

    @cached_property
    def online(self) -> list[OnlineAccess]:
        """Return how to get into online sessions, for people with a seat and from the set time only."""
        if not any(seat.has_seat for seat in self.seats):
            return []
        rows = OnlineAccess.objects.filter(session__run=self.run).select_related("session")
        return [row for row in rows if row.is_visible]

    @cached_property
    def materials(self) -> list[RunMaterial]:
        """Return slides and minutes, for people who took part."""
        if not any(seat.state == S.ATTENDED for seat in self.seats):
            return []
        return list(RunMaterial.objects.filter(run=self.run).select_related("document"))

    @cached_property
    def evaluation_tokens(self) -> dict[int, EvaluationToken]:
        """Return the rights to evaluate by seat; a coordinator never answers for somebody with an own address."""
        mine = [seat.pk for seat in self.seats if not self.is_booking or self._is_coordinators(seat)]
        rows = EvaluationToken.objects.filter(registration__in=mine).select_related("registration__run")
        return {token.registration_id: token for token in rows}

    def _is_coordinators(self, seat: Registration) -> bool:
        return seat.email_norm in ("", self.booking.email_norm)

    @property
    def open_evaluations(self) -> list[Registration]:
        """Return the seats that may still say how it was."""
        return [seat for seat in self.seats if (token := self.evaluation_tokens.get(seat.pk)) and not token.is_used]

    @property
    def came(self) -> list[Registration]:
        """Return the seats of people who took part."""
        return [seat for seat in self.seats if seat.state == S.ATTENDED]

    @property
    def sharing(self) -> list[Registration]:
        """Return the seats of people who took part and whose own link or own coordinator this is."""
        return [seat for seat in self.came if not self.is_booking or self._is_coordinators(seat)]

    @cached_property
    def contacts(self) -> list[Registration]:
        """Return the other participants who agreed to be found, for those who agreed themselves."""
        if not any(seat.share_contact for seat in self.sharing):
            return []
        rows = Registration.objects.filter(run=self.run, state=S.ATTENDED, share_contact=True).exclude(name="")
        own = [seat.pk for seat in self.seats]
        return list(rows.filter(anonymised_at__isnull=True).exclude(pk__in=own).for_list().order_by("name", "pk"))

    @cached_property
    def late_questions(self) -> bool:
        """Return whether the run asks something once a seat is certain."""
        return bool(questions(self.run, Stage.AFTER))

    @cached_property
    def kept_until(self) -> dt.date | None:
        """Return the day on which the data is deleted, as the retention rules stand today."""
        if self.run.ends_at is None:
            return None
        ended = all(seat.state in NEVER_CAME for seat in self.seats)
        rule = registry.rule("registrations_ended" if ended else "registrations")
        days = max(rule.kept_for, dt.timedelta(days=self.run.retention_days or 0)) if not ended else rule.kept_for
        return (self.run.ends_at + days).date()
