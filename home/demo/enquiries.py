"""Invented enquiries in every state, and texts to answer them with; their addresses get no mail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from cms.privacy import consents
from home.demo.reader import Item
from home.joining import services
from home.joining.models import AnswerTemplate, Enquiry, EnquiryNote, Status, due_date
from trainings.models import normalised_email

if TYPE_CHECKING:
    from home.demo.loader import Loader

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kgi:demo:enquiries")
PLAIN = (
    *("kind", "status", "sender", "municipality_text", "organisation", "role", "name", "email", "phone", "message"),
    *("standings", "words", "wishes"),
)


def fill_template(subject: models.Model | None, item: Item, loader: Loader) -> models.Model:
    """Make an answer template; one that is there belongs to the editors."""
    return subject or AnswerTemplate.objects.create(**item.facts)


def fill_enquiry(subject: models.Model | None, item: Item, loader: Loader) -> models.Model:
    """Make an enquiry; one that is there belongs to those who answer."""
    if subject is not None:
        return subject
    services.ensure_consent_text()
    facts = item.facts
    sent = timezone.now() + dt.timedelta(days=facts["sent"])
    row = Enquiry.objects.create(
        submission_id=uuid.uuid5(NAMESPACE, item.key),
        locale=facts.get("locale", "de"),
        email_norm=normalised_email(facts["email"]),
        created_at=sent,
        changed_at=sent,
        confirmed_at=None if facts["status"] == Status.NEW else sent + dt.timedelta(hours=1),
        due_on=due_date(facts["kind"], _due_from(facts, sent.date())),
        municipality_id=loader.row_pk("towns", facts["municipality"]) if "municipality" in facts else None,
        page_id=loader.page_pk(facts["page"]) if "page" in facts else None,
        document_id=int(loader.records[f"files/{facts['file']}"].object_id) if "file" in facts else None,
        **{name: facts[name] for name in PLAIN if name in facts},
    )
    text = consents.current_text(services.CONSENT, row.locale)
    consents.record(text, subject=(services.SUBJECT, row.pk), channel="demo")
    _write_notes(row, facts)
    return row


def _due_from(facts: dict[str, Any], sent: dt.date) -> dt.date:
    """Return the day from which the answer's time runs; later where somebody put it off."""
    return sent + dt.timedelta(days=facts.get("due", 0))


def _write_notes(row: Enquiry, facts: dict[str, Any]) -> None:
    for text in facts.get("notes", []):
        EnquiryNote.objects.create(enquiry=row, text=text, at=row.created_at + dt.timedelta(days=1))
    if answer := facts.get("answer"):
        EnquiryNote.objects.create(enquiry=row, is_answer=True, at=row.created_at + dt.timedelta(days=2), **answer)
