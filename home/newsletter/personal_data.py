"""What the Infobrief keeps of people, for how long, and how one person is found, handed out and erased."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from cms.outbox.models import OutboxMessage
from cms.privacy import registry
from cms.privacy.models import ConsentEvent
from home.newsletter.models import Delivery, Subscriber, SubscriberState, address_digest, normalised
from home.newsletter.services.subscribing import SUBJECT, forget

STEPS_OF_CONSENT = {
    "asked": _("signed up, asked to confirm"),
    "confirmed": _("confirmed"),
    "changed": _("settings changed"),
    "list_left": _("one of two lists ended"),
    "unsubscribed": _("unsubscribed"),
    "new_address_asked": _("new address, asked to confirm"),
    "address_changed": _("new address confirmed"),
    "bounced": _("address did not work"),
    "blocked": _("blocked by hand"),
    "imported": _("taken in from a list"),
    "deleted": _("deleted"),
}
ENDED = (SubscriberState.UNSUBSCRIBED, SubscriberState.BOUNCED)


def connect() -> None:
    """Register retention, export and erasure."""
    rules = (
        ("infobrief_unconfirmed", 8, purge_unconfirmed, _("Infobrief: sign-ups that nobody confirmed")),
        ("infobrief_ended", 30, purge_ended, _("Infobrief: readers who left (the digest of the address stays)")),
        ("infobrief_deliveries", 365, purge_deliveries, _("Infobrief: who got which issue")),
        ("infobrief_proof", 1095, purge_proof, _("Infobrief: proof of consent after somebody left")),
    )
    for key, days, purge, label in rules:
        registry.register_rule(registry.RetentionRule(key=key, label=label, days=days, purge=purge))
    registry.register_holder(registry.DataHolder(key="infobrief", label=_("Infobrief"), export=export, erase=erase))


def purge_unconfirmed(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete sign-ups that were never confirmed, with their proof: nobody has agreed to anything."""
    due = Subscriber.objects.filter(state=SubscriberState.PENDING, asked_at__lt=before)
    count = due.count()
    if count and not dry_run:
        _events(due).delete()
        about = [str(pk) for pk in due.values_list("pk", flat=True)]
        OutboxMessage.objects.filter(subject_kind=SUBJECT, subject_id__in=about).delete()
        due.delete()
    return count


def _events(rows: Any) -> Any:
    return ConsentEvent.objects.filter(
        subject_kind=SUBJECT, subject_id__in=[str(key) for key in rows.values_list("public_id", flat=True)]
    )


def purge_ended(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete readers who left; the digest stays on the block list and the proof has a rule of its own."""
    due = Subscriber.objects.filter(state__in=ENDED, ended_at__lt=before)
    return due.count() if dry_run else due.delete()[1].get("newsletter.Subscriber", 0)


def purge_deliveries(before: dt.datetime, *, dry_run: bool) -> int:
    """Forget who got which mailing; the counts stay."""
    due = Delivery.objects.filter(mailing__finished_at__lt=before).exclude(subscriber=None, domain="")
    return due.count() if dry_run else due.update(subscriber=None, domain="", pages=[])


def purge_proof(before: dt.datetime, *, dry_run: bool) -> int:
    """Delete the proof of consents that ended before a moment."""
    events = ConsentEvent.objects.filter(subject_kind=SUBJECT)
    old = events.order_by().values("subject_id").annotate(last=Max("at")).filter(last__lt=before)
    living = {str(key) for key in Subscriber.objects.values_list("public_id", flat=True)}
    gone = [row["subject_id"] for row in old if row["subject_id"] not in living]
    due = events.filter(subject_id__in=gone)
    return due.count() if dry_run else due.delete()[0]


def export(email: str) -> list[dict[str, Any]]:
    """Return the reader with this address, and the steps of consents of somebody who left."""
    row = Subscriber.objects.filter(email_norm=normalised(email)).first()
    if row is not None:
        return [describe(row)]
    events = ConsentEvent.objects.filter(subject_kind=SUBJECT, email_digest=address_digest(email))
    return [{"kind": "consent", **_event(event)} for event in events.select_related("text")]


def erase(email: str) -> int:
    """Delete the reader; only digests stay."""
    rows = list(Subscriber.objects.filter(Q(email_norm=normalised(email))))
    for row in rows:
        forget(row)
    asked = Subscriber.objects.filter(new_email__iexact=email.strip())
    return len(rows) + asked.update(new_email="")


def describe(row: Subscriber) -> dict[str, Any]:
    """Return everything stored of a reader, with the proof of consent."""
    return {
        "kind": "reader",
        "email": row.email,
        "language": row.language,
        "status": str(row.get_state_display()),
        "gets_issues": row.wants_issues,
        "gets_alerts": row.wants_alerts,
        "steps": [str(step) for step in row.steps.all()],
        "topics": [topic.label for topic in row.topics.all()],
        "paused_until": row.paused_until,
        "new_email": row.new_email,
        "signed_up": row.created_at,
        "confirmed": row.confirmed_at,
        "consent": [_event(event) for event in proof(row)],
        "mails": [
            {"mailing": str(one.mailing), "sent": one.message.accepted_at if one.message else None}
            for one in row.deliveries.select_related("mailing", "message").order_by("pk")
        ],
        "bounces": [
            {"at": one.at, "kind": str(one.get_kind_display()), "status": one.status} for one in row.bounces.all()
        ],
    }


def proof(row: Subscriber) -> list[ConsentEvent]:
    """Return every step of a reader's consent, the first first."""
    events = ConsentEvent.objects.filter(subject_kind=SUBJECT, subject_id=str(row.public_id))
    return list(events.select_related("text").order_by("pk"))


def _event(event: ConsentEvent) -> dict[str, Any]:
    return {
        "step": event.event,
        "at": event.at,
        "source": event.source,
        "mail": event.mail_id,
        "text_version": str(event.text) if event.text else "",
        "text": event.text.body if event.text else "",
    }
