"""Races and kills, played in the nursery: each returns numbers that its test judges."""

from __future__ import annotations

import collections
import datetime as dt
import os
import random
import statistics
import tempfile
import time
import uuid
from functools import partial
from multiprocessing import Barrier
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.utils import DNS_NAME
from django.db import connections
from django.db.models import Count, F, Q
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import MailRoute, MessageState, OutboxMessage
from cms.outbox.transport import message_id
from tests.factories.smtp import free_port
from tests.home.newsletter.scenario import big_infobrief, killed_infobrief  # noqa: F401 - played by name
from tests.trainings.proof.actions import ACTIONS, perform, without_lock
from tests.trainings.proof.nursery import at_once, collect, fork, kill_after
from trainings.models import Booking, Pool, Registration
from trainings.registration_states import RegistrationState
from trainings.services.invariants import problems

S = RegistrationState
HOUR = dt.timedelta(hours=1)
Q_WITH_SEAT = Q(registrations__state__in=(S.CONFIRMED, S.UNVERIFIED, S.OFFERED))


def summary(run_id: int, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what became of all calls, how the seats are, and which rules are broken."""
    connections.close_all()
    pool = Pool.objects.get(run_id=run_id)
    rows = Registration.objects.filter(run_id=run_id).order_by()
    return {
        "outcomes": dict(collections.Counter(result["outcome"] for result in results)),
        "crashes": sorted({str(result["value"]) for result in results if result["outcome"] == "crash"}),
        "states": dict(rows.values_list("state").annotate(count=Count("pk"))),
        "seats": [pool.capacity, pool.places_taken, pool.places_held],
        "problems": problems(run_id),
    }


def last_seats(seats: int, people: int, waiting_list: bool) -> dict[str, Any]:
    """Many people submit for the last seats at once."""
    run_id = ACTIONS["prepare"](seats, waiting_list=waiting_list)
    return summary(run_id, at_once([["submit", run_id]] * people))


def last_seats_without_lock(seats: int, people: int) -> dict[str, Any]:
    """The same with the lock switched off."""
    run_id = ACTIONS["prepare"](seats)
    together = Barrier(people, timeout=20)
    results = at_once([["submit", run_id]] * people, before=partial(without_lock, together))
    connections.close_all()
    held = Registration.objects.filter(run_id=run_id, state=S.UNVERIFIED).count()
    return {"held": held, "crashes": [result for result in results if result["outcome"] == "crash"]}


def double_submit(times: int) -> dict[str, Any]:
    """One submission arrives many times at once."""
    run_id, key = ACTIONS["prepare"](5), str(uuid.uuid4())
    results = at_once([["submit", run_id, 1, False, key]] * times)
    found = summary(run_id, results)
    mails = OutboxMessage.objects.filter(subject_kind="trainings.booking", kind="registration.please_confirm")
    bookings = list(Booking.objects.filter(run_id=run_id).values_list("pk", flat=True))
    mails = mails.filter(subject_id__in=[str(pk) for pk in bookings])
    return found | {"answers": len({result["value"] for result in results}), "mails": mails.count()}


def _booked(run_id: int, count: int, *, size: int = 1, together: bool = False) -> list[Registration]:
    for _number in range(count):
        booking_id = ACTIONS["submit"](run_id, size, together)
        ACTIONS["confirm"](booking_id)
    return list(Registration.objects.filter(run_id=run_id).order_by("pk"))


def crossing_groups(seats: int, together: bool) -> dict[str, Any]:
    """Two groups of three and one of five want the same seats."""
    run_id = ACTIONS["prepare"](seats)
    results = at_once(
        [["submit", run_id, 3, together], ["submit", run_id, 3, together], ["submit", run_id, 5, together]]
    )
    bookings = [result["value"] for result in results if result["value"]]
    results += at_once([["confirm", booking_id] for booking_id in bookings])
    found = summary(run_id, results)
    groups = Booking.objects.filter(run_id=run_id).annotate(
        seats=Count("registrations"), with_seat=Count("registrations", filter=Q_WITH_SEAT)
    )
    return found | {"groups": sorted([group.with_seat, group.seats] for group in groups)}


def cancel_while_others_come(seats: int, waiting: int) -> dict[str, Any]:
    """Everybody with a seat cancels while others submit and the clock serves the line."""
    run_id = ACTIONS["prepare"](seats)
    rows = _booked(run_id, seats + waiting)
    with_seat = [row.pk for row in rows if row.state == S.CONFIRMED]
    calls = [["cancel", pk] for pk in with_seat] + [["submit", run_id]] * waiting + [["serve_line", run_id]] * 4
    found = summary(run_id, at_once(calls))
    first = Registration.objects.filter(pk__in=[row.pk for row in rows if row.state == S.WAITING])
    return found | {"served": list(first.order_by("pk").values_list("state", flat=True))}


def accept_when_it_expires(rounds: int) -> dict[str, Any]:
    """Accept and expiry meet in the same moment: one of them wins, and the seat is never lost or given twice."""
    outcomes: collections.Counter[str] = collections.Counter()
    found: dict[str, Any] = {}
    for _round in range(rounds):
        run_id = ACTIONS["prepare"](1)
        first, second, _third = _booked(run_id, 3)
        ACTIONS["cancel"](first.pk)
        expires = timezone.now() + dt.timedelta(seconds=0.45)
        Registration.objects.filter(pk=second.pk).update(offer_expires_at=expires)
        found = summary(
            run_id, at_once([["accept", second.pk], ["lapse", run_id], ["accept", second.pk], ["lapse", run_id]])
        )
        assert found["problems"] == [], found
        assert not found["crashes"], found
        # Lapsing a moment too early and accepting a moment too late leave the offer to the next tick of the clock.
        time.sleep(max(0.0, (expires - timezone.now()).total_seconds()))
        ACTIONS["lapse"](run_id)
        assert problems(run_id) == []
        outcomes[str(Registration.objects.get(pk=second.pk).state)] += 1
    return {"outcomes": dict(outcomes), "last": found}


def capacity_against_confirm(rounds: int) -> dict[str, Any]:
    """Seats are taken away while people confirm and an editor saves the form of the run."""
    broken: list[str] = []
    for _round in range(rounds):
        run_id = ACTIONS["prepare"](4)
        bookings = [ACTIONS["submit"](run_id) for _number in range(4)]
        calls = [["confirm", booking_id] for booking_id in bookings]
        calls += [["set_capacity", run_id, 3], ["set_capacity", run_id, 6], ["save_form", run_id], ["submit", run_id]]
        found = summary(run_id, at_once(calls))
        broken += [*found["problems"], *found["crashes"]]
    return {"broken": broken}


def storm(seconds: float, seats: int, seed: int, processes: int = 4) -> dict[str, Any]:
    """Everything at once for a while."""
    run_id = ACTIONS["prepare"](seats)
    until = time.time() + seconds
    children = [fork(partial(_wander, run_id, until, seed + number)) for number in range(processes)]
    results = [result for child in children for result in collect(child) or []]
    submits = sorted(result["seconds"] for result in results if result["action"] == "submit")
    found = summary(run_id, results)
    return found | {
        "calls": len(results),
        "per_second": round(len(results) / seconds, 1),
        "submit_p95": round(submits[int(len(submits) * 0.95)], 3) if submits else 0.0,
        "submit_median": round(statistics.median(submits), 3) if submits else 0.0,
    }


def _wander(run_id: int, until: float, seed: int) -> list[dict[str, Any]]:
    chance, results = random.Random(seed), []
    while time.time() < until:
        results.append(perform(*_any_step(run_id, chance)))
    return results


def _any_step(run_id: int, chance: random.Random) -> list[Any]:
    step = chance.choice(
        ["submit", "submit", "group", "confirm", "confirm", "cancel", "accept", "decline", "undo", "requeue", "expire",
         "lapse", "capacity", "save_form"]
    )  # fmt: skip
    wanted = {
        "confirm": (S.UNVERIFIED, S.UNVERIFIED_WAITING, S.EXPIRED), "cancel": (S.CONFIRMED, S.WAITING),
        "accept": (S.OFFERED,), "decline": (S.OFFERED,), "undo": (S.CANCELLED,), "requeue": (S.LAPSED,),
    }  # fmt: skip
    if step in wanted:
        rows = list(
            Registration.objects.filter(run_id=run_id, state__in=wanted[step]).values_list("pk", "booking_id")[:40]
        )
        if not rows:
            return ["submit", run_id]
        pk, booking_id = chance.choice(rows)
        return ["confirm", booking_id] if step == "confirm" else [step, pk]
    if step in ("expire", "lapse"):
        _let_time_pass(run_id, step)
        return [step, run_id]
    if step == "capacity":
        return ["set_capacity", run_id, chance.randint(3, 12)]
    if step == "group":
        return ["submit", run_id, chance.randint(2, 4), chance.random() < 0.5]
    return [step, run_id]


def _let_time_pass(run_id: int, step: str) -> None:
    past = timezone.now() - HOUR
    rows = Registration.objects.filter(run_id=run_id)
    if step == "expire":
        rows.filter(state__in=(S.UNVERIFIED, S.UNVERIFIED_WAITING)).update(hold_expires_at=past)
    else:
        rows.filter(state=S.OFFERED).update(offer_expires_at=past)


def killed_web(kills: int, seed: int) -> dict[str, Any]:
    """Kill processes that register people, in the middle of it; send everything again and look what is there."""
    chance, run_id = random.Random(seed), ACTIONS["prepare"](kills * 30)
    keys = [[str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _number in range(30)] for _kill in range(kills)]
    with tempfile.TemporaryDirectory() as folder:
        diary = Path(folder) / "diary"
        diary.touch()
        at_work = 0
        for mine in keys:
            at_work += kill_after(chance.uniform(0.02, 0.35), partial(_register_all, run_id, mine, diary))
        promised = diary.read_text().split()
    kept = {str(key) for key in Booking.objects.filter(run_id=run_id).values_list("submission_id", flat=True)}
    broken = problems(run_id)
    for mine in keys:
        for key in mine:
            ACTIONS["submit"](run_id, 1, False, key)
    mails = OutboxMessage.objects.filter(kind="registration.please_confirm").values_list("subject_id", flat=True)
    bookings = [str(pk) for pk in Booking.objects.filter(run_id=run_id).values_list("pk", flat=True)]
    wanted = collections.Counter(mail for mail in mails if mail in set(bookings))
    return {
        "kills": at_work,
        "promised": len(promised),
        "lost": sorted(set(promised) - kept),
        "kept_without_answer": len(kept - set(promised)),
        "problems": broken + problems(run_id),
        "bookings": len(bookings),
        "sent": sum(len(mine) for mine in keys),
        "mails_a_booking": sorted(set(wanted.values())) if len(wanted) == len(bookings) else "some without",
    }


def _register_all(run_id: int, keys: list[str], diary: Path) -> None:
    book = os.open(diary, os.O_WRONLY | os.O_APPEND)
    for key in keys:
        ACTIONS["submit"](run_id, 1, False, key)
        os.write(book, f"{key}\n".encode())


def killed_pump(kills: int, messages: int, seed: int) -> dict[str, Any]:
    """Kill pumps around the mail server's 250 until everything has left; count what arrived."""
    chance, run_id = random.Random(seed), ACTIONS["prepare"](messages)
    for _number in range(messages):
        ACTIONS["submit"](run_id)
    rows = OutboxMessage.objects.filter(subject_kind="trainings.booking", kind="registration.please_confirm")
    bookings = Booking.objects.filter(run_id=run_id).values_list("pk", flat=True)
    rows = rows.filter(subject_id__in=[str(pk) for pk in bookings])
    OutboxMessage.objects.exclude(pk__in=list(rows.values_list("pk", flat=True))).update(state=MessageState.SUPERSEDED)
    expected = {message_id(key) for key in rows.values_list("dedupe_key", flat=True)}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    settings.MAIL_PER_MINUTE = 100_000
    DNS_NAME.get_fqdn()  # known before the fork: no pump spends its short life in a look-up of its own name
    with tempfile.TemporaryDirectory() as folder:
        arrived = Path(folder) / "arrived"
        arrived.touch()
        sink = fork(lambda: _take_mail(settings.EMAIL_PORT, arrived))
        try:
            _wait_for_port(settings.EMAIL_PORT)
            at_work = sum(_kill_a_pump(rows, chance) for _kill in range(kills))
            for _round in range(200):
                _release_leases(rows)
                pump.tick()
                if not rows.filter(state__in=("queued", "sending")).exists():
                    break
        finally:
            os.kill(sink[0], 9)
            collect(sink)
        counted = collections.Counter(arrived.read_text().split())
    held = Registration.objects.filter(run_id=run_id, hold_expires_at__isnull=False).count()
    return {
        "kills": at_work,
        "lost": len(expected - set(counted)),
        "foreign": len(set(counted) - expected),
        "duplicates": sum(counted.values()) - len(counted),
        "states": dict(rows.order_by().values_list("state").annotate(count=Count("pk"))),
        "clocks": held,
        "problems": problems(run_id),
    }


def _kill_a_pump(rows: Any, chance: random.Random) -> bool:
    _release_leases(rows)
    return kill_after(chance.uniform(0.03, 0.3), _pump_on)


def _pump_on() -> None:
    while True:
        pump.tick()


def _release_leases(rows: Any) -> None:
    """Let the five minutes pass after which a killed pump's messages are free again."""
    rows.filter(state="sending").update(lease_until=timezone.now() - HOUR)
    rows.filter(state="queued").update(next_attempt_at=F("created_at"))
    MailRoute.objects.update(trouble="", failures=0, retry_at=None)


def _take_mail(port: int, arrived: Path) -> None:
    from aiosmtpd.controller import Controller

    book = os.open(arrived, os.O_WRONLY | os.O_APPEND)

    class Hand:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
            import email

            found = email.message_from_bytes(envelope.content)
            os.write(book, f"{found['Message-ID']}\n".encode())
            return "250 OK"

    Controller(Hand(), hostname="127.0.0.1", port=port).start()
    time.sleep(3600)


def _wait_for_port(port: int) -> None:
    import socket

    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The sink did not start")


def measure(count: int, processes: int) -> dict[str, Any]:
    """Time the lock and the whole call: one after the other, then from several processes on one run."""
    alone = _timed(ACTIONS["prepare"](10_000), count)
    run_id = ACTIONS["prepare"](10_000)
    began = time.perf_counter()
    children = [fork(lambda: _timed(run_id, count // processes)) for _number in range(processes)]
    together = [time_of for child in children for time_of in collect(child) or []]
    seconds = time.perf_counter() - began
    return {
        "lock_p50_alone": _share([lock for lock, _whole in alone], 0.5),
        "lock_p95_alone": _share([lock for lock, _whole in alone], 0.95),
        "submit_p50_alone": _share([whole for _lock, whole in alone], 0.5),
        "submit_p95_alone": _share([whole for _lock, whole in alone], 0.95),
        "submits_per_second_alone": round(count / sum(whole for _lock, whole in alone), 1),
        "lock_p95_together": _share([lock for lock, _whole in together], 0.95),
        "submit_p50_together": _share([whole for _lock, whole in together], 0.5),
        "submit_p95_together": _share([whole for _lock, whole in together], 0.95),
        "submits_per_second_together": round(len(together) / seconds, 1),
    }


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[int(len(values) * share)], 4)


def _timed(run_id: int, count: int) -> list[tuple[float, float]]:
    """Submit again and again; return the seconds from the lock to the commit, and of the whole call."""
    from trainings.services import locking

    taken: list[float] = []
    take_lock = locking.take_lock

    def timed_lock(run_id: int) -> bool:
        found = take_lock(run_id)
        taken.append(time.perf_counter())
        return found

    locking.take_lock = timed_lock
    times = []
    try:
        for _number in range(count):
            began = time.perf_counter()
            ACTIONS["submit"](run_id)
            ended = time.perf_counter()
            times.append((ended - taken[-1], ended - began))
    finally:
        locking.take_lock = take_lock
    return times
