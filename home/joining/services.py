"""What changes an enquiry: one transaction each, safe to call twice; the log names fields, never what people typed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.i18n import language_suffix
from cms.outbox import services as outbox
from cms.privacy import audit, consents
from cms.privacy.models import ConsentRecord
from home.joining.models import Enquiry, EnquiryNote, Status, due_date
from trainings.models import normalised_email
from trainings.notifications import next_moment

SUBJECT = "joining.enquiry"
CONSENT = "enquiry"
CONFIRM, COPY, NOTICE, ANSWER = "enquiry.confirm", "enquiry.copy", "enquiry.notice", "enquiry.answer"
CONSENT_TEXTS = {
    "de": (
        "Ich bin einverstanden, dass meine Angaben gespeichert werden, um meine Anfrage zu beantworten. Sie werden ein "
        "Jahr nach der Antwort gelöscht. Die Einwilligung kann ich jederzeit widerrufen, auch über den Link in meiner "
        "Mail."
    ),
    "en": (
        "I agree that what I have entered is stored in order to answer my enquiry. It is deleted one year after the "
        "answer. I can withdraw this consent at any time, also by the link in my mail."
    ),
}


@dataclass(frozen=True)
class Submission:
    """What somebody sent; the id makes a second click harmless."""

    submission_id: uuid.UUID
    kind: str
    email: str
    locale: str
    name: str = ""
    phone: str = ""
    sender: str = ""
    organisation: str = ""
    role: str = ""
    municipality_id: int | None = None
    municipality_text: str = ""
    standings: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    wishes: list[str] = field(default_factory=list)
    message: str = ""
    page_id: int | None = None
    step: str = ""
    document_id: int | None = None


def ensure_consent_text() -> None:
    """Write the current text of consent; safe to call twice."""
    consents.ensure_text(CONSENT, CONSENT_TEXTS)


@transaction.atomic
def submit(submission: Submission, *, channel: str) -> Enquiry:
    """Keep an enquiry and ask its address to confirm. The same submission twice is one enquiry."""
    values = {**asdict(submission), "locale": language_suffix(submission.locale), "email": submission.email.strip()}
    key = values.pop("submission_id")
    row, is_new = Enquiry.objects.get_or_create(
        submission_id=key,
        defaults={
            **values,
            "email_norm": normalised_email(submission.email),
            "due_on": due_date(submission.kind),
        },
    )
    if is_new:
        text = consents.current_text(CONSENT, row.locale)
        consents.record(text, subject=(SUBJECT, row.pk), channel=channel)
        audit.note("enquiry_sent", subject=(SUBJECT, row.pk), kind=row.kind)
        _mail(row, CONFIRM, to=row.email, not_before=next_moment(row.email, kinds=(CONFIRM,)))
        if row.is_waiting:
            _mail(row, NOTICE, to="")
    return row


@transaction.atomic
def confirm(row: Enquiry) -> None:
    """Note that the address is right, send the copy, tell the editors. Safe to call twice."""
    locked = _locked(row)
    if locked is None or locked.status != Status.NEW:
        return
    was_waiting = locked.is_waiting
    locked.status, locked.confirmed_at = Status.CONFIRMED, timezone.now()
    _save(locked, "enquiry_confirmed")
    _mail(locked, COPY, to=locked.email)
    if not was_waiting:
        _mail(locked, NOTICE, to="")


@transaction.atomic
def forget(row: Enquiry, *, actor: Any = None) -> None:
    """Delete an enquiry with notes and mails about it; the proof of consent ends with it. Safe to call twice."""
    forget_all([row.pk], actor=actor)


@transaction.atomic
def forget_all(keys: list[int], *, actor: Any = None, system: bool = False) -> int:
    """Delete enquiries with all that hangs on them; return how many."""
    about = [str(key) for key in keys]
    found = list(Enquiry.objects.filter(pk__in=keys).values_list("pk", flat=True))
    for key in found:
        outbox.supersede(subject=(SUBJECT, key))
        audit.note("enquiry_deleted", subject=(SUBJECT, key), actor=actor, system=system)
    ConsentRecord.objects.filter(subject_kind=SUBJECT, subject_id__in=about).delete()
    Enquiry.objects.filter(pk__in=found).delete()
    return len(found)


@transaction.atomic
def plan(row: Enquiry, *, status: str, assignee: Any, due_on: dt.date, actor: Any) -> None:
    """Say who answers until when, and how far it is."""
    locked = _locked(row)
    if locked is None:
        return
    wanted = {"status": status, "assignee": assignee, "due_on": due_on}
    changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, wanted[name])
    if changed:
        _save(locked, "enquiry_planned", actor=actor, fields=changed)


@transaction.atomic
def write_note(row: Enquiry, text: str, *, actor: Any) -> EnquiryNote:
    """Keep a note for the colleagues."""
    note = EnquiryNote.objects.create(enquiry=row, author=actor, text=text)
    audit.note("enquiry_note", subject=(SUBJECT, row.pk), actor=actor)
    return note


@transaction.atomic
def answer(row: Enquiry, *, subject: str, text: str, actor: Any, key: uuid.UUID) -> bool:
    """Answer by mail, replies go to the editor. The same key twice is one answer; return whether this call wrote it."""
    locked = _locked(row)
    dedupe = f"enquiry-answer:{key}"
    if locked is None or outbox.is_known(dedupe):
        return False
    note = EnquiryNote.objects.create(enquiry=locked, author=actor, is_answer=True, subject=subject, text=text)
    payload = {"note": note.pk, "reply_to": actor.email}
    outbox.enqueue(
        ANSWER,
        to=locked.email,
        locale=locked.locale,
        dedupe_key=dedupe,
        subject=(SUBJECT, locked.pk),
        payload=payload,
    )
    locked.status = Status.ANSWERED
    locked.assignee = locked.assignee or actor
    _save(locked, "enquiry_answered", actor=actor)
    return True


def _locked(row: Enquiry) -> Enquiry | None:
    return Enquiry.objects.select_for_update().filter(pk=row.pk).first()


def _save(row: Enquiry, action: str, *, actor: Any = None, **details: Any) -> None:
    row.changed_at = timezone.now()
    row.save()
    audit.note(action, subject=(SUBJECT, row.pk), actor=actor, status=row.status, **details)


def _mail(row: Enquiry, kind: str, *, to: str, not_before: dt.datetime | None = None) -> None:
    """Write one mail about an enquiry; without addressee it goes to those who answer."""
    from home.joining.reminding import office_address

    address = to or office_address(row)
    if address:
        outbox.enqueue(
            kind,
            to=address,
            locale=row.locale if to else "de",
            dedupe_key=f"{kind}:{row.pk}",
            subject=(SUBJECT, row.pk),
            not_before=not_before,
        )
