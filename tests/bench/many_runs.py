"""Runs and people of many years in any number, for the large site: pages by publishing, rows in bulk.

`python -m tests.bench.many_runs 1000` inside a site. A tenth as many offers; half of the runs lie in the past.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import uuid
from typing import Any

PEOPLE = 10  # a run
SEATS = 12
OFFERS = 10  # runs of each


def seed(runs: int) -> None:
    """Make the offers in both languages with their runs, and the people of all of them."""
    from django.utils import timezone

    from search import documents
    from tests.factories import pages as make
    from trainings.models import Offer, OfferPage, Run

    tree = whole_tree()
    steps, made = ("training", "plan", "network", "service", "pr", "allies"), []
    for number in range(max(1, runs // OFFERS)):
        page = make.make_training(tree, title=f"Werkstatt {number}", steps=[make.step(steps[number % 6])])
        made += [page, make.translate(page, title=f"Workshop {number}", slug=f"workshop-{number}")]
    offers: list[Any] = [Offer.objects.get_or_create(translation_key=one.translation_key)[0] for one in made[::2]]
    chance, now = random.Random(runs), timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = [_run(number, offers[number % len(offers)], now, chance) for number in range(runs)]
    _people(Run.objects.bulk_create(rows, batch_size=500), now)
    pages: list[OfferPage] = [type(page).objects.get(pk=page.pk) for page in made]
    documents.remember(pages)


def whole_tree() -> Any:
    """Return the tree with the index pages that the site has not got yet."""
    from home.models import HomePage
    from tests.factories import pages as make

    home = HomePage.objects.get(locale__language_code="de")
    for model, german, english, slug, slug_en in make.INDEXES.values():
        if not model.objects.exists():
            page = make.publish(model, home, title=german, slug=slug, show_in_menus=True)
            make.translate(page, title=english, slug=slug_en)
    return make.make_tree()


def _run(number: int, offer: Any, now: dt.datetime, chance: random.Random) -> Any:
    from trainings.models import Run

    starts_at = now + dt.timedelta(days=chance.randint(-700, 700) or 1)
    return Run(
        offer=offer,
        number=f"lauf-{number}",
        mode="onsite",
        admission="fcfs",
        city="Musterstadt",
        published_at=now - dt.timedelta(days=800),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=7),
    )


def _people(runs: list[Any], now: dt.datetime) -> None:
    from trainings.models import Booking, Pool, Registration, Session

    Session.objects.bulk_create(
        [Session(run=run, starts_at=run.starts_at, ends_at=run.ends_at) for run in runs], batch_size=500
    )
    pools = Pool.objects.bulk_create(
        [Pool(run=run, mode="onsite", capacity=SEATS, places_taken=PEOPLE) for run in runs], batch_size=500
    )
    bookings = Booking.objects.bulk_create(
        [
            Booking(
                run=pool.run,
                submission_id=uuid.uuid4(),
                name=f"Person {number}",
                email=f"person{number}.{pool.pk}@example.org",
                email_norm=f"person{number}.{pool.pk}@example.org",
                confirmed_at=now,
            )
            for pool in pools
            for number in range(PEOPLE)
        ],
        batch_size=500,
    )
    pool_of = {pool.run_id: pool for pool in pools}
    Registration.objects.bulk_create(
        [
            Registration(
                booking=booking,
                run_id=booking.run_id,
                pool=pool_of[booking.run_id],
                name=booking.name,
                email=booking.email,
                email_norm=booking.email_norm,
                state="confirmed",
            )
            for booking in bookings
        ],
        batch_size=500,
    )


if __name__ == "__main__":
    import django

    django.setup()
    seed(int(sys.argv[1]))
