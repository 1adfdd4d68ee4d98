"""A folder with a JSON Lines file, and an import of it that keeps what it said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from home.moving.importing import Import, Result
from tests.factories import pages as make


class Box:
    """A folder to move in from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "content.jsonl"
        self.said: list[tuple[int, str]] = []

    def write(self, *lines: dict[str, Any] | bytes) -> None:
        """Write the file anew; bytes stay as they are."""
        rows = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
        self.file.write_bytes(b"\n".join(rows) + b"\n")

    def picture(self, name: str = "images/bus.png", size: tuple[int, int] = (64, 48)) -> Path:
        """Put a picture beside the file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (200, 90, 40)).save(path)
        return path

    def run(self, *lines: dict[str, Any] | bytes, **options: Any) -> Result:
        """Import; with lines, write them first."""
        if lines:
            self.write(*lines)
        self.said = []
        return Import(self.file, say=lambda number, text: self.said.append((number, text)), **options).run()


def practice(source_id: str = "bus", **data: Any) -> dict[str, Any]:
    """A line of a good practice as an old site would give it."""
    return {
        "kind": "good_practice",
        "locale": "de",
        "source_id": source_id,
        "title": "Ein Bus für alle",
        "summary": "Der Bus fuhr dreimal.",
        "body": "<p>Erst fragen, dann <strong>fahren</strong>.</p>",
        "step": "allies",
        "topics": ["rural"],
        **data,
    }


@pytest.fixture
def box(tmp_path: Path) -> Box:
    folder = tmp_path / "old site"
    folder.mkdir()
    return Box(folder)


@pytest.fixture
def tree(db: None) -> make.Tree:
    return make.make_tree()
