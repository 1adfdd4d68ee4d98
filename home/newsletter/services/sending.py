"""From a draft to the last mail: freeze, put a few messages at a time into the outbox, pause, go on, end.

The outbox sends; nothing here does. A delivery without a message waits. Killed anywhere, the next run goes on: the
key of a message is the delivery's own, so none is written twice, and a message that may have left is held.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cms.outbox import services as outbox
from cms.outbox.models import MessageState, OutboxMessage
from cms.privacy import audit
from home.newsletter.content import freeze_dates
from home.newsletter.errors import MailingError
from home.newsletter.models import Delivery, InfobriefPage, Mailing, MailingState, Subscriber
from home.newsletter.rendering import render_issue
from home.newsletter.services import preflight

S = MailingState
SUBJECT = "newsletter.delivery"
ISSUE, ALERT = "infobrief.issue", "infobrief.alert"
BATCH = 1000  # rows written at once
MOST_FED = 200  # messages written in one go
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
NOT_NOW = ("421", "450")  # a mail server that wants to be left alone for a while


def _locked(mailing: Mailing) -> Mailing:
    return Mailing.objects.select_for_update(of=("self",)).select_related("page").get(pk=mailing.pk)


def _note(mailing: Mailing, action: str, actor: Any = None, **details: Any) -> None:
    audit.note(
        f"mailing_{action}", subject=("newsletter.mailing", mailing.pk), actor=actor, system=actor is None, **details
    )


@transaction.atomic
def create(page: InfobriefPage, *, actor: Any) -> list[Mailing]:
    """Make a draft of a mailing in each language of an issue that has none which is not over; return all open ones."""
    found = []
    for own in InfobriefPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True).order_by("pk"):
        mailing = Mailing.objects.filter(page=own).exclude(state__in=(S.DONE, S.CANCELLED)).first()
        if mailing is None:
            mailing = Mailing.objects.create(page=own, language=own.locale.language_code, created_by=actor)
            _note(mailing, "made", actor)
        found.append(mailing)
    return found


def problems(mailing: Mailing) -> list[str]:
    """Return what keeps a mailing from going out."""
    if mailing.page is None:
        return [_("The issue was deleted.")]
    already = Mailing.objects.filter(page=mailing.page_id, state__in=(S.SENDING, S.PAUSED, S.DONE)).exclude(
        pk=mailing.pk
    )
    found = preflight.problems(mailing.page) + preflight.no_readers(mailing)
    if already.exists() and not mailing.steps.exists() and not mailing.topics.exists():
        found.append(_("This issue has been sent already. Choose steps or topics to send it to some readers again."))
    return found


@transaction.atomic
def schedule(mailing: Mailing, *, at: dt.datetime, actor: Any) -> Mailing:
    """Let a mailing go out at a moment. Raises MailingError with every problem that keeps it back."""
    mailing = _locked(mailing)
    if mailing.state not in (S.DRAFT, S.SCHEDULED):
        raise MailingError(_("The mailing has begun already."))
    if found := problems(mailing):
        raise MailingError(*found)
    mailing.state, mailing.scheduled_for, mailing.problem = S.SCHEDULED, at, ""
    mailing.save(update_fields=["state", "scheduled_for", "problem"])
    _note(mailing, "scheduled", actor)
    return mailing


@transaction.atomic
def unschedule(mailing: Mailing, *, actor: Any) -> None:
    """Make a scheduled mailing a draft again. Safe to call twice."""
    if Mailing.objects.filter(pk=mailing.pk, state=S.SCHEDULED).update(state=S.DRAFT, scheduled_for=None):
        _note(mailing, "unscheduled", actor)


@transaction.atomic
def start(mailing: Mailing) -> bool:
    """Freeze text and readers of a mailing that is due, all or nothing; return whether it began. Safe to call twice.

    What has become wrong since it was scheduled sends it back to the drafts, with the reason.
    """
    mailing = _locked(mailing)
    if mailing.state != S.SCHEDULED or mailing.scheduled_for is None or mailing.scheduled_for > timezone.now():
        return False
    with translation.override(mailing.language):
        if found := problems(mailing):
            Mailing.objects.filter(pk=mailing.pk).update(state=S.DRAFT, scheduled_for=None, problem=found[0][:300])
            _note(mailing, "refused")
            return False
    assert mailing.page is not None
    freeze_dates(mailing.page)
    mail = render_issue(mailing.page)
    mailing.subject, mailing.text, mailing.html = mail.subject, mail.text, mail.html
    mailing.state, mailing.started_at = S.SENDING, timezone.now()
    mailing.save()
    readers = Subscriber.objects.readers(mailing.language).interested(mailing.steps.all(), mailing.topics.all())
    count = add_deliveries(mailing, readers)
    _note(mailing, "started", readers=count)
    return True


def add_deliveries(mailing: Mailing, readers: QuerySet[Subscriber]) -> int:
    """Write one delivery a reader, in portions: memory stays flat however many there are."""
    rows = (
        Delivery(mailing=mailing, subscriber_id=pk, domain=address.rpartition("@")[2])
        for pk, address in readers.order_by("pk").values_list("pk", "email_norm").iterator(chunk_size=BATCH)
    )
    return sum(len(Delivery.objects.bulk_create(portion)) for portion in _portions(rows))


def _portions(rows: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    while portion := list(itertools.islice(rows, BATCH)):
        yield portion


def tick() -> int:
    """Begin what is due and write the next messages; the worker calls this again and again. Return how many."""
    for mailing in Mailing.objects.filter(state=S.SCHEDULED, scheduled_for__lte=timezone.now()).order_by(
        "scheduled_for"
    ):
        start(mailing)
    fed = 0
    for mailing in Mailing.objects.filter(state=S.SENDING).order_by("started_at", "pk"):
        fed += feed(mailing)
    return fed


@transaction.atomic
def feed(mailing: Mailing) -> int:
    """Give the outbox the next messages of a mailing, as many as the throttle allows; note when all is done."""
    mailing = _locked(mailing)
    if mailing.state != S.SENDING:
        return 0
    waiting = Delivery.objects.filter(mailing=mailing, message=None, skipped="")
    portion = list(
        waiting.exclude(domain__in=_resting_domains()).select_related("subscriber").order_by("pk")[: _allowed()]
    )
    going = [
        delivery for delivery in portion if delivery.subscriber is not None and _gets(delivery.subscriber, mailing)
    ]
    _skip([delivery for delivery in portion if delivery not in going], Delivery.Skipped.GONE)
    _write(mailing, going)
    if not portion and not waiting.exists() and not _open_messages(mailing).exists():
        Mailing.objects.filter(pk=mailing.pk).update(state=S.DONE, finished_at=timezone.now())
        _note(mailing, "done")
    return len(going)


def _gets(row: Subscriber, mailing: Mailing) -> bool:
    return row.is_reachable and (row.wants_issues if mailing.kind == Mailing.Kind.ISSUE else row.wants_alerts)


def _skip(rows: list[Delivery], reason: str) -> None:
    if rows:
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(skipped=reason)


def _write(mailing: Mailing, going: list[Delivery]) -> None:
    kind = ISSUE if mailing.kind == Mailing.Kind.ISSUE else ALERT
    messages = outbox.enqueue_many(kind, [_message(delivery, mailing) for delivery in going])
    for delivery, message in zip(going, messages, strict=True):
        delivery.message = message
    Delivery.objects.bulk_update(going, ["message"])


def _message(delivery: Delivery, mailing: Mailing) -> dict[str, Any]:
    assert delivery.subscriber is not None
    return {
        "to": delivery.subscriber.email,
        "locale": mailing.language,
        "dedupe_key": f"infobrief:{mailing.pk}:{delivery.pk}",
        "subject_kind": SUBJECT,
        "subject_id": str(delivery.pk),
    }


def _open_messages(mailing: Mailing) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(
        infobrief_delivery__mailing=mailing, state__in=(MessageState.QUEUED, MessageState.SENDING)
    )


def _allowed() -> int:
    """Return how many messages may be written now: in no minute and no hour more leave than the settings say.

    What already waits to leave within a minute counts like sent.
    """
    now = timezone.now()
    ours = OutboxMessage.objects.filter(kind__in=(ISSUE, ALERT))
    soon = Q(state=MessageState.SENDING) | Q(state=MessageState.QUEUED, next_attempt_at__lte=now + MINUTE)
    open_ones = ours.filter(soon).count()
    left = min(MOST_FED, settings.INFOBRIEF_PER_MINUTE - ours.filter(accepted_at__gte=now - MINUTE).count() - open_ones)
    if settings.INFOBRIEF_PER_HOUR and left > 0:
        left = min(left, settings.INFOBRIEF_PER_HOUR - ours.filter(accepted_at__gte=now - HOUR).count() - open_ones)
    return max(0, left)


def _resting_domains() -> list[str]:
    """Return the domains whose server asked to wait; what is queued for them waits as long."""
    now = timezone.now()
    refused = Q(message__last_error__startswith=NOT_NOW[0]) | Q(message__last_error__startswith=NOT_NOW[1])
    waiting = Delivery.objects.filter(message__state=MessageState.QUEUED, message__next_attempt_at__gt=now)
    rows = waiting.filter(refused, message__attempts__gt=0).values_list("domain", "message__next_attempt_at")
    until: dict[str, dt.datetime] = {}
    for domain, moment in rows:
        until[domain] = max(moment, until.get(domain, moment))
    for domain, moment in until.items():
        mine = Delivery.objects.filter(domain=domain, message__state=MessageState.QUEUED).values("message")
        OutboxMessage.objects.filter(pk__in=mine, next_attempt_at__lte=now).update(next_attempt_at=moment)
    return list(until)


@transaction.atomic
def pause(mailing: Mailing, *, actor: Any) -> bool:
    """Let nothing more go out; what is not in the hands of the pump goes back to those who wait. Safe to call twice."""
    mailing = _locked(mailing)
    if mailing.state != S.SENDING:
        return False
    _take_back(mailing)
    Mailing.objects.filter(pk=mailing.pk).update(state=S.PAUSED)
    _note(mailing, "paused", actor)
    return True


def _take_back(mailing: Mailing) -> None:
    """Delete messages that nobody has begun to send; their deliveries wait again."""
    queued = OutboxMessage.objects.filter(infobrief_delivery__mailing=mailing, state=MessageState.QUEUED)
    keys = list(queued.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=keys, state=MessageState.QUEUED).delete()


@transaction.atomic
def resume(mailing: Mailing, *, actor: Any) -> bool:
    """Go on with a paused mailing. Safe to call twice."""
    if not Mailing.objects.filter(pk=mailing.pk, state=S.PAUSED).update(state=S.SENDING):
        return False
    _note(mailing, "resumed", actor)
    return True


@transaction.atomic
def cancel(mailing: Mailing, *, actor: Any) -> bool:
    """End a mailing for good; what has left has left. Safe to call twice."""
    mailing = _locked(mailing)
    if mailing.state in (S.DONE, S.CANCELLED):
        return False
    _take_back(mailing)
    Delivery.objects.filter(mailing=mailing, message=None, skipped="").update(skipped=Delivery.Skipped.CANCELLED)
    Mailing.objects.filter(pk=mailing.pk).update(state=S.CANCELLED, finished_at=timezone.now())
    _note(mailing, "cancelled", actor)
    return True


@transaction.atomic
def decide_unclear(mailing: Mailing, *, again: bool, actor: Any) -> int:
    """Send what may have left a second time, or close it: a person's decision. Return how many messages that were."""
    mailing = _locked(mailing)
    held = OutboxMessage.objects.filter(infobrief_delivery__mailing=mailing, state=MessageState.HELD)
    decide = outbox.send_again if again else outbox.give_up
    count = sum(1 for message in held if decide(message))
    if count and again and mailing.state == S.DONE:
        Mailing.objects.filter(pk=mailing.pk).update(state=S.SENDING, finished_at=None)
    if count:
        _note(mailing, "unclear_again" if again else "unclear_closed", actor, count=count)
    return count


def send_test(page: InfobriefPage, addresses: list[str], *, key: str, actor: Any) -> None:
    """Send the newest draft of an issue to named addresses, marked as a test."""
    for number, address in enumerate(addresses):
        outbox.enqueue(
            "infobrief.test",
            to=address,
            locale=page.locale.language_code,
            dedupe_key=f"infobrief:test:{key}:{number}",
            subject=("newsletter.page", page.pk),
        )
    audit.note("issue_tested", subject=("newsletter.page", page.pk), actor=actor, addresses=len(addresses))
