"""Readers of the Infobrief in a real browser: sign up, confirm by the mail's link, change, leave; without JavaScript too."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.services
WAITS = 30.0


def link_in_mail(data: Path, address: str) -> str:
    """Return the link of the newest mail to an address, once the worker has sent it."""
    until = time.monotonic() + WAITS
    while time.monotonic() < until:
        for file in sorted((data / "mail").glob("*.eml"), reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if (
                mail["To"] == address
                and body
                and (found := re.search(r"https?://[^/\s]+(/\S+~\S+)", body.get_content()))
            ):
                return found[1]
        time.sleep(0.2)
    raise AssertionError(f"No mail to {address}")


def rules_broken(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_sign_up_confirm_change_and_leave(page: Page, site_data: Path) -> None:
    page.goto("/de/infobrief/")
    page.get_by_role("main").get_by_role("link", name="Infobrief bestellen").click()
    page.get_by_label("Ihre E-Mail-Adresse").fill("browser.de@example.org")
    page.wait_for_timeout(2100)  # the form refuses programs that are faster than people
    page.get_by_role("button", name="Bestellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    page.goto(link_in_mail(site_data, "browser.de@example.org"))
    broken = {"confirm": rules_broken(page)}
    page.get_by_role("button", name="Ja, ich bestelle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie stehen auf der Liste")
    page.get_by_role("link", name="Zu den Einstellungen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Einstellungen zum Infobrief")
    broken["settings"] = rules_broken(page)
    page.get_by_role("link", name="Von allem abmelden").click()
    broken["leave"] = rules_broken(page)
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind abgemeldet")

    assert broken == {"confirm": [], "settings": [], "leave": []}


def test_without_javascript_errors_are_told_and_nothing_typed_is_lost(site: str, chromium: Browser) -> None:
    page = chromium.new_context(base_url=site, java_script_enabled=False, locale="en-GB").new_page()
    page.goto("/en/infobrief/subscribe/?topic=rural")
    page.get_by_label("Your e-mail").fill("nobody@")
    page.get_by_role("button", name="Subscribe").click()

    expect(page.get_by_role("alert")).to_contain_text("Please look at")
    expect(page.get_by_label("Your e-mail")).to_have_value("nobody@")
    expect(page.get_by_label("Rural areas")).to_be_checked()
    page.context.close()
