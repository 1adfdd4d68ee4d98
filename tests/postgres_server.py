"""A PostgreSQL of its own for tests that stop it while the site runs; `make test-services` installs the programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live_site import free_port

PROGRAMS = Path("/usr/lib/postgresql")
NAME = "kgi"


@dataclass(frozen=True)
class PostgresServer:
    """One server; `stop` ends it as a crash does, `start` waits until it answers."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Return the address of its database."""
        return f"postgresql://{NAME}@127.0.0.1:{self.port}/{NAME}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self.control("-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    def control(self, *arguments: str) -> None:
        run(self.programs / "pg_ctl", "-s", "-D", str(self.folder), *arguments)


def run(program: Path, *arguments: str) -> None:
    """Run a program of the server, which refuses to work for root."""
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*who, str(program), *arguments], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """Start a server with an empty database in a new folder, and end it."""
    found = sorted(PROGRAMS.glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        pytest.fail("Needs the programs of PostgreSQL: make test-services installs them")
    server = PostgresServer(found[-1], folder, free_port())
    folder.mkdir()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        for above in list(folder.parents)[:3]:  # pytest keeps its folders for their owner
            above.chmod(above.stat().st_mode | 0o011)
    run(
        server.programs / "initdb", "-D", str(folder), "-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
    )
    server.start()
    try:
        run(server.programs / "createdb", "-h", "127.0.0.1", "-p", str(server.port), "-U", NAME, NAME)
        yield server
    finally:
        server.stop()
