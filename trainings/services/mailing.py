"""What an organiser writes to participants: one message an address, in the person's language."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cms.outbox import services as outbox
from cms.outbox.models import OutboxMessage
from cms.privacy import audit
from trainings.bulk_mail import KIND
from trainings.models import Registration, Run, normalised_email
from trainings.notifications import BOOKING, RUN


@dataclass(frozen=True)
class Letter:
    """What was written; English where it was written too. The key makes a second click harmless."""

    key: uuid.UUID
    subject: str
    text: str
    subject_en: str = ""
    text_en: str = ""

    def in_language(self, language: str) -> tuple[str, str]:
        """Return subject and text for a reader."""
        if language.startswith("en") and self.text_en:
            return self.subject_en or self.subject, self.text_en
        return self.subject, self.text


def recipients(run: Run, *, states: list[str], pool_id: int | None = None) -> list[Registration]:
    """Return one seat for each address in these states, in the order of registration."""
    rows = Registration.objects.filter(run=run, state__in=states, anonymised_at__isnull=True).for_list()
    if pool_id:
        rows = rows.filter(pool_id=pool_id)
    found: dict[str, Registration] = {}
    for row in rows.order_by("pk"):
        if address := normalised_email(row.contact_email):
            found.setdefault(address, row)
    return list(found.values())


def message_for(run: Run, row: Registration, letter: Letter, *, actor: Any) -> OutboxMessage:
    """Return the message to one person, not written yet: for the preview and for sending."""
    subject, text = letter.in_language(row.booking.locale)
    payload = {
        **_payload(run, subject, text, actor),
        "registration": row.pk,
        "registrations": [row.pk],
        "state": row.state,
    }
    return OutboxMessage(kind=KIND, to=row.contact_email, locale=row.booking.locale, payload=payload)


def _payload(run: Run, subject: str, text: str, actor: Any) -> dict[str, Any]:
    return {"run": run.pk, "subject": subject, "text": text, "reply_to": actor.email}


@transaction.atomic
def send(run: Run, rows: list[Registration], letter: Letter, *, actor: Any) -> int:
    """Write one message a person; the same letter twice is written once. Return how many people get it."""
    for row in rows:
        message = message_for(run, row, letter, actor=actor)
        outbox.enqueue(
            KIND,
            to=message.to,
            locale=message.locale,
            dedupe_key=f"bulk:{letter.key}:{row.pk}",
            subject=(BOOKING, row.booking_id),
            payload=message.payload,
        )
    audit.note("mail_written", subject=(RUN, run.pk), actor=actor, people=len(rows))
    return len(rows)


def send_test(run: Run, letter: Letter, *, actor: Any) -> int:
    """Send the letter to the organiser alone, in each language in which it is written; return how many mails."""
    languages = ["de", "en"] if letter.text_en else ["de"]
    for language in languages:
        subject, text = letter.in_language(language)
        outbox.enqueue(
            KIND,
            to=actor.email,
            locale=language,
            dedupe_key=f"bulk-test:{uuid.uuid4()}",
            subject=(RUN, run.pk),
            payload={**_payload(run, subject, text, actor), "test": True},
        )
    return len(languages)
