"""The page cache beside the least that a server can answer, and in the moment after a publish."""

from __future__ import annotations

import json
import select
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.load import Crowd, wrk
from tests.bench.reporting import note, summary
from tests.bench.site import PLAIN, Filled, Server, server
from tests.live_site import ROOT

pytestmark = pytest.mark.bench
ROUNDS, SECONDS = 7, 2
OF_THE_SERVER = ("server", "date", "connection", "transfer-encoding")
VISITORS, PUBLISHES = 48, 5


def test_hit_beside_a_bare_answer(filled: Filled) -> None:
    path = filled.addresses["article de"]
    with server(filled) as ours:
        for _worker in range(8):
            ours.get(path)
        headers, body = ours.get(path)
        answer = filled.data / "answer"
        answer.write_bytes(body)
        own = [(name, value) for name, value in headers if name.lower() not in OF_THE_SERVER]
        answer.with_suffix(".json").write_text(json.dumps(own))
        with server(filled, "tests.bench.bare:application", BENCH_ANSWER=str(answer)) as bare:
            assert sorted(bare.get(path)[0]) == sorted(headers) or len(bare.get(path)[1]) == len(body)
            rounds = [
                {name: wrk(one.url + path, SECONDS) for name, one in (("bare", bare), ("hit", ours))}
                for _round in range(ROUNDS)
            ]
        etag = dict(headers)["etag"]
        known = wrk(ours.url + path, SECONDS, known=etag)

    for name, label in (("bare", "bare WSGI, the same bytes"), ("hit", "hit of the page cache")):
        middle = {key: statistics.median(one[name][key] for one in rounds) for key in ("requests/s", "p50", "p95")}
        note("warm beside bare", label, **{key: round(value, 2) for key, value in middle.items()}, kB=len(body) // 1024)
    note("warm beside bare", "browser has it (304)", **{key: round(value, 2) for key, value in known.items()})
    share = statistics.median(one["hit"]["requests/s"] / one["bare"]["requests/s"] for one in rounds)
    note("warm beside bare", "hit / bare", share=round(share, 2), target=0.8)
    assert sum(one[name]["errors"] for one in rounds for name in one) == 0
    assert share >= 0.8


def test_many_visitors_right_after_a_publish(filled: Filled) -> None:
    path = filled.addresses["article de"]
    with server(filled) as ours, server(filled, settings=PLAIN) as plain, editor(filled, path) as publish:
        crowd, other = Crowd(ours.url + path, VISITORS), Crowd(plain.url + path, VISITORS)
        warm_up(ours, path, crowd)
        after, plainly, renders = [], [], []
        for _publish in range(PUBLISHES):
            plainly += other.ask()
            crowd.ask()  # whatever is made anew for its age is made now
            before = misses(ours, filled, crowd)
            after += right_after(publish, crowd)
            made = misses(ours, filled, crowd)
            renders.append(max(made[worker] - before[worker] for worker in made))
        crowd.leave()
        other.leave()

    group = f"{VISITORS} visitors at once right after a publish"
    note(group, "the site", **summary(after), most=round(max(after), 1), target_p50=10)
    note(group, "the plain idiom", **summary(plainly), most=round(max(plainly), 1))
    note(group, "renders of a process", a_publish=renders)
    assert max(renders) <= 1
    assert statistics.median(after) < 10


@contextmanager
def editor(site: Filled, path: str) -> Iterator[subprocess.Popen[str]]:
    """An editor in a process of their own."""
    command = [sys.executable, "-m", "tests.bench.publisher", path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=site.environment(), text=True, **pipes) as process:  # type: ignore[call-overload]  # pipes
        yield process
        process.stdin.close()


def right_after(publish: subprocess.Popen[str], crowd: Crowd) -> list[float]:
    """Let all ask for the page the moment it is published; until then they read the old one, as on a busy day."""
    assert publish.stdin
    assert publish.stdout
    publish.stdin.write("\n")
    publish.stdin.flush()
    while not select.select([publish.stdout], [], [], 0.05)[0]:
        crowd.ask()
    publish.stdout.readline()
    return crowd.ask()


def warm_up(site: Server, path: str, crowd: Crowd) -> None:
    """Let both workers keep the page."""
    for _time in range(4):
        site.get(path)
        crowd.ask()


def misses(site: Server, filled: Filled, crowd: Crowd) -> dict[int, int]:
    """Return how many pages each worker has made, from what it tells the admin every two seconds."""
    time.sleep(2.1)
    for _time in range(3):
        crowd.ask()
    files = {worker: Path(filled.data / "cache" / "pages" / f"{worker}.json") for worker in site.workers}
    return {worker: int(json.loads(file.read_text())["misses"]) for worker, file in files.items()}
