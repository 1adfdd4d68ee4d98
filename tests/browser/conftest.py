"""A real site in a real browser: `manage.py serve` on its own data folder, visited by the system's Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.live_site import live_site

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]


@pytest.fixture(scope="session")
def site_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the served site: its mail lands there."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_data: Path) -> Iterator[str]:
    """Serve the site with its demo content and return its address."""
    with live_site(site_data) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; a missing one is a failure, never a skip."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("Chromium is missing; make test-services installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(site: str, chromium: Browser) -> Iterator[BrowserContext]:
    """Return a fresh visitor: no cookies, German browser, and no page that fails silently or talks to strangers."""
    visitor = chromium.new_context(base_url=site, locale="de-DE", viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    visitor.on("request", lambda request: _note_stranger(request, site, complaints))
    visitor.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    visitor.on("weberror", lambda error: complaints.append(str(error.error)))
    yield visitor
    visitor.close()
    assert complaints == []


def _note_stranger(request: Request, site: str, complaints: list[str]) -> None:
    if not request.url.startswith((site, "data:", "blob:", "about:")):
        complaints.append(f"asked a stranger: {request.url}")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a tab of the fresh visitor."""
    return context.new_page()
