"""Writing messages and deciding about those that got stuck."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.outbox import kinds
from cms.outbox.models import MailRoute, MessageState, OutboxMessage

LANGUAGES = ("de", "en")
NEVER_SENT = "@demo.example.org"  # addresses of the demo's invented people: their messages exist and never leave


def draft(
    kind: str,
    *,
    to: str,
    locale: str,
    dedupe_key: str,
    subject: tuple[str, object] = ("", ""),
    payload: dict[str, Any] | None = None,
    not_before: dt.datetime | None = None,
) -> OutboxMessage:
    """Return one message that is not written yet, for `enqueue_all`.

    A message to an invented person of the demo is one that is no longer true.

    Raises KeyError for an unknown kind, at once and not in the worker.
    """
    found = kinds.find(kind)
    return OutboxMessage(
        dedupe_key=dedupe_key,
        kind=kind,
        to=to,
        state=MessageState.SUPERSEDED if to.endswith(NEVER_SENT) else MessageState.QUEUED,
        locale=locale if locale in LANGUAGES else settings.LANGUAGE_CODE,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        payload=payload or {},
        priority=found.priority,
        next_attempt_at=not_before or timezone.now(),
    )


def enqueue_all(messages: Iterable[OutboxMessage]) -> None:
    """Write messages in one statement of the current transaction; where a `dedupe_key` exists the first stays."""
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)


def enqueue(kind: str, **fields: Any) -> OutboxMessage:
    """Write one message (see `draft`) and return it; the same `dedupe_key` twice gives the first message back."""
    message = draft(kind, **fields)
    enqueue_all([message])
    return OutboxMessage.objects.get(dedupe_key=message.dedupe_key)


def enqueue_many(kind: str, rows: list[dict[str, Any]]) -> list[OutboxMessage]:
    """Write one message a row, all at once, in the current transaction; the keys must be new.

    Raises KeyError for an unknown kind, IntegrityError for a key that exists.
    """
    found = kinds.find(kind)
    messages = [
        OutboxMessage(
            kind=kind,
            state=MessageState.SUPERSEDED if row["to"].endswith(NEVER_SENT) else MessageState.QUEUED,
            priority=found.priority,
            **row,
        )
        for row in rows
    ]
    return OutboxMessage.objects.bulk_create(messages)


def is_known(dedupe_key: str) -> bool:
    """Return whether a message with this key was written already."""
    return OutboxMessage.objects.filter(dedupe_key=dedupe_key).exists()


@transaction.atomic
def supersede(*, subject: tuple[str, object], kind_names: list[str] | None = None) -> int:
    """Take back what still waits about a subject; return how many messages that were."""
    waiting = OutboxMessage.objects.about(*subject).filter(state=MessageState.QUEUED)
    if kind_names is not None:
        waiting = waiting.filter(kind__in=kind_names)
    return waiting.update(state=MessageState.SUPERSEDED)


def send_again(message: OutboxMessage) -> bool:
    """Queue a failed or held message anew; return False when it was neither."""
    stuck = OutboxMessage.objects.filter(pk=message.pk, state__in=(MessageState.FAILED, MessageState.HELD))
    changed = stuck.update(
        state=MessageState.QUEUED,
        attempts=0,
        next_attempt_at=timezone.now(),
        created_at=timezone.now(),
        last_error="",
        claim_token=None,
        lease_until=None,
    )
    return bool(changed)


def give_up(message: OutboxMessage) -> bool:
    """Close a failed or held message without sending it."""
    stuck = OutboxMessage.objects.filter(pk=message.pk, state__in=(MessageState.FAILED, MessageState.HELD))
    return bool(stuck.update(state=MessageState.SUPERSEDED, claim_token=None, lease_until=None))


def pause() -> None:
    """Send nothing until somebody resumes."""
    MailRoute.current()
    MailRoute.objects.filter(pk=1).update(trouble=MailRoute.Trouble.PAUSED, since=timezone.now())


def resume() -> None:
    """Try again at once."""
    MailRoute.objects.filter(pk=1).update(trouble="", failures=0, retry_at=None, since=None, detail="")
