"""The directory as visitors use it: a place typed or told by the browser, filters by keyboard, pins big enough."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.services
CENTRES = "/de/netzwerk/servicestellen/"


def test_browser_tells_its_place_only_on_a_click(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 50.34567, "longitude": 9.02345})
    page.goto(CENTRES)
    expect(page).to_have_url(re.compile(r"/servicestellen/$"))

    page.get_by_role("button", name="Wo ich bin").click()

    expect(page).to_have_url(re.compile(r"at=50\.35%2C9\.02"))
    expect(page.locator(".places .row").first).to_contain_text("km entfernt")
    assert context.cookies() == []


def test_browser_that_refuses_is_answered_in_words(page: Page) -> None:
    page.goto(CENTRES)

    page.get_by_role("button", name="Wo ich bin").click()

    expect(page.locator("[data-locate-note]")).to_have_text(re.compile("Bitte geben Sie einen Ort ein"))


def test_a_name_is_suggested_and_filters_work_by_keyboard(page: Page) -> None:
    page.goto(CENTRES)
    field = page.get_by_label("In der Nähe welches Ortes?")
    field.press_sequentially("Erlenf")
    expect(page.locator("#near-list option").first).to_have_attribute("value", re.compile("Erlenfurt"))
    field.fill("Erlenfurt")

    page.locator(".facet summary", has_text="Leistung").press("Enter")
    page.get_by_role("checkbox", name=re.compile("Förderberatung")).press("Space")
    page.get_by_role("button", name="Zeigen").press("Enter")

    expect(page).to_have_url(re.compile("near=Erlenfurt.*service=funding"))
    expect(page.get_by_role("link", name=re.compile("Filter entfernen: Förderberatung"))).to_be_visible()
    expect(page.locator(".places .row h3").first).to_contain_text("Erlenfurt")


def test_pins_are_big_enough_on_a_phone_and_lead_to_their_page(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto("/de/netzwerk/kommunen/?kind=all")
    areas = page.locator(".map__pin .hit-area")
    expect(areas.first).to_be_visible()

    sizes = areas.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().width)")

    assert min(sizes) >= 24
    assert len(sizes) == page.locator(".places .row").count()
    pin = page.locator(".map__pin").first
    address = pin.get_attribute("href")
    pin.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))
