"""A filled site and its servers: the real one, the plain idiom, and a bare application that only answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.bench.load import BROWSER
from tests.live_site import ROOT, free_port

OURS, PLAIN = "cms.settings.local", "tests.bench.reference.settings"
SERVE = (
    "import sys, django; django.setup(); from cms.serving import web; web('127.0.0.1', int(sys.argv[1]), sys.argv[2])"
)
READY_WITHIN = 60


@dataclass(frozen=True)
class Filled:
    """A data folder with the demo content and one long practice; `addresses` names a page of each kind."""

    data: Path
    addresses: dict[str, str]
    port: int

    def environment(self, settings: str = OURS, **variables: str) -> dict[str, str]:
        """Return the variables of a process of this site."""
        own = {"DATA_DIR": str(self.data), "PORT": str(self.port), "DATABASE_URL": ""}
        return {**os.environ, "DJANGO_SETTINGS_MODULE": settings, **own, **variables}


@dataclass(frozen=True)
class Server:
    """A running web server."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> tuple[list[tuple[str, str]], bytes]:
        """Return headers and body of an answer."""
        request = urllib.request.Request(self.url + path, headers=BROWSER)
        with urllib.request.urlopen(request) as answer:
            return answer.getheaders(), answer.read()

    @cached_property
    def workers(self) -> list[int]:
        """Return the web processes: the children that hold most memory."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children if pss(int(child)) > 20_000]

    def memory(self) -> int:
        """Return the megabytes of one worker, what it shares with others counted in parts."""
        return round(max(pss(worker) for worker in self.workers) / 1024)


def pss(process: int) -> int:
    """Return the memory of a process in kB (Linux)."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(text.partition("\nPss:")[2].split()[0])


def fill(data: Path) -> Filled:
    """Make a site with the demo content and lengthen one practice."""
    site = Filled(data, {}, free_port())
    if not (data / "db.sqlite3").exists():
        _run(site, "manage.py", "serve", "--only", "prepare")
    return Filled(data, json.loads(_run(site, "-m", "tests.bench.filling").splitlines()[-1]), site.port)


def _run(site: Filled, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=False, cwd=ROOT, env=site.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@contextmanager
def server(
    site: Filled, application: str = "cms.wsgi:application", settings: str = OURS, **variables: str
) -> Iterator[Server]:
    """Run the web server of `manage.py serve` with any WSGI application, and nothing beside it."""
    port = str(free_port())
    environment = site.environment(settings, **variables, PORT=port)
    with (site.data / f"server-{port}.log").open("wb") as log:
        command = [sys.executable, "-c", SERVE, port, application]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield Server(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")
