"""Signing up, confirming, changing and leaving. Each step is noted as proof in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.outbox import services as outbox
from cms.outbox.models import MessageState, OutboxMessage
from cms.outbox.transport import message_id
from cms.privacy import consents
from cms.throttle import Limit, allow
from home.newsletter.links import ALERTS
from home.newsletter.models import BlockedAddress, Delivery, Subscriber, SubscriberState, address_digest, normalised
from home.newsletter.services.texts import KEY

SUBJECT = "newsletter.subscriber"
MAILS_TO_ONE_ADDRESS = Limit("infobrief mails to one address", most=3, seconds=3600)
S = SubscriberState
Reason = BlockedAddress.Reason


@dataclass(frozen=True)
class Wishes:
    """What somebody wants to read."""

    language: str
    wants_issues: bool = True
    wants_alerts: bool = False
    steps: Sequence[Any] = ()
    topics: Sequence[Any] = ()


def _locked(row: Subscriber) -> Subscriber:
    return Subscriber.objects.select_for_update().get(pk=row.pk)


def note(row: Subscriber, event: str, *, source: str = "", mail_id: str = "", text: Any = None) -> None:
    """Add one step to the proof of a reader's consent."""
    consents.note_event(
        event,
        subject=(SUBJECT, row.public_id),
        email_digest=address_digest(row.email),
        text=text,
        source=source,
        mail_id=mail_id,
    )


def is_blocked(email: str) -> bool:
    """Return whether staff has blocked an address: it gets nothing, whoever signs it up."""
    return BlockedAddress.objects.filter(digest=address_digest(email), reason=Reason.BY_HAND).exists()


@transaction.atomic
def sign_up(email: str, wishes: Wishes, *, key: str, source: str) -> None:
    """Take a sign-up: a mail follows that asks to confirm, or says that the address is on the list already.

    The caller learns nothing about the address. Wishes of an active reader stay as they are: anybody can type an address.
    """
    if is_blocked(email):
        return
    row, _is_new = Subscriber.objects.get_or_create(
        email_norm=normalised(email), defaults={"email": email.strip(), "language": wishes.language}
    )
    if row.state == S.BLOCKED or not allow(MAILS_TO_ONE_ADDRESS, row.email_norm):
        return
    if row.state == S.ACTIVE:
        _mail(row, "already", key=key)
        return
    _set_wishes(row, wishes)
    Subscriber.objects.filter(pk=row.pk).update(asked_at=timezone.now())
    mail = _mail(row, "confirm", key=key)
    text = consents.current_text(KEY, wishes.language)
    note(row, "asked", source=source, mail_id=message_id(mail.dedupe_key), text=text)


def _set_wishes(row: Subscriber, wishes: Wishes) -> None:
    row.language, row.wants_issues, row.wants_alerts = wishes.language, wishes.wants_issues, wishes.wants_alerts
    row.save(update_fields=["language", "wants_issues", "wants_alerts"])
    row.steps.set(wishes.steps)
    row.topics.set(wishes.topics)


def _mail(row: Subscriber, name: str, *, key: str, to: str = "") -> OutboxMessage:
    return outbox.enqueue(
        f"infobrief.{name}",
        to=to or row.email,
        locale=row.language,
        dedupe_key=f"infobrief:{name}:{row.public_id.hex}:{key}",
        subject=(SUBJECT, row.pk),
    )


@transaction.atomic
def confirm(row: Subscriber, *, source: str) -> bool:
    """Make a reader active; return False for one who is blocked. Safe to call twice."""
    row = _locked(row)
    if row.state == S.BLOCKED:
        return False
    if row.state != S.ACTIVE:
        _activate(row)
        note(row, "confirmed", source=source)
    return True


def _activate(row: Subscriber) -> None:
    row.state, row.confirmed_at, row.ended_at, row.paused_until = S.ACTIVE, timezone.now(), None, None
    row.confirm_version += 1
    row.save()
    row.bounces.all().delete()
    BlockedAddress.objects.filter(digest=address_digest(row.email)).exclude(reason=Reason.BY_HAND).delete()


@transaction.atomic
def save_wishes(row: Subscriber, wishes: Wishes, *, paused_until: dt.date | None, source: str) -> None:
    """Change language, lists, steps, topics and pause; wanting nothing at all is leaving."""
    row = _locked(row)
    _set_wishes(row, wishes)
    Subscriber.objects.filter(pk=row.pk).update(paused_until=paused_until)
    note(row, "changed", source=source)
    if not wishes.wants_issues and not wishes.wants_alerts:
        leave(row, source=source)


@transaction.atomic
def leave(row: Subscriber, *, what: str = "", delivery: int = 0, source: str) -> None:
    """End the issues, the alerts, or everything (`what` empty). Safe to call twice; what still waits is not sent."""
    row = _locked(row)
    Delivery.objects.filter(pk=delivery, subscriber=row, unsubscribed_at=None).update(unsubscribed_at=timezone.now())
    if row.state not in (S.ACTIVE, S.PENDING):
        return
    row.wants_issues = row.wants_issues and what == ALERTS
    row.wants_alerts = row.wants_alerts and what not in ("", ALERTS)
    row.save(update_fields=["wants_issues", "wants_alerts"])
    if row.wants_issues or row.wants_alerts:
        note(row, "list_left", source=source)
        return
    end(row, S.UNSUBSCRIBED, reason=Reason.UNSUBSCRIBED)
    note(row, "unsubscribed", source=source)


def end(row: Subscriber, state: str, *, reason: str) -> None:
    """Let a reader get nothing more, and remember the digest of the address."""
    row.state, row.ended_at = state, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    block(row.email, reason=reason)


def block(email: str, *, reason: str) -> None:
    """Remember the digest of an address; a block by hand is never weakened."""
    found, is_new = BlockedAddress.objects.get_or_create(digest=address_digest(email), defaults={"reason": reason})
    if not is_new and found.reason != Reason.BY_HAND and found.reason != reason:
        BlockedAddress.objects.filter(pk=found.pk).update(reason=reason)


@transaction.atomic
def ask_new_address(row: Subscriber, email: str, *, key: str, source: str) -> None:
    """Note a new address and ask it to confirm; nothing changes before it does."""
    row = _locked(row)
    if is_blocked(email) or normalised(email) == row.email_norm or not allow(MAILS_TO_ONE_ADDRESS, normalised(email)):
        return
    row.new_email = email.strip()
    row.save(update_fields=["new_email"])
    mail = _mail(row, "move", key=key, to=row.new_email)
    note(row, "new_address_asked", source=source, mail_id=message_id(mail.dedupe_key))


@transaction.atomic
def move(row: Subscriber, *, source: str) -> Subscriber:
    """Take the confirmed new address. A reader who has it already takes the place of both."""
    row = _locked(row)
    other = Subscriber.objects.filter(email_norm=normalised(row.new_email)).exclude(pk=row.pk).first()
    if other is not None and other.state in (S.ACTIVE, S.BLOCKED):
        forget(row)
        return other
    if other is not None:
        forget(other)
    row.email, row.email_norm, row.new_email = row.new_email, normalised(row.new_email), ""
    row.links_version += 1
    _activate(row)
    waiting = OutboxMessage.objects.filter(infobrief_delivery__subscriber=row, state=MessageState.QUEUED)
    waiting.update(to=row.email)
    note(row, "address_changed", source=source)
    return row


@transaction.atomic
def send_link(email: str, *, key: str) -> None:
    """Send the link to the preferences to an address that is on the list; nobody learns whether it is."""
    row = Subscriber.objects.filter(email_norm=normalised(email), state=S.ACTIVE).first()
    if row is not None and allow(MAILS_TO_ONE_ADDRESS, row.email_norm):
        _mail(row, "link", key=key)


@transaction.atomic
def forget(row: Subscriber) -> None:
    """Delete a reader; the digest of the address stays, so that an import does not bring it back."""
    if row.state != S.BLOCKED:
        block(row.email, reason=Reason.ERASED)
    about = OutboxMessage.objects.filter(subject_kind=SUBJECT, subject_id=str(row.pk))
    mails = OutboxMessage.objects.filter(infobrief_delivery__subscriber=row) | about
    for found in (mails.filter(state=MessageState.QUEUED),):
        OutboxMessage.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(
            state=MessageState.SUPERSEDED
        )
    OutboxMessage.objects.filter(pk__in=list(mails.values_list("pk", flat=True))).exclude(
        state=MessageState.SENDING
    ).update(to="", subject="", body="", payload={}, last_error="")
    note(row, "deleted")
    row.delete()
