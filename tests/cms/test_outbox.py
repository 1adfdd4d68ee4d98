"""The outbox: nothing is lost, nothing untrue leaves, clocks start when the server has taken the mail."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Literal

import pytest
from django.db import transaction
from django.utils import timezone

from cms.outbox import kinds, pump, services
from cms.outbox.kinds import Kind, Mail
from cms.outbox.models import MailRoute, MessageState, OutboxMessage
from cms.outbox.rendering import escape_markdown
from cms.privacy import services as privacy
from tests.factories.smtp import free_port, smtp_server, use_smtp

pytestmark = pytest.mark.django_db


class Told:
    """What a kind was told."""

    def __init__(self) -> None:
        self.accepted: list[int] = []
        self.failed: list[int] = []
        self.is_true = True


def content(mail: EmailMessage, part: str) -> str:
    body = mail.get_body((part,))
    assert body is not None
    return str(body.get_content()).strip()


@pytest.fixture
def told():
    found = Told()
    ways: dict[str, Literal["resend", "hold"]] = {"test.plain": "resend", "test.once": "hold"}
    for name, after in ways.items():
        kinds.register(
            Kind(
                name=name,
                render=lambda message: Mail(f"Über {message.payload.get('n', '')}", "Text\n", "<p>Text</p>"),
                still_true=lambda _message: found.is_true,
                on_accepted=lambda message: found.accepted.append(message.pk),
                on_failed=lambda message: found.failed.append(message.pk),
                after_lost_lease=after,
            )
        )
    yield found
    for name in ("test.plain", "test.once"):
        kinds._kinds.pop(name)


def write(number: int = 1, kind: str = "test.plain", **fields) -> OutboxMessage:
    defaults = {
        "to": f"p{number}@example.org",
        "locale": "de",
        "dedupe_key": f"test:{number}",
        "payload": {"n": number},
    }
    return services.enqueue(kind, **{**defaults, **fields})


def again(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


def test_a_message_arrives_with_both_texts_and_marked_as_automatic(told, settings):
    with smtp_server(settings) as sink:
        message = write()

        assert pump.tick() == 1

    mail = sink.received[0]
    assert (str(mail["To"]), str(mail["Subject"])) == ("p1@example.org", "Über 1")
    assert content(mail, "plain") == "Text"
    assert content(mail, "html") == "<p>Text</p>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@kgi.example>")
    assert again(message).state == MessageState.SENT
    assert (again(message).subject, again(message).body) == ("Über 1", "Text\n")
    assert told.accepted == [message.pk]


def test_the_same_key_is_one_message(told):
    assert write().pk == write().pk
    assert OutboxMessage.objects.count() == 1


def test_a_message_of_a_change_that_was_rolled_back_does_not_exist(told):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert OutboxMessage.objects.count() == 0


def test_an_unknown_kind_is_refused_where_it_is_written():
    with pytest.raises(KeyError):
        services.enqueue("no.such", to="p@example.org", locale="de", dedupe_key="x")


def test_what_is_no_longer_true_is_not_sent(told, settings):
    told.is_true = False
    with smtp_server(settings) as sink:
        message = write()
        assert pump.tick() == 0

    assert sink.received == []
    assert again(message).state == MessageState.SUPERSEDED


def test_a_server_that_is_down_costs_no_attempt_and_keeps_the_order(told, settings):
    use_smtp(settings, free_port())
    messages = [write(number) for number in range(1, 4)]

    assert pump.tick() == 0

    assert {(again(one).state, again(one).attempts) for one in messages} == {("queued", 0)}
    assert MailRoute.current().trouble == "unreachable"
    assert pump.tick() == 0
    assert MailRoute.current().failures == 1
    MailRoute.objects.update(retry_at=timezone.now())
    with smtp_server(settings) as sink:
        assert pump.tick() == 3
    assert sink.recipients() == ["p1@example.org", "p2@example.org", "p3@example.org"]
    assert (MailRoute.current().trouble, MailRoute.current().failures) == ("", 0)


def test_a_mailbox_that_is_full_is_tried_again_later(told, settings):
    with smtp_server(settings) as sink:
        sink.answer = lambda _address: "452 mailbox full"
        message = write()
        pump.tick()

    state = again(message)
    assert (state.state, state.attempts, state.last_error) == ("queued", 1, "452 mailbox full")
    assert dt.timedelta(seconds=50) < state.next_attempt_at - timezone.now() <= dt.timedelta(seconds=60)
    assert told.failed == []


def test_an_address_that_does_not_exist_fails_at_once_and_the_others_go_out(told, settings):
    with smtp_server(settings) as sink:
        sink.answer = lambda address: "550 no such user p1@example.org" if address.startswith("p1") else None
        bad, good = write(1), write(2)

        assert pump.tick() == 1

    assert (again(bad).state, again(good).state) == ("failed", "sent")
    assert again(bad).last_error == "550 no such user …"
    assert told.failed == [bad.pk]


def test_after_three_days_of_refusals_a_message_fails(told, settings):
    message = write()
    OutboxMessage.objects.filter(pk=message.pk).update(created_at=timezone.now() - dt.timedelta(hours=73))
    with smtp_server(settings) as sink:
        sink.answer_data = lambda _address: "451 later"
        pump.tick()

    assert again(message).state == MessageState.FAILED


@pytest.mark.parametrize(
    ("kind", "is_begun", "state"),
    [
        ("test.plain", True, "queued"),
        ("test.plain", False, "queued"),
        ("test.once", True, "held"),
        ("test.once", False, "queued"),
    ],
)
def test_what_a_killed_pump_held_is_sent_again_or_waits_for_a_person(told, kind, is_begun, state):
    message = write(kind=kind)
    claimed = pump.claim(10)
    if is_begun:
        assert pump._renew_lease(claimed[0])
    assert again(message).state == MessageState.SENDING
    pump.recover()
    assert again(message).state == MessageState.SENDING

    OutboxMessage.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    pump.recover()

    assert again(message).state == state


def test_two_pumps_never_take_the_same_message(told):
    for number in range(5):
        write(number)

    first, second = pump.claim(3), pump.claim(10)

    assert [len(first), len(second)] == [3, 2]
    assert {one.pk for one in first} & {one.pk for one in second} == set()


def test_urgent_mail_passes_mail_to_many(told, settings):
    OutboxMessage.objects.filter(pk=write(1).pk).update(priority=50)
    write(2)
    with smtp_server(settings) as sink:
        pump.tick()

    assert sink.recipients() == ["p2@example.org", "p1@example.org"]


def test_no_more_leave_in_a_minute_than_the_server_allows(told, settings):
    settings.MAIL_PER_MINUTE = 2
    with smtp_server(settings):
        for number in range(4):
            write(number)

        assert [pump.tick(), pump.tick()] == [2, 0]


def test_paused_means_paused(told, settings):
    services.pause()
    with smtp_server(settings) as sink:
        write()
        assert pump.tick() == 0
        services.resume()
        assert pump.tick() == 1
    assert len(sink.received) == 1


def test_a_failed_message_can_be_sent_again_and_a_sent_one_cannot(told, settings):
    message = write()
    OutboxMessage.objects.filter(pk=message.pk).update(state=MessageState.FAILED, attempts=9)
    assert services.send_again(message)
    with smtp_server(settings):
        pump.tick()

    assert again(message).state == MessageState.SENT
    assert not services.send_again(message)


def test_a_header_cannot_be_smuggled_in(told, settings):
    kinds.register(Kind(name="test.plain", render=lambda _message: Mail("A\r\nBcc: x@example.org", "T", "")))
    with smtp_server(settings) as sink:
        write()
        pump.tick()

    assert str(sink.received[0]["Subject"]) == "A Bcc: x@example.org"
    assert sink.received[0]["Bcc"] is None


def test_texts_go_after_a_month_and_an_erased_address_at_once(told, settings):
    with smtp_server(settings):
        old, new = write(1), write(2)
        pump.tick()
    waits = write(3)
    OutboxMessage.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=31))

    assert privacy.purge_due(dry_run=True)["outbox_bodies"] == 1
    assert again(old).body
    assert privacy.purge_due()["outbox_bodies"] == 1
    assert (again(old).to, again(old).body, again(new).to) == ("", "", "p2@example.org")
    assert privacy.erase_person("P3@example.org") == {"outbox": 1}
    assert (again(waits).state, again(waits).to) == ("superseded", "")


def test_what_people_typed_is_no_markdown():
    assert escape_markdown("[klick](http://x) *b*") == r"\[klick\]\(http://x\) \*b\*"
