"""Load from outside: wrk for a stream of requests, and a burst of many at the same moment."""

from __future__ import annotations

import json
import select
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 8
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def wrk(url: str, seconds: float, *, known: str = "") -> dict[str, Any]:
    """Return requests a second, p50 and p95 of one address under load; `known` is the ETag that browsers have."""
    if shutil.which("wrk") is None:
        pytest.skip("wrk is missing: sudo apt-get install wrk")
    wanted = {**BROWSER, "If-None-Match": known} if known else BROWSER
    flags = [part for name, value in wanted.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}", "-s", str(SCRIPT), *flags, url]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(out.partition("RESULT ")[2])
    return found


class Crowd:
    """Visitors who keep their connections open and ask at the same moment."""

    def __init__(self, url: str, visitors: int) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        host = f"{parts.hostname}:{parts.port}"
        self.request = f"GET {parts.path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: {BROWSER['Accept-Encoding']}\r\n\r\n".encode()
        self.sockets = [socket.create_connection((parts.hostname, parts.port)) for _visitor in range(visitors)]

    def ask(self) -> list[float]:
        """Return how many milliseconds each waited for the whole answer."""
        asked, taken = {}, []
        for one in self.sockets:
            asked[one] = time.perf_counter()
            one.sendall(self.request)
        waiting = dict.fromkeys(self.sockets, b"")
        while waiting:
            for one in select.select(list(waiting), [], [])[0]:
                waiting[one] += one.recv(1 << 18)
                if is_whole(waiting[one]):
                    taken.append((time.perf_counter() - asked[one]) * 1000)
                    del waiting[one]
        return taken

    def leave(self) -> None:
        """Close all connections."""
        for one in self.sockets:
            one.close()


def is_whole(answer: bytes) -> bool:
    """Return whether all of an answer has arrived."""
    head, _blank, body = answer.partition(b"\r\n\r\n")
    if not _blank:
        return False
    assert head.startswith(b"HTTP/1.1 200"), head
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    return len(body) >= int(length)
