"""Many readers for minutes on the real server: no error, no lost worker, no growing memory."""

from __future__ import annotations

import itertools
import os
import random
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.live_site import addresses, live_site

pytestmark = pytest.mark.soak
READERS = 16
SECONDS = float(os.environ.get("SOAK_SECONDS", "180"))
WARM_SHARE = 0.2
MOST_GROWTH = 1.35
ODD = [
    "/de/?page=x",
    "/de/wissen/?topic=%27&page=-1",
    "/en/nowhere/",
    "/de/suche/?q=%00%22*",
    "/media/images/nope.webp",
]


def test_readers_for_minutes_meet_no_error_and_memory_stays_flat(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("load")
    with live_site(folder) as site:
        paths = [*addresses(site), *ODD]
        early = read_for(site, paths, SECONDS * WARM_SHARE)
        warm = memory(site)
        late = read_for(site, paths, SECONDS * (1 - WARM_SHARE))
        after = memory(site)

    assert set(early) | set(late) <= {200, 404}
    assert len(late) > SECONDS
    assert after <= warm * MOST_GROWTH, f"{warm // 1024} MB grew to {after // 1024} MB"
    assert "Traceback" not in (folder / "log").read_text()


def read_for(site: str, paths: list[str], seconds: float) -> list[int]:
    """Let several readers wander over the addresses; return the status of every answer."""
    until = time.monotonic() + seconds

    def wander(number: int) -> list[int]:
        way = random.Random(number).sample(paths, len(paths))
        return list(itertools.takewhile(lambda _status: time.monotonic() < until, map(get, itertools.cycle(way))))

    def get(path: str) -> int:
        try:
            with urllib.request.urlopen(site + path, timeout=30) as answer:
                answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    with ThreadPoolExecutor(READERS) as pool:
        return [status for some in pool.map(wander, range(READERS)) for status in some]


def memory(site: str) -> int:
    """Return in kB what all our server's processes have for themselves (Linux).

    Files do not count: each thread's connection maps the database, the same pages of it again and again.
    """
    port = site.rpartition(":")[2]
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"PORT={port}\0".encode() in (folder / "environ").read_bytes():
                status = (folder / "status").read_text()
                total += int(status.partition("RssAnon:")[2].split()[0])
        except (OSError, IndexError):
            continue  # ended meanwhile, or not ours
    return total
