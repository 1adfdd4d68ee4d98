"""Takes in an old list of readers: only with the date and the source of each consent."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from cms.privacy import consents
from home.newsletter.models import BlockedAddress, Subscriber, SubscriberState, address_digest, normalised
from home.newsletter.services.subscribing import SUBJECT

COLUMNS = ("email", "language", "consent_date", "consent_source")
REASONS = {
    BlockedAddress.Reason.UNSUBSCRIBED: "unsubscribed here",
    BlockedAddress.Reason.BOUNCED: "does not work",
    BlockedAddress.Reason.ERASED: "was erased on request",
    BlockedAddress.Reason.BY_HAND: "is blocked",
}


class NoListError(Exception):
    """A file that is no list of readers."""


class Rejected(Exception):  # noqa: N818 - it is a reason, not a fault of the program
    """Why one line is not taken."""


@dataclass(frozen=True)
class Row:
    """One reader of the old list."""

    email: str
    language: str
    consented_at: dt.datetime
    source: str


def take_in(lines: Iterable[str], *, dry_run: bool = False) -> Iterator[tuple[int, str]]:
    """Take in every line that proves a consent; yield (number, "") for each of them and (number, reason) for the others.

    Raises NoListError where the columns are missing. A line that was taken before is taken again without effect.
    """
    rows = _without_mark(lines)
    head = next(rows, "")
    reader = csv.DictReader(itertools.chain([head], rows), delimiter=";" if ";" in head else ",")
    names = [name.strip().lower() for name in reader.fieldnames or []]
    if missing := [name for name in COLUMNS if name not in names]:
        raise NoListError(f"The first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}")
    reader.fieldnames = names
    for cells in reader:
        try:
            row = _row(cells)
            if not dry_run:
                _take(row)
        except Rejected as reason:
            yield reader.line_num, str(reason)
        else:
            yield reader.line_num, ""


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line.removeprefix("\ufeff").replace("\x00", "") if number == 0 else line.replace("\x00", "")


def _row(cells: dict[str, str | None]) -> Row:
    values = {name: (cells.get(name) or "").strip() for name in COLUMNS}
    try:
        validate_email(values["email"])
    except ValidationError as error:
        raise Rejected("no e-mail address") from error
    if values["language"] not in ("de", "en"):
        raise Rejected("language must be de or en")
    if not values["consent_source"]:
        raise Rejected("consent_source is empty: where did this person agree?")
    blocked = BlockedAddress.objects.filter(digest=address_digest(values["email"])).first()
    if blocked is not None:
        raise Rejected(f"the address {REASONS[BlockedAddress.Reason(blocked.reason)]}")
    return Row(values["email"], values["language"], _moment(values["consent_date"]), values["consent_source"])


def _moment(text: str) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError as error:
        raise Rejected("consent_date must look like 2024-05-31") from error
    if day > timezone.localdate():
        raise Rejected("consent_date lies in the future")
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


@transaction.atomic
def _take(row: Row) -> None:
    subscriber, is_new = Subscriber.objects.get_or_create(
        email_norm=normalised(row.email),
        defaults={
            "email": row.email,
            "language": row.language,
            "state": SubscriberState.ACTIVE,
            "created_at": row.consented_at,
            "confirmed_at": row.consented_at,
        },
    )
    if not is_new:
        if subscriber.state != SubscriberState.ACTIVE:
            raise Rejected(f"the address is here already: {subscriber.state}")
        return
    consents.note_event(
        "imported",
        subject=(SUBJECT, subscriber.public_id),
        email_digest=address_digest(row.email),
        source=row.source,
        at=row.consented_at,
    )
