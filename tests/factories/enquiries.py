"""Enquiries as their forms send them."""

from __future__ import annotations

import uuid
from typing import Any

from cms.public_forms import Start
from home.joining import services
from home.joining.models import Enquiry


def start() -> str:
    """Return the signed start of a form that somebody filled for a minute."""
    opened = Start.now()
    return Start(opened.id, opened.opened_at - 60).text


def asked(**fields: Any) -> dict[str, Any]:
    """Return a filled form of “ask us”."""
    return {
        "start": start(),
        "kind": "ask",
        "message": "Wer zahlt die Fahrt?",
        "municipality": "Musterhausen",
        "name": "Jo Beispiel",
        "email": "jo@example.org",
        "consent": "on",
        **fields,
    }


def joined(**fields: Any) -> dict[str, Any]:
    """Return the guided form, filled on all pages and ready to be sent."""
    return {
        "start": start(),
        "step": "check",
        "go": "send",
        "sender": "public",
        "municipality": "Musterhausen",
        "organisation": "Jugendamt",
        "role": "Jugendpflege",
        "level_allies": "started",
        "words_plan": "Noch kein Beschluss",
        "wishes": ["join", "partner"],
        "message": "",
        "name": "Jo Beispiel",
        "email": "jo@example.org",
        "phone": "",
        "consent": "on",
        **fields,
    }


def make_enquiry(**fields: Any) -> Enquiry:
    """Make an enquiry that is confirmed, unless another status is given; other fields as in the model."""
    services.ensure_consent_text()
    status = fields.pop("status", "confirmed")
    late = {name: fields.pop(name) for name in ("due_on", "created_at", "changed_at", "assignee") if name in fields}
    defaults = {"kind": "join", "email": "jo@example.org", "locale": "de", "name": "Jo Beispiel", "sender": "public"}
    row = services.submit(
        services.Submission(submission_id=uuid.uuid4(), **{**defaults, **fields}), channel="form join"
    )
    if status != "new":
        services.confirm(row)
    Enquiry.objects.filter(pk=row.pk).update(status=status, **late)
    return Enquiry.objects.get(pk=row.pk)
