"""How long a start takes until the first page is there, and what memory a worker needs then and later."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.reporting import note
from tests.live_site import ROOT, addresses, free_port, live_site

pytestmark = pytest.mark.bench
SECONDS = 1.5  # from the start of two workers to the first page, on two idle cores
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Started:
    """A web server that has answered for the first time."""

    pid: int
    site: str
    seconds: float
    cpu_seconds: float


def test_first_page_and_memory(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("start")
    with live_site(data) as site:
        pages = one_of_each_type(addresses(site))
        for path in pages:  # makes sizes of pictures, which no later start has to do
            urllib.request.urlopen(site + path).close()

    with started(data) as server:
        note("start", "first page of two workers", s=server.seconds, cpu_s=server.cpu_seconds, target=SECONDS)
        note("start", "memory after the first page", **memory(server.pid))
        for path in pages:
            for _ in range(8):  # both workers get some
                urllib.request.urlopen(server.site + path).close()
        note("start", f"memory after one page of each type ({len(pages)})", **memory(server.pid))


@contextmanager
def started(data: Path) -> Iterator[Started]:
    """Start the web server alone, as `manage.py serve` does after preparing, and wait for its first page."""
    port = free_port()
    variables = {"DJANGO_SETTINGS_MODULE": "cms.settings.local", "DATA_DIR": str(data), "PORT": str(port)}
    command = [sys.executable, "manage.py", "serve", "--only", "web"]
    began = time.monotonic()
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables})
    try:
        site = f"http://127.0.0.1:{port}"
        wait_for_page(f"{site}/de/", until=began + 60)
        seconds = round(time.monotonic() - began, 2)
        cpu = sum(cpu_seconds(pid) for pid in (server.pid, *children(server.pid)))
        yield Started(server.pid, site, seconds, round(cpu, 2))
    finally:
        server.terminate()
        server.wait(30)


def wait_for_page(address: str, *, until: float) -> None:
    """Ask again and again until there is an answer."""
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    pytest.fail(f"{address} did not answer.")


def one_of_each_type(paths: list[str]) -> list[str]:
    """Return one address of each section, depth and language."""
    return list({("/".join(path.split("/")[:3]), path.count("/")): path for path in paths}.values())


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(part) for part in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> dict[str, object]:
    """Return the MB of a worker (shared parts by their share, and all it can see), and of everything together."""
    workers = [megabytes(worker) for worker in children(pid)]
    together = sum(pss for pss, _rss in workers) + megabytes(pid)[0]
    return {"workers_pss_rss": [f"{pss}/{rss}" for pss, rss in workers], "all_pss": together}


def megabytes(pid: int) -> tuple[int, int]:
    """Return proportional and resident memory of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines}
    return found["Pss"], found["Rss"]
