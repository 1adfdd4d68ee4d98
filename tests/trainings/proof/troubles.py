"""A database in trouble, played in the nursery: full, read-only, its connections cut, jobs of the worker killed."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from cms import worker
from cms.outbox import pump
from cms.outbox.models import MailRoute, OutboxMessage
from cms.privacy import services as privacy
from tests.factories.registrations import make_bare_run
from tests.trainings.proof.actions import ACTIONS, perform
from tests.trainings.proof.nursery import at_once, collect, fork, kill_after
from trainings import clocks
from trainings.models import Booking, Registration, Run
from trainings.registration_states import RegistrationState
from trainings.services import changing
from trainings.services.invariants import problems

S = RegistrationState
HOUR = dt.timedelta(hours=1)
TROUBLES = {
    ("sqlite", "full"): "PRAGMA max_page_count = 1",  # SQLite takes the present size as the smallest
    ("sqlite", "read-only"): "PRAGMA query_only = 1",
    ("postgresql", "read-only"): "SET default_transaction_read_only = on",
}
CURES = {
    ("sqlite", "full"): "PRAGMA max_page_count = 1000000",
    ("sqlite", "read-only"): "PRAGMA query_only = 0",
    ("postgresql", "read-only"): "SET default_transaction_read_only = off",
}


def unwritable(trouble: str) -> dict[str, Any]:
    """Send the public form to a database that takes nothing, and once more when it is well again."""
    run_id = make_bare_run(seats=30).pk
    return dict(collect(fork(partial(_send_twice, run_id, trouble))))


def _send_twice(run_id: int, trouble: str) -> dict[str, Any]:
    from django.test import Client

    from cms.public_forms import Start

    opened = Start.now()
    long_text = "Jugendamt " + "x" * 180
    data = {
        "start": Start(opened.id, opened.opened_at - 60).text,
        "name": "Jo Beispiel",
        "email": "jo@example.org",
        "organisation": long_text,
        "municipality": "Musterhausen",
        "consent": "on",
        "seats": "20",
    }
    for number in range(20):  # more than fits into the room left on pages that exist
        data |= {f"p{number}-name": f"Ada {number}", f"p{number}-function": "y" * 160}
    client = Client(raise_request_exception=False, REMOTE_ADDR=f"10.1.{random.randint(0, 255)}.{run_id % 250}")
    address = f"/de/anmelden/{Run.objects.get(pk=run_id).number}/"
    client.get(address)
    before = OutboxMessage.objects.count()
    _fill_the_last_page(trouble)
    _tell_database(TROUBLES[connection.vendor, trouble])
    bad = client.post(address, data)
    half = [Booking.objects.filter(run_id=run_id).count(), OutboxMessage.objects.count() - before]
    _tell_database(CURES[connection.vendor, trouble])
    good = client.post(address, data)
    html = bad.content.decode()
    return {
        "statuses": [bad.status_code, good.status_code],
        "kept": long_text in html and "Musterhausen" in html and "Ada 19" in html,
        "told": "können wir nichts speichern" in html,
        "half_written": half,
        "at_last": [Booking.objects.filter(run_id=run_id).count(), OutboxMessage.objects.count() - before],
        "problems": problems(run_id),
    }


def _tell_database(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fill_the_last_page(trouble: str) -> None:
    """Leave no free page in the file, or rows would still fit into it."""
    if connection.vendor == "sqlite" and trouble == "full":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA freelist_count")
            pages = cursor.fetchone()[0]
            cursor.execute("CREATE TABLE IF NOT EXISTS filler (content BLOB)")
            cursor.execute("INSERT INTO filler VALUES (zeroblob(%s))", [(pages + 1) * 4096])


def cut_connections(seconds: float) -> dict[str, Any]:
    """End all connections of the database again and again while people register and confirm."""
    run_id = ACTIONS["prepare"](500)
    until = time.time() + seconds
    children = [fork(partial(_go_on, run_id, until)) for _number in range(2)]
    cut = 0
    while time.time() < until - 0.3:
        time.sleep(0.15)
        cut += _cut()
    results = [result for child in children for result in collect(child) or []]
    connections.close_all()
    return {
        "cut": cut,
        "outcomes": sorted({result["outcome"] for result in results}),
        "crashes": sorted({str(one["value"]) for one in results if one["outcome"] == "crash" and not _is_lookup(one)}),
        "bookings": Booking.objects.filter(run_id=run_id).count(),
        "promised": sum(result["outcome"] == "ok" and result["action"] == "submit" for result in results),
        "afterwards": perform("submit", run_id)["outcome"],
        "problems": problems(run_id),
    }


def _is_lookup(result: dict[str, Any]) -> bool:
    """Return whether the test's own look-up of the booking met the cut: for a visitor that is the page with 503."""
    return result["action"] == "confirm" and "terminating connection" in str(result["value"])


def _go_on(run_id: int, until: float) -> list[dict[str, Any]]:
    results = []
    while time.time() < until:
        results.append(perform("submit", run_id))
        if results[-1]["value"]:
            results.append(perform("confirm", results[-1]["value"]))
    return results


def _cut() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def two_give_the_last_seat(rounds: int) -> dict[str, Any]:
    """While somebody cancels, two organisers bring one of those who wait to the front each: one seat, one of them."""
    served, broken = [], []
    for _round in range(rounds):
        run_id = ACTIONS["prepare"](1)
        bookings = [ACTIONS["submit"](run_id) for _number in range(4)]
        for booking_id in bookings:
            ACTIONS["confirm"](booking_id)
        first, *waiting = Registration.objects.filter(run_id=run_id).order_by("pk").values_list("pk", flat=True)
        calls = [["give_seat", waiting[1]], ["give_seat", waiting[2]], ["cancel", first], ["give_seat", waiting[1]]]
        results = at_once(calls)
        connections.close_all()
        served.append(Registration.objects.filter(run_id=run_id, state=S.OFFERED).count())
        broken += [*problems(run_id), *(str(one["value"]) for one in results if one["outcome"] != "ok")]
    return {"served": served, "broken": broken}


def killed_clock(name: str, kills: int, seed: int) -> dict[str, Any]:
    """Kill one kind of job of the worker in the middle of it, again and again, then let it finish."""
    chance = random.Random(seed)
    run_ids = PREPARED[name]()
    job = JOBS[name]
    at_work = sum(kill_after(chance.uniform(0.01, 0.25), partial(_again_and_again, job)) for _kill in range(kills))
    connections.close_all()
    OutboxMessage.objects.filter(state="sending").update(lease_until=timezone.now() - HOUR)
    OutboxMessage.objects.filter(state="queued").update(next_attempt_at=timezone.now() - HOUR)
    MailRoute.objects.update(trouble="", failures=0, retry_at=None)
    worker.run_once(worker.Job(run=job, every=1, group="test", name=name))
    job()
    rows = Registration.objects.filter(run_id__in=run_ids)
    keys = OutboxMessage.objects.values_list("dedupe_key", flat=True)
    return {
        "kills": at_work,
        "states": sorted(set(rows.values_list("state", flat=True))),
        "doubles": len(keys) - len(set(keys)),
        "mails": _mails_about(rows, MAIL_OF.get(name, "")),
        "people": rows.count(),
        "left": rows.exclude(name="").count(),
        "problems": [problem for run_id in run_ids for problem in problems(run_id)],
    }


def _mails_about(rows: QuerySet[Registration], kind: str) -> int:
    """Count the mails of one kind to these people; the job has also served whom other scenarios have left behind."""
    keys = {str(key) for pair in rows.values_list("pk", "booking_id") for key in pair}
    return OutboxMessage.objects.filter(kind=kind, subject_id__in=keys).count()


def _again_and_again(job: Callable[[], object]) -> None:
    while True:
        job()


def _holds() -> list[int]:
    """Twenty runs, each with two holds that have passed and one who waits for the seats."""
    run_ids = [ACTIONS["prepare"](2) for _number in range(20)]
    for run_id in run_ids:
        for _number in range(2):
            ACTIONS["submit"](run_id)
        ACTIONS["confirm"](ACTIONS["submit"](run_id))
    Registration.objects.filter(run_id__in=run_ids, state=S.UNVERIFIED).update(hold_expires_at=timezone.now() - HOUR)
    return run_ids


def _offers() -> list[int]:
    """Twenty runs with one seat, offered to the second, whose time has passed; the third is next."""
    run_ids = [ACTIONS["prepare"](1) for _number in range(20)]
    for run_id in run_ids:
        first = [ACTIONS["submit"](run_id) for _number in range(3)]
        for booking_id in first:
            ACTIONS["confirm"](booking_id)
        changing.cancel([Registration.objects.get(booking_id=first[0])])
    Registration.objects.filter(run_id__in=run_ids, state=S.OFFERED).update(offer_expires_at=timezone.now() - HOUR)
    return run_ids


def _near() -> list[int]:
    """Twenty runs of tomorrow, three people each who registered a month ago."""
    run_ids = [ACTIONS["prepare"](5, starts_in=1) for _number in range(20)]
    for run_id in run_ids:
        for _number in range(3):
            ACTIONS["confirm"](ACTIONS["submit"](run_id))
    Registration.objects.filter(run_id__in=run_ids).update(created_at=timezone.now() - dt.timedelta(days=30))
    return run_ids


def _old() -> list[int]:
    """Ten runs that were over two years ago."""
    run_ids = _near()[:10]
    long_ago = timezone.now() - dt.timedelta(days=800)
    Run.objects.filter(pk__in=run_ids).update(starts_at=long_ago, ends_at=long_ago + HOUR)
    Registration.objects.filter(run_id__in=run_ids).update(created_at=long_ago - HOUR, state_changed_at=long_ago)
    Booking.objects.filter(run_id__in=run_ids).update(created_at=long_ago - HOUR)
    OutboxMessage.objects.update(state="superseded")
    return run_ids


PREPARED: dict[str, Callable[[], list[int]]] = {
    "expire": _holds, "lapse": _offers, "remind": _near, "retention": _old,
}  # fmt: skip
JOBS: dict[str, Callable[[], object]] = {
    "expire": clocks.expire, "lapse": clocks.expire, "remind": clocks.remind, "retention": privacy.purge_due,
    "pump": pump.tick,
}  # fmt: skip
MAIL_OF = {"lapse": "registration.lapsed", "remind": "registration.reminder"}
