"""Every kind of mail in both languages, as it reads: committed files, so that a change of words is seen in the review.

Renew them after a wanted change: `GOLDEN=write .venv/bin/python -m pytest tests/trainings/proof/test_golden.py`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cms.outbox import kinds, transport
from cms.outbox.models import OutboxMessage
from cms.privacy import consents
from tests.factories.registrations import book, make_bare_run
from trainings import mails
from trainings.models import Booking, Run, Session
from trainings.services import interests, running

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[1] / "golden"
WRITES = os.environ.get("GOLDEN") == "write"
BERLIN = ZoneInfo("Europe/Berlin")
TODAY = dt.datetime(2027, 2, 1, 9, 0, tzinfo=BERLIN)
NOTICES = ("new_registration", "cancel_requested", "decide")
KINDS = [f"registration.{name}" for name in sorted(mails.LABELS)]
KINDS += ["registration.bulk"]
KINDS += ["interest.confirm", "interest.new_date", *(f"run.organiser-{what}" for what in NOTICES)]


def the_run() -> Run:
    run = make_bare_run(
        number="2027-014", venue="Altes Rathaus", street="Am Markt 1", postal_code="12345", city="Musterstadt",
        cancel_until=dt.datetime(2027, 2, 20, 23, 59, tzinfo=BERLIN), names_due=dt.datetime(2027, 2, 25, 12, tzinfo=BERLIN),
        decide_by=dt.datetime(2027, 2, 15, 12, tzinfo=BERLIN), closes_at=dt.datetime(2027, 2, 10, 23, 59, tzinfo=BERLIN),
    )  # fmt: skip
    start = dt.datetime(2027, 3, 3, 9, 30, tzinfo=BERLIN)
    Session.objects.filter(run=run).update(
        starts_at=start, ends_at=start + dt.timedelta(hours=7), ical_uid=uuid.UUID(int=7)
    )
    running.refresh_dates(run.pk)
    type(run.offer).objects.filter(pk=run.offer_id).update(translation_key=uuid.UUID(int=9))
    return Run.objects.select_related("offer").get(pk=run.pk)


def message(name: str, run: Run, booking: Booking, **payload: Any) -> OutboxMessage:
    """Return what the outbox would hold for one kind of mail."""
    kind, _dash, what = name.partition("-")
    rows = list(booking.registrations.order_by("pk"))
    full = {"registrations": [row.pk for row in rows], "offers": [row.offer_number for row in rows], "states": None}
    found = OutboxMessage(kind=kind, to="jo@example.org", locale=booking.locale, dedupe_key=name)
    letter = {"subject": "Raum geändert", "text": "Wir tagen in *Raum 2*.\nPlan: https://kgi.example/plan.\n\nBis bald"}
    found.payload = {
        **full,
        **letter,
        "registration": rows[0].pk,
        "bookings": [booking.pk],
        "free": 2,
        "days": 7,
        "what": what,
        "run": run.pk,
        **payload,
    }
    if kind == "run.organiser":
        found.subject_id = str(run.pk)
    elif kind.startswith("interest."):
        found.subject_id = str(interests.ask(run.offer, email="jo@example.org", locale=booking.locale).pk)
    return found


STATES = {
    "please_confirm": "unverified", "waiting": "waiting", "reserved": "waiting", "group_skipped": "waiting",
    "applied": "applied", "offered": "offered", "offered_to_all": "offered_open", "lapsed": "lapsed",
    "withdrawn": "withdrawn", "cancelled": "cancelled", "removed": "removed", "rejected": "rejected",
    "run_cancelled": "run_cancelled", "evaluation": "attended",
}  # fmt: skip


def readable(text: str) -> str:
    """Return a mail with its signed links and random ids named, not shown."""
    text = re.sub(r"[bri][\w-]{20,24}\.\d+~[\w~-]+|[0-9a-f]{32}~[\w~-]+", "TOKEN", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    return re.sub(r"(/(?:runs?|dashboard|durchfuehrung)[\w/-]*/)\d+/", r"\1N/", text)


def written(name: str, locale: str, *, group: bool) -> str:
    """Render one kind of mail as one text: subject, files, body."""
    consents.ensure_text("interest", {"de": "Ja", "en": "Yes"})
    with time_machine.travel(TODAY, tick=False):
        run = the_run()
        people = ["Ada", ""] if group else []
        booking = book(run, *people, locale=locale, name="Jo Beispiel", email="jo@example.org")
        booking.registrations.filter(email="jo@example.org").update(name="Jo Beispiel")
        state = STATES.get(name.removeprefix("registration."), "confirmed")
        booking.registrations.update(reason="Programm", state=state, waiting_since=TODAY)
        mail = transport.render(kinds.find(name.partition("-")[0]), message(name, run, booking))
    files = "".join(f"[{file.name}, {file.content_type}]\n" for file in mail.attachments)
    return readable(f"{mail.subject}\n{'=' * len(mail.subject)}\n{files}\n{mail.text}")


@pytest.mark.parametrize("group", [False, True], ids=["one", "group"])
@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_every_mail_reads_as_it_was_agreed(name: str, locale: str, group: bool) -> None:
    if group and not name.startswith("registration."):
        return
    file = FOLDER / f"{name}.{'group.' if group else ''}{locale}.txt"

    text = written(name, locale, group=group)

    if WRITES:
        file.write_text(text)
    assert file.exists(), "A new kind of mail: write its golden file with GOLDEN=write, and read it"
    assert text == file.read_text()


def test_no_golden_file_is_left_over() -> None:
    names = {f"{name}.{locale}" for name in KINDS for locale in ("de", "en")}
    groups = {f"{name}.group.{locale}" for name in KINDS for locale in ("de", "en") if name.startswith("registration.")}

    assert {file.stem for file in FOLDER.glob("*.txt")} == names | groups


def test_no_kind_of_mail_was_forgotten() -> None:
    registered = {
        kind.name for kind in kinds.registered() if kind.name.startswith(("registration.", "run.", "interest."))
    }

    assert registered == {name.partition("-")[0] for name in KINDS}


def test_golden_mails_have_no_gap() -> None:
    for file in FOLDER.glob("*.txt"):
        for broken in ("None", "{{", "{%", "%(", "\\", "  \n\n\n"):
            assert broken not in file.read_text(), file.name
