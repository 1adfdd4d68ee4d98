"""Searching in a real browser: completion by keyboard and pointer, filters, phones, and without JavaScript."""

from __future__ import annotations

import os
import re
import subprocess
import urllib.request
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.services
NARROW, PHONE, WIDE = (
    ViewportSize(width=320, height=800),
    ViewportSize(width=390, height=844),
    ViewportSize(width=1280, height=900),
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PLACES = [
    *("/de/suche/", "/de/wissen/", "/de/fortbildung-und-austausch/"),
    *("/en/search/", "/en/knowledge/", "/en/training-and-exchange/"),
]
QUESTIONS = ["q=Plan", "q=Plan&step=plan&kind=material", "q=Quantenflugzeug", "q=Plam"]


def test_completion_by_keyboard(page: Page) -> None:
    page.goto("/de/suche/")
    box = page.locator("main input[type=search]")
    options = page.locator("main [role=listbox] [role=option]")
    expect(box).to_have_attribute("aria-expanded", "false")

    box.fill("jugend")  # one question, one list: nothing is redrawn meanwhile
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []

    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("jugend")
    expect(box).to_be_focused()
    assert box.get_attribute("aria-activedescendant") is None

    box.fill("jugendb")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    target = options.first.get_attribute("data-url") or ""
    box.press("Enter")
    page.wait_for_url(f"**{target}")


def test_completion_by_pointer(page: Page) -> None:
    page.goto("/en/search/")
    page.locator("main input[type=search]").fill("plan")  # one question, one list: nothing is redrawn meanwhile
    option = page.locator("main [role=option]").first
    expect(option).to_be_visible()
    target = option.get_attribute("data-url") or ""

    option.click()

    page.wait_for_url(f"**{target}")


def test_enter_without_a_choice_searches_for_what_was_typed(page: Page) -> None:
    page.goto("/de/suche/")
    box = page.locator("main input[type=search]")
    box.press_sequentially("Jugend")
    expect(page.locator("main [role=option]").first).to_be_visible()

    box.press("Enter")

    page.wait_for_url("**/de/suche/?q=Jugend*")
    expect(page.get_by_role("status").first).to_contain_text("Treffer für „Jugend“")


def test_filters_become_chips_and_go_again(page: Page) -> None:
    page.goto("/de/suche/?q=Jugend")
    option = page.locator("#filters input[name=kind]").first
    value = option.get_attribute("value")
    option.check()
    page.get_by_role("button", name="Filter anwenden").click()
    page.wait_for_url(f"**kind={value}*")

    chip = page.locator(".chips a").first
    chip.click()

    page.wait_for_url(lambda url: "kind=" not in url)
    expect(page.locator("#filters input[name=kind]:checked")).to_have_count(0)


def test_facets_on_a_phone_are_folded_until_asked_for(site: str, chromium: Browser) -> None:
    visitor = chromium.new_context(base_url=site, viewport=PHONE, java_script_enabled=False)
    page = visitor.new_page()
    page.goto("/de/suche/?q=Jugend")
    options = page.locator("#filters input[name=step]")
    expect(options.first).to_be_hidden()

    page.locator(".filter-switch summary").click()

    expect(options.first).to_be_visible()
    visitor.close()


def test_search_without_javascript(site: str, chromium: Browser) -> None:
    visitor = chromium.new_context(base_url=site, viewport=WIDE, java_script_enabled=False)
    page = visitor.new_page()
    page.goto("/de/suche/")
    page.locator("main input[type=search]").fill("Jugend")
    page.locator("main .search-box button").click()
    page.wait_for_url("**q=Jugend*")
    page.locator("#filters input[name=step]").first.check()
    page.get_by_role("button", name="Filter anwenden").click()

    page.wait_for_url("**step=*")
    assert "q=Jugend" in page.url
    expect(page.locator(".rows.hits > li").first).to_be_visible()
    visitor.close()


def test_no_list_of_results_breaks_a_rule_of_axe_or_scrolls_sideways(site: str, chromium: Browser) -> None:
    broken: dict[str, list[str]] = {}
    tab = chromium.new_context(base_url=site, reduced_motion="reduce").new_page()
    for path in (f"{place}?{question}" for place in PLACES for question in QUESTIONS):
        answer = tab.goto(path)
        assert answer is not None
        assert answer.status == 200, path
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


def test_lists_of_results_are_valid_html(site: str, tmp_path: Path) -> None:
    for number, path in enumerate(f"{place}?{question}" for place in PLACES for question in ["", *QUESTIONS]):
        with urllib.request.urlopen(site + path) as answer:
            name = re.sub(r"\W+", "_", path)
            (tmp_path / f"{number:02}{name}.html").write_bytes(answer.read())

    checker = ["java", "-jar", os.environ["VNU_JAR"], "--errors-only", "--skip-non-html", str(tmp_path)]
    result = subprocess.run(checker, capture_output=True, text=True, check=False)

    assert result.stderr == ""
