"""Sending: frozen at the start, nobody twice, nobody without a state, and the numbers always add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import MessageState, OutboxMessage
from home.newsletter.errors import MailingError
from home.newsletter.models import Delivery, FrozenDates, Mailing, Subscriber
from home.newsletter.services import sending, subscribing
from home.newsletter.services.counting import Counts, counts
from tests.factories import pages as make
from tests.factories.newsletter import make_both, make_mailing, make_reader, send_all
from tests.factories.smtp import smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def stands(mailing: Mailing) -> dict[str, int]:
    found = counts(mailing)
    assert found.total == Delivery.objects.filter(mailing=mailing).count()
    return {name: number for name, number in asdict(found).items() if number}


def test_every_reader_of_the_language_gets_one_mail_with_own_links(settings):
    readers = [make_reader() for _number in range(3)]
    make_reader(language="en")
    make_reader(confirmed=False)
    OutboxMessage.objects.all().delete()
    subscribing.leave(make_reader(), source="")

    with smtp_server(settings) as sink:
        mailing = send_all(make_mailing())

    assert (mailing.state, stands(mailing)) == ("done", {"sent": 3})
    assert sorted(sink.recipients()) == sorted(row.email for row in readers)
    headers = {str(mail["List-Unsubscribe"]) for mail in sink.received}
    assert len(headers) == 3
    first = sink.received[0]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Id"] == "<infobrief.kgi.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert ".invalid" not in first.as_string()


def test_the_link_in_the_header_unsubscribes_and_is_counted_at_the_issue(settings, client):
    row = make_reader()
    with smtp_server(settings) as sink:
        mailing = send_all(make_mailing())
    address = str(sink.received[0]["List-Unsubscribe"]).strip(" <>").removeprefix("https://kgi.example")

    client.post(address, {"List-Unsubscribe": "One-Click"})

    row.refresh_from_db()
    assert row.state == "unsubscribed"
    assert Delivery.objects.get(mailing=mailing).unsubscribed_at is not None


def test_headers_go_over_the_wire_as_they_are_and_reports_come_back_to_the_delivery(settings):
    row = make_reader()
    settings.BOUNCE_ADDRESS = "bounces@kgi.example"
    with smtp_server(settings) as sink:
        mailing = send_all(make_mailing())

    return_path, content = sink.raw[0]
    wire = content.decode().replace("\r\n ", " ")
    delivery = Delivery.objects.get(mailing=mailing, subscriber=row)
    assert return_path == f"bounces+{delivery.pk}@kgi.example"
    assert "\r\nFrom: kgi@localhost\r\n" in wire
    assert "List-Unsubscribe:  <https://kgi.example/de/infobrief/abmelden/" in wire
    assert "<mailto:bounces@kgi.example?subject=unsubscribe%20" in wire
    assert f"\r\nX-KGI-Delivery: {delivery.pk}\r\n" in wire


def test_content_and_readers_are_frozen_at_the_start(settings):
    make_reader()
    page, _english = make_both()
    mailing = make_mailing(page)
    page.title = page.subject = "Später geändert"
    page.save_revision().publish()
    make_reader()

    with smtp_server(settings) as sink:
        send_all(mailing)

    assert [str(mail["Subject"]) for mail in sink.received] == ["Drei Pläne sind beschlossen"]
    assert "Später" not in sink.received[0].as_string()


def test_dates_are_frozen_for_the_archive():
    make_reader()
    tree = make.make_tree()
    make.make_run(make.make_training(tree, title="Werkstatt früh"))
    page, _english = make_both()
    make_mailing(page)
    make.make_run(make.make_training(tree, title="Werkstatt spät"), starts_in=3)

    entries = next(iter(FrozenDates.objects.get(page=page).entries.values()))
    shown = page.get_context(RequestFactory().get("/"))["parts"][-1].entries

    assert [entry["title"] for entry in entries] == [entry.title for entry in shown] == ["Werkstatt früh"]


def test_somebody_who_leaves_during_the_run_gets_nothing_more(settings):
    fed, waiting = make_reader(), make_reader()
    mailing = make_mailing()
    settings.INFOBRIEF_PER_MINUTE = 1
    sending.feed(mailing)
    subscribing.leave(fed, source="")
    subscribing.leave(waiting, source="")
    settings.INFOBRIEF_PER_MINUTE = 100

    with smtp_server(settings) as sink:
        mailing = send_all(mailing)

    assert sink.received == []
    assert (mailing.state, stands(mailing)) == ("done", {"skipped": 2})


def test_the_throttle_lets_no_more_through_in_a_minute_or_an_hour(settings):
    for _number in range(7):
        make_reader()
    mailing = make_mailing()
    settings.INFOBRIEF_PER_MINUTE, settings.INFOBRIEF_PER_HOUR = 2, 5
    sent = []
    with smtp_server(settings), time_machine.travel(timezone.now(), tick=False) as clock:
        for _minute in range(5):
            for _tick in range(3):
                sending.feed(mailing)
                pump.tick()
            sent.append(stands(mailing)["sent"])
            clock.shift(61)
        clock.shift(3600)
        send_all(mailing)

    assert sent == [2, 4, 5, 5, 5]
    assert stands(mailing) == {"sent": 7}


@pytest.mark.parametrize("refusal", ["421 4.7.0 Zu viele", "450 4.2.1 Später"])
def test_a_domain_that_asks_to_wait_waits_and_the_others_go_on(settings, refusal):
    for number in range(3):
        make_reader(email=f"a{number}@slow.example")
        make_reader(email=f"b{number}@quick.example")
    mailing = make_mailing()
    settings.INFOBRIEF_PER_MINUTE = 1
    with smtp_server(settings) as sink, time_machine.travel(timezone.now(), tick=False) as clock:
        sink.answer = lambda address: refusal if address.endswith("slow.example") else None
        sending.feed(mailing)
        pump.tick()
        settings.INFOBRIEF_PER_MINUTE = 100
        clock.shift(10)
        sending.feed(mailing)
        pump.tick()
        quick = stands(mailing)
        sink.answer = lambda _address: None
        clock.shift(120)
        send_all(mailing)

    assert quick == {"sent": 3, "deferred": 1, "pending": 2}
    assert stands(mailing) == {"sent": 6}


def test_a_refusal_for_good_is_failed_and_ends_the_address(settings):
    row, other = make_reader(email="gone@example.org"), make_reader()
    mailing = make_mailing()
    with smtp_server(settings) as sink:
        sink.answer = lambda address: "550 5.1.1 unbekannt" if address == row.email else None
        mailing = send_all(mailing)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (mailing.state, stands(mailing)) == ("done", {"sent": 1, "failed": 1})
    assert (row.state, other.state) == ("bounced", "active")


def test_pause_resume_and_cancel_keep_the_numbers_right(settings):
    for _number in range(6):
        make_reader()
    mailing = make_mailing()
    settings.INFOBRIEF_PER_MINUTE = 2
    with smtp_server(settings) as sink:
        sending.feed(mailing)
        assert sending.pause(mailing, actor=None)
        pump.tick()
        paused = (stands(mailing), sending.feed(mailing), len(sink.received))
        assert sending.resume(mailing, actor=None)
        sending.feed(mailing)
        pump.tick()
        assert sending.cancel(mailing, actor=None)
        assert not sending.cancel(mailing, actor=None)
        settings.INFOBRIEF_PER_MINUTE = 100
        send_all(mailing)

    assert paused == ({"pending": 6}, 0, 0)
    assert stands(mailing) == {"sent": 2, "skipped": 4}
    assert len(sink.received) == 2


def test_a_mail_that_may_have_left_is_unclear_and_sent_again_only_by_a_person(settings):
    make_reader()
    mailing = make_mailing()
    sending.feed(mailing)
    assert pump._renew_lease(pump.claim(1)[0])  # and its process is killed
    OutboxMessage.objects.update(lease_until=timezone.now() - dt.timedelta(minutes=1))

    with smtp_server(settings) as sink:
        mailing = send_all(mailing)
        first = (mailing.state, stands(mailing), len(sink.received))
        assert sending.decide_unclear(mailing, again=True, actor=None) == 1
        assert sending.decide_unclear(mailing, again=True, actor=None) == 0
        mailing = send_all(mailing)

    assert first == ("done", {"unknown": 1}, 0)
    assert (mailing.state, stands(mailing), len(sink.received)) == ("done", {"sent": 1}, 1)


def test_a_mail_keeps_its_identity_when_it_is_taken_back_and_written_anew(settings):
    make_reader()
    mailing = make_mailing()
    sending.feed(mailing)
    key = OutboxMessage.objects.get(kind=sending.ISSUE).dedupe_key
    sending.pause(mailing, actor=None)
    sending.resume(mailing, actor=None)
    sending.feed(mailing)

    assert OutboxMessage.objects.get(kind=sending.ISSUE).dedupe_key == key


def test_what_became_wrong_since_it_was_scheduled_goes_back_to_the_drafts():
    make_reader()
    page, english = make_both()
    mailing = make_mailing(page, started=False)
    sending.schedule(mailing, at=timezone.now(), actor=None)
    english.unpublish()

    assert not sending.start(mailing)
    mailing.refresh_from_db()
    assert mailing.state == "draft"
    assert "nicht in der anderen Sprache veröffentlicht" in mailing.problem
    assert not Delivery.objects.exists()


def test_an_issue_is_not_sent_to_everybody_twice():
    make_reader()
    page, _english = make_both()
    first = make_mailing(page)
    send_all(first)
    Mailing.objects.filter(pk=first.pk).update(state="done")
    again = make_mailing(page, started=False)

    with pytest.raises(MailingError):
        sending.schedule(again, at=timezone.now(), actor=None)
    assert again.pk != first.pk
    assert not sending.start(first)


def test_a_segment_reaches_only_those_who_are_interested(settings):
    wanted, _other = make_reader(steps=[make.step("plan")]), make_reader(steps=[make.step("pr")])
    mailing = make_mailing(started=False)
    mailing.steps.set([make.step("plan")])
    sending.schedule(mailing, at=timezone.now(), actor=None)
    sending.start(mailing)

    assert [one.subscriber for one in mailing.deliveries.all()] == [wanted]


def test_the_worker_begins_what_is_due_and_finishes_it(settings):
    make_reader()
    mailing = make_mailing(started=False)
    sending.schedule(mailing, at=timezone.now() + dt.timedelta(minutes=5), actor=None)
    assert sending.tick() == 0

    with smtp_server(settings), time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        assert sending.tick() == 1
        pump.tick()
        sending.tick()

    mailing.refresh_from_db()
    assert mailing.state == "done"


def test_a_reader_who_was_erased_leaves_the_numbers_as_they_are(settings):
    first, _second = make_reader(), make_reader()
    mailing = make_mailing()
    sending.feed(mailing)
    subscribing.forget(first)

    with smtp_server(settings) as sink:
        mailing = send_all(mailing)

    assert (mailing.state, stands(mailing), len(sink.received)) == ("done", {"sent": 1, "skipped": 1}, 1)
    assert not OutboxMessage.objects.filter(to=first.email).exists()


def test_a_test_goes_to_named_addresses_only_and_says_so(settings):
    make_reader()
    page, _english = make_both()
    page.title = "Noch ein Entwurf"
    page.save_revision()

    with smtp_server(settings) as sink:
        sending.send_test(page, ["me@example.org", "you@example.org"], key="k", actor=None)
        sending.send_test(page, ["me@example.org", "you@example.org"], key="k", actor=None)
        pump.tick()

    assert sorted(sink.recipients()) == ["me@example.org", "you@example.org"]
    assert str(sink.received[0]["Subject"]) == "[TEST] Drei Pläne sind beschlossen"
    plain = sink.received[0].get_body(("plain",))
    assert plain is not None
    assert "Noch ein Entwurf" in str(plain.get_content())


def test_counts_are_one_query_whatever_the_number(django_assert_num_queries):
    for _number in range(5):
        make_reader()
    mailing = make_mailing()
    sending.feed(mailing)

    with django_assert_num_queries(1):
        found = counts(mailing)
    assert found == Counts(pending=5)


def test_deliveries_are_written_in_portions(monkeypatch, django_assert_max_num_queries):
    Subscriber.objects.bulk_create(
        Subscriber(email=f"{n}@e.org", email_norm=f"{n}@e.org", state="active", confirmed_at=timezone.now())
        for n in range(50)
    )
    mailing = make_mailing(started=False)
    monkeypatch.setattr(sending, "BATCH", 20)

    with django_assert_max_num_queries(12):
        assert sending.add_deliveries(mailing, Subscriber.objects.readers("de")) == 50


def test_mails_in_the_hands_of_the_pump_are_not_taken_back():
    make_reader()
    mailing = make_mailing()
    sending.feed(mailing)
    pump.claim(1)

    sending.pause(mailing, actor=None)

    assert OutboxMessage.objects.get(kind=sending.ISSUE).state == MessageState.SENDING
