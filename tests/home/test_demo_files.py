"""The demo's files: built from their sources, accessible, in the language they claim."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from home.demo.building import build
from home.demo.building.texts import LANGUAGES
from home.demo.files import FOLDER
from home.demo.reader import CONTENT, read_all

ENTRIES = [(entry, item.facts["published_on"]) for item in read_all().values() for entry in item.facts.get("files", [])]
MOST_BYTES = 250_000


def _named(ending: str) -> list[Any]:
    return [pytest.param(entry, id=entry["name"]) for entry, _day in ENTRIES if entry["name"].endswith(ending)]


def test_every_shipped_file_is_named_and_small() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in CONTENT.rglob("*.md"))
    recordings = set(re.findall(r"^file: \{name: ([^,]+)", texts, re.MULTILINE))
    assert {path.name for path in FOLDER.iterdir()} == {entry["name"] for entry, _day in ENTRIES} | recordings
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > MOST_BYTES] == []
    assert {Path(entry["name"]).suffix for entry, _day in ENTRIES} == {".docx", ".xlsx", ".pptx", ".pdf"}


@pytest.mark.parametrize(("entry", "day"), ENTRIES, ids=lambda value: value["name"] if isinstance(value, dict) else "")
def test_shipped_file_is_what_its_source_gives(entry: dict[str, Any], day: Any, tmp_path: Path) -> None:
    build(entry, day, tmp_path / entry["name"])

    assert _content(tmp_path / entry["name"]) == _content(FOLDER / entry["name"])


def _content(path: Path) -> Any:
    if path.suffix == ".pdf":
        return [page.extract_text() for page in PdfReader(path).pages]
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith((".jpg", ".jpeg"))}


@pytest.mark.parametrize("entry", _named(".docx"))
def test_document_has_title_language_headings_and_header_rows(entry: dict[str, Any]) -> None:
    docx = Document(str(FOLDER / entry["name"]))

    assert docx.core_properties.title
    assert docx.core_properties.language == LANGUAGES[entry["language"]]
    assert docx.element.body.xpath("//w:pStyle[starts-with(@w:val, 'Heading')]") or docx.tables
    for table in docx.tables:
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
        assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)


@pytest.mark.parametrize("entry", _named(".xlsx"))
def test_workbook_has_title_language_and_tables_with_headers(entry: dict[str, Any]) -> None:
    book = load_workbook(FOLDER / entry["name"])

    assert book.properties.title
    assert book.properties.language == LANGUAGES[entry["language"]]
    for page in book:
        for table in page.tables.values():
            assert [cell.value for cell in page[1]] == [column.name for column in table.tableColumns]
        assert page.tables or page.max_column == 1
    formulas = [cell.value for page in book for row in page for cell in row if str(cell.value).startswith("=")]
    for sheet in {name for formula in formulas for name in re.findall(r"([A-Za-z]+)!", formula)}:
        assert sheet in book.sheetnames


@pytest.mark.parametrize("entry", _named(".pptx"))
def test_slides_have_titles_notes_and_alternative_texts(entry: dict[str, Any]) -> None:
    show = Presentation(str(FOLDER / entry["name"]))

    titles = [slide.shapes.title.text for slide in show.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert all(slide.notes_slide.notes_text_frame.text for slide in show.slides)
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.shape_type != 13 or shape._element.nvPicPr.cNvPr.get("descr").startswith(
                ("Zeichnung", "Drawing")
            )
            assert not shape.has_table or shape.table.first_row


@pytest.mark.parametrize("entry", _named(".pdf"))
def test_pdf_is_tagged_and_says_its_language(entry: dict[str, Any]) -> None:
    root: Any = PdfReader(FOLDER / entry["name"]).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == entry["language"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_budget_sheet_computes_the_gap_from_the_totals() -> None:
    book = load_workbook(FOLDER / "kalkulation-begegnung.xlsx")

    result = {row[0].value.split(" ")[0]: row[1].value for row in book["Ergebnis"].iter_rows(min_row=2)}

    assert result == {"Einnahmen": "=Finanzierung!C6", "Kosten": "=Kosten!E13", "Lücke": "=B2-B3"}
    assert (book["Finanzierung"]["C6"].value, book["Kosten"]["E13"].value) == ("=SUM(C2:C5)", "=SUM(E2:E12)")
