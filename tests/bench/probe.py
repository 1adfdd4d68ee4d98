"""A process with the site in it that renders when it is told to: two of them, interleaved, compare two ways.

`python -m tests.bench.probe` reads lines of JSON, each an address, how often, and whether the content changes before
each time; it answers with CPU and wall milliseconds each, and queries, bytes and text of the page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Probe:
    """The other end of the process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, path: str, times: int, *, changed: bool = False) -> dict[str, Any]:
        """Return what rendering an address so many times cost."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([path, times, changed]) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def probe(data: Path, settings: str, **variables: str) -> Iterator[Probe]:
    """Start a process on the data of a site."""
    environment = {**os.environ, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": ""}
    command = [sys.executable, "-m", "tests.bench.probe"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**environment, **variables}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Probe(process)
        assert process.stdin
        process.stdin.close()
        process.wait(20)


class Site:
    """Django without server: the whole way of a request, from WSGI to the last byte."""

    def __init__(self) -> None:
        import django

        django.setup()
        from django.conf import settings
        from django.core.handlers.wsgi import WSGIHandler
        from django.test import RequestFactory

        self.host = settings.SITE_URL.rpartition("/")[2]
        self.application, self.factory = WSGIHandler(), RequestFactory()

    def render(self, path: str) -> bytes:
        """Return the body of the answer, which is a page."""
        said: list[Any] = []
        environ = self.factory.get(path, headers={"host": self.host}).environ
        application: Any = self.application
        result = application(environ, lambda *args: said.append(args))
        body = b"".join(result)
        result.close()
        assert said[0][0] == "200 OK", (path, said[0][0])
        return body

    def measure(self, path: str, times: int, changed: bool) -> dict[str, Any]:
        """Render; the change itself is not measured."""
        from django.db import connection

        from cms.version import raise_counter

        queries: list[str] = []

        def counted(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
            queries.append(sql)
            return execute(sql, *args)

        with connection.execute_wrapper(counted):
            body = self.render(path)
        cpu, wall = [], []
        for _time in range(times):
            if changed:
                raise_counter()
            began, moment = time.thread_time(), time.perf_counter()
            self.render(path)
            cpu.append((time.thread_time() - began) * 1000)
            wall.append((time.perf_counter() - moment) * 1000)
        return {"cpu": cpu, "wall": wall, "queries": len(queries), "bytes": len(body), "shown": shown(body.decode())}


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, int] = {"words": 0}
        self._is_code = False

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        self._is_code = tag in ("script", "style")
        self.found[tag] = self.found.get(tag, 0) + 1

    def handle_data(self, data: str) -> None:
        self.found["words"] += 0 if self._is_code else len(data.split())


def shown(html: str) -> dict[str, int]:
    """Count what a visitor gets: words, headings, links and pictures."""
    parser = _Shown()
    parser.feed(html)
    return {name: parser.found.get(name, 0) for name in ("words", "h1", "h2", "h3", "a", "picture", "source")}


def main() -> None:
    """Answer until the other end closes."""
    site = Site()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(site.measure(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
