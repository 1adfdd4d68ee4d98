"""Signing up, confirming, changing, leaving: as readers, mail scanners and strangers do it."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms.outbox import kinds, transport
from cms.outbox.models import OutboxMessage
from cms.privacy.models import ConsentEvent
from cms.public_forms import Start
from home.newsletter import links
from home.newsletter.models import BlockedAddress, Subscriber
from home.newsletter.services import bounces, subscribing
from home.newsletter.services.texts import ensure_consent_texts
from tests.factories import pages as make
from tests.factories.newsletter import make_reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
FORMS = {"de": "/de/infobrief/anmelden/", "en": "/en/infobrief/subscribe/"}


def typed(**fields: Any) -> dict[str, Any]:
    opened = Start.now()
    start = Start(opened.id, opened.opened_at - 60).text
    return {"email": "ada@example.org", "language": "de", "wanted": ["issues"], "start": start, **fields}


def send(client: Client, form: str = "de", **fields: Any) -> Any:
    ensure_consent_texts()
    return client.post(FORMS[form], typed(**fields))


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind__startswith="infobrief.").order_by("pk"))


def link_in(message: OutboxMessage) -> str:
    mail = transport.render(kinds.find(message.kind), message)
    found = re.search(r"https://kgi\.example(/\S+~\S+)", mail.text)
    assert found
    return found[1]


def reader(email: str = "ada@example.org") -> Subscriber:
    return Subscriber.objects.get(email_norm=email)


@pytest.mark.parametrize("language", ["de", "en"])
def test_sign_up_confirm_and_the_proof_of_it(client: Client, language: str) -> None:
    ensure_consent_texts()
    assert client.get(FORMS[language]).status_code == 200

    answer = send(client, language, language=language)

    assert (answer.status_code, reader().state) == (302, "pending")
    address = link_in(mails()[0])
    assert address.startswith(f"/{language}/infobrief/")
    shown = client.get(address)
    assert (shown.status_code, reader().state) == (200, "pending")
    assert client.post(address, {"csrfmiddlewaretoken": ""}).status_code == 200
    assert (reader().state, reader().language) == ("active", language)
    steps = ConsentEvent.objects.order_by("pk")
    assert [step.event for step in steps] == ["asked", "confirmed"]
    first = steps[0]
    assert first.text is not None
    assert (first.text.locale, first.text.version) == (language, 1)
    assert first.source == f"http://testserver{FORMS[language]}"
    assert first.mail_id == transport.message_id(mails()[0].dedupe_key)


def test_scanners_that_open_every_link_change_nothing(client: Client) -> None:
    row = make_reader(wants_alerts=True, steps=[make.step()])
    pending = make_reader(confirmed=False)
    subscribing.ask_new_address(row, "new@example.org", key="1", source="")
    row.refresh_from_db()
    addresses = [
        f"/de/infobrief/bestaetigen/{links.confirm_token(pending)}/",
        f"/de/infobrief/neue-adresse/{links.move_token(row)}/",
        f"/de/infobrief/einstellungen/{links.manage_token(row)}/",
        f"/de/infobrief/einstellungen/{links.manage_token(row)}/adresse/",
        f"/de/infobrief/einstellungen/{links.manage_token(row)}/daten.json",
        f"/de/infobrief/einstellungen/{links.manage_token(row)}/loeschen/",
        f"/de/infobrief/abmelden/{links.leave_token(row)}/",
    ]
    before = (
        list(Subscriber.objects.order_by("pk").values()),
        ConsentEvent.objects.count(),
        OutboxMessage.objects.count(),
    )

    answers = [getattr(client, way)(address).status_code for address in addresses for way in ("get", "head")]

    assert answers == [200] * 14
    after = (
        list(Subscriber.objects.order_by("pk").values()),
        ConsentEvent.objects.count(),
        OutboxMessage.objects.count(),
    )
    assert after == before


def test_nobody_learns_whether_an_address_is_known(client: Client) -> None:
    make_reader(email="known@example.org")
    bounces.block_by_hand(make_reader(email="blocked@example.org"), actor=None)
    answers = []
    for email in ("known@example.org", "blocked@example.org", "stranger@example.org"):
        answer = send(client, email=email)
        answers.append((answer.status_code, answer.url, client.get(answer.url).content))
        link = client.post("/de/infobrief/link/", typed(email=email))
        answers.append((link.status_code, "", re.sub(rb'value="[^"]+"|website-\w+', b"", link.content)))

    assert answers[0] == answers[2] == answers[4]
    assert answers[1] == answers[3] == answers[5]
    told = [(mail.kind, mail.to) for mail in mails()]
    assert told == [
        ("infobrief.already", "known@example.org"),
        ("infobrief.link", "known@example.org"),
        ("infobrief.confirm", "stranger@example.org"),
    ]


def test_a_stranger_cannot_change_what_a_reader_gets(client: Client) -> None:
    row = make_reader(email="ada@example.org")

    send(client, "en", language="en", wanted=["alerts"], steps=[make.step().pk])

    row.refresh_from_db()
    assert (row.state, row.language, row.wants_alerts, row.steps.count()) == ("active", "de", False, 0)


def test_a_confirmation_link_works_once_and_seven_days(client: Client) -> None:
    row = make_reader(confirmed=False)
    address = f"/de/infobrief/bestaetigen/{links.confirm_token(row)}/"
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        late = client.post(address)
    client.post(address)
    leave = f"/de/infobrief/abmelden/{links.leave_token(row)}/"
    client.post(leave)

    again = client.post(address)

    assert (late.status_code, again.status_code) == (404, 404)
    assert Subscriber.objects.get(pk=row.pk).state == "unsubscribed"


def test_one_click_needs_neither_cookie_nor_token_nor_redirect() -> None:
    row = make_reader()
    machine = Client(enforce_csrf_checks=True)

    answer = machine.post(
        f"/de/infobrief/abmelden/{links.leave_token(row)}/",
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    row.refresh_from_db()
    assert row.state == "unsubscribed"
    assert BlockedAddress.objects.get().reason == "unsubscribed"


def test_leaving_one_of_two_lists_keeps_the_other(client: Client) -> None:
    row = make_reader(wants_alerts=True, topics=[], steps=[])

    client.post(f"/de/infobrief/abmelden/{links.leave_token(row, what=links.ALERTS)}/")
    row.refresh_from_db()
    first = (row.state, row.wants_issues, row.wants_alerts)
    client.post(f"/de/infobrief/abmelden/{links.leave_token(row, what=links.ALERTS)}/", {"all": "1"})
    row.refresh_from_db()

    assert first == ("active", True, False)
    assert row.state == "unsubscribed"


def test_somebody_who_left_can_come_back(client: Client) -> None:
    row = make_reader(email="ada@example.org")
    subscribing.leave(row, source="")

    send(client)
    client.post(link_in(mails()[-1]))

    row.refresh_from_db()
    assert row.state == "active"
    assert not BlockedAddress.objects.exists()
    events = [event.event for event in ConsentEvent.objects.order_by("pk")]
    assert events == ["asked", "confirmed", "unsubscribed", "asked", "confirmed"]


def test_settings_are_saved_and_wanting_nothing_is_leaving(client: Client) -> None:
    make.make_tree()
    row = make_reader()
    address = f"/de/infobrief/einstellungen/{links.manage_token(row)}/"

    client.post(address, typed(language="en", wanted=["issues", "alerts"], steps=[make.step("plan").pk], pause="3"))
    row.refresh_from_db()
    saved = (row.language, row.wants_alerts, [step.code for step in row.steps.all()], row.is_reachable)
    client.post(address, typed(wanted=[], pause="0"))
    row.refresh_from_db()

    assert saved == ("en", True, ["plan"], False)
    assert row.state == "unsubscribed"


def test_news_on_topics_need_a_topic(client: Client) -> None:
    answer = send(client, wanted=["alerts"])

    assert answer.status_code == 200
    assert "Wählen Sie mindestens einen Schritt oder ein Thema." in answer.content.decode()
    assert 'value="ada@example.org"' in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_a_new_address_counts_once_it_has_confirmed(client: Client) -> None:
    row = make_reader(email="ada@example.org")
    old_link = f"/de/infobrief/einstellungen/{links.manage_token(row)}/"
    client.post(f"{old_link}adresse/", typed(email="Grace@Example.org"))
    before = reader().email
    address = link_in(mails()[-1])

    client.post(address)

    row.refresh_from_db()
    assert (before, mails()[-1].to, row.email_norm) == ("ada@example.org", "Grace@Example.org", "grace@example.org")
    assert client.get(old_link).status_code == 404
    assert client.post(address).status_code == 404


def test_the_link_of_an_earlier_new_address_confirms_no_later_one(client: Client) -> None:
    row = make_reader()
    subscribing.ask_new_address(row, "first@example.org", key="1", source="")
    row.refresh_from_db()
    first = f"/de/infobrief/neue-adresse/{links.move_token(row)}/"
    subscribing.ask_new_address(row, "second@example.org", key="2", source="")

    assert client.post(first).status_code == 404


def test_my_data_shows_everything_and_can_be_deleted(client: Client) -> None:
    row = make_reader(email="ada@example.org")
    base = f"/de/infobrief/einstellungen/{links.manage_token(row)}/"

    data = json.loads(client.get(f"{base}daten.json").content)["data"]
    client.post(f"{base}loeschen/", typed(sure="on"))

    assert (data["email"], [step["step"] for step in data["consent"]]) == ("ada@example.org", ["asked", "confirmed"])
    assert data["consent"][0]["text_version"] == "infobrief 1 (de)"
    assert not Subscriber.objects.exists()
    assert BlockedAddress.objects.get().reason == "erased"


def test_more_than_three_mails_an_hour_go_to_no_address(client: Client) -> None:
    for _number in range(6):
        send(client)

    assert len(mails()) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "kein@"}, {"email": "a\x00b@example.org"}, {"email": "<script>@example.org"}, {"language": "fr"},
        {"steps": ["9999"]}, {"steps": ["' OR 1=1"]}, {"topics": ["\x00"]}, {"wanted": ["everything"]},
        {"email": "x" * 300 + "@example.org"}, {"email": "a@example.org\nBcc: b@example.org"}, {"start": "forged"},
    ],
)  # fmt: skip
def test_nonsense_is_an_error_at_the_field_and_no_crash(client: Client, fields: dict[str, Any]) -> None:
    answer = send(client, **fields)

    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("token", ["x", "a.b~c~d", "%00~x~y", "AAAAAAAAAAAAAAAAAAAAAA.1~1tX2y3~zz", "ä~ö~ü"])
def test_forged_links_lead_to_the_same_neutral_page(client: Client, token: str) -> None:
    make_reader()
    for name in ("bestaetigen", "neue-adresse", "einstellungen", "abmelden"):
        answer = client.get(f"/de/infobrief/{name}/{token}/")

        assert answer.status_code == 404
        assert "Dieser Link funktioniert nicht" in answer.content.decode()


def test_a_link_serves_only_its_own_purpose(client: Client) -> None:
    row = make_reader()

    answers = [client.get(f"/de/infobrief/einstellungen/{token}/").status_code for token in (
        links.leave_token(row), links.confirm_token(row), links.manage_token(row)
    )]  # fmt: skip

    assert answers == [404, 404, 200]


def test_the_form_can_be_opened_for_a_step(client: Client) -> None:
    make.make_tree()
    answer = client.get("/de/infobrief/anmelden/?step=plan&topic=rural")

    form = answer.context["form"]
    assert (form.initial["wanted"], [step.code for step in form.initial["steps"]]) == (["alerts"], ["plan"])
    assert client.get("/de/infobrief/anmelden/?step=%00&topic='").status_code == 200
