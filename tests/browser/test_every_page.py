"""Every page of the demo in a real browser: accessible, valid, narrow enough, without cookies."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

pytestmark = pytest.mark.services
NARROW = ViewportSize(width=320, height=800)


def addresses(site: str) -> list[str]:
    """Return the paths of the sitemap."""
    with urllib.request.urlopen(f"{site}/sitemap.xml") as answer:
        found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", answer.read().decode())
    assert len(found) > 50
    return found


def one_of_each(site: str) -> list[str]:
    """Return one address of each depth and section in both languages, the search and a lost page."""
    chosen = {("/".join(path.split("/")[:3]), path.count("/")): path for path in addresses(site)}
    return [*chosen.values(), "/de/suche/?q=Plan", "/en/search/?q=plan"]


def test_no_page_breaks_a_rule_of_axe(site: str, chromium: Browser) -> None:
    broken: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        tab = chromium.new_context(base_url=site, color_scheme=scheme).new_page()
        for path in one_of_each(site):
            tab.goto(path)
            results = Axe().run(tab)
            if results.violations_count:
                broken[f"{path} {scheme}"] = [violation["id"] for violation in results.response["violations"]]
        tab.context.close()

    assert broken == {}


def test_no_page_scrolls_sideways_at_320_pixels(site: str, chromium: Browser) -> None:
    tab = chromium.new_context(base_url=site, viewport=NARROW).new_page()
    wide = []
    for path in one_of_each(site):
        tab.goto(path)
        if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    tab.context.close()

    assert wide == []


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
