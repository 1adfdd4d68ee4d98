"""Every way through the table of states with the real services: rules hold after each step, wrong steps change nothing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry
from tests.factories.registrations import book, make_bare_run, make_submission, one
from trainings import registration_states as table
from trainings.errors import RegistrationError
from trainings.models import Booking, Pool, Registration, Run
from trainings.registration_states import Event, IllegalTransition, RegistrationState
from trainings.services import changing, closing, registering, running, selecting, waiting_list
from trainings.services.booking import Person
from trainings.services.invariants import problems
from trainings.services.locking import run_lock

pytestmark = pytest.mark.django_db
S = RegistrationState
HOUR = dt.timedelta(hours=1)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))
STEPS = int(os.environ.get("MACHINE_STEPS", "25"))


def snapshot() -> list[Any]:
    """Return all that a refused step must leave as it was."""
    rows = Registration.objects.order_by("pk").values_list(
        "pk", "state", "waiting_since", "priority", "hold_expires_at", "offer_expires_at", "name", "email", "pool_id"
    )
    pools = Pool.objects.order_by("pk").values_list("pk", "capacity", "places_taken", "places_held")
    return [list(rows), list(pools), AuditEntry.objects.count(), OutboxMessage.objects.count()]


def refused(service: Callable[[], object]) -> bool:
    """Call a service; a refusal must have changed nothing."""
    before = snapshot()
    try:
        service()
    except RegistrationError:
        assert snapshot() == before
        return True
    return False


class RegistrationMachine(RuleBasedStateMachine):
    """A run whose people, organisers and clocks do whatever they can."""

    bookings = Bundle("bookings")

    @initialize(
        seats=st.integers(1, 5),
        admission=st.sampled_from(["fcfs", "fcfs", "application"]),
        cap=st.sampled_from([None, 3]),
    )
    def begin(self, seats: int, admission: str, cap: int | None) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.run = make_bare_run(seats=seats, admission=admission, municipality_cap=cap)
        self.cap = cap

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(target=bookings, size=st.integers(1, 3), together=st.booleans(), place=st.sampled_from(["A-Stadt", "B-Dorf"]))
    def submit(self, size: int, together: bool, place: str) -> int | None:
        names = ["Ada", "Bo", "Cem"][:size] if size > 1 else []
        submission = make_submission(*names, all_or_nothing=together and size > 1, municipality_text=place)
        done: list[int] = []

        def service() -> None:
            booking = registering.submit(self.run.pk, submission).booking
            assert booking is not None
            done.append(booking.pk)

        refused(service)
        return done[0] if done else None

    @rule(booking=bookings)
    def confirm(self, booking: int | None) -> None:
        if booking:
            refused(lambda: registering.confirm(Booking.objects.get(pk=booking)))

    @rule(
        booking=bookings,
        nth=st.integers(0, 2),
        what=st.sampled_from(["cancel", "undo", "accept", "decline", "requeue", "rename"]),
    )
    def person_does(self, booking: int | None, nth: int, what: str) -> None:
        rows = list(
            Registration.objects.filter(booking_id=booking or 0).select_related("booking", "run").order_by("pk")
        )
        if nth >= len(rows):
            return
        row = rows[nth]
        deeds: dict[str, Callable[[], object]] = {
            "cancel": lambda: changing.cancel([row]),
            "undo": lambda: changing.undo_cancel(row),
            "accept": lambda: waiting_list.accept(row),
            "decline": lambda: waiting_list.decline(row),
            "requeue": lambda: waiting_list.requeue(row),
            "rename": lambda: changing.set_person(row, Person("Neu", f"neu{row.pk}@example.org")),
        }
        refused(deeds[what])

    @rule(booking=bookings, count=st.integers(0, 3))
    def take_part(self, booking: int | None, count: int) -> None:
        if booking:
            refused(lambda: waiting_list.take_part_of_group(Booking.objects.get(pk=booking), count))

    @rule(what=st.sampled_from(["holds", "offers"]))
    def time_passes(self, what: str) -> None:
        rows, past = Registration.objects.filter(run=self.run), timezone.now() - HOUR
        if what == "holds":
            rows.filter(state__in=table.UNVERIFIED).update(hold_expires_at=past)
            registering.expire_holds(self.run.pk)
        else:
            rows.filter(state=S.OFFERED).update(offer_expires_at=past)
            waiting_list.lapse_offers(self.run.pk)

    @rule(hours=st.sampled_from([0, 24 * 365]))
    def the_start_comes_near(self, hours: int) -> None:
        Run.objects.filter(pk=self.run.pk).update(cutoff_hours=min(hours, 32000))
        waiting_list.open_line(self.run.pk)

    @rule(capacity=st.integers(0, 7))
    def seats_change(self, capacity: int) -> None:
        refused(lambda: running.set_capacity(Pool.objects.get(run=self.run), capacity, actor=None))

    @rule(choice=st.lists(st.sampled_from(["select", "reserve", "reject", ""]), min_size=1, max_size=4))
    def applications_are_decided(self, choice: list[str]) -> None:
        rows = Registration.objects.filter(run=self.run, state=S.APPLIED, booking__all_or_nothing=False).order_by("pk")
        decisions = {row.pk: word for row, word in zip(rows, choice, strict=False) if word}
        selecting.decide(self.run.pk, decisions, actor=None)
        refused(lambda: selecting.release(self.run.pk, actor=None))

    @rule(booking=bookings)
    def organiser_removes(self, booking: int | None) -> None:
        rows = list(Registration.objects.filter(booking_id=booking or 0))
        if rows:
            refused(lambda: running.remove(rows[:1], actor=None, reason="Grund"))

    @rule()
    def nobody_calls_twice_for_nothing(self) -> None:
        before = snapshot()
        registering.expire_holds(self.run.pk)
        waiting_list.lapse_offers(self.run.pk)
        waiting_list.open_line(self.run.pk)
        assert snapshot() == before

    @invariant()
    def rules_hold(self) -> None:
        if hasattr(self, "run"):
            assert problems(self.run.pk) == []
            if self.cap:
                active = Registration.objects.filter(run=self.run, state__in=table.ACTIVE)
                for place in ("A-Stadt", "B-Dorf"):
                    assert active.filter(booking__municipality_text=place).count() <= self.cap


def test_any_sequence_of_steps_keeps_the_rules() -> None:
    run_state_machine_as_test(
        RegistrationMachine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def pairs() -> Iterator[tuple[RegistrationState, Event]]:
    for state in S:
        for event in Event:
            if (state, event) not in table.TRANSITIONS:
                yield state, event


def test_every_pair_that_the_table_lacks_raises_and_changes_nothing() -> None:
    row = one(book(make_bare_run()))
    before = snapshot()
    count = 0

    for state, event in pairs():
        for target in S:
            with pytest.raises(IllegalTransition):
                table.allowed(state, event, target)
            count += 1
    for state, event in list(pairs())[:: len(S)]:
        row.state = str(state)
        with pytest.raises(IllegalTransition), run_lock(row.run_id) as locked:
            locked.move(row, event, S.CONFIRMED)

    assert snapshot() == before
    assert count == (len(S) * len(Event) - len(table.TRANSITIONS)) * len(S)


STEPS_OF_PEOPLE: dict[str, tuple[Callable[[Registration], object], set[str]]] = {
    "confirm": (lambda row: registering.confirm(row.booking), {S.UNVERIFIED, S.UNVERIFIED_WAITING, S.UNVERIFIED_APPLICATION, S.EXPIRED}),
    "cancel": (lambda row: changing.cancel([row]), set(table.ACTIVE)),
    "undo": (changing.undo_cancel, {S.CANCELLED}),
    "accept": (waiting_list.accept, {S.OFFERED, S.OFFERED_OPEN}),
    "decline": (waiting_list.decline, {S.OFFERED}),
    "requeue": (waiting_list.requeue, {S.LAPSED}),
    "remove": (lambda row: running.remove([row], actor=None, reason="x"), set(table.ACTIVE)),
    "attend": (lambda row: closing.record_attendance(row.run_id, {}, actor=None), set()),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS_OF_PEOPLE)
@pytest.mark.parametrize("state", S.values)
def test_a_service_moves_only_from_where_the_table_allows(state: str, step: str) -> None:
    service, sources = STEPS_OF_PEOPLE[step]
    booking = book(make_bare_run(seats=5))
    Registration.objects.filter(booking=booking).update(state=state, waiting_since=timezone.now())
    row = Registration.objects.select_related("booking", "run").get(booking=booking)
    Pool.objects.filter(run=row.run).update(places_taken=state in table.TAKEN, places_held=state in table.HELD)
    before = one(booking).state

    try:
        service(row)
    except RegistrationError:
        assert one(booking).state == before
    else:
        changed = one(booking).state != before
        assert changed == (state in sources) or state == S.WAITING
