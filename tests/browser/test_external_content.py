"""External content in a real browser: nothing of others before the click, only that provider's host after it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

pytestmark = pytest.mark.services
PROVIDERS = {"/de/netzwerk/": "umap.openstreetmap.fr", "/en/about/": "www.openstreetmap.org"}
KEPT = "JSON.stringify({...localStorage})"


@pytest.fixture
def visitor(site: str, chromium: Browser) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Return a visitor and the log of foreign hosts it asked; a stand-in answers for all of them."""
    context = chromium.new_context(base_url=site, locale="de-DE", viewport={"width": 390, "height": 844})
    asked: list[str] = []
    own = urlsplit(site).netloc

    def answer(route: Route) -> None:
        host = urlsplit(route.request.url).netloc
        if host == own:
            route.continue_()
        else:
            asked.append(host)
            route.fulfill(content_type="text/html", body="<title>Fremd</title><button>Karte</button>")

    context.route("**/*", answer)
    yield context, asked
    context.close()


@pytest.mark.parametrize(("path", "host"), PROVIDERS.items())
def test_frame_comes_with_the_click_and_takes_the_focus(
    visitor: tuple[BrowserContext, list[str]], path: str, host: str
) -> None:
    context, asked = visitor
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    assert (asked, page.evaluate(KEPT), context.cookies()) == ([], "{}", [])

    page.locator("[data-load]").first.click()

    frame = page.locator("figure.embed iframe")
    expect(frame).to_be_focused()
    expect(frame).to_have_attribute("title", page.locator("figure.embed .media-title").inner_text())
    expect(page.frame_locator("figure.embed iframe").get_by_role("button", name="Karte")).to_be_visible()
    assert set(asked) == {host}
    assert page.evaluate(KEPT) == "{}"
    page.reload(wait_until="networkidle")
    expect(page.locator("figure.embed iframe")).to_have_count(0)


def test_always_lasts_until_it_is_taken_back(visitor: tuple[BrowserContext, list[str]]) -> None:
    context, asked = visitor
    page = context.new_page()
    page.goto("/de/netzwerk/")
    page.get_by_role("button", name="Immer von uMap (OpenStreetMap France) laden").click()
    expect(page.locator("figure.embed iframe")).to_be_focused()

    page.goto("/en/network/")
    expect(page.frame_locator("figure.embed iframe").get_by_role("button", name="Karte")).to_be_visible()
    page.goto("/en/about/", wait_until="networkidle")
    expect(page.locator("figure.embed iframe")).to_have_count(0)
    page.get_by_role("contentinfo").get_by_role("link", name="External content").click()
    page.get_by_role("button", name="Take it back: uMap (OpenStreetMap France)").click()

    expect(page.get_by_role("status")).to_have_text("uMap (OpenStreetMap France) is no longer loaded by itself.")
    expect(page.get_by_role("status")).to_be_focused()
    assert page.evaluate(KEPT) == "{}"
    asked.clear()
    page.goto("/en/network/", wait_until="networkidle")
    expect(page.get_by_role("button", name="Load once")).to_be_visible()
    assert asked == []


def test_without_script_there_is_a_plain_link_and_the_words(site: str, chromium: Browser) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page: Page = context.new_page()
    page.goto("/de/netzwerk/")

    link = page.get_by_role("link", name="„Die Mitglieder auf uMap“ bei uMap (OpenStreetMap France) öffnen")
    expect(link).to_have_attribute("href", "https://umap.openstreetmap.fr/de/map/kommune-goes-international_1")
    expect(page.get_by_role("button", name="Einmal laden")).to_be_hidden()
    page.get_by_text("Dasselbe in Worten").click()
    expect(page.locator("figure.embed").get_by_role("link", name="Servicestellen")).to_be_visible()
    context.close()
