"""Reads the text of one file: run as a program of its own, so that a broken or hostile file harms nobody.

`python -m search.reading FILE.pdf` prints the text; limits of memory and time hold for this process alone.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

LONGEST = 200_000  # characters
MEMORY = 1024 * 1024 * 1024
SECONDS = 30
MOST_PAGES = 500
MOST_ROWS = 5_000


def pdf(file: Path) -> Iterator[str]:
    """Return the text of each page."""
    from pypdf import PdfReader

    for page in PdfReader(file).pages[:MOST_PAGES]:
        yield page.extract_text()


def docx(file: Path) -> Iterator[str]:
    """Return paragraphs and cells."""
    from docx import Document

    document = Document(str(file))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)


def pptx(file: Path) -> Iterator[str]:
    """Return the text of shapes and notes of each slide."""
    from pptx import Presentation

    for slide in Presentation(str(file)).slides:
        yield from (shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def xlsx(file: Path) -> Iterator[str]:
    """Return the cells of each sheet."""
    from openpyxl import load_workbook

    for sheet in load_workbook(file, read_only=True, data_only=True):
        for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
            yield " ".join(str(value) for value in row if value is not None)


READERS: dict[str, Callable[[Path], Iterator[str]]] = {".pdf": pdf, ".docx": docx, ".pptx": pptx, ".xlsx": xlsx}


def text_of(file: Path) -> str:
    """Return the text of a file, cut where it gets long."""
    found: list[str] = []
    size = 0
    for piece in READERS[file.suffix.lower()](file):
        found.append(piece)
        size += len(piece)
        if size > LONGEST:
            break
    return "\n".join(found)[:LONGEST].replace("\x00", " ")


def main(name: str) -> None:
    """Print the text of a file, within the limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(text_of(Path(name)).encode("utf-8", "replace"))


if __name__ == "__main__":
    main(sys.argv[1])
