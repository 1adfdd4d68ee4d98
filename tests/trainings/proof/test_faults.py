"""A mail server in every kind of trouble: nothing is lost, no attempt is burned, no clock of a person starts."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.utils import timezone

from cms.models import User
from cms.outbox import pump, services
from cms.outbox.models import MailRoute, MessageState, OutboxMessage
from tests.factories.registrations import book, make_bare_run, one, states
from tests.factories.smtp import free_port, smtp_server, use_smtp
from trainings import clocks
from trainings.services import changing

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
Trouble = MailRoute.Trouble


def burned() -> list[int]:
    return list(OutboxMessage.objects.order_by("pk").values_list("attempts", flat=True))


def waiting() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True))


@contextmanager
def silent_server(settings) -> Iterator[None]:
    """A server that takes the connection and never says a word."""
    use_smtp(settings, free_port())
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", settings.EMAIL_PORT)):
        yield


@contextmanager
def server_that_hangs_up(settings, after: bytes) -> Iterator[None]:
    """A server that closes the connection when it hears a word."""
    use_smtp(settings, free_port())
    door = socket.create_server(("127.0.0.1", settings.EMAIL_PORT))
    threading.Thread(target=_hang_up, args=(door, after), daemon=True).start()
    try:
        yield
    finally:
        door.close()


def _hang_up(door: socket.socket, after: bytes) -> None:
    while True:
        try:
            talk, _address = door.accept()
        except OSError:
            return
        with talk:
            talk.sendall(b"220 ready\r\n")
            while (line := talk.recv(1000)) and not line.upper().startswith(after):
                talk.sendall(b"250 OK\r\n")


@contextmanager
def server_that_refuses_our_login(settings) -> Iterator[None]:
    use_smtp(settings, free_port())
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "kgi", "wrong"
    door = socket.create_server(("127.0.0.1", settings.EMAIL_PORT))
    threading.Thread(target=_refuse, args=(door,), daemon=True).start()
    try:
        yield
    finally:
        door.close()
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


def _refuse(door: socket.socket) -> None:
    while True:
        try:
            talk, _address = door.accept()
        except OSError:
            return
        with talk:
            talk.sendall(b"220 ready\r\n")
            while line := talk.recv(1000):
                word = line[:4].upper()
                answers = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 5.7.8 no\r\n"}
                talk.sendall(answers.get(word, b"250 OK\r\n"))


def test_a_server_that_never_answers_costs_nothing(settings):
    book(make_bare_run(), confirm=False)

    with silent_server(settings):
        began = time.monotonic()
        assert pump.tick() == 0

    assert time.monotonic() - began < 3
    assert (burned(), waiting()) == ([0], [MessageState.QUEUED])
    assert MailRoute.current().trouble == Trouble.UNREACHABLE


def test_a_message_that_the_server_cannot_bear_does_not_block_the_others(settings):
    run = make_bare_run()
    first, second = book(run, confirm=False), book(run, confirm=False)
    with server_that_hangs_up(settings, b"DATA"):
        pump.tick()
    MailRoute.objects.update(retry_at=None)

    with smtp_server(settings) as sink:
        pump.tick()
        with time_machine.travel(timezone.now() + 2 * HOUR):
            pump.tick()

    assert sink.recipients() == [second.email, first.email]
    assert burned() == [1, 1]


@pytest.mark.parametrize("answer", ["421 try later", "451 greylisted"])
def test_refused_for_now_comes_again_and_holds_nobody_up(settings, answer):
    run = make_bare_run()
    first, second = book(run, confirm=False), book(run, confirm=False)

    with smtp_server(settings) as sink:
        sink.answer = lambda address: answer if address == first.email else None
        pump.tick()
        sink.answer = lambda _address: None
        with time_machine.travel(timezone.now() + 2 * HOUR):
            pump.tick()

    assert sorted(sink.recipients()) == sorted([first.email, second.email])
    assert waiting() == [MessageState.SENT] * 2
    assert one(first).hold_expires_at is not None


def test_an_address_that_does_not_exist_stops_nobody_else(settings):
    run = make_bare_run(seats=1)
    wrong, right = book(run, confirm=False), book(run, confirm=False)

    with smtp_server(settings) as sink:
        sink.answer = lambda address: "550 unknown" if address == wrong.email else None
        pump.tick()
    clocks.expire()

    assert sink.recipients() == [right.email]
    assert waiting() == [MessageState.FAILED, MessageState.SENT]
    assert states(run) == ["expired", "unverified_waiting"]


def test_a_refused_login_pauses_all_mail_alerts_and_goes_on_after_resume(settings, caplog, client):
    run = make_bare_run(seats=1)
    bookings = [book(run, confirm=False) for _number in range(3)]

    with server_that_refuses_our_login(settings), caplog.at_level(logging.ERROR):
        pump.tick()
        with time_machine.travel(timezone.now() + 6 * HOUR):
            assert pump.tick() == 0  # does not knock again: too many wrong logins would lock the account

    assert "refuses our login" in caplog.text
    assert (burned(), waiting()) == ([0] * 3, [MessageState.QUEUED] * 3)
    assert client.get("/healthz").json()["mail"] == "login"
    client.force_login(User.objects.create_superuser("admin"))
    assert 'role="alert"' in client.get("/admin/").content.decode()
    with time_machine.travel(timezone.now() + 48 * HOUR), smtp_server(settings) as sink:
        clocks.expire()
        services.resume()
        assert pump.tick() == 3
    assert sink.recipients() == [booking.email for booking in bookings]
    assert states(run) == ["unverified", "unverified_waiting", "unverified_waiting"]
    assert client.get("/healthz").json()["mail"] == "ok"
    assert 'role="alert"' not in client.get("/admin/").content.decode()


def test_a_failure_does_not_end_a_pause_of_the_administrator():
    services.pause()

    MailRoute.note_failure(Trouble.UNREACHABLE, detail="TimeoutError", wait=5)

    assert MailRoute.current().trouble == Trouble.PAUSED


def test_without_encryption_nothing_leaves(settings):
    book(make_bare_run(), confirm=False)

    with smtp_server(settings) as sink:
        settings.EMAIL_USE_TLS = True  # the sink does not offer STARTTLS
        assert pump.tick() == 0

    settings.EMAIL_USE_TLS = False
    assert sink.received == []
    assert (burned(), waiting()) == ([0], [MessageState.QUEUED])
    assert MailRoute.current().trouble == Trouble.UNREACHABLE


def test_six_hours_without_mail_server_let_no_hold_and_no_offer_expire(settings):
    run = make_bare_run(seats=2, offer_hours=1)
    first, second = book(run), book(run)
    third, fourth = book(run), book(run, confirm=False)
    OutboxMessage.objects.update(state=MessageState.SUPERSEDED)
    changing.cancel([one(first)])
    fifth = book(run, confirm=False)
    start = timezone.now()
    use_smtp(settings, free_port())

    with time_machine.travel(start, tick=False) as clock:
        for _quarter in range(24):
            pump.tick()
            clocks.expire()
            clock.shift(15 * 60)
        assert states(run) == ["cancelled", "confirmed", "offered", "unverified_waiting", "unverified_waiting"]
        assert set(burned()) == {0}
        with smtp_server(settings) as sink:
            pump.tick()

    assert (one(third).offer_expires_at or start) >= start + 7 * HOUR
    assert (one(fifth).hold_expires_at or start) >= start + 29 * HOUR
    assert one(fourth).hold_expires_at is None  # its mail was taken back above: nothing was sent, no clock runs
    assert sink.recipients() == [fifth.email, third.email, first.email]  # confirmation before offer before notice
    assert second.email not in sink.recipients()


def test_what_was_erased_while_a_pump_held_it_is_not_sent(settings):
    book(make_bare_run(), confirm=False, email="jo@example.org")
    held = pump.claim(10)
    OutboxMessage.objects.update(state=MessageState.SUPERSEDED, claim_token=None, lease_until=None, to="")

    with smtp_server(settings) as sink:
        assert pump._send_all(held) == 0

    assert sink.received == []


def test_a_pump_that_was_too_slow_does_not_send_what_another_has_taken(settings):
    book(make_bare_run(), confirm=False)
    slow = pump.claim(10)
    with smtp_server(settings) as sink, time_machine.travel(timezone.now() + HOUR):
        pump.tick()
        pump._send_all(slow)

    assert len(sink.received) == 1
