"""Mail that came back, from sample reports of several mail servers; and old lists, taken in only with proof."""

from __future__ import annotations

import datetime as dt
import mailbox
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from cms.outbox.transport import message_id
from home.newsletter import links
from home.newsletter.models import Bounce, Delivery, Subscriber
from home.newsletter.services import bounces, sending, subscribing
from home.newsletter.services.importing import take_in
from tests.factories.newsletter import make_reader, make_running_mailing

pytestmark = pytest.mark.django_db
REPORTS = Path(__file__).resolve().parent / "reports"


@pytest.fixture
def delivery(settings) -> Delivery:
    settings.BOUNCE_ADDRESS = "bounces@kgi.example"
    make_reader(email="ada@example.org")
    mailing = make_running_mailing()
    sending.feed(mailing)
    return mailing.deliveries.get()


def written(folder: Path, delivery: Delivery, *names: str) -> Path:
    """Write sample reports about one delivery into a folder."""
    assert delivery.subscriber is not None
    assert delivery.message is not None
    for name in names:
        text = (REPORTS / f"{name}.eml").read_text().replace("DELIVERY", str(delivery.pk))
        text = text.replace("RECIPIENT", delivery.subscriber.email).replace(
            "TOKEN", links.leave_token(delivery.subscriber)
        )
        text = text.replace("IDENTITY", message_id(delivery.message.dedupe_key))
        (folder / f"{name}.eml").write_text(text)
    return folder


def state() -> str:
    return str(Subscriber.objects.get(email_norm="ada@example.org").state)


@pytest.mark.parametrize("name", ["hard_by_address", "hard_by_header", "hard_by_identity"])
def test_one_report_for_good_ends_the_address_however_it_names_the_mail(tmp_path, delivery, name):
    call_command("read_bounces", written(tmp_path, delivery, name))

    assert state() == "bounced"
    found = Bounce.objects.get()
    assert (found.kind, found.status[:3], found.delivery, found.source) == ("hard", "5.1", delivery, "mailbox")


@pytest.mark.parametrize("name", ["delayed", "foreign", "absence", "person", "broken"])
def test_delays_absence_notes_people_and_nonsense_change_nothing(tmp_path, delivery, name):
    call_command("read_bounces", written(tmp_path, delivery, name))

    assert (state(), Bounce.objects.count()) == ("active", 0)


def test_a_full_mailbox_is_not_for_good_and_the_same_report_counts_once(tmp_path, delivery, capsys):
    folder = written(tmp_path, delivery, "soft_full", "soft_filter")

    for _reading in range(3):
        call_command("read_bounces", folder)

    assert (state(), Bounce.objects.filter(kind="soft").count()) == ("active", 2)
    assert capsys.readouterr().out.splitlines()[:2] == ["soft bounce: 2", "2 mails read."]


@pytest.mark.parametrize(("days", "wanted"), [(40, "bounced"), (46, "active")])
def test_three_for_now_within_ninety_days_end_the_address(delivery, days, wanted):
    row = Subscriber.objects.get()
    start = timezone.now()
    for number in range(3):
        with time_machine.travel(start + dt.timedelta(days=days * number), tick=False):
            bounces.note_bounce(row, kind="soft", source="admin")

    assert state() == wanted


def test_a_wish_to_unsubscribe_by_mail_is_granted(tmp_path, delivery):
    call_command("read_bounces", written(tmp_path, delivery, "unsubscribe"))

    assert state() == "unsubscribed"


def test_maildir_and_mbox_are_read_like_a_folder(tmp_path, delivery):
    sample = (written(tmp_path, delivery, "soft_full") / "soft_full.eml").read_bytes()
    maildir, mbox = mailbox.Maildir(str(tmp_path / "maildir")), mailbox.mbox(str(tmp_path / "box"))
    maildir.add(sample)
    mbox.add(sample.replace(b"soft_full@", b"another@"))
    mbox.close()

    call_command("read_bounces", tmp_path / "maildir")
    call_command("read_bounces", tmp_path / "box")

    assert Bounce.objects.count() == 2


def test_a_source_that_is_not_there_is_told(tmp_path, settings):
    sources = {
        "": "set BOUNCE_MAILBOX",
        str(tmp_path / "x"): "There is no file",
        "imap://u:p@127.0.0.1:1/": "cannot be reached",
    }
    for source, words in sources.items():
        with pytest.raises(CommandError, match=words):
            call_command("read_bounces", source)


def lines(*rows: str, head: str = "email,language,consent_date,consent_source") -> list[str]:
    return [f"{row}\n" for row in (head, *rows)]


def test_only_lines_with_proof_are_taken_in():
    subscribing.leave(make_reader(email="left@example.org"), source="")
    make_reader(confirmed=False, email="waiting@example.org")

    found = list(
        take_in(
            lines(
                "ada@example.org,de,2021-05-31,Formular auf kgi.example",
                "grace@example.org,fr,2021-05-31,Formular",
                "kein@,de,2021-05-31,Formular",
                "b@example.org,de,,Formular",
                "c@example.org,de,31.05.2021,Formular",
                "d@example.org,de,2999-01-01,Formular",
                "e@example.org,de,2021-05-31,",
                "LEFT@example.org,de,2021-05-31,Formular",
                "waiting@example.org,de,2021-05-31,Formular",
                "f@example.org",
            )
        )
    )

    assert [number for number, reason in found if not reason] == [2]
    assert [reason.split(":")[0] for _number, reason in found[1:]] == [
        "language must be de or en",
        "no e-mail address",
        "consent_date must look like 2024-05-31",
        "consent_date must look like 2024-05-31",
        "consent_date lies in the future",
        "consent_source is empty",
        "the address unsubscribed here",
        "the address is here already",
        "language must be de or en",
    ]
    row = Subscriber.objects.get(email_norm="ada@example.org")
    assert row.confirmed_at is not None
    assert (row.state, timezone.localdate(row.confirmed_at)) == ("active", dt.date(2021, 5, 31))


def test_the_command_names_line_and_reason_and_can_be_repeated(tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_text(
        "\ufeffE-Mail;email;language;consent_date;consent_source\nx;ada@example.org;de;2021-05-31;Messe\ny;;de;2021-05-31;Messe\n"
    )

    for arguments in (["--dry-run"], [], []):
        call_command("import_subscribers", str(file), *arguments)

    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "1 readers would be taken in, 1 lines rejected.",
        "1 readers taken in, 1 lines rejected.",
        "1 readers taken in, 1 lines rejected.",
    ]
    assert told.err.splitlines() == ["line 3: no e-mail address"] * 3
    assert Subscriber.objects.count() == 1


def test_a_file_without_the_columns_is_refused(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("email,name\na@example.org,A\n")

    with pytest.raises(CommandError, match="missing: language, consent_date, consent_source"):
        call_command("import_subscribers", str(file))
