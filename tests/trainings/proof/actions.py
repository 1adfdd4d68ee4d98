"""What happens in the processes of a race: each action is one call of a real service, and says what became of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection

from tests.factories.registrations import make_bare_run, make_submission
from trainings.errors import BusyError, RegistrationError
from trainings.models import Booking, Pool, Registration, Run
from trainings.services import changing, locking, organising, registering, running, waiting_list
from trainings.services.booking import Person

Action = Callable[..., Any]
ACTIONS: dict[str, Action] = {}


def action(function: Action) -> Action:
    """Make a function known to the processes by its name."""
    ACTIONS[function.__name__] = function
    return function


def perform(name: str, *args: Any) -> dict[str, Any]:
    """Call an action; a refusal is an answer, anything else is told as a crash."""
    began = time.perf_counter()
    try:
        value, outcome = ACTIONS[name](*args), "ok"
    except RegistrationError as error:
        value, outcome = None, error.code
    except BusyError:
        value, outcome = None, "busy"
    except Exception as error:  # noqa: BLE001 - a crash is what the test looks for
        value, outcome = repr(error), "crash"
    finally:
        connection.close()
    return {"action": name, "outcome": outcome, "value": value, "seconds": time.perf_counter() - began}


@action
def submit(run_id: int, size: int = 1, together: bool = False, submission_id: str = "") -> int | None:
    names = [f"Person{number}" for number in range(size)] if size > 1 else []
    key = uuid.UUID(submission_id) if submission_id else uuid.uuid4()
    fields = {"email": f"{key.hex}@example.org"}
    submission = make_submission(*names, all_or_nothing=together, **fields)
    people = tuple(Person(one.name, "" if names else fields["email"]) for one in submission.people)
    exact = replace(submission, submission_id=key, people=people)
    submitted = registering.submit(run_id, exact)
    return submitted.booking.pk if submitted.booking else None


@action
def confirm(booking_id: int) -> None:
    registering.confirm(Booking.objects.get(pk=booking_id))


@action
def cancel(registration_id: int) -> None:
    changing.cancel([Registration.objects.get(pk=registration_id)])


@action
def undo(registration_id: int) -> None:
    changing.undo_cancel(Registration.objects.get(pk=registration_id))


@action
def accept(registration_id: int) -> None:
    waiting_list.accept(Registration.objects.get(pk=registration_id))


@action
def decline(registration_id: int) -> None:
    waiting_list.decline(Registration.objects.get(pk=registration_id))


@action
def requeue(registration_id: int) -> None:
    waiting_list.requeue(Registration.objects.get(pk=registration_id))


@action
def lapse(run_id: int) -> int:
    return waiting_list.lapse_offers(run_id)


@action
def expire(run_id: int) -> int:
    return registering.expire_holds(run_id)


@action
def serve_line(run_id: int) -> None:
    waiting_list.open_line(run_id)


@action
def give_seat(registration_id: int) -> int:
    """What an organiser does who wants somebody to have the next seat."""
    rows = [Registration.objects.get(pk=registration_id)]
    return organising.bring_forward(rows, actor=None, reason="needed")


@action
def set_capacity(run_id: int, capacity: int) -> None:
    running.set_capacity(Pool.objects.get(run_id=run_id), capacity, actor=None)


@action
def save_form(run_id: int) -> None:
    """What a careless form does: load the run, wait, write it back."""
    run = Run.objects.get(pk=run_id)
    time.sleep(0.02)
    run.save()


@action
def prepare(seats: int, **fields: Any) -> int:
    return make_bare_run(seats=seats, **fields).pk


def without_lock(together: Barrier) -> None:
    """Switch the lock off and let all count before anybody writes: the race must then be lost, on any machine."""

    def no_lock(run_id: int) -> bool:
        return True

    count = locking.LockedRun._count

    def count_together(self: Any) -> Any:
        counted = count(self)
        together.wait()
        return counted

    locking.take_lock = no_lock
    locking.LockedRun._count = count_together  # type: ignore[method-assign]  # the process ends with the race
