"""Invented readers of the Infobrief in every state, and the newest issue as it went out to them; taken away again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cms.outbox.models import MessageState, OutboxMessage, Priority
from cms.outbox.services import NEVER_SENT
from cms.outbox.transport import message_id
from cms.privacy import consents
from cms.privacy.models import ConsentEvent
from home.newsletter.content import freeze_dates
from home.newsletter.models import (
    BlockedAddress,
    Bounce,
    Delivery,
    InfobriefPage,
    Mailing,
    MailingState,
    Subscriber,
    SubscriberState,
    address_digest,
)
from home.newsletter.rendering import render_issue
from home.newsletter.services.sending import ISSUE, SUBJECT
from home.newsletter.services.subscribing import SUBJECT as READER
from home.newsletter.services.texts import KEY
from knowledge.models import DevelopmentStep, Topic

if TYPE_CHECKING:
    from home.demo.loader import Loader

S, Reason = SubscriberState, BlockedAddress.Reason
NEWEST = "infobrief/saving"
STATES = (*[S.ACTIVE] * 31, *[S.PENDING] * 3, *[S.UNSUBSCRIBED] * 3, *[S.BOUNCED] * 2, S.BLOCKED)
ENGLISH_EVERY, ALERTS_EVERY = 5, 4
PAUSES, UNCLEAR = (7, 19), 11
REASONS = {S.UNSUBSCRIBED: Reason.UNSUBSCRIBED, S.BOUNCED: Reason.BOUNCED, S.BLOCKED: Reason.BY_HAND}
GONE = "550 5.1.1 mailbox unavailable"


def addresses() -> list[str]:
    """Return the addresses of all invented readers, always the same ones."""
    return [f"leser{number:02}{NEVER_SENT}" for number in range(len(STATES))]


def load_readers(loader: Loader) -> None:
    """Make the readers and send them the newest issue, once; a mailing that somebody deleted stays away."""
    pages = {code: InfobriefPage.objects.filter(pk=_page_pk(loader, code)).first() for code in ("de", "en")}
    if f"{NEWEST}:mailing:de" in loader.records or any(page is None or not page.live for page in pages.values()):
        return
    readers = [_reader(number, state) for number, state in enumerate(STATES)]
    for code, page in pages.items():
        mailing = _mailing(page, code)
        own = [(number, row) for number, row in enumerate(readers) if row.language == code and _got_it(row, mailing)]
        for number, row in own:
            _deliver(mailing, number, row)
        loader.remember(f"{NEWEST}:mailing:{code}", mailing, "")


def _page_pk(loader: Loader, code: str) -> int:
    record = loader.records.get(f"{NEWEST}:{code}")
    return int(record.object_id) if record else 0


def _reader(number: int, state: str) -> Subscriber:
    """Make one reader with the proof of every step, dated into the past year."""
    days = 3 if state == S.PENDING else 20 + (number * 37) % 330
    asked = timezone.now() - dt.timedelta(days=days, minutes=number * 7)
    address = addresses()[number]
    ended = timezone.now() - dt.timedelta(days=6, hours=number) if state in REASONS else None
    row = Subscriber.objects.create(
        email=address,
        email_norm=address,
        language="en" if number % ENGLISH_EVERY == 0 else "de",
        state=state,
        wants_alerts=number % ALERTS_EVERY == 0,
        paused_until=timezone.localdate() + dt.timedelta(days=80) if number in PAUSES else None,
        created_at=asked,
        asked_at=asked,
        confirmed_at=asked + dt.timedelta(minutes=12) if state != S.PENDING else None,
        ended_at=ended,
    )
    if row.wants_alerts:
        steps, topics = list(DevelopmentStep.objects.all()), list(Topic.objects.order_by("slug"))
        row.steps.set([steps[number % len(steps)]])
        row.topics.set([topics[number % len(topics)]] if number % 3 else [])
    _prove(row, number)
    return row


def _prove(row: Subscriber, number: int) -> None:
    form = f"{settings.SITE_URL}/{'en/infobrief/subscribe' if row.language == 'en' else 'de/infobrief/anmelden'}/"
    mail = message_id(f"infobrief:demo:{number}")
    text = consents.current_text(KEY, row.language)
    _step(row, "asked", row.asked_at, source=form, mail_id=mail, text=text)
    if row.confirmed_at:
        _step(row, "confirmed", row.confirmed_at, source=form)
    if row.ended_at:
        _step(row, str(row.state), row.ended_at)
        BlockedAddress.objects.get_or_create(
            digest=address_digest(row.email), defaults={"reason": REASONS[S(row.state)], "created_at": row.ended_at}
        )


def _step(row: Subscriber, event: str, at: dt.datetime, **proof: Any) -> None:
    consents.note_event(event, subject=(READER, row.public_id), email_digest=address_digest(row.email), at=at, **proof)


def _mailing(page: Any, code: str) -> Mailing:
    """Return the mailing of an issue that went out on the morning of its date."""
    freeze_dates(page)
    mail = render_issue(page)
    started = timezone.make_aware(dt.datetime.combine(page.date, dt.time(9, 30)))
    return Mailing.objects.create(
        page=page,
        language=code,
        state=MailingState.DONE,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        scheduled_for=started,
        started_at=started,
        finished_at=started + dt.timedelta(minutes=4),
        created_at=started - dt.timedelta(days=1),
    )


def _got_it(row: Subscriber, mailing: Mailing) -> bool:
    """Return whether somebody was a reader when the issue went out; those who pause got nothing."""
    assert mailing.started_at is not None
    return row.confirmed_at is not None and row.confirmed_at < mailing.started_at and row.paused_until is None


def _deliver(mailing: Mailing, number: int, row: Subscriber) -> None:
    assert mailing.started_at is not None
    delivery = Delivery.objects.create(mailing=mailing, subscriber=row, domain=NEVER_SENT[1:])
    state = MessageState.FAILED if row.state == S.BOUNCED else MessageState.SENT
    if number == UNCLEAR:
        state = MessageState.HELD
    at = mailing.started_at + dt.timedelta(seconds=5 * number)
    delivery.message = OutboxMessage.objects.create(
        kind=ISSUE,
        to=row.email,
        locale=mailing.language,
        dedupe_key=f"infobrief:{mailing.pk}:{delivery.pk}",
        subject_kind=SUBJECT,
        subject_id=str(delivery.pk),
        priority=Priority.BULK,
        state=state,
        attempts=1,
        created_at=mailing.started_at,
        accepted_at=at if state == MessageState.SENT else None,
        last_error=GONE if state == MessageState.FAILED else "",
        subject=mailing.subject if state == MessageState.SENT else "",
    )
    delivery.unsubscribed_at = row.ended_at if row.state == S.UNSUBSCRIBED else None
    delivery.save(update_fields=["message", "unsubscribed_at"])
    if row.state == S.BOUNCED:
        Bounce.objects.create(subscriber=row, delivery=delivery, kind="hard", status="5.1.1", source="smtp", at=at)


def forget_readers() -> None:
    """Take the invented readers away with their proof, their mails and the block of their addresses."""
    digests = [address_digest(address) for address in addresses()]
    OutboxMessage.objects.filter(Q(infobrief_delivery__subscriber__email_norm__in=addresses()) | _mails()).delete()
    ConsentEvent.objects.filter(subject_kind=READER, email_digest__in=digests).delete()
    BlockedAddress.objects.filter(digest__in=digests).delete()
    Subscriber.objects.filter(email_norm__in=addresses()).delete()


def forget_mailing(mailing: Mailing) -> None:
    """Take away the mails of a mailing, also those that the retention has emptied."""
    OutboxMessage.objects.filter(infobrief_delivery__mailing=mailing).delete()


def _mails() -> Q:
    return Q(kind=ISSUE, to__in=addresses())
