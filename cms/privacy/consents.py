"""Consent: which text is current, that somebody agreed, that somebody withdrew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from cms.privacy.models import ConsentEvent, ConsentRecord, ConsentText


def ensure_text(key: str, bodies: dict[str, str]) -> None:
    """Make the first version of a text in each language given, and a new one where the words have changed."""
    latest = ConsentText.objects.filter(key=key).order_by("-version")
    version = latest.values_list("version", flat=True).first() or 0
    current = {text.locale: text.body for text in latest.filter(version=version)}
    if current != bodies:
        ConsentText.objects.bulk_create(
            ConsentText(key=key, version=version + 1, locale=locale, body=body) for locale, body in bodies.items()
        )


def current_text(key: str, locale: str) -> ConsentText:
    """Return the newest version in a language. Raises ConsentText.DoesNotExist where there is none."""
    return ConsentText.objects.filter(key=key, locale=locale).order_by("-version")[:1].get()


def record(text: ConsentText, *, subject: tuple[str, object], channel: str) -> ConsentRecord:
    """Note that somebody agreed; the same subject and text twice give the first record back."""
    found, _is_new = ConsentRecord.objects.get_or_create(
        text=text, subject_kind=subject[0], subject_id=str(subject[1]), withdrawn_at=None, defaults={"channel": channel}
    )
    return found


def record_first(texts: Iterable[ConsentText], *, subject: tuple[str, object], channel: str) -> None:
    """Note what somebody agreed to whose record was just made: nothing can be there yet, so nothing is looked up."""
    kind, key = subject[0], str(subject[1])
    ConsentRecord.objects.bulk_create(
        ConsentRecord(text=text, subject_kind=kind, subject_id=key, channel=channel) for text in texts
    )


def withdraw(*, subject: tuple[str, object], key: str) -> int:
    """Note that somebody no longer agrees; return how many consents that ended."""
    open_ones = ConsentRecord.objects.filter(
        subject_kind=subject[0], subject_id=str(subject[1]), text__key=key, withdrawn_at__isnull=True
    )
    return open_ones.update(withdrawn_at=timezone.now())


def note_event(
    event: str,
    *,
    subject: tuple[str, object],
    email_digest: str,
    text: ConsentText | None = None,
    source: str = "",
    mail_id: str = "",
    at: dt.datetime | None = None,
) -> ConsentEvent:
    """Add one step of a consent to its proof, in the transaction of the change."""
    return ConsentEvent.objects.create(
        event=event,
        subject_kind=subject[0],
        subject_id=str(subject[1]),
        email_digest=email_digest,
        text=text,
        source=source[:300],
        mail_id=mail_id,
        at=at or timezone.now(),
    )
