"""The day of a press release: visitors read, search and register while an editor publishes and the worker works.

No answer of 500 or more, nothing older than two seconds after its commit, no growth of memory; at the end the search
knows what was published and every registration has its mail. Half a minute in
`make test-services`; `make soak` takes SOAK_SECONDS (ten minutes by default).
"""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.live_site import ROOT, addresses, live_site
from tests.load.test_readers import WARM_SHARE, memory

READERS, SEARCHERS, REGISTRANTS = 6, 2, 2
SETTLES_WITHIN = 60  # seconds that index and mail may take after the last visitor has left
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

    def register(self, forms: list[str], number: int) -> None:
        """Register one person after the other, each from an own address, as quickly as the form allows."""
        for count, form in enumerate(itertools.cycle(forms)):
            opener = person_at(f"127.{number + 1}.{count // 250}.{count % 250 + 1}")
            text = self.get(form, opener)
            hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
            time.sleep(2.1)
            if self.is_over:
                return
            if not hidden:
                continue  # closed meanwhile
            person = {
                "name": f"Person {count}",
                "email": f"person{number}.{count}@rathaus.example",
                "function": "Jugendpflege",
            }
            place = {"organisation": "Jugendamt", "municipality": "Erlenfurt", "consent": "on"}
            answer = self.get(form, opener, urllib.parse.urlencode({**hidden, **person, **place}).encode())
            with self._lock:
                self.registered += "error-summary" not in answer and bool(answer)


class FromAddress(urllib.request.HTTPHandler):
    """Asks from one of the many addresses of this machine."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(partial(http.client.HTTPConnection, source_address=(self.address, 0)), request)


def person_at(address: str) -> urllib.request.OpenerDirector:
    """Return a browser of its own: throttles count by address."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    return urllib.request.build_opener(cookies, FromAddress(address))


def busy(folder: Path, seconds: float) -> dict[str, Any]:
    """Play the day and return its numbers."""
    with live_site(folder, DATABASE_URL="") as site:  # its own SQLite file: other tests have their site on PostgreSQL
        paths = addresses(site)
        news = next(path for path in paths if path.startswith(CHANGING) and path.count("/") == 4)
        forms = open_forms(site)
        for path in paths:
            Day(site, 1).get(path)
        day = Day(site, seconds)
        editor = publishing(folder, news, seconds)
        with ThreadPoolExecutor(READERS + SEARCHERS + REGISTRANTS + 2) as visitors:
            early = visitors.submit(memory_after, site, seconds * WARM_SHARE)
            work = [visitors.submit(day.read, paths, number) for number in range(READERS)]
            work += [visitors.submit(day.search, number) for number in range(SEARCHERS)]
            work += [visitors.submit(day.register, forms[number:], number) for number in range(REGISTRANTS)]
            work += [visitors.submit(day.watch, news)]
            for one in work:
                one.result()
        before = early.result()
        out, _errors = editor.communicate(timeout=60)
        after = memory(site)
        versions = [json.loads(line) for line in out.splitlines()]
        settled = settle(site, folder, len(versions))
    return {
        "requests": len(day.statuses),
        "statuses": {status: day.statuses.count(status) for status in sorted(set(day.statuses))},
        "versions": len(versions),
        "registered": day.registered,
        "oldest": oldest(day.seen, versions),
        "growth": round(after / before, 2),
        "MB": round(after / 1024),
        **settled,
        "log": (folder / "log").read_text(),
    }


def memory_after(site: str, seconds: float) -> int:
    """Return the memory of the site once all its threads have been at work for a while."""
    time.sleep(seconds)
    return memory(site)


def settle(site: str, folder: Path, last: int) -> dict[str, Any]:
    """Wait until the search knows the last version and all mail has left; return what is so then."""
    until, found, waiting, sent = time.time() + SETTLES_WITHIN, False, -1, 0
    while time.time() < until and not (found and waiting == 0):
        with urllib.request.urlopen(f"{site}/api/search/?q={last}&page=1") as answer:
            found = any(f"({last})" in hit["title"] for hit in json.load(answer)["hits"])
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
            mine = "FROM outbox_outboxmessage WHERE \"to\" LIKE '%@rathaus.example' AND state"
            waiting = database.execute(f"SELECT count(*) {mine} IN ('queued', 'sending')").fetchone()[0]
            sent = database.execute(f"SELECT count(*) {mine} = 'sent'").fetchone()[0]
        time.sleep(0.5)
    return {"is_found": found, "mail_waiting": waiting, "mail_sent": sent}


def publishing(folder: Path, path: str, seconds: float) -> subprocess.Popen[str]:
    """Start the editor in a process of their own on the site's data."""
    own = {"DJANGO_SETTINGS_MODULE": "cms.settings.local", "DATA_DIR": str(folder), "DATABASE_URL": ""}
    environment = {**os.environ, **own}  # without PORT, by which the memory of the site is counted
    command = [sys.executable, "-m", "tests.load.publisher", path, str(seconds * 0.8)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def open_forms(site: str) -> list[str]:
    """Return the addresses of all forms that are open."""
    with urllib.request.urlopen(f"{site}/de/termine.json") as answer:
        runs = json.load(answer)["runs"]
    pages = [urllib.request.urlopen(url).read().decode() for url in dict.fromkeys(run["url"] for run in runs)]
    forms = dict.fromkeys(one for page in pages for one in re.findall(r'href="(/de/anmelden/[^"/?]+/)"', page))
    assert len(forms) >= REGISTRANTS
    return list(forms)


def oldest(seen: list[tuple[float, int]], versions: list[dict[str, Any]]) -> float:
    """Return for how many seconds at most an answer had been outdated when somebody asked for it."""
    committed = {one["number"]: one["at"] for one in versions}
    late = [asked_at - committed[number + 1] for asked_at, number in seen if number + 1 in committed]
    return round(max([0.0, *late]), 2)


def judge(found: dict[str, Any], seconds: float) -> None:
    """Fail on any of what must not happen."""
    print({name: value for name, value in found.items() if name != "log"})  # noqa: T201 - a soak tells its numbers
    assert set(found["statuses"]) <= {200, 410}, found["statuses"]  # 410: the last seat of the run is taken
    assert found["oldest"] < STALE_AFTER
    assert found["versions"] > 3
    assert found["registered"] > 0
    assert found["is_found"]
    assert found["mail_waiting"] == 0
    assert found["mail_sent"] >= found["registered"]
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
