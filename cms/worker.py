"""Jobs that run beside the web server: registered by the apps, one thread per group, errors never end a thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections

logger = logging.getLogger(__name__)
HEARTBEAT_EVERY = 10.0
SILENT_AFTER = 60.0  # seconds without a heartbeat after which health says so


@dataclass
class Job:
    """Something to do again and again; `every` counts from the end of one run to the start of the next."""

    run: Callable[[], object]
    every: float
    group: str
    name: str
    due: float = field(default=0.0, compare=False)


_jobs: dict[str, Job] = {}


def register(job: Callable[[], object], every: float, group: str = "clocks") -> None:
    """Have the worker call `job` every so many seconds, in its group's thread; a second registration replaces the first.

    Slow jobs get a group of their own, so that they hold up nobody else.
    """
    name = f"{job.__module__}.{job.__qualname__}"
    _jobs[name] = Job(run=job, every=every, group=group, name=name)


def registered() -> list[Job]:
    """Return the jobs in the order of their registration."""
    return list(_jobs.values())


def run(stop: threading.Event, jobs: list[Job] | None = None) -> None:
    """Work until `stop` is set; returns when every thread has finished what it was doing."""
    groups: dict[str, list[Job]] = defaultdict(list)
    for job in registered() if jobs is None else jobs:
        groups[job.group].append(job)
    threads = [threading.Thread(target=work, args=(mine, stop), name=group) for group, mine in groups.items()]
    threads.append(threading.Thread(target=_beat, args=(stop,), name="heartbeat"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def work(jobs: list[Job], stop: threading.Event) -> None:
    """Run the jobs of one group as they fall due, one after the other, until `stop` is set."""
    while not stop.is_set():
        for job in jobs:
            if time.monotonic() >= job.due and not stop.is_set():
                run_once(job)
                job.due = time.monotonic() + job.every
        next_due = min(job.due for job in jobs)
        stop.wait(max(0.05, next_due - time.monotonic()))


def run_once(job: Job) -> None:
    """Run one job with a fresh look at its database connection; an error is logged and the job comes again."""
    close_old_connections()
    try:
        job.run()
    except Exception:
        logger.exception("Job %s failed and will be tried again in %s s", job.name, job.every)
    finally:
        close_old_connections()


def _heartbeat_file() -> Path:
    return Path(settings.DATA_DIR) / "worker.heartbeat"


def _beat(stop: threading.Event) -> None:
    while not stop.is_set():
        beat()
        stop.wait(HEARTBEAT_EVERY)
    _heartbeat_file().unlink(missing_ok=True)


def beat() -> None:
    """Note that the worker lives."""
    _heartbeat_file().parent.mkdir(parents=True, exist_ok=True)
    _heartbeat_file().touch()


def last_seen() -> float | None:
    """Return when the worker last gave a sign of life (seconds since the epoch), None when it does not run."""
    try:
        return _heartbeat_file().stat().st_mtime
    except FileNotFoundError:
        return None


def publish_scheduled() -> None:
    """Publish and take down what editors gave a date."""
    call_command("publish_scheduled", verbosity=0)
