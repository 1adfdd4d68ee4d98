"""The one lock of registration: whoever changes who has a seat in a run holds that run's row.

The first statement is an UPDATE of the row: a row lock on PostgreSQL, the write lock on SQLite. Then count, decide,
write; the pools' counters are rewritten from a recount at the end, so drift heals itself. Never inside: rendering,
mail servers, files.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cms.privacy import audit
from cms.privacy.models import AuditEntry
from trainings.errors import BusyError
from trainings.models import Pool, Registration, Run
from trainings.registration_states import HELD, TAKEN, Event, RegistrationState, allowed

TRIES = 3
LOCK_TIMEOUT = "3s"
HOPELESS = ("readonly", "read-only", "disk is full", "no space left", "unable to open")
SUBJECT = "trainings.registration"
P = ParamSpec("P")
R = TypeVar("R")


class LockedRun:
    """A run whose row this transaction holds, with the seats counted under the lock."""

    def __init__(self, run: Run, *, actor: Any = None, system: bool = False) -> None:
        self.run = run
        self.now: dt.datetime = timezone.now()
        self.actor, self.system = actor, system
        self.pools: dict[int, Pool] = {pool.pk: pool for pool in sorted(run.pools.all(), key=lambda pool: pool.pk)}
        self._used = self._count()

    def _count(self) -> dict[int, dict[str, int]]:
        rows = Registration.objects.filter(run_id=self.run.pk).order_by().values("pool_id", "state")
        used: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in rows.annotate(count=Count("pk")):
            used[row["pool_id"]][row["state"]] += row["count"]
        return used

    def used(self, pool_id: int) -> int:
        """Return how many seats of a pool are taken or held."""
        return sum(count for state, count in self._used[pool_id].items() if state in HELD or state in TAKEN)

    def free(self, pool_id: int) -> int | None:
        """Return the free seats of a pool, None when it has no limit."""
        capacity = self.pools[pool_id].capacity
        return None if capacity is None else max(0, capacity - self.used(pool_id))

    def fits(self, pool_id: int, count: int) -> bool:
        """Return whether so many seats are free."""
        free = self.free(pool_id)
        return free is None or free >= count

    def count(self, pool_id: int, *states: str) -> int:
        """Return how many registrations of a pool are in these states."""
        return sum(self._used[pool_id][str(state)] for state in states)

    def add(self, registrations: list[Registration]) -> None:
        """Write new registrations, whether one or twenty in two statements, and count them."""
        for registration in registrations:
            registration.state_changed_at = self.now
            registration.full_clean(
                exclude=["booking", "run", "pool"], validate_unique=False, validate_constraints=False
            )
        Registration.objects.bulk_create(registrations)
        for registration in registrations:
            self._used[registration.pool_id][str(registration.state)] += 1
        audit.note_all([self._entry("submitted", one, target=str(one.state)) for one in registrations])

    def move(self, registration: Registration, event: Event, target: str, **values: Any) -> None:
        """Take one step of the state table and note it. Raises IllegalTransition for any other step."""
        source = registration.state
        move = allowed(source, event, target)
        values |= {"state": str(move.target), "state_changed_at": self.now}
        for name, value in values.items():
            setattr(registration, name, value)
        registration.save(update_fields=list(values))
        self._used[registration.pool_id][source] -= 1
        self._used[registration.pool_id][str(move.target)] += 1
        self.note(str(event), registration, source=source, target=str(move.target))

    def note(self, action: str, registration: Registration, **details: Any) -> None:
        """Add an entry to the log."""
        audit.note_all([self._entry(action, registration, **details)])

    def _entry(self, action: str, registration: Registration, **details: Any) -> AuditEntry:
        subject = (SUBJECT, registration.pk)
        return audit.entry(
            action, subject=subject, actor=self.actor, system=self.system, run=self.run.number, **details
        )

    def recount(self) -> None:
        """Count the seats anew, after something else than `add` and `move` has changed them."""
        self._used = self._count()

    def write_counters(self) -> None:
        """Rewrite the counters of the pools from a recount, in one statement; the database refuses more than there are."""
        pools = Pool.objects.filter(run_id=self.run.pk)
        pools.update(places_taken=_counted(TAKEN), places_held=_counted(HELD))


def _counted(states: frozenset[RegistrationState]) -> Coalesce:
    """Return how many registrations of a pool are in these states, as part of a statement."""
    rows = Registration.objects.filter(pool_id=OuterRef("pk"), state__in=sorted(states)).order_by()
    return Coalesce(Subquery(rows.values("pool_id").annotate(count=Count("pk")).values("count")), 0)


def take_lock(run_id: int) -> bool:
    """Lock the row of a run until the transaction ends; return whether there is one. Tests of the tests replace it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    return bool(Run.objects.filter(pk=run_id).update(lock_version=F("lock_version") + 1))


@contextmanager
def run_lock(run_id: int, *, actor: Any = None, system: bool = False) -> Iterator[LockedRun]:
    """Hold a run for one transaction. Raises Run.DoesNotExist. One call per transaction."""
    with transaction.atomic():
        if not take_lock(run_id):
            raise Run.DoesNotExist
        run = Run.objects.select_related("offer", "owner").prefetch_related("pools").get(pk=run_id)
        locked = LockedRun(run, actor=actor, system=system)
        yield locked
        locked.write_counters()


def _is_hopeless(error: OperationalError) -> bool:
    """Return whether the database takes nothing at all: trying again at once would only keep the visitor waiting."""
    return any(word in str(error).lower() for word in HOPELESS)


def retrying(service: Callable[P, R]) -> Callable[P, R]:
    """Try again when the database was busy or the connection broke. Raises BusyError after three tries: nothing was written.

    A full or read-only database is no matter of waiting: its error goes through at once. So does every error inside
    somebody else's transaction: only the outermost one can begin anew.
    """

    @functools.wraps(service)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES + 1):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or _is_hopeless(error):
                    raise
                if attempt == TRIES:
                    raise BusyError from error
                time.sleep(random.uniform(0.05, 0.2) * attempt)  # noqa: S311 - spreads out, guards nothing
        raise AssertionError("unreachable")

    return wrapped
