"""The day of a press release: visitors read, search and register while an editor publishes and the worker works.

No answer of 500 or more, nothing older than two seconds after its commit, no growth of memory. Half a minute in
`make test-services`; `make soak` takes SOAK_SECONDS (ten minutes by default).
"""

from __future__ import annotations

import http.cookiejar
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.live_site import ROOT, addresses, live_site
from tests.load.test_readers import memory

READERS, SEARCHERS = 6, 2
STALE_AFTER = 2.0
CHANGING = "/de/aktuelles/"
MOST_GROWTH = 1.35
WORDS = ("Plan", "Jugend", "Polen", "Förderung", "Austausch", "Teamer*innen", "Jugendhilfeausschuss", "Begegung")


class Day:
    """What all visitors together met."""

    def __init__(self, site: str, seconds: float) -> None:
        self.site, self.until = site, time.time() + seconds
        self.statuses: list[int] = []
        self.seen: list[tuple[float, int]] = []
        self.registered = 0
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        return time.time() > self.until

    def get(self, path: str, opener: Any = None, data: bytes | None = None) -> str:
        """Ask for a page; every status is noted."""
        request = urllib.request.Request(
            self.site + path, data, {"Accept-Encoding": "identity", "Referer": self.site + path}
        )
        try:
            with (opener or urllib.request.build_opener()).open(request, timeout=30) as answer:
                status, text = int(answer.status), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            status, text = error.code, ""
        with self._lock:
            self.statuses.append(status)
        return text

    def read(self, paths: list[str], number: int) -> None:
        for path in itertools.cycle(random.Random(number).sample(paths, len(paths))):
            if self.is_over:
                return
            self.get(path)

    def search(self, number: int) -> None:
        chance = random.Random(number)
        while not self.is_over:
            words = " ".join(chance.sample(WORDS, 2))
            self.get(f"/de/suche/?{urllib.parse.urlencode({'q': words, 'page': chance.randint(1, 3)})}")

    def watch(self, path: str) -> None:
        """Read the page that changes; note which version an answer that was asked for at this time shows."""
        while not self.is_over:
            asked_at = time.time()
            found = re.search(r"<h1[^>]*>[^<]*\((\d+)\)", self.get(path))
            self.seen.append((asked_at, int(found[1]) if found else 0))
            time.sleep(0.02)

    def register(self, form: str) -> None:
        """Register one person after the other, as quickly as the form allows."""
        for number in itertools.count():
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
            text = self.get(form, opener)
            hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
            time.sleep(2.1)
            if self.is_over:
                return
            person = {
                "name": f"Person {number}",
                "email": f"person{number}@demo.example.org",
                "function": "Jugendpflege",
            }
            place = {"organisation": "Jugendamt", "municipality": "Erlenfurt", "consent": "on"}
            answer = self.get(form, opener, urllib.parse.urlencode({**hidden, **person, **place}).encode())
            self.registered += "error-summary" not in answer and bool(answer)


def busy(folder: Path, seconds: float) -> dict[str, Any]:
    """Play the day and return its numbers."""
    with live_site(folder, DATABASE_URL="") as site:  # its own SQLite file: other tests have their site on PostgreSQL
        paths = addresses(site)
        news = next(path for path in paths if path.startswith(CHANGING) and path.count("/") == 4)
        form = open_form(site)
        for path in paths:
            Day(site, 1).get(path)
        before, day = memory(site), Day(site, seconds)
        editor = publishing(site, folder, news, seconds)
        with ThreadPoolExecutor(READERS + SEARCHERS + 2) as visitors:
            work = [visitors.submit(day.read, paths, number) for number in range(READERS)]
            work += [visitors.submit(day.search, number) for number in range(SEARCHERS)]
            work += [visitors.submit(day.watch, news), visitors.submit(day.register, form)]
            for one in work:
                one.result()
        out, _errors = editor.communicate(timeout=30)
        after = memory(site)
    versions = [json.loads(line) for line in out.splitlines()]
    return {
        "requests": len(day.statuses),
        "statuses": sorted(set(day.statuses)),
        "versions": len(versions),
        "registered": day.registered,
        "stale": stale(day.seen, versions),
        "growth": round(after / before, 2),
        "log": (folder / "log").read_text(),
    }


def publishing(site: str, folder: Path, path: str, seconds: float) -> subprocess.Popen[str]:
    """Start the editor in a process of their own on the site's data."""
    port = site.rpartition(":")[2]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATA_DIR": str(folder),
        "PORT": port,
        "DATABASE_URL": "",
    }
    command = [sys.executable, "-m", "tests.load.publisher", path, str(seconds * 0.8)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def open_form(site: str) -> str:
    """Return the address of a form that is open."""
    with urllib.request.urlopen(f"{site}/de/termine.json") as answer:
        runs = json.load(answer)["runs"]
    for run in runs:
        with urllib.request.urlopen(run["url"]) as answer:
            if found := re.search(r'href="(/de/anmelden/[^"/?]+/)"', answer.read().decode()):
                return found[1]
    raise AssertionError("no run is open")


def stale(seen: list[tuple[float, int]], versions: list[dict[str, Any]]) -> list[tuple[float, int]]:
    """Return the answers that showed less than what had been committed two seconds before they were asked for."""
    return [
        (round(asked_at, 2), number)
        for asked_at, number in seen
        if number < max((one["number"] for one in versions if one["at"] + STALE_AFTER < asked_at), default=0)
    ]


def judge(found: dict[str, Any], seconds: float) -> None:
    """Fail on any of what must not happen."""
    assert set(found["statuses"]) <= {200, 410}, found["statuses"]  # 410: the last seat of the run is taken
    assert found["stale"] == []
    assert found["versions"] > 3
    assert found["registered"] > 0
    assert found["requests"] > seconds
    assert found["growth"] <= MOST_GROWTH
    assert "Traceback" not in found["log"]


@pytest.mark.services
def test_half_a_minute_of_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    judge(busy(tmp_path_factory.mktemp("busy"), 30), 30)


@pytest.mark.soak
def test_ten_minutes_of_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    seconds = float(os.environ.get("SOAK_SECONDS", "600"))

    judge(busy(tmp_path_factory.mktemp("busy"), seconds), seconds)
