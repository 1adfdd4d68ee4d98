"""The demo's invented people: made by the real services, never written to, moved on and taken away without a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import MessageState, OutboxMessage
from cms.privacy.models import AuditEntry, ConsentRecord
from home.demo import registrations, runs
from home.demo.dates import monday
from home.demo.people import is_only_demo
from home.demo.removal import remove
from home.models import DemoItem
from tests.factories import pages as make
from tests.factories.registrations import book, states
from trainings.models import Booking, Certificate, EvaluationResponse, Registration, Review, Run
from trainings.services import running
from trainings.services.invariants import problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def facts(number: str, day: int, pool: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"number": number, "mode": "onsite", "admission": "fcfs", "city": "Musterstadt", "waiting_list": True}
    session = {"day": day, "start": "09:00", "end": "16:00"}
    return {**base, "opens": -60, "sessions": [session], "pools": [{"mode": "onsite", **pool}], **more}


FULL = facts("d-full", 40, {"capacity": 5, "people": {"confirmed": 3, "held": 1, "offered": 1, "waiting": 2}})
OVER = facts("d-over", -20, {"capacity": 9, "people": {"came": 6, "missed": 1}})
OFF = facts("d-off", 30, {"capacity": 5, "people": {"confirmed": 2}}, cancelled=True)
CALL = facts("d-call", 60, {"capacity": 5, "people": {"applied": 4}}, admission="application")
ALL = [FULL, OVER, OFF, CALL]


def loader(today: dt.date | None = None) -> Any:
    """Return what the loading of runs needs of the loader."""
    records = {record.key: record for record in DemoItem.objects.all()}
    found = SimpleNamespace(base=monday(today or timezone.localdate()), records=records, changed=0)
    found.remember = lambda key, subject, digest: DemoItem.objects.create(
        key=key,
        content_type=registrations_type(subject),
        object_id=str(subject.pk),
        digest=digest,
    )
    return found


def registrations_type(subject: Any) -> Any:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(type(subject))


@pytest.fixture
def demo() -> Iterator[Any]:
    """Load four runs with their people."""
    tree = make.make_tree()
    for _town in range(6):
        make.make_municipality()
    runs.load_runs(make.make_training(tree), ALL, loader())
    yield
    get_user_model().objects.filter(username__startswith="demo-").delete()


def counted(number: str) -> dict[str, int]:
    rows = states(Run.objects.get(number=number))
    return {state: rows.count(state) for state in sorted(set(rows))}


def test_every_run_has_the_people_it_names_and_all_rules_hold(demo):
    assert counted("d-full") == {"cancelled": 1, "confirmed": 3, "offered": 1, "unverified": 1, "waiting": 2}
    assert counted("d-over") == {"attended": 6, "no_show": 1}
    assert counted("d-off") == {"run_cancelled": 2}
    assert counted("d-call") == {"applied": 4}
    assert Run.objects.get(number="d-off").cancelled_at is not None
    assert (Certificate.objects.count(), EvaluationResponse.objects.count()) == (6, 4)
    assert Review.objects.count() == 3
    assert [problem for run in Run.objects.all() for problem in problems(run.pk)] == []


def test_nothing_is_ever_sent_to_them(demo, mailoutbox):
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.SUPERSEDED}
    assert OutboxMessage.objects.count() > 10

    assert pump.tick() == 0
    assert mailoutbox == []


def test_they_are_dated_into_the_time_of_registration(demo):
    over = Run.objects.get(number="d-over")

    assert over.starts_at is not None
    assert all(booking.created_at < over.starts_at for booking in Booking.objects.filter(run=over))
    waiting = Registration.objects.filter(run__number="d-full", state="waiting")
    assert list(waiting.order_by("pk")) == list(waiting.order_by("waiting_since"))


def test_reviewers_cannot_log_in(demo, client):
    user = get_user_model().objects.get(username=registrations.REVIEWERS[0])

    assert (user.is_active, user.has_usable_password()) == (False, False)


def test_later_load_moves_runs_on_and_lets_people_register_anew(demo):
    before = Run.objects.get(number="d-over").starts_at
    first = Booking.objects.filter(run__number="d-over")[0]

    runs.move_runs(ALL, loader(timezone.localdate() + dt.timedelta(weeks=2)))

    moved = Run.objects.get(number="d-over")
    assert timezone.localtime(moved.starts_at).date() == timezone.localtime(before).date() + dt.timedelta(weeks=2)
    assert counted("d-full") == {"cancelled": 1, "confirmed": 3, "offered": 1, "unverified": 1, "waiting": 2}
    assert not Booking.objects.filter(pk=first.pk).exists()
    assert Run.objects.get(number="d-off").cancelled_at is not None


def test_run_that_a_visitor_or_an_organiser_used_stays(demo, admin_user):
    used, guaranteed = Run.objects.get(number="d-full"), Run.objects.get(number="d-call")
    book(used, municipality_text="Eigenstadt")
    running.guarantee(guaranteed, actor=admin_user)
    before = {run.pk: run.starts_at for run in (used, guaranteed)}

    runs.move_runs(ALL, loader(timezone.localdate() + dt.timedelta(weeks=2)))

    assert {run.pk: run.starts_at for run in Run.objects.filter(pk__in=before)} == before


def test_all_of_it_goes_and_only_the_log_stays(demo):
    noted = AuditEntry.objects.count()

    _removed, kept = remove()

    left = (Run, Booking, Registration, Certificate, EvaluationResponse, Review, OutboxMessage, ConsentRecord)
    assert [(model.__name__, model.objects.count()) for model in left if model.objects.exists()] == []
    assert kept == []
    assert AuditEntry.objects.count() == noted
    assert not get_user_model().objects.filter(username__startswith="demo-").exists()


def test_somebody_real_stays_with_seat_and_run(demo):
    run = Run.objects.get(number="d-call")
    own = book(run, municipality_text="Eigenstadt")
    assert not is_only_demo(run)

    _removed, kept = remove()

    assert list(Booking.objects.all()) == [own]
    assert kept == [str(run)]
    assert problems(run.pk) == []
