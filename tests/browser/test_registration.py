"""Registration as people walk it: from the offer to the certificate, without JavaScript, accessible at every step."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.live_site import ROOT

pytestmark = pytest.mark.services
PATIENCE = 60
SOMEBODY = uuid.uuid4().hex[:8]  # nobody has these addresses yet
READING = 2100  # milliseconds: the form refuses whoever is faster than people are
NARROW, WIDE = ViewportSize(width=320, height=800), ViewportSize(width=1280, height=900)
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    *((WIDE, "light"), (WIDE, "dark")),
    *((NARROW, "light"), (NARROW, "dark")),
)
LINKS = """
import json
from trainings import links
from trainings.models import Booking, EvaluationToken, Registration
def row(registration):
    return {"token": links.token(registration), "pk": registration.pk}
states = Registration.objects.order_by().values_list("state", flat=True).distinct()
found = {state: row(Registration.objects.filter(state=state).order_by("pk").first()) for state in states}
open_one = EvaluationToken.objects.filter(is_used=False, registration__share_contact=True).first()
found["evaluation"] = row(open_one.registration)
group = Booking.objects.filter(is_group=True, registrations__state="confirmed").first()
found["group"] = row(group)
found["all"] = {"token": links.token_of_all(group), "pk": group.pk}
certificate = Registration.objects.filter(certificate__isnull=False).select_related("certificate").first()
found["certificate"] = {"token": links.token(certificate), "number": certificate.certificate.number, "name": certificate.name}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def people(site: str, site_data: Path) -> dict[str, Any]:
    """Return links of invented people in every state, made by the site's own code."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.local", "DATA_DIR": str(site_data)}
    environment |= {"SITE_URL": site}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", LINKS]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout.strip().splitlines()[-1])
    return found


@pytest.fixture
def plain(site: str, chromium: Browser) -> Any:
    """Return a tab without JavaScript."""
    visitor = chromium.new_context(base_url=site, java_script_enabled=False, locale="de-DE")
    yield visitor.new_page()
    visitor.close()


def mail_to(site_data: Path, address: str, subject: str) -> str:
    """Return the text of a mail from the mail folder as soon as it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for file in sorted((site_data / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]) and subject in str(message["Subject"]):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        time.sleep(0.3)
    pytest.fail(f"no mail “{subject}” to {address}")


def link_in(text: str) -> str:
    """Return the path of the manage page that a mail leads to."""
    found = re.search(r"https?://[^/\s]+(/de/anmeldung/[^\s/]+/)", text)
    assert found, text
    return found[1]


def open_form(tab: Page, number: str, button: str) -> None:
    """Go from the catalogue's feed to the page of the offer and on to the form."""
    with urllib.request.urlopen(tab.context.request.get("/de/termine.json").url) as answer:
        run = next(run for run in json.load(answer)["runs"] if run["number"] == number)
    link = tab.locator(f"#run-{number}").get_by_role("link", name=button)
    deadline = time.monotonic() + PATIENCE
    tab.goto(run["url"])
    # The seats a page shows may be five seconds old (SEATS_LAST in cms/version.py): a visitor loads it again.
    while not link.count() and time.monotonic() < deadline:
        tab.wait_for_timeout(500)
        tab.reload()
    link.click()
    expect(tab.get_by_role("heading", level=1)).to_be_visible()


def fill(tab: Page, name: str, address: str, town: str) -> None:
    tab.get_by_label("Ihr Name").fill(name)
    tab.get_by_label("Ihre E-Mail").fill(address)
    tab.get_by_label("Organisation").fill("Jugendamt Probe")
    tab.get_by_role("textbox", name="Kommune").or_(tab.get_by_role("combobox", name="Kommune")).first.fill(town)
    tab.get_by_label("Ich bin einverstanden").check()


def send(tab: Page, button: str) -> None:
    tab.wait_for_timeout(READING)
    tab.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def register(tab: Page, site_data: Path, name: str, address: str, town: str) -> str:
    """Fill the open form, send it, confirm by the mail, and return the manage page."""
    fill(tab, name, address, town)
    tab.get_by_label("Funktion").first.fill("Jugendpflege")
    send(tab, "Anmelden")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    manage = link_in(mail_to(site_data, address, "bestätigen"))
    tab.goto(manage)
    tab.get_by_role("button", name="Ja, ich bestätige").click()
    return manage


def test_the_way_from_the_offer_to_a_seat_and_back_without_javascript(plain: Page, site_data: Path) -> None:
    open_form(plain, "kgi-lep-07", "Anmelden")
    send(plain, "Anmelden")
    summary = plain.get_by_role("alert")
    expect(summary).to_contain_text("Bitte füllen Sie „Ihr Name“ aus.")
    summary.get_by_role("link", name="Bitte füllen Sie „Ihr Name“ aus.").click()
    assert plain.url.endswith("#id_name")

    register(plain, site_data, "Ada Probe", f"ada.{SOMEBODY}@example.org", "Probestadt")
    expect(plain.locator(".seat-list .status")).to_have_text("Angemeldet")

    plain.get_by_role("link", name="Stornieren oder zurückziehen").click()
    plain.get_by_label("Ja, stornieren").check()
    send(plain, "Weiter")
    expect(plain.locator(".seat-list .status")).to_have_text("Storniert")
    plain.get_by_role("button", name="Stornierung zurücknehmen").click()
    expect(plain.locator(".seat-list .status")).to_have_text("Angemeldet")


def test_who_waits_gets_the_seat_that_becomes_free(plain: Page, site_data: Path) -> None:
    open_form(plain, "kgi-schutz-05", "Anmelden")
    first = register(plain, site_data, "Eins Probe", f"eins.{SOMEBODY}@example.org", "Einsstadt")
    open_form(plain, "kgi-schutz-05", "Anmelden")
    register(plain, site_data, "Zwei Probe", f"zwei.{SOMEBODY}@example.org", "Zweistadt")
    open_form(plain, "kgi-schutz-05", "Auf die Warteliste")
    register(plain, site_data, "Drei Probe", f"drei.{SOMEBODY}@example.org", "Dreistadt")
    expect(plain.locator(".seat-list")).to_contain_text("Sie stehen auf Platz 1.")

    plain.goto(first)
    plain.get_by_role("link", name="Stornieren oder zurückziehen").click()
    plain.get_by_label("Ja, stornieren").check()
    send(plain, "Weiter")

    plain.goto(link_in(mail_to(site_data, f"drei.{SOMEBODY}@example.org", "Platz")))
    plain.get_by_role("button", name="Platz annehmen").click()
    expect(plain.locator(".seat-list .status")).to_have_text("Angemeldet")


def test_certificate_is_one_click_and_its_number_can_be_checked(plain: Page, people: dict[str, Any]) -> None:
    own = people["certificate"]
    plain.goto(f"/de/anmeldung/{own['token']}/")
    with plain.expect_download() as download:
        plain.get_by_role("button", name="Bescheinigung (PDF)").click()
    assert download.value.suggested_filename == f"{own['number']}.pdf"

    plain.goto(f"/de/bescheinigung/?number={own['number']}")
    plain.get_by_label("Name wie auf der Bescheinigung").fill(own["name"])
    send(plain, "Prüfen")
    expect(plain.get_by_role("status")).to_contain_text("Diese Bescheinigung ist echt.")


def test_list_of_mistakes_takes_the_focus_and_leads_to_the_fields(page: Page) -> None:
    open_form(page, "kgi-lep-07", "Anmelden")
    send(page, "Anmelden")

    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#id_name")).to_be_focused()


def pages(people: dict[str, Any], language: str) -> dict[str, str]:
    """Return every page of registration by a name, in one language."""
    words = {
        "de": ("anmelden", "anmeldung", "bescheinigung", "meine-anmeldungen"),
        "en": ("register", "registration", "certificate", "my-registrations"),
    }
    parts = {
        "de": ("stornieren", "person", "daten", "loeschen", "auswertung", "neuer-link", "gesendet"),
        "en": ("cancel", "person", "data", "delete", "evaluation", "new-link", "sent"),
    }
    form, own, certificate, everything = words[language]
    cancel, person, data, delete, evaluation, new_link, sent = parts[language]
    base = f"/{language}/{own}"
    group, evaluated = people["group"], people["evaluation"]
    found = {f"manage {state}": f"{base}/{row['token']}/" for state, row in people.items() if state != "all"}
    return found | {
        "form": f"/{language}/{form}/kgi-lep-07/",
        "group form": f"/{language}/{form}/kgi-netz-22/?group",
        "waiting form": f"/{language}/{form}/kgi-geld-12/",
        "application": f"/{language}/{form}/kgi-fa-cz-02/",
        "closed": f"/{language}/{form}/kgi-sprech-31/",
        "sent": f"/{language}/{form}/kgi-lep-07/{sent}/",
        "cancel": f"{base}/{group['token']}/{cancel}/",
        "person": f"{base}/{people['confirmed']['token']}/{person}/{people['confirmed']['pk']}/",
        "data": f"{base}/{group['token']}/{data}/",
        "delete": f"{base}/{group['token']}/{delete}/",
        "evaluation": f"{base}/{evaluated['token']}/{evaluation}/{evaluated['pk']}/",
        "unknown": f"{base}/unknown/",
        "new link": f"{base}/{new_link}/",
        "certificate": f"/{language}/{certificate}/",
        "all": f"/{language}/{everything}/{people['all']['token']}/",
    }


WITH_ERRORS = ("form", "group form", "application", "cancel", "delete", "evaluation", "new link", "certificate")


def problems(tab: Page) -> list[str]:
    """Return what axe finds and whether the page scrolls sideways, wide and narrow, light and dark."""
    found = []
    for size, scheme in LOOKS:
        tab.set_viewport_size(size)
        tab.emulate_media(color_scheme=scheme)
        if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"wider than {size['width']}")
        violations = Axe().run(tab).response["violations"]
        found += [f"{scheme} {size['width']}: {one['id']} {one['nodes'][0]['target']}" for one in violations]
    return found


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_and_every_error_is_accessible(
    site: str, chromium: Browser, people: dict[str, Any], language: str
) -> None:
    tab = chromium.new_context(base_url=site, reduced_motion="reduce").new_page()
    broken: dict[str, list[str]] = {}
    for name, path in pages(people, language).items():
        answer = tab.goto(path)
        assert answer is not None
        assert (name, answer.status) == (name, 404 if name == "unknown" else 200)
        broken[name] = problems(tab)
        if name in WITH_ERRORS:
            tab.evaluate("document.querySelector('main form.form').requestSubmit()")
            tab.locator(".error-summary").wait_for()
            broken[f"{name}, wrong"] = problems(tab)
    tab.context.close()

    assert {name: found for name, found in broken.items() if found} == {}
