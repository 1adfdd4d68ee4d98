"""The site with a keyboard alone: everything is reached, in the order one sees, and one always sees where one is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.services
PHONE = ViewportSize(width=390, height=844)
WALKED = {
    "home": "/de/",
    "step": "/de/der-weg/mitstreitende-gewinnen/",
    "practice": "/de/wissen/{practice}/",
    "search": "/de/suche/?q=Plan",
    "english search": "/en/search/?q=plan",
}
MOST_STOPS = 250
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shows = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = element.getBoundingClientRect();
  const carrier = element.closest(".card, .row") || element;
  window.walked = (window.walked || 0) + 1;
  if (element.dataset.walked) return null;
  element.dataset.walked = window.walked;
  return {
    name: (element.textContent || element.getAttribute("aria-label") || element.id).trim().slice(0, 40),
    visible: shows(element) || shows(carrier) || [...element.querySelectorAll("path, circle")].some(
      (shape) => parseFloat(getComputedStyle(shape).strokeWidth) >= 3),
    inView: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
  };
}"""
REACHABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.type !== "hidden")
  .filter((one) => one.tabIndex >= 0 && !one.dataset.walked)
  .map((one) => one.outerHTML.slice(0, 120))"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page; return where it stopped."""
    stops: list[dict[str, Any]] = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            return stops
        stops.append(stop)
    pytest.fail(f"The focus never leaves the page: {[stop['name'] for stop in stops[-5:]]}")


def jumps_back(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Return whether the focus went up without going to another column."""
    return bool(
        after["bottom"] <= before["top"] and after["left"] < before["right"] and before["left"] < after["right"]
    )


def address(page: Page, path: str) -> str:
    """Return the path with a practice of the site filled in."""
    if "{practice}" not in path:
        return path
    page.goto("/de/wissen/praxis/")
    return str(page.locator("main .card h2 a").first.get_attribute("href"))


@pytest.mark.parametrize("name", WALKED)
def test_focus_goes_everywhere_in_the_visible_order_and_is_always_seen(page: Page, name: str) -> None:
    page.goto(address(page, WALKED[name]))

    stops = walk(page)

    assert len(stops) > 15
    assert [stop["name"] for stop in stops if not stop["visible"]] == []
    assert [stop["name"] for stop in stops if not stop["inView"]] == []
    pairs = pairwise(stops)
    assert [(one["name"], two["name"]) for one, two in pairs if jumps_back(one, two)] == []
    assert page.evaluate(REACHABLE) == []


@pytest.mark.parametrize(("path", "words"), [("/de/", "Zum Inhalt springen"), ("/en/", "Skip to content")])
def test_skip_link_is_first_and_leads_to_the_content(page: Page, path: str, words: str) -> None:
    page.goto(path)
    link = page.get_by_role("link", name=words)
    expect(link).not_to_be_in_viewport()

    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_menu_on_a_phone_opens_closes_and_leads_on(site: str, chromium: Browser) -> None:
    visitor = chromium.new_context(base_url=site, viewport=PHONE, locale="de-DE")
    page = visitor.new_page()
    page.goto("/de/")
    menu, way = (
        page.locator(".menu-switch summary"),
        page.get_by_role("navigation", name="Hauptmenü").get_by_role("link"),
    )
    expect(way.first).to_be_hidden()

    menu.focus()
    page.keyboard.press("Enter")
    expect(way.first).to_be_visible()
    page.keyboard.press("Tab")
    expect(way.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(way.first).to_be_hidden()
    expect(menu).to_be_focused()

    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/de/der-weg/")
    visitor.close()


def test_menu_on_a_phone_works_without_javascript(site: str, chromium: Browser) -> None:
    visitor = chromium.new_context(base_url=site, viewport=PHONE, java_script_enabled=False)
    page = visitor.new_page()
    page.goto("/en/")
    page.locator(".menu-switch summary").press("Enter")

    expect(page.get_by_role("navigation", name="Main").get_by_role("link").first).to_be_visible()
    visitor.close()
