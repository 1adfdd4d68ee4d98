"""The real thing for tests that need it: `manage.py serve` on a data folder of its own, as `make run` starts it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300


@contextmanager
def live_site(data: Path, **variables: str) -> Iterator[str]:
    """Serve the site with its demo content and give its address; `variables` change the environment."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATA_DIR": str(data),
        "PORT": str(port),
        **variables,
    }
    with (data / "log").open("wb") as log:
        command = [sys.executable, "manage.py", "serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server, data / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def addresses(site: str) -> list[str]:
    """Return the paths of the sitemap."""
    with urllib.request.urlopen(f"{site}/sitemap.xml") as answer:
        found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", answer.read().decode())
    assert len(found) > 50
    return found


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail("The site did not start:\n" + log.read_text()[-3000:])
