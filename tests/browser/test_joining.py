"""Asking and joining as people do it: by keyboard, without JavaScript, from the page to the mail, accessible throughout."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_registration import READING, mail_to, plain, problems  # noqa: F401 - plain is a fixture

pytestmark = pytest.mark.services
SOMEBODY = uuid.uuid4().hex[:8]  # nobody has these addresses yet
WORDS: dict[str, dict[str, str]] = {
    "de": {
        "path": "/de/fragen/mitmachen/", "sender": "Eine Kommune oder", "place": "Kommune oder Landkreis", "on": "Weiter",
        "level": "Wie weit sind Sie?", "started": "Begonnen", "wish": "Mitglied werden", "name": "Ihr Name",
        "email": "Ihre E-Mail", "consent": "Ich bin einverstanden", "change": "Ändern: Wer sind Sie?", "send": "Senden",
        "mail": "Bitte bestätigen Sie", "yes": "Ja, ich bestätige", "thanks": "Danke, Ihre Anfrage ist bei uns",
        "copy": "Kopie Ihrer Anfrage", "sent": "Bitte sehen Sie in Ihr Postfach",
    },
    "en": {
        "path": "/en/ask/join/", "sender": "A municipality or", "place": "Municipality or county", "on": "Go on",
        "level": "How far are you?", "started": "Started", "wish": "Become a member", "name": "Your name",
        "email": "Your e-mail", "consent": "I agree", "change": "Change: Who are you?", "send": "Send",
        "mail": "Please confirm", "yes": "Yes, I confirm", "thanks": "Thank you, we have your enquiry",
        "copy": "Copy of your enquiry", "sent": "Please look into your mailbox",
    },
}  # fmt: skip


def press(tab: Page, name: str) -> None:
    tab.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def to_check(tab: Page, words: dict[str, str], address: str) -> None:
    """Walk the pages of the guided form up to the last one."""
    tab.goto(words["path"])
    tab.get_by_label(words["sender"]).check()
    tab.get_by_label(words["place"]).fill("Musterhausen an der Probe")
    tab.wait_for_timeout(READING)
    press(tab, words["on"])
    tab.get_by_label(words["level"]).first.select_option(label=words["started"])
    press(tab, words["on"])
    tab.get_by_label(words["wish"]).check()
    press(tab, words["on"])
    tab.get_by_label(words["name"]).fill("Ada Probe")
    tab.get_by_label(words["email"]).fill(address)
    tab.get_by_label(words["consent"]).check()
    press(tab, words["on"])


@pytest.mark.parametrize("language", ["de", "en"])
def test_municipality_joins_without_javascript(plain: Page, site_data: Path, language: str) -> None:  # noqa: F811
    words, address = WORDS[language], f"{language}.{SOMEBODY}@example.org"
    to_check(plain, words, address)
    press(plain, words["change"])
    expect(plain.get_by_label(words["place"])).to_have_value("Musterhausen an der Probe")
    plain.get_by_label(words["place"]).fill("Musterhausen im Tal")
    press(plain, words["on"])
    expect(plain.get_by_role("main")).to_contain_text("Musterhausen im Tal")
    press(plain, words["send"])
    expect(plain.get_by_role("heading", level=1)).to_have_text(words["sent"])

    link = re.search(r"https?://[^/\s]+(/\S+)", mail_to(site_data, address, words["mail"]))
    assert link
    plain.goto(link[1])
    press(plain, words["yes"])

    expect(plain.get_by_role("heading", level=1)).to_have_text(words["thanks"])
    assert "Musterhausen im Tal" in mail_to(site_data, address, words["copy"])


def test_keyboard_alone_asks_from_a_page(page: Page) -> None:
    page.goto("/de/der-weg/mitstreitende-gewinnen/")
    page.locator(".ask-action a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Sie kommen von der Seite")
    page.get_by_label("Worum geht es?").focus()
    page.keyboard.type("Wer hilft uns?")
    page.keyboard.press("Tab")
    page.get_by_label("Ihre E-Mail").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Worum geht es?")).to_have_value("Wer hilft uns?")
    page.get_by_role("alert").get_by_role("link", name="Bitte füllen Sie „Ihre E-Mail").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ihre E-Mail")).to_be_focused()


@pytest.mark.parametrize("path", ["/de/fragen/", "/en/ask/barrier/"])
def test_pages_and_their_mistakes_are_accessible(site: str, chromium: Browser, path: str) -> None:
    context = chromium.new_context(base_url=site)
    tab = context.new_page()
    tab.goto(path)
    found: list[Any] = problems(tab)
    tab.locator("main form .form-actions button").first.click()
    expect(tab.locator(".error-summary")).to_be_visible()
    assert found + problems(tab) == []
    context.close()


def test_every_page_of_the_guided_form_is_accessible(page: Page) -> None:
    words = WORDS["de"]
    to_check(page, words, f"axe.{SOMEBODY}@example.org")
    found = problems(page)
    for change in ("Wo stehen Sie?", "Was wünschen Sie sich?", "Wie erreichen wir Sie?"):
        press(page, f"Ändern: {change}")
        found += problems(page)
        press(page, words["on"])
        expect(page.get_by_role("heading", level=1)).to_have_text("Bitte prüfen Sie Ihre Angaben")
    assert found == []
