"""Readers and mailings, made by the services that real ones go through."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from cms.outbox import pump
from cms.outbox.models import OutboxMessage
from home.newsletter.models import InfobriefPage, Mailing, Subscriber
from home.newsletter.services import sending, subscribing
from home.newsletter.services.subscribing import Wishes
from home.newsletter.services.texts import ensure_consent_texts
from tests.factories import pages as make

_numbers = count(1)


def make_reader(*, confirmed: bool = True, email: str = "", **wishes: Any) -> Subscriber:
    """Sign somebody up; confirmed unless told otherwise."""
    ensure_consent_texts()
    number = next(_numbers)
    address = email or f"reader{number}@example.org"
    wish = Wishes(**{"language": "de", **wishes})
    subscribing.sign_up(address, wish, key=f"factory{number}", source="https://kgi.example/de/infobrief/anmelden/")
    row = Subscriber.objects.get(email_norm=address.lower())
    if confirmed:
        subscribing.confirm(row, source="https://kgi.example/de/infobrief/bestaetigen/")
        OutboxMessage.objects.filter(subject_kind=subscribing.SUBJECT, subject_id=str(row.pk)).delete()
    return Subscriber.objects.get(pk=row.pk)


def make_both(**fields: Any) -> tuple[InfobriefPage, InfobriefPage]:
    """Publish an issue in both languages."""
    tree = make.make_tree()
    page = make.make_issue(tree, **fields)
    english = make.translate(page, title="Three resolutions", subject="Three plans adopted", teaser="What is in it.")
    return page, english


def make_mailing(page: InfobriefPage | None = None, *, started: bool = True) -> Mailing:
    """Make the German mailing of an issue, started unless told otherwise."""
    page = page or make_both()[0]
    mailing = next(one for one in sending.create(page, actor=None) if one.language == "de")
    if started:
        sending.schedule(mailing, at=timezone.now() - dt.timedelta(seconds=1), actor=None)
        assert sending.start(mailing)
    return Mailing.objects.get(pk=mailing.pk)


def make_running_mailing() -> Mailing:
    """Make a mailing to all German readers that has begun, without the pages behind it."""
    mailing = Mailing.objects.create(
        language="de", state="sending", started_at=timezone.now(), subject="Infobrief", text="Text", html="<p>Text</p>"
    )
    sending.add_deliveries(mailing, Subscriber.objects.readers("de"))
    return mailing


def send_all(mailing: Mailing, *, rounds: int = 50) -> Mailing:
    """Feed and pump until nothing changes by itself any more."""
    for _round in range(rounds):
        fed = sending.feed(mailing)
        if not fed and not pump.tick():
            sending.feed(mailing)
            break
    return Mailing.objects.get(pk=mailing.pk)
