"""Every page of the demo in a real browser: accessible, valid, narrow enough, without cookies."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.live_site import addresses

pytestmark = pytest.mark.services
NARROW, WIDE = ViewportSize(width=320, height=800), ViewportSize(width=1280, height=900)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
UNLISTED = [
    *("/de/suche/", "/en/search/", "/de/suche/?q=Plan", "/en/search/?q=plan", "/de/gibt-es-nicht/", "/en/nowhere/"),
    *("/de/wissen/praxis/", "/en/knowledge/practice/", "/de/wissen/materialien/", "/en/knowledge/materials/"),
    *("/de/wissen/thema/rural/", "/en/knowledge/topic/rural/"),
    *("/de/netzwerk/kommunen/?kind=all&state=NI&topic=rural", "/en/network/municipalities/?near=Erlenfurt&radius=100"),
    *("/de/netzwerk/servicestellen/?near=Neuenkirchen", "/en/network/service-centres/?near=Nowhere&service=funding"),
    *("/de/netzwerk/servicestellen/?state=SH&service=equipment", "/de/profil/unbekannt/", "/en/profile/unknown/"),
    *("/de/netzwerk/kommunen/wie-wir/?municipality=Erlenfurt", "/en/network/municipalities/like-us/?type=county"),
    *("/de/infobrief/anmelden/?step=plan", "/en/infobrief/subscribe/", "/de/infobrief/link/", "/en/infobrief/link/"),
    *("/de/externe-inhalte/", "/en/external-content/", "/de/fragen/gesendet/", "/en/ask/sent/"),
]


def one_of_each_type(site: str) -> list[str]:
    """Return one address of each page type in each language, and the pages that no sitemap lists."""
    chosen: dict[tuple[str, str], str] = {}
    for path in addresses(site):
        with urllib.request.urlopen(site + path) as answer:
            kind = re.search(r'<body class="page-([\w-]+)', answer.read().decode())
        assert kind, path
        chosen.setdefault((kind[1], path.split("/")[1]), path)
    kinds = {language: {kind for kind, own in chosen if own == language} for language in ("de", "en")}
    assert kinds["de"] == kinds["en"]
    assert len(kinds["de"]) > 15
    return [*chosen.values(), *UNLISTED]


def test_no_page_breaks_a_rule_of_axe_or_scrolls_sideways(site: str, chromium: Browser) -> None:
    broken: dict[str, list[str]] = {}
    tab = chromium.new_context(base_url=site, reduced_motion="reduce").new_page()
    for path in one_of_each_type(site):
        tab.goto(path)
        for size in (WIDE, NARROW):
            tab.set_viewport_size(size)
            if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                broken.setdefault(path, []).append(f"wider than {size['width']}")
            for scheme in SCHEMES:
                tab.emulate_media(color_scheme=scheme)
                found = [violation["id"] for violation in Axe().run(tab).response["violations"]]
                broken.setdefault(path, []).extend(f"{scheme} {size['width']}: {name}" for name in found)
    tab.context.close()

    assert {path: found for path, found in broken.items() if found} == {}


def test_expired_form_is_accessible_in_both_languages(site: str, chromium: Browser) -> None:
    tab = chromium.new_context(base_url=site).new_page()
    for path, words in (("/de/suche/", "Das Formular ist nicht mehr gültig"), ("/en/search/", "The form is no longer")):
        tab.goto(path)
        tab.evaluate("const form = document.querySelector('main form'); form.method = 'post'; form.submit()")
        tab.get_by_role("heading", name=words).wait_for()

        assert [violation["id"] for violation in Axe().run(tab).response["violations"]] == []
    tab.context.close()


def test_every_page_is_valid_html(site: str, tmp_path: Path) -> None:
    for number, path in enumerate(addresses(site)):
        with urllib.request.urlopen(site + path) as answer:
            (tmp_path / f"{number:03}-{path.strip('/').replace('/', '_') or 'root'}.html").write_bytes(answer.read())

    checker = ["java", "-jar", os.environ["VNU_JAR"], "--errors-only", "--skip-non-html", str(tmp_path)]
    result = subprocess.run(checker, capture_output=True, text=True, check=False)

    assert result.stderr == ""


def test_pages_keep_no_cookie_and_ask_no_stranger(page: Page, context: BrowserContext) -> None:
    for path in ("/de/", "/en/", "/de/wissen/", "/de/netzwerk/"):
        page.goto(path)

    assert context.cookies() == []


def test_the_way_can_be_walked_without_javascript(site: str, chromium: Browser) -> None:
    visitor = chromium.new_context(base_url=site, java_script_enabled=False, locale="en-GB")
    tab = visitor.new_page()
    tab.goto("/")
    assert tab.url.endswith("/en/")
    tab.get_by_role("main").get_by_role("link", name="Win allies").first.press("Enter")
    tab.wait_for_url("**/en/the-way/**")

    assert tab.get_by_role("heading", level=1).is_visible()
    assert "/en/" in tab.url
    visitor.close()
