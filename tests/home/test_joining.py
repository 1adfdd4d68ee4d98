"""Asking and joining as visitors do it: both languages, nothing lost, nothing leaked, GET changes nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.outbox import kinds, transport
from cms.outbox.models import OutboxMessage
from cms.privacy import services as privacy
from cms.privacy.models import AuditEntry, ConsentRecord
from home.joining import links, reminding, services
from home.joining.models import Enquiry, EnquiryNote
from tests.factories import pages as make
from tests.factories.enquiries import asked, joined, make_enquiry, start
from tests.home.test_blocks import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
ASK, BARRIER, JOIN = "/de/fragen/", "/de/fragen/barriere/", "/de/fragen/mitmachen/"


@pytest.fixture(autouse=True)
def _office(planted: None) -> None:
    from cms.models import SiteSettings

    site = SiteSettings.load()
    site.contact_email = "office@kgi.example"
    site.save()


def kinds_to(address: str) -> list[str]:
    return list(OutboxMessage.objects.filter(to=address).order_by("pk").values_list("kind", flat=True))


def path_of(url: str) -> str:
    return re.sub(r"^https://[^/]+", "", url)


@pytest.mark.parametrize(("address", "locale"), [(ASK, "de"), ("/en/ask/", "en")])
def test_question_arrives_with_its_page_and_counts_when_confirmed(client: Client, address: str, locale: str) -> None:
    page = make.make_practice(make.make_tree())

    assert page.title.encode() in client.get(f"{address}?page={page.pk}").content
    answer = client.post(f"{address}?page={page.pk}", asked())

    assert answer.headers["Location"].startswith(address)
    row = Enquiry.objects.get()
    facts = (row.kind, row.status, row.locale, row.page_id, row.step, row.municipality_text)
    assert facts == ("ask", "new", locale, page.pk, "allies", "Musterhausen")
    assert not Enquiry.objects.waiting().exists()
    confirm = path_of(links.confirm_url(row))
    for _scan in range(2):
        client.get(confirm)
        client.head(confirm)
    assert Enquiry.objects.get().status == "new"
    for _click in range(2):
        assert client.post(confirm, {"confirm": "1"}).status_code == 200
    assert Enquiry.objects.waiting().get().status == "confirmed"
    assert kinds_to("jo@example.org") == ["enquiry.confirm", "enquiry.copy"]
    assert kinds_to("office@kgi.example") == ["enquiry.notice"]
    assert ConsentRecord.objects.get(subject_kind=services.SUBJECT).text.locale == locale


def test_a_page_that_not_everybody_sees_is_not_named(client: Client) -> None:
    secret = make.make_practice(make.make_tree(), title="Streng geheim")
    secret.unpublish()

    for key in (secret.pk, "99999999999999999999", "x", "-1"):
        answer = client.get(f"{ASK}?page={key}")
        assert answer.status_code == 200
        assert b"Streng geheim" not in answer.content


@pytest.mark.parametrize(
    ("fields", "anchor", "sentence"),
    [
        ({"message": ""}, "id_message", "Bitte füllen Sie „Worum geht es?“ aus."),
        ({"email": "jo@"}, "id_email", "Bitte gültige E-Mail-Adresse eingeben."),
        ({"consent": ""}, "id_consent", "Ohne diese Einwilligung können wir Ihnen nicht antworten."),
        ({"kind": "barrier"}, "id_kind", "barrier"),
    ],
)
def test_a_mistake_is_told_at_the_field_and_nothing_is_lost(client, fields, anchor, sentence):
    html = client.post(ASK, asked(**fields)).content.decode()

    assert f'href="#{anchor}' in html
    assert sentence in html
    assert 'value="Jo Beispiel"' in html
    assert "<title>Fehler: " in html
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("fields", [{"website": "spam"}, {"start": ""}, {"start": "forged"}])
@pytest.mark.parametrize(("address", "form"), [(ASK, asked), (JOIN, joined)])
def test_programs_get_the_filled_form_back(client, address, form, fields):
    html = client.post(address, form(**fields)).content.decode()

    assert "Jo Beispiel" in html
    assert not Enquiry.objects.exists()


def test_barrier_counts_at_once_and_is_remembered_before_the_month_ends(client: Client) -> None:
    answer = client.post(
        BARRIER, {"start": start(), "message": "Kein Fokus", "email": "a@example.org", "consent": "on"}
    )

    row = Enquiry.objects.waiting().get()
    assert answer.status_code == 302
    assert (row.kind, row.due_on - timezone.localdate()) == ("barrier", dt.timedelta(days=28))
    for days in (20, 21, 22, 29, 30):
        reminding.remind(timezone.localdate() + dt.timedelta(days=days))
    assert kinds_to("office@kgi.example") == ["enquiry.notice", "enquiry.reminder", "enquiry.reminder"]


def test_file_that_is_not_accessible_is_asked_for_by_its_title_only_while_it_is_public(client: Client) -> None:
    file = document("plan.pdf")
    file.accessible = "no"
    file.save()
    address = f"/de/fragen/datei/{file.pk}/"

    assert b"plan.pdf" in client.get(address).content
    client.post(address, {"start": start(), "message": "Text bitte", "email": "a@example.org", "consent": "on"})
    row = Enquiry.objects.get()
    assert (row.kind, row.document_id, row.due_on - timezone.localdate()) == ("file", file.pk, dt.timedelta(days=14))
    file.accessible = "yes"
    file.save()
    assert client.get(address).status_code == 404
    assert client.get("/de/fragen/datei/99999999999999/").status_code == 404


def page_after(client: Client, **fields: Any) -> str:
    return client.post(JOIN, joined(**fields)).content.decode()


def test_guided_form_carries_everything_and_lets_correct_before_sending(client: Client) -> None:
    first = client.post(JOIN, {"start": start(), "step": "who", "go": "next", "sender": "public"}).content.decode()
    assert 'href="#id_municipality"' in first
    assert "Wo stehen Sie?" in page_after(client, step="who", go="next")
    assert "Was wünschen Sie sich?" in page_after(client, step="standing", go="next")
    checked = page_after(client, step="contact", go="next")
    for text in ("Musterhausen", "Begonnen", "Noch kein Beschluss", "Mitglied werden; Eine Kommune als Partnerin"):
        assert text in checked
    again = page_after(client, go="who", checked="1")
    assert 'value="Musterhausen"' in again
    assert '<input type="hidden" name="words_plan" value="Noch kein Beschluss">' in again
    assert "Bitte prüfen Sie" in page_after(client, step="who", go="next", checked="1")
    assert not Enquiry.objects.exists()

    for _click in range(2):
        data = joined()
        answer = client.post(JOIN, data)
        again_answer = client.post(JOIN, data)
        assert answer.headers["Location"] == again_answer.headers["Location"] == "/de/fragen/gesendet/"

    row = Enquiry.objects.first()
    assert Enquiry.objects.count() == 2
    assert row is not None
    assert (row.kind, row.standings, row.words) == ("join", {"allies": "started"}, {"plan": "Noch kein Beschluss"})


def test_what_is_missing_on_an_earlier_page_leads_back_to_it(client: Client) -> None:
    html = page_after(client, wishes=[], email="jo@example.org")

    assert "Bitte wählen Sie mindestens einen Wunsch." in html
    assert '<input type="hidden" name="municipality" value="Musterhausen">' in html
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("sender", "sentence", "may_join"),
    [
        ("public", "Kommunen mit und ohne eigenes Jugendamt", True),
        ("independent", "Mitglied ist die Kommune.", True),
        ("individual", "Mitglied werden nur Kommunen.", False),
    ],
)
def test_everybody_reads_the_fitting_text(client, sender, sentence, may_join):
    html = page_after(client, step="who", go="wishes", sender=sender)

    assert sentence in html
    assert ("Mitglied werden<" in html) == may_join
    assert ("von 4" in html) != may_join


@pytest.mark.parametrize(
    "fields",
    [
        {"step": "../x", "go": "next"},
        {"go": "nowhere"},
        {"wishes": ["all"]},
        {"sender": "<script>"},
        {"level_allies": "x"},
        {"municipality": "x" * 500},
        {"name": "\x00"},
    ],
)
def test_hostile_values_are_no_enquiry_and_no_error(client, fields):
    answer = client.post(JOIN, joined(**fields))

    assert answer.status_code == 200
    assert b"<script>" not in answer.content
    assert not Enquiry.objects.exists()


def test_strangers_cannot_send_their_words_to_somebody_else(client: Client) -> None:
    for number in range(5):
        client.post(ASK, asked(name="Werbung", message=f"https://spam.example/{number}"))

    mails = list(OutboxMessage.objects.filter(kind="enquiry.confirm").order_by("pk"))
    rendered = [transport.render(kinds.find(mail.kind), mail) for mail in mails]
    assert not [mail for mail in rendered if "spam" in mail.text + mail.html or "Werbung" in mail.text]
    assert len([mail for mail in mails if mail.next_attempt_at <= timezone.now()]) == 3


def test_known_and_unknown_addresses_get_the_same_answer(client: Client) -> None:
    make_enquiry()

    known, new = client.post(ASK, asked()), client.post(ASK, asked(email="new@example.org"))

    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])


def test_whoever_did_not_write_deletes_it_with_one_button(client: Client) -> None:
    row = make_enquiry(status="new")
    confirm = path_of(links.confirm_url(row))

    assert client.post(confirm, {"delete": "1"}).status_code == 200

    assert not Enquiry.objects.exists()
    assert not ConsentRecord.objects.filter(subject_kind=services.SUBJECT).exists()
    assert client.get(confirm).status_code == 404
    assert client.get("/de/fragen/bestaetigen/forged~x/").status_code == 404


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_mail_reads_completely_in_both_languages(locale: str) -> None:
    row = make_enquiry(locale=locale, standings={"allies": "partly"}, words={"pr": "*laut*"}, message="[x](http://y)")
    note = EnquiryNote.objects.create(enquiry=row, subject="Antwort", text="Hallo\nSiehe https://kgi.example/de/")
    messages = {
        "confirm": {},
        "copy": {},
        "notice": {},
        "reminder": {"due_on": row.due_on.isoformat()},
        "answer": {"note": note.pk, "reply_to": "me@kgi.example"},
    }

    for name, payload in messages.items():
        message = OutboxMessage(
            kind=f"enquiry.{name}", to=row.email, locale=locale, payload=payload, subject_id=str(row.pk)
        )
        mail = transport.render(kinds.find(message.kind), message)
        text = f"{mail.subject}\n{mail.text}"
        assert mail.subject
        assert not [broken for broken in ("None", "{{", "{%", "%(", "\\") if broken in text]
        assert "https://kgi.example" in mail.text
        assert 'href="http://y' not in mail.html
        if name != "answer":
            assert ("Freundliche Grüße" in mail.text) == (locale == "de")


def test_retention_and_erasure_leave_nothing_and_the_log_names_nobody() -> None:
    now = timezone.now()
    long_ago = now - dt.timedelta(days=366)
    unconfirmed = make_enquiry(status="new", created_at=now - dt.timedelta(days=15), changed_at=now)
    answered = make_enquiry(status="answered", changed_at=long_ago)
    open_one = make_enquiry(status="work", changed_at=long_ago, email="other@example.org")
    barrier = make_enquiry(kind="barrier", status="new", created_at=now - dt.timedelta(days=15), changed_at=now)
    services.write_note(open_one, "Jo Beispiel anrufen", actor=None)

    due = privacy.purge_due(dry_run=True)
    assert (due["enquiries_unconfirmed"], due["enquiries"], due["enquiries_open"]) == (1, 1, 0)
    privacy.purge_due()
    assert set(Enquiry.objects.values_list("pk", flat=True)) == {open_one.pk, barrier.pk}

    found = privacy.export_person("OTHER@example.org")["joining"]
    assert found[0]["notes"][0]["text"] == "Jo Beispiel anrufen"
    assert privacy.erase_person("other@example.org")["joining"] == 1
    assert not EnquiryNote.objects.exists()
    said = str(list(AuditEntry.objects.values_list("action", "details")))
    assert not [word for word in ("Beispiel", "example.org", "anrufen") if word in said]
    assert {unconfirmed.pk, answered.pk}.isdisjoint(Enquiry.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("path", ["/de/", "/en/", "/de/suche/"])
def test_ask_us_is_one_click_away_everywhere(client: Client, path: str) -> None:
    html = client.get(path).content.decode()

    assert re.search(r'<a href="/(de/fragen|en/ask)/(\?page=\d+)?">', html)


def test_a_late_click_on_the_link_takes_nothing_back(client: Client) -> None:
    row = make_enquiry(status="answered")

    client.post(path_of(links.confirm_url(row)), {"confirm": "1"})

    assert Enquiry.objects.get().status == "answered"
