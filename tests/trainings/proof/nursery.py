"""A process that has loaded the site and forks others: many people at once, and victims of kill -9.

`python -m tests.trainings.proof.nursery` reads one JSON line a scenario from standard input and answers with one line.
The test process itself never touches the database of a race.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import django

Call = list[Any]


def main() -> None:
    """Migrate, then play one scenario after the other."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tests.trainings.proof import scenarios, troubles

    call_command("migrate", verbosity=0)
    print(json.dumps("ready"), file=out, flush=True)
    for line in sys.stdin:
        name, args = json.loads(line)
        try:
            play = getattr(scenarios, name, None) or getattr(troubles, name)
            answer = {"value": play(*args)}
        except Exception:  # noqa: BLE001 - the test process shows it
            answer = {"error": traceback.format_exc()}
        connections.close_all()
        print(json.dumps(answer, default=str), file=out, flush=True)


def fork(work: Callable[[], Any]) -> tuple[int, int]:
    """Do work in a process of its own; return its id and where its answer can be read."""
    from django.db import connections

    connections.close_all()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write_end)
        return pid, read_end
    os.close(read_end)
    try:
        answer = json.dumps(work(), default=str)
        with os.fdopen(write_end, "w") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def collect(child: tuple[int, int]) -> Any:
    """Wait for a process and return its answer; None when it was killed."""
    pid, read_end = child
    with os.fdopen(read_end) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


def at_once(calls: list[Call], *, processes: int = 4, before: Callable[[], None] | None = None) -> list[dict[str, Any]]:
    """Perform all calls at the same moment, spread over processes with a thread for each; return what became of them."""
    start = time.time() + 0.4

    def work(mine: list[Call]) -> list[dict[str, Any]]:
        if before:
            before()
        return _in_threads(mine, start)

    children = [fork(partial(work, calls[number::processes])) for number in range(processes)]
    return [result for child in children for result in collect(child) or []]


def _in_threads(calls: list[Call], start: float) -> list[dict[str, Any]]:
    from tests.trainings.proof.actions import perform

    results: list[dict[str, Any]] = []

    def one(call: Call) -> None:
        time.sleep(max(0.0, start - time.time()))
        results.append(perform(*call))

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kill_after(seconds: float, work: Callable[[], Any]) -> bool:
    """Start work and kill its process with -9; return whether it was still at work."""
    pid, read_end = fork(work)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    os.close(read_end)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    main()
