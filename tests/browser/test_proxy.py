"""Clients that misbehave: what the server bears alone, and what nginx of `compose.yaml` keeps away from it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import yaml

from tests.live_site import ROOT, free_port

pytestmark = pytest.mark.services
SLOW = 30  # more than all threads of both web processes, fewer than nginx lets one address have
FORM = "/de/fragen/"


def address_of(site: str) -> tuple[str, int]:
    host, _colon, port = site.removeprefix("http://").partition(":")
    return host, int(port)


def status(site: str, path: str = "/de/") -> int:
    with urllib.request.urlopen(site + path, timeout=20) as answer:
        return int(answer.status)


def begun(site: str, start: bytes) -> socket.socket:
    """Open a connection and send the beginning of a request."""
    connection = socket.create_connection(address_of(site), timeout=20)
    connection.sendall(start)
    return connection


@pytest.fixture(scope="module")
def proxy(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Debian's nginx with the configuration of `compose.yaml`, without TLS and less patient."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "nginx is missing; make test-services installs it."
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "nginx.conf").write_text(configuration(folder, port, site))
    process = subprocess.Popen(
        [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(address_of(address), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(20)


def configuration(folder: Path, port: int, site: str) -> str:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    server = compose["configs"]["nginx"]["content"].replace("$$", "$")
    zone, _redirect, secure = re.split(r"^server (?=\{)", server, flags=re.MULTILINE)
    secure = re.sub(r"^\s*(http2|ssl_\w+) .*\n", "", secure, flags=re.MULTILINE)
    secure = secure.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("http://web:8000", site)
    secure = secure.replace("client_body_timeout 20s", "client_body_timeout 2s")
    secure = secure.replace("proxy_set_header Host $host", f"proxy_set_header Host 127.0.0.1:{address_of(site)[1]}")
    assert "ssl" not in secure
    assert site in secure
    paths = "\n".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return (
        f"daemon off; pid {folder}/pid; worker_processes 1; user root;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\n{zone}\nserver {secure} }}\n"
    )


def test_slow_headers_idle_connections_and_huge_headers_do_not_stop_the_server(site: str) -> None:
    with ExitStack() as stack:
        for _number in range(500):
            stack.enter_context(begun(site, b""))
        for _number in range(SLOW):
            stack.enter_context(begun(site, b"GET /de/ HTTP/1.1\r\nHost: x\r\nX-Slow: "))
        huge = stack.enter_context(begun(site, b"GET /de/ HTTP/1.1\r\nHost: x\r\n"))
        with suppress(OSError):  # refused in the middle
            for _number in range(160):
                huge.sendall(b"X-Huge: " + b"x" * 65_000 + b"\r\n")

        assert status(site) == 200
        assert status(site, "/healthz") == 200


def test_slow_bodies_end_at_the_proxy(site: str, proxy: str) -> None:
    head = f"POST {FORM} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nmessage=".encode()
    with ExitStack() as stack:
        slow = [stack.enter_context(begun(proxy, head)) for _number in range(SLOW)]

        assert status(proxy) == 200
        assert status(site, FORM) == 200

        answers = [connection.recv(200) for connection in slow]
    assert {answer[:12] for answer in answers} <= {b"", b"HTTP/1.1 408"}


@pytest.mark.parametrize(
    ("path", "megabytes", "answer"), [(FORM, 1, 100), (FORM, 3, 413), ("/admin/", 201, 100), ("/admin/", 211, 413)]
)
def test_oversized_bodies_are_refused_before_they_are_sent(proxy: str, path: str, megabytes: int, answer: int) -> None:
    size = megabytes * 1024 * 1024
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {size}\r\n\r\n"
    with begun(proxy, head.encode()) as connection:
        assert connection.recv(200).startswith(f"HTTP/1.1 {answer}".encode())


def test_visitor_behind_the_proxy_gets_the_page(proxy: str) -> None:
    assert status(proxy) == 200
