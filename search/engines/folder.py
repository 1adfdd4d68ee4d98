"""The folder of an embedded index: a pointer to the live one, one writer at a time, a note of how far it has come."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

STATE = "state.json"


@dataclass(frozen=True)
class State:
    """What the folder says of its index."""

    schema: int
    seq: int
    lexicon: int


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that all processes of this host know; a killed process holds nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Folder:
    """One locale's folder: `current` names the sub-folder in use; a new one is built beside it and swapped in."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold the lock of the one writer; without waiting, tell whether it was free."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def live(self) -> Path | None:
        """Return the sub-folder in use, None where there is none."""
        try:
            return self.path / (self.path / "current").read_text()
        except OSError:
            return None

    def state(self) -> State | None:
        """Return what the live sub-folder says of itself, None where that cannot be read."""
        live = self.live()
        try:
            return State(**json.loads((live / STATE).read_text())) if live else None
        except (OSError, ValueError, TypeError):
            return None

    def signature(self) -> tuple[str, int]:
        """Return something that differs after every write and every swap, for other processes to notice."""
        live = self.live()
        if live is None:
            return "", 0
        try:
            return live.name, (live / STATE).stat().st_mtime_ns
        except OSError:
            return live.name, 0

    def new(self) -> Path:
        """Return an empty sub-folder to build in."""
        path = self.path / f"index-{time.time_ns()}-{os.getpid()}"
        path.mkdir(parents=True)
        return path

    def note(self, path: Path, state: State) -> None:
        """Write down how far the index in a sub-folder has come."""
        _write(path / STATE, json.dumps(asdict(state)))

    def swap(self, path: Path) -> None:
        """Make a sub-folder the live one; the one before stays for a way back, older ones go."""
        before = self.live()
        _write(self.path / "current", path.name)
        for old in self.path.glob("index-*"):
            if old not in (path, before):  # left behind: the lock is held, nobody builds in it
                shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    temporary.write_text(text)
    temporary.replace(path)
