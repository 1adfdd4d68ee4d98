"""Mail about enquiries and to members, as a real SMTP server gets it, in both languages."""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from typing import Any

import pytest

from cms.models import SiteSettings
from cms.outbox import pump
from home.joining import letters, services
from home.joining.models import Enquiry
from tests.factories import pages as make
from tests.factories.enquiries import make_enquiry
from tests.factories.smtp import smtp_server
from tests.factories.staff import make_staff
from trainings.services.mailing import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
SUBJECTS = {
    "de": ["Bitte bestätigen Sie Ihre Anfrage", "Kopie Ihrer Anfrage", "Antwort"],
    "en": ["Please confirm your enquiry", "Copy of your enquiry", "Antwort"],
}


def text_of(message: EmailMessage, form: str = "plain") -> str:
    body = message.get_body((form,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("locale", ["de", "en"])
def test_enquiry_from_sending_to_the_answer(settings: Any, locale: str) -> None:
    site = SiteSettings.load()
    site.contact_email = "office@kgi.example"
    site.save()
    editor = make_staff("adviser")
    with smtp_server(settings) as sink:
        row = make_enquiry(status="new", locale=locale, message="Geheimes Anliegen")
        pump.tick()
        services.confirm(row)
        pump.tick()
        services.answer(row, subject="Antwort", text="Ja, gern.", actor=editor, key=uuid.uuid4())
        pump.tick()

    own = [message for message in sink.received if message["To"] == row.email]
    assert [message["Subject"] for message in own] == SUBJECTS[locale]
    assert ["Geheimes Anliegen" in text_of(message) for message in own] == [False, True, False]
    assert [message["Reply-To"] for message in own] == [None, None, editor.email]
    assert {message["Content-Language"] for message in own} == {locale}
    automatic = "wurde automatisch" if locale == "de" else "was sent automatically"
    assert [automatic in text_of(message, "html") for message in own] == [True, True, False]
    notice = next(message for message in sink.received if message["To"] == "office@kgi.example")
    assert "Geheimes" not in text_of(notice)
    assert f"/admin/enquiries/{row.pk}/" in text_of(notice)


def test_no_mail_leaves_about_an_enquiry_that_was_deleted(settings: Any) -> None:
    with smtp_server(settings) as sink:
        services.forget(make_enquiry())
        pump.tick()

    assert sink.received == []
    assert not Enquiry.objects.exists()


def test_letter_says_how_it_ends_and_skips_who_refused_after_it_was_written(settings: Any) -> None:
    tree = make.make_tree()
    languages: dict[str, list[str]] = {"a@example.org": ["de"], "b@example.org": ["en", "fr"], "c@example.org": ["de"]}
    for email, spoken in languages.items():
        make.make_profile(tree, contact=make.make_person(email=email), contact_languages=spoken)
    editor = make_staff("adviser")
    letter = Letter(uuid.uuid4(), "Einladung", "Guten Tag", "Invitation", "Hello")

    with smtp_server(settings) as sink:
        letters.send(letters.recipients(letters.Choice()), letter, actor=editor)
        letters.refuse(letters.digest("c@example.org"))
        pump.tick()

    found = {message["To"]: message for message in sink.received}
    assert {to: message["Subject"] for to, message in found.items()} == {
        "a@example.org": "Einladung",
        "b@example.org": "Invitation",
    }
    assert {message["Reply-To"] for message in found.values()} == {editor.email}
    end = str(found["b@example.org"]["List-Unsubscribe"]).strip()
    assert end.startswith("<https://kgi.example/en/ask/no-more-mail/")
    assert end[1:-1] in text_of(found["b@example.org"]).replace("\n", "")
    assert found["a@example.org"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
