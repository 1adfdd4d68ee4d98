"""What people with bad intentions type: it stays text everywhere, breaks nothing and learns nothing."""

from __future__ import annotations

import email
import email.policy
import json
import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from icalendar import Calendar

from cms.outbox import pump
from cms.outbox.models import OutboxMessage
from cms.privacy import consents
from cms.privacy.models import AuditEntry
from cms.public_forms import Start
from tests.factories import pages as make
from tests.factories.registrations import book, make_bare_run
from tests.factories.smtp import smtp_server
from trainings import links
from trainings.calendars import person_calendar
from trainings.models import Booking, Registration, Run
from trainings.services import registering
from trainings.services.texts import ensure_consent_texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1-1",
    "@SUM(1)",
    "＝1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}{% load i18n %}",
    "%0d%0aBcc: victim@example.org",
    "[Hier klicken](https://evil.example)",
    "https://evil.example/login",
    "\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "Null",
    "O'Brien; DROP TABLE",
    "Ö",
    "</script><script>alert(2)</script>",
    "BEGIN:VEVENT",
    "a,b;c\\n",
    "😀 Zoë",
]


@pytest.fixture
def run() -> Run:
    ensure_consent_texts()
    return make.make_run(make.make_training(make.make_tree()), seats=5)


def typed(**fields: Any) -> dict[str, Any]:
    opened = Start.now()
    return {
        "start": Start(opened.id, opened.opened_at - 60).text,
        "name": "Jo Beispiel",
        "email": "jo@example.org",
        "function": "Jugendpflege",
        "organisation": "Jugendamt",
        "municipality": "Musterhausen",
        "consent": "on",
        **fields,
    }


def post(client: Client, run: Run, **fields: Any) -> Any:
    return client.post(f"/de/anmelden/{run.number}/", typed(**fields))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_typed_stays_text_on_page_in_mail_and_calendar(client: Client, run: Run, text: str, settings) -> None:
    again = post(client, run, name=text, function=text, organisation=text, municipality=text, email="no address")
    shown = again.content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown

    assert post(client, run, name=text, function=text, organisation=text, municipality=text).status_code == 302
    booking = Booking.objects.get()
    registering.confirm(booking)
    with smtp_server(settings) as sink:
        pump.tick()

    assert sink.recipients() == ["jo@example.org"]
    for mail in sink.received:
        assert mail["Bcc"] is None
        assert "\n" not in str(mail["Subject"])
        html = mail.get_body(("html",))
        assert html is not None
        content = html.get_content()
        assert "<script" not in content
        assert "<img" not in content
        assert "evil.example" not in "".join(re.findall(r'href="([^"]*)"', content))
        assert "{{7*7}}" in content or "{{" not in text
    page = client.get(links.manage_url(booking, language="de").removeprefix(django_settings.SITE_URL)).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    parsed = Calendar.from_ical(person_calendar(booking.registrations.get(), run, None, cancels=False))
    assert len(parsed.walk("VEVENT")) == 1
    log = json.dumps(list(AuditEntry.objects.values_list("details", flat=True)))
    assert text not in log


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "A\x00B"},
        {"name": "x" * 1_000_000},
        {"municipality": "y" * 200},
        {"email": "a@b.c\r\nBcc: v@example.org"},
        {"email": "jo@example.org,v@example.org"},
        {"phone": "1" * 41},
        {"seats": "999999"},
        {"pool": "7; DROP"},
        {"start": "forged"},
    ],
)
def test_what_cannot_be_is_refused_in_words_and_never_an_error(
    client: Client, run: Run, fields: dict[str, str]
) -> None:
    answer = post(client, run, **fields)

    assert answer.status_code in (200, 302)
    assert "Bcc" not in "".join(OutboxMessage.objects.values_list("to", flat=True))
    if answer.status_code == 302:
        assert fields.keys() <= {"seats", "pool"}


def test_json_for_search_engines_cannot_be_left(client: Client) -> None:
    page = make.make_training(make.make_tree(), title="Kurs </script><script>alert(1)</script>")
    make.make_run(page, city="</script><b>Stadt", venue='"}],"x":"')

    content = client.get(page.get_url()).content.decode()

    assert "<script>alert(1)" not in content
    assert "</script><b>Stadt" not in content
    for block in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', content, re.DOTALL):
        json.loads(block)


def test_public_calendar_lines_are_folded_and_escaped() -> None:
    run = make_bare_run(city="Übergrößenträger, Süd; Nord\r\nX-EVIL:1 " + "ä" * 80)
    seat = book(run).registrations.get()

    content = person_calendar(seat, run, None, cancels=False)

    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\r\nX-EVIL" not in content
    assert links.token(seat) not in content.decode()


def test_known_and_unknown_addresses_get_the_same_answer_and_no_second_mail(client: Client, run: Run) -> None:
    book(run, email="known@example.org")
    before = OutboxMessage.objects.count()
    known, unknown = post(client, run, email="known@example.org"), post(client, run, email="unknown@example.org")

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert set(known.headers) == set(unknown.headers)
    assert known.content == unknown.content
    new = OutboxMessage.objects.order_by("pk")[before:]
    assert [(row.to, row.kind) for row in new] == [
        ("known@example.org", "registration.already_registered"),
        ("unknown@example.org", "registration.please_confirm"),
    ]
    for _again in range(5):
        post(client, run, email="Known@Example.org")
    assert OutboxMessage.objects.filter(kind="registration.already_registered").count() == 1


def test_interest_and_new_links_tell_nothing_either(client: Client, run: Run) -> None:
    book(run, email="known@example.org")
    consents.ensure_text("interest", {"de": "Ja", "en": "Yes"})
    for path in (f"/de/naechster-termin/{run.offer.translation_key}/", "/de/anmeldung/neuer-link/"):
        answers = [
            client.post(path, {"start": typed()["start"], "email": f"{who}@example.org"}) for who in ("known", "other")
        ]
        texts = [re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()) for answer in answers]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert texts[0].replace("known", "other") == texts[1]


def test_no_token_in_the_log_and_none_to_strangers(client: Client, run: Run, caplog) -> None:
    booking = book(run)
    token = links.token(booking)
    with caplog.at_level(0):
        answer = client.get(links.manage_url(booking, language="de").removeprefix(django_settings.SITE_URL))
        client.get(f"/de/anmeldung/{token}x/")

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers.get("X-Robots-Tag", "") or "noindex" in answer.content.decode()
    assert token not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("cms", "trainings"))
    )


def test_a_name_in_several_spellings_is_one_address(client: Client, run: Run) -> None:
    for address in ("Jo@Example.org", "jo@example.ORG", " jo@example.org "):
        post(client, run, email=address)

    assert Registration.objects.count() == 1


def test_a_mail_with_hostile_headers_is_one_mail(settings) -> None:
    book(make_bare_run(number="x-1"), name="Jo\r\nBcc: v@example.org", confirm=False)

    with smtp_server(settings) as sink:
        pump.tick()

    parsed = email.message_from_bytes(bytes(sink.received[0]), policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert len(sink.received) == 1
