"""The database server crashes and comes back while the whole site is at work: nothing typed or promised is lost."""

from __future__ import annotations

import html
import itertools
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg
import pytest

from cms.public_forms import QUICKEST
from tests.live_site import ROOT, live_site
from tests.load.test_busy_day import person_at
from tests.postgres_server import PostgresServer, postgres_server

pytestmark = pytest.mark.services
SENT_WITHIN = 60  # seconds
PATIENCE = 30  # seconds
PEOPLE, CRASHES = 6, 2
RUN = "import django; django.setup()\nfrom tests.factories.registrations import make_bare_run as make\n"


@dataclass(frozen=True)
class Site:
    """A running site, its database server and the form of a run."""

    address: str
    server: PostgresServer
    form: str

    def rows(self, question: LiteralString, *values: str) -> list[Any]:
        with psycopg.connect(self.server.url) as database:
            return database.execute(question, values).fetchall()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("restart")
    with postgres_server(folder / "postgres") as server:
        variables = {"DATABASE_URL": server.url, "DEMO_CONTENT": "false"}
        with live_site(folder, **variables) as address:
            own = {"DJANGO_SETTINGS_MODULE": "cms.settings.local", "DATA_DIR": str(folder), **variables}
            made = subprocess.run(
                [sys.executable, "-c", f"{RUN}print(make(seats=500).number)"],
                cwd=ROOT, env={**os.environ, **own}, check=True, capture_output=True, text=True,
            )  # fmt: skip
            yield Site(address, server, f"/de/anmelden/{made.stdout.strip()}/")


class Person:
    """Somebody with a browser and an address of their own, who opens the form and sends it."""

    def __init__(self, site: Site, number: int) -> None:
        self.url = site.address + site.form
        self.opener = person_at(f"127.9.{number // 250}.{number % 250 + 1}")
        self.email = f"person{number}@rathaus.example"
        self.typed = {
            "name": f"Person {number}",
            "email": self.email,
            "function": "Jugendpflege",
            "organisation": 'Jugendamt "am langen Fluss" <Süd>',
            "municipality": "Musterhausen",
            "consent": "on",
        }

    def ask(self, data: bytes | None = None) -> tuple[int, str]:
        request = urllib.request.Request(self.url, data, {"Accept-Encoding": "identity", "Referer": self.url})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def open(self) -> int:
        status, page = self.ask()
        self.typed |= hidden_in(page)
        return status

    def send(self) -> tuple[int, str]:
        return self.ask(urllib.parse.urlencode(self.typed).encode())


def hidden_in(page: str) -> dict[str, str]:
    """Return what a page would send unseen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def test_a_form_sent_while_the_database_is_down_is_kept_and_goes_through_later(site: Site) -> None:
    person = Person(site, 1)
    assert person.open() == 200
    time.sleep(QUICKEST + 0.1)  # nobody is quicker

    site.server.stop()
    try:
        down = person.send()
        health = Person(site, 2)
        health.url = f"{site.address}/healthz"
        ill = health.ask()[0]
    finally:
        site.server.start()
    kept = hidden_in(down[1])
    typed, person.typed = person.typed, kept  # the button of the page sends what it holds
    again, twice = person.send(), person.send()

    assert (down[0], ill) == (503, 503)
    assert "Lassen Sie diese Seite offen" in down[1]
    assert f'action="{site.form}"' in down[1]
    assert kept == typed
    assert (again[0], twice[0]) == (200, 200)
    assert site.rows("SELECT count(*) FROM trainings_booking WHERE email = %s", person.email) == [(1,)]
    assert mails_within(SENT_WITHIN, site, person.email) == [("sent", 1)]


@dataclass
class Crowd:
    """People who register one after the other until it is over, and what became of them."""

    site: Site
    is_over: bool = False
    statuses: list[int] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)

    @property
    def refused(self) -> list[int]:
        return [status for status in self.statuses if status == 503]

    def register(self, number: int) -> None:
        for count in itertools.count(number * 1000):
            if self.is_over:
                return
            self.one(Person(self.site, count))

    def one(self, person: Person) -> None:
        self.statuses.append(person.open())
        time.sleep(QUICKEST + 0.1)  # nobody is quicker
        if "start" not in person.typed:
            return
        status, page = person.send()
        self.statuses.append(status)
        if status == 200 and "error-summary" not in page:
            self.promised.append(person.email)


def test_crashes_while_people_register_lose_nothing_that_was_promised(site: Site) -> None:
    crowd = Crowd(site)

    threads = [threading.Thread(target=crowd.register, args=(number,)) for number in range(1, PEOPLE + 1)]
    for thread in threads:
        thread.start()
    try:
        for _crash in range(CRASHES):
            wait_for_more(lambda: crowd.promised)
            site.server.stop()
            wait_for_more(lambda: crowd.refused)
            site.server.start()
        wait_for_more(lambda: crowd.promised)
    finally:
        crowd.is_over = True
    for thread in threads:
        thread.join()

    assert set(crowd.statuses) == {200, 503}
    booked = dict(site.rows("SELECT email, count(*) FROM trainings_booking GROUP BY email"))
    assert {email: booked.get(email) for email in crowd.promised} == dict.fromkeys(crowd.promised, 1)
    assert set(booked.values()) == {1}
    assert [mails_within(SENT_WITHIN, site, email) for email in booked] == [[("sent", 1)]] * len(booked)


def wait_for_more(found: Callable[[], Sized]) -> None:
    """Wait until other threads have met what they met before once more."""
    known, until = len(found()), time.time() + PATIENCE
    while len(found()) <= known:
        assert time.time() < until, "It has not come to that."
        time.sleep(0.05)


def mails_within(seconds: float, site: Site, email: str) -> list[Any]:
    """Return how many mails to an address are in which state, once none waits any longer or the time is over.

    A mail on its way when the server crashed waits for five minutes before it is sent again; here they are over at once.
    """
    until = time.time() + seconds
    with psycopg.connect(site.server.url) as database:
        database.execute("UPDATE outbox_outboxmessage SET lease_until = now() WHERE state = 'sending'")
    question: LiteralString = 'SELECT state, count(*) FROM outbox_outboxmessage WHERE "to" = %s GROUP BY state'
    while (found := site.rows(question, email)) != [("sent", 1)] and time.time() < until:
        time.sleep(0.5)
    return found
