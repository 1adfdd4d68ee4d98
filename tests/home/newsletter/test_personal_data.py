"""How long what is kept of readers, and one person found, handed out and erased."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from cms.outbox.models import OutboxMessage
from cms.privacy import services as privacy
from cms.privacy.models import ConsentEvent
from home.newsletter.models import BlockedAddress, Delivery, Mailing, Subscriber
from home.newsletter.services import sending, subscribing
from tests.factories.newsletter import make_reader, make_running_mailing

pytestmark = pytest.mark.django_db


def purged_after(days: float) -> dict[str, int]:
    with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=False):
        dry = privacy.purge_due(dry_run=True)
        real = privacy.purge_due()
    found = {key: count for key, count in real.items() if key.startswith("infobrief") and count}
    assert found == {key: count for key, count in dry.items() if key.startswith("infobrief") and count}
    return found


def test_unconfirmed_sign_ups_go_after_a_week_with_every_trace():
    make_reader(confirmed=False, email="never@example.org")
    make_reader()

    assert purged_after(7) == {}
    assert purged_after(8.1) == {"infobrief_unconfirmed": 1}
    assert Subscriber.objects.count() == 1
    assert ConsentEvent.objects.filter(event="asked").count() == 1
    assert not OutboxMessage.objects.filter(to="never@example.org").exists()


def test_readers_who_left_go_after_a_month_and_the_proof_after_three_years():
    row = make_reader(email="ada@example.org")
    subscribing.leave(row, source="")
    make_reader()

    assert purged_after(29) == {}
    assert purged_after(31) == {"infobrief_ended": 1}
    assert BlockedAddress.objects.get().reason == "unsubscribed"
    steps = [one["step"] for one in privacy.export_person("ADA@example.org")["infobrief"]]
    assert steps == ["asked", "confirmed", "unsubscribed"]
    assert purged_after(1094) == {}
    assert purged_after(1096) == {"infobrief_proof": 3}
    assert ConsentEvent.objects.count() == 2


def test_who_got_which_issue_is_forgotten_after_a_year_and_the_counts_stay():
    make_reader()
    mailing = make_running_mailing()
    sending.feed(mailing)
    Mailing.objects.filter(pk=mailing.pk).update(state="done", finished_at=timezone.now())

    assert purged_after(366)["infobrief_deliveries"] == 1
    delivery = Delivery.objects.get()
    assert (delivery.subscriber, delivery.domain) == (None, "")


def test_one_person_is_found_handed_out_and_erased():
    row, other = make_reader(email="Ada@Example.org"), make_reader()
    mailing = make_running_mailing()
    sending.feed(mailing)

    found = privacy.export_person("ada@example.org")
    privacy.erase_person("ada@example.org")
    privacy.erase_person("ada@example.org")

    assert found["infobrief"][0]["email"] == "Ada@Example.org"
    assert [one["mailing"] for one in found["infobrief"][0]["mails"]] == [str(mailing)]
    assert list(Subscriber.objects.all()) == [other]
    assert not OutboxMessage.objects.filter(to__iexact=row.email).exists()
    assert Delivery.objects.filter(mailing=mailing).count() == 2
    assert BlockedAddress.objects.get().reason == "erased"


def test_an_address_that_somebody_wants_to_move_to_is_erased_too():
    row = make_reader()
    subscribing.ask_new_address(row, "new@example.org", key="1", source="")

    privacy.erase_person("new@example.org")

    row.refresh_from_db()
    assert (row.new_email, row.state) == ("", "active")
