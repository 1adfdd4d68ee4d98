"""Runs with seats, submissions and bookings, made by the same services that visitors use."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count
from typing import Any

from django.utils import timezone

from cms.privacy import consents
from trainings.models import Booking, Offer, Pool, Registration, Run, Session
from trainings.services import registering
from trainings.services.booking import Person, Submission

_numbers = count(1)


def make_bare_run(*, seats: int | None = 20, starts_in: int = 30, pools: tuple[str, ...] = (), **fields: Any) -> Run:
    """Make a published run of an offer without page: what services need, and nothing else."""
    consents.ensure_text("registration", {"de": "Einwilligung", "en": "Consent"})
    offer = Offer.objects.create(translation_key=uuid.uuid4(), kind="training")
    number = next(_numbers)
    defaults = {
        "number": f"r-{number}-{uuid.uuid4().hex[:6]}",
        "mode": "onsite",
        "admission": "fcfs",
        "city": "Musterstadt",
        "published_at": timezone.now() - dt.timedelta(days=1),
    }
    run = Run.objects.create(offer=offer, **{**defaults, **fields})
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=starts_in)
    Session.objects.create(run=run, starts_at=start, ends_at=start + dt.timedelta(hours=7))
    for mode in pools or ("onsite",):
        Pool.objects.create(run=run, mode=mode, capacity=seats)
    return Run.objects.get(pk=run.pk)


def make_submission(*names: str, email: str = "", locale: str = "de", **fields: Any) -> Submission:
    """Make what one person sends (no names), or a coordinator for colleagues (their names; empty ones stay open)."""
    number = next(_numbers)
    email = email or f"person{number}@example.org"
    if names:
        people = tuple(Person(name, f"{name.lower()}.{number}@example.org" if name else "") for name in names)
    else:
        people = (Person(f"Person {number}", email, "Jugendpflege"),)
    defaults = {"name": people[0].name if not names else f"Koordination {number}", "is_group": bool(names)}
    return Submission(submission_id=uuid.uuid4(), email=email, locale=locale, people=people, **{**defaults, **fields})


def book(run: Run, *names: str, confirm: bool = True, **fields: Any) -> Booking:
    """Submit and, unless told otherwise, confirm."""
    submitted = registering.submit(run.pk, make_submission(*names, **fields))
    assert submitted.booking is not None
    if confirm:
        registering.confirm(submitted.booking)
    return Booking.objects.get(pk=submitted.booking.pk)


def states(run: Run) -> list[str]:
    """Return the states of all registrations of a run, in the order of their writing."""
    return list(Registration.objects.filter(run=run).order_by("pk").values_list("state", flat=True))


def one(booking: Booking | None) -> Registration:
    """Return the only registration of a booking."""
    assert booking is not None
    return booking.registrations.get()
