"""Builds the demo's files from Markdown and YAML: accessible DOCX and XLSX. Run by `manage.py demo build`.

Needs python-docx and openpyxl (development only); the results are shipped, so a visitor's machine never builds.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

from home.demo.reader import CONTENT, FRONT

FOLDER = Path(__file__).resolve().parent / "files"
LANGUAGES = {"de": "de-DE", "en": "en-GB"}
FONT = "Calibri"
_markdown = MarkdownIt("commonmark").enable("table")


def build_all() -> list[str]:
    """Build every file that a material names; return the names."""
    FOLDER.mkdir(exist_ok=True)
    built = []
    for path in sorted((CONTENT / "materials").glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("files", []):
            build(entry)
            built.append(entry["name"])
    return built


def build(entry: dict[str, Any]) -> None:
    """Build one file in the format that its name says."""
    target = FOLDER / entry["name"]
    if target.suffix == ".xlsx":
        workbook(yaml.safe_load((CONTENT / "files" / f"{entry['source']}.yaml").read_text(encoding="utf-8")), target)
        return
    match = FRONT.match((CONTENT / "files" / f"{entry['source']}.md").read_text(encoding="utf-8"))
    assert match is not None, entry["source"]
    document(yaml.safe_load(match[1]), match[2], target)


def document(front: dict[str, Any], body: str, target: Path) -> None:
    """Write a DOCX with real headings, lists, table header rows, title and language."""
    docx = Document()
    docx.core_properties.title = front["title"]
    docx.core_properties.author = "Kommune goes International"
    docx.core_properties.language = LANGUAGES[front.get("language", "de")]
    normal = docx.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    _set_language(normal, docx.core_properties.language)
    docx.add_paragraph(front["title"], style="Title")
    if front.get("subtitle"):
        docx.add_paragraph(str(front["subtitle"]), style="Subtitle")
    _Writer(docx).write(_markdown.parse(body))
    docx.save(str(target))


def _set_language(style: Any, language: str) -> None:
    properties = style.element.get_or_add_rPr()
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), language)
    properties.append(element)


class _Writer:
    """Writes Markdown tokens into a document."""

    def __init__(self, docx: Any) -> None:
        self.docx = docx
        self.styles: list[str] = []

    def write(self, tokens: list[Token]) -> None:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == "table_open":
                end = next(n for n in range(position, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[position:end])
                position = end
            else:
                self._block(token, tokens, position)
            position += 1

    def _block(self, token: Token, tokens: list[Token], position: int) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.styles.append("List Bullet" if token.type.startswith("bullet") else "List Number")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.styles.pop()
        elif token.type == "inline":
            opener = tokens[position - 1]
            if opener.type == "heading_open":
                paragraph = self.docx.add_heading("", level=int(opener.tag[1]))
            else:
                paragraph = self.docx.add_paragraph(style=self.styles[-1] if self.styles else None)
            _inline(paragraph, token)

    def _table(self, tokens: list[Token]) -> None:
        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        table = self.docx.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, token in zip(row.cells, cells, strict=False):
                _inline(cell.paragraphs[0], token, bold=row is table.rows[0])
        first = table.rows[0]._tr.get_or_add_trPr()
        header = OxmlElement("w:tblHeader")
        header.set(qn("w:val"), "true")
        first.append(header)
        self.docx.add_paragraph()


def _inline(paragraph: Any, token: Token, *, bold: bool = False) -> None:
    strong, emphasis = bold, False
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            strong = bold or child.type == "strong_open"
        elif child.type in ("em_open", "em_close"):
            emphasis = child.type == "em_open"
        elif child.type in ("text", "code_inline"):
            run = paragraph.add_run(child.content)
            run.bold, run.italic = strong, emphasis
        elif child.type in ("softbreak", "hardbreak"):
            paragraph.add_run(" " if child.type == "softbreak" else "\n")


def workbook(data: dict[str, Any], target: Path) -> None:
    """Write an XLSX with one sheet a table: named, with a frozen header row and wide enough columns."""
    book = Workbook()
    book.properties.title = str(data.get("title", target.stem))
    book.properties.creator = "Kommune goes International"
    book.remove(book.active)
    for sheet in data["sheets"]:
        page = book.create_sheet(str(sheet["name"])[:31])
        rows = [sheet["columns"], *sheet["rows"]] if "columns" in sheet else sheet["rows"]
        for number, row in enumerate(rows, start=1):
            page.append([_formula(cell, number) for cell in row])
        if total := sheet.get("total_column"):
            letter = page.cell(1, total).column_letter
            page.append(["Summe / Total"])
            page.cell(page.max_row, total, f"=SUM({letter}2:{letter}{page.max_row - 1})").font = Font(bold=True)
        for cell in page[1]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F7EFE3")
        page.freeze_panes = "A2"
        for column in page.columns:
            page.column_dimensions[column[0].column_letter].width = min(
                60, max(len(str(cell.value or "")) for cell in column) + 2
            )
    book.save(target)


def _formula(cell: Any, number: int) -> Any:
    """Return a cell; `=B*D` means the columns of its own row."""
    if isinstance(cell, str) and cell.startswith("="):
        return re.sub(r"\b([A-Z])\b", rf"\g<1>{number}", cell)
    return cell
