"""Interest in the next date of an offer: double opt-in, one mail when there is a date, end at any time."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.outbox import services as outbox
from cms.privacy import consents
from trainings.models import Interest, Offer, Run, normalised_email
from trainings.notifications import next_moment

SALT = "trainings.interest"
HEAD_START = dt.timedelta(hours=24)
SUBJECT = "trainings.interest"


def token(row: Interest) -> str:
    """Return the signed token of a row."""
    return signing.Signer(salt=SALT, sep="~").sign(row.public_id.hex)


def find(text: str) -> Interest | None:
    """Return the row behind a token, None for a forged or ended one."""
    try:
        key = signing.Signer(salt=SALT, sep="~").unsign(text)
    except signing.BadSignature:
        return None
    return Interest.objects.filter(public_id=key).select_related("offer").first()


@transaction.atomic
def ask(offer: Offer, *, email: str, locale: str) -> Interest:
    """Note an address and ask it to confirm; somebody who is on the list already gets no second mail."""
    row, is_new = Interest.objects.get_or_create(
        offer=offer, email_norm=normalised_email(email), defaults={"email": email.strip(), "locale": locale}
    )
    if is_new:
        consents.record(
            consents.current_text("interest", locale), subject=(SUBJECT, row.pk), channel="form of the next date"
        )
        outbox.enqueue(
            "interest.confirm",
            to=row.email,
            locale=locale,
            dedupe_key=f"interest:{row.pk}",
            subject=(SUBJECT, row.pk),
            not_before=next_moment(row.email),
        )
    return row


def confirm(row: Interest) -> None:
    """Note the confirmation. Safe to call twice."""
    Interest.objects.filter(pk=row.pk, confirmed_at__isnull=True).update(confirmed_at=timezone.now())


@transaction.atomic
def end(row: Interest) -> None:
    """Forget an address. Safe to call twice."""
    consents.withdraw(subject=(SUBJECT, row.pk), key="interest")
    Interest.objects.filter(pk=row.pk).delete()


@transaction.atomic
def announce(run: Run) -> int:
    """Tell everybody who waits for a date of this offer, once a run; return how many."""
    rows = Interest.objects.filter(offer=run.offer, confirmed_at__isnull=False).exclude(told_of=run)
    for row in rows:
        outbox.enqueue(
            "interest.new_date",
            to=row.email,
            locale=row.locale,
            dedupe_key=f"interest:{row.pk}:{run.pk}",
            subject=(SUBJECT, row.pk),
            payload={"run": run.pk},
        )
    count = rows.count()
    rows.update(told_of=run)
    return count


def has_head_start(run: Run, text: str) -> bool:
    """Return whether a token belongs to somebody who waited for a date of this run's offer."""
    row = find(text)
    return row is not None and row.offer_id == run.offer_id and row.confirmed_at is not None


def runs_to_announce() -> list[Run]:
    """Return published runs with dates still to come, whose offer somebody waits for.

    Who waited hears of it a day before registration opens for everybody, and may register from then on.
    """
    now = timezone.now()
    is_time = Q(opens_at__isnull=True) | Q(opens_at__lte=now + HEAD_START)
    runs = Run.objects.published().filter(is_time, starts_at__gt=now, cancelled_at__isnull=True)
    waiting = runs.filter(offer__interests__confirmed_at__isnull=False).exclude(admission="interest").distinct()
    return [run for run in waiting if run.offer.interests.exclude(told_of=run).exists()]
