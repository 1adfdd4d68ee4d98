"""The first view of the home page on a phone: few requests, few bytes, nothing that waits for something else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Request

pytestmark = pytest.mark.services
MOST = {"document": 12_000, "stylesheet": 15_000, "script": 8_000, "font": 20_000}
MOST_BYTES, MOST_REQUESTS = 60_000, 6


@pytest.mark.parametrize("path", ["/de/", "/en/"])
def test_first_view_of_home_is_light(site: str, chromium: Browser, path: str) -> None:
    phone = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844}, device_scale_factor=3)
    asked: list[Request] = []
    page = phone.new_page()
    page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108 - playwright marks what it is given
    page.goto(path, wait_until="networkidle")
    sizes = [(one.resource_type, one.sizes()["responseBodySize"], one.url) for one in asked]
    phone.close()

    own = [size for size in sizes if size[0] != "image"]  # photos come on top, lazily
    assert len(own) <= MOST_REQUESTS, own
    assert sum(size for _kind, size, _url in own) <= MOST_BYTES, own
    assert {kind for kind, size, _url in own if size > MOST.get(kind, MOST_BYTES)} == set(), own


def test_every_picture_keeps_its_place_and_waits_below_the_fold(site: str, chromium: Browser) -> None:
    phone = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    page = phone.new_page()
    page.goto("/de/")
    pictures = page.locator("main img").evaluate_all(
        "all => all.map(img => [img.getAttribute('width'), img.getAttribute('height'), img.getAttribute('sizes'),"
        " img.loading, Boolean(img.closest('picture').querySelector('source[type=\"image/avif\"]'))"
        " || img.getAttribute('src').startsWith('/pictures/')])"  # the worker of a new site is still at it
    )
    phone.close()

    assert pictures
    for width, height, sizes, loading, has_modern_formats in pictures:
        assert int(width) > 0
        assert int(height) > 0
        assert (bool(sizes), loading, has_modern_formats) == (True, "lazy", True)
