"""The nursery of the races: once on a SQLite file, and on PostgreSQL where `make test-services` has started one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import migrated

ROOT = Path(__file__).resolve().parents[3]


class Nursery:
    """The other end of the process that plays the scenarios."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "The nursery has ended"
        return json.loads(line)

    def play(self, scenario: str, *args: Any) -> Any:
        """Play a scenario and return its numbers."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([scenario, args]) + "\n")
        self.process.stdin.flush()
        answer = self.answer()
        if "error" in answer:
            pytest.fail(answer["error"])
        return answer["value"]


@contextmanager
def nursery_on(environment: dict[str, str]) -> Iterator[Nursery]:
    """Start a nursery with these variables on top of ours."""
    clean = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    full = {**clean, "DJANGO_SETTINGS_MODULE": "cms.settings.test", **environment}
    command = [sys.executable, "-m", "tests.trainings.proof.nursery"]
    with subprocess.Popen(
        command, cwd=ROOT, env=full, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        nursery = Nursery(process)
        assert nursery.answer() == "ready"
        yield nursery
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


@contextmanager
def postgresql() -> Iterator[str]:
    """Make a database of its own on the server of DATABASE_URL."""
    import psycopg

    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        pytest.fail("Needs PostgreSQL: make test-services, or DATABASE_URL")
    name = f"proof_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Several processes on one SQLite file."""
    folder = tmp_path_factory.mktemp("nursery")
    (folder / "test").mkdir()
    if (copy := migrated.kept_copy(settings.DATA_DIR)).exists():
        migrated.copy_database(copy, folder / "test" / "unused.sqlite3")
    with nursery_on({"DATA_DIR": str(folder)}) as found:
        yield found


@pytest.fixture(scope="session")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Several processes on a PostgreSQL database of their own."""
    folder = tmp_path_factory.mktemp("nursery")
    with postgresql() as url, nursery_on({"DATA_DIR": str(folder), "DATABASE_URL": url}) as found:
        yield found


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.services)])
def nursery(request: pytest.FixtureRequest) -> Nursery:
    """Each race in turn on both kinds of database."""
    found: Nursery = request.getfixturevalue(request.param)
    return found
