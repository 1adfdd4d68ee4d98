"""What must be true of every run at every moment (`trainings.md` 2.3), asked of the rows themselves."""

from __future__ import annotations

from django.db.models import Count, Q

from cms.outbox.models import OutboxMessage
from cms.privacy.models import AuditEntry
from trainings.models import Booking, Pool, Registration
from trainings.registration_states import ACTIVE, HELD, TAKEN, WAITS, RegistrationState

S = RegistrationState


def problems(run_id: int | None = None) -> list[str]:
    """Return a sentence for each broken rule; empty when all hold."""
    registrations = Registration.objects.filter(run_id=run_id) if run_id else Registration.objects.all()
    found = [*_pools(run_id), *_doubles(registrations), *_groups(registrations), *_waiting(registrations)]
    return [*found, *_traces(registrations)]


def _pools(run_id: int | None) -> list[str]:
    pools = Pool.objects.filter(run_id=run_id) if run_id else Pool.objects.all()
    counted = pools.annotate(
        taken=Count("registrations", filter=Q(registrations__state__in=TAKEN)),
        held=Count("registrations", filter=Q(registrations__state__in=HELD)),
        people=Count("registrations"),
    )
    found = []
    for pool in counted.filter(people__gt=0):
        if pool.capacity is not None and pool.taken + pool.held > pool.capacity:
            found.append(f"pool {pool.pk}: {pool.taken} taken and {pool.held} held of {pool.capacity}")
        if (pool.places_taken, pool.places_held) != (pool.taken, pool.held):
            found.append(
                f"pool {pool.pk}: counters {pool.places_taken}/{pool.places_held}, rows {pool.taken}/{pool.held}"
            )
    return found


def _doubles(registrations: object) -> list[str]:
    rows = registrations.filter(state__in=ACTIVE).exclude(email_norm="")  # type: ignore[attr-defined]  # a queryset
    doubled = rows.order_by().values("run_id", "email_norm").annotate(count=Count("pk")).filter(count__gt=1)
    return [f"run {row['run_id']}: one address is active {row['count']} times" for row in doubled]


def _groups(registrations: object) -> list[str]:
    """A group that comes only together has seats for all or for none."""
    bookings = Booking.objects.filter(all_or_nothing=True, registrations__in=registrations).distinct()  # type: ignore[misc]  # a queryset
    found = []
    for booking in bookings:
        states = set(booking.registrations.values_list("state", flat=True))
        if states & (HELD | TAKEN) and states & WAITS:
            found.append(f"booking {booking.pk}: comes only together, but has seats for some")
    return found


def _waiting(registrations: object) -> list[str]:
    """Nobody waits while a seat is free that fits; after the cutoff nobody waits without an offer."""
    found = []
    waiting = registrations.filter(state=S.WAITING, run__cancelled_at__isnull=True)  # type: ignore[attr-defined]  # a queryset
    for row in waiting.select_related("booking", "pool", "run"):
        if row.run.starts_at and row.run.starts_at <= row.state_changed_at:
            continue
        group = Registration.objects.filter(booking=row.booking, state=S.WAITING).count()
        needs = group if row.booking.all_or_nothing else 1
        capacity = row.pool.capacity
        free = None if capacity is None else capacity - row.pool.places_taken - row.pool.places_held
        if free is None or free >= needs:
            found.append(f"registration {row.pk}: waits although {free} seats are free")
    return found


def _traces(registrations: object) -> list[str]:
    """Every registration has its entries in the log, and every booking its mail."""
    rows = registrations.filter(anonymised_at__isnull=True)  # type: ignore[attr-defined]  # a queryset
    ids = {str(pk) for pk in rows.values_list("pk", flat=True)}
    noted = set(AuditEntry.objects.filter(subject_kind="trainings.registration").values_list("subject_id", flat=True))
    bookings = {str(pk) for pk in rows.filter(booking__by_organiser=False).values_list("booking_id", flat=True)}
    mailed = set(OutboxMessage.objects.filter(subject_kind="trainings.booking").values_list("subject_id", flat=True))
    found = [f"registration {pk}: nothing in the log" for pk in sorted(ids - noted)]
    return found + [f"booking {pk}: no mail" for pk in sorted(bookings - mailed)]
