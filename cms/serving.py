"""Runs the web server and the worker together: they start together and end together."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.db import connections
from django.urls import get_resolver

PATIENCE = 15.0  # seconds that a child may take to end
READY_WITHIN = 60.0
TURN = 0.0005  # seconds; whoever only hands out a kept page does not wait for the one who makes a page (default 0.005)
CALM = 50_000  # new objects between two looks for garbage
APPLICATION = "cms.wsgi:application"


@dataclass
class Child:
    """One program that runs beside the others."""

    name: str
    process: subprocess.Popen[bytes]


def is_port_free(host: str, port: int) -> bool:
    """Return whether somebody else listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def start(name: str, arguments: Sequence[str]) -> Child:
    """Start one of our own commands in a session of its own, so that Ctrl-C reaches only the parent."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return Child(name, subprocess.Popen(command, start_new_session=True))  # noqa: S603 - our own program


def run_together(children: list[Child], stop: threading.Event) -> Child | None:
    """Wait until one child ends by itself or `stop` is set, then end all; return the one that ended first, if any."""
    ended: Child | None = None
    while ended is None and not stop.wait(0.2):
        ended = next((child for child in children if child.process.poll() is not None), None)
    end(children)
    return ended


def end(children: list[Child]) -> None:
    """Ask all children to end, wait, and end by force whoever did not listen."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def stop_on_signals() -> threading.Event:
    """Return an event that Ctrl-C, SIGTERM and the end of the terminal set."""
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    return stop


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however that died: nothing keeps the port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def when_ready(host: str, port: int, then: Callable[[], None], stop: threading.Event) -> None:
    """Call `then` in a thread of its own as soon as the server answers."""

    def watch() -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not stop.wait(0.2) and time.monotonic() < deadline:
            if _answers(f"http://{host}:{port}/healthz"):
                then()
                return

    threading.Thread(target=watch, name="ready-watch", daemon=True).start()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def web(host: str, port: int, application: str = APPLICATION) -> None:
    """Run the web server in this process until it is asked to end; its workers are forked from here.

    `make bench` runs other applications in it.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    load_once(application)
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WEB_PROCESSES,
        blocking_threads=settings.WEB_THREADS,
        blocking_threads_idle_timeout=600,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def load_once(application: str) -> None:
    """Load the application and its addresses before the workers are forked: they start at once and share this memory."""
    import_module(application.partition(":")[0])
    assert get_resolver().url_patterns
    connections.close_all()
    loaded()
    sys.setswitchinterval(TURN)


def loaded() -> None:
    """Look for garbage from now on; nothing that is loaded is any.

    Frozen, it is not looked through again, which would copy it into each worker.
    """
    gc.freeze()
    gc.set_threshold(CALM)
