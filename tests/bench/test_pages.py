"""What each page type costs: queries and milliseconds inside Django, and requests a second of the real server."""

from __future__ import annotations

import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms import version
from tests.bench.reporting import report, summary, timings
from tests.factories import pages as make
from tests.factories.everything import INDEXES, PAGES
from tests.live_site import addresses, live_site

pytestmark = pytest.mark.bench
ITEMS = 30
TIMES = 40
READERS = 8
SECONDS = 5


@pytest.mark.django_db
def test_pages_inside_django(client: Client) -> None:
    tree = make.make_tree()
    pages = {kind: maker(tree) for kind, maker in PAGES.items()}
    for kind in ("practice", "material", "training", "news", "service_centre"):
        for number in range(ITEMS):
            PAGES[kind](tree, title=f"Titel {number}")
    rows = []
    for kind in (*INDEXES, *PAGES):
        german = getattr(tree, kind) if kind in INDEXES else pages[kind]
        translation = german.get_translations().first() or make.translate(german)
        for language, page in (("de", german), ("en", translation)):
            rows.append({"page": kind, "language": language, **cost(client, page.url)})

    report("pages", rows)
    assert all(row["queries"] <= 17 for row in rows)


def cost(client: Client, url: str) -> dict[str, float]:
    """Return queries, size and time of one address in a warm process."""
    version.forget()
    answer = client.get(url)
    assert answer.status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    size = round(len(answer.content) / 1024, 1)
    return {"queries": len(captured), "kB": size, **summary(timings(lambda: client.get(url), TIMES))}


def test_pages_of_the_real_server(tmp_path_factory: pytest.TempPathFactory) -> None:
    with live_site(tmp_path_factory.mktemp("bench")) as site:
        rows = [measured(site, path) for path in one_of_each_section(site)]

    report("server", rows)
    assert all(row["errors"] == 0 for row in rows)


def one_of_each_section(site: str) -> list[str]:
    """Return one German address of each section and depth."""
    found = {("/".join(path.split("/")[:3]), path.count("/")): path for path in addresses(site) if path[:4] == "/de/"}
    return [*found.values(), "/de/suche/?q=Plan"]


def measured(site: str, path: str) -> dict[str, object]:
    """Return what several readers at once get of one address in a few seconds."""
    until = time.monotonic() + SECONDS

    def read(_number: int) -> list[float]:
        taken = []
        while time.monotonic() < until:
            began = time.perf_counter()
            with urllib.request.urlopen(site + path) as answer:
                answer.read()
            taken.append((time.perf_counter() - began) * 1000 if answer.status == 200 else -1)
        return taken

    with ThreadPoolExecutor(READERS) as pool:
        taken = [one for some in pool.map(read, range(READERS)) for one in some]
    return {
        "path": path,
        "requests/s": round(len(taken) / SECONDS),
        **summary(taken),
        "errors": sum(one < 0 for one in taken),
    }
