"""YAML to an accessible XLSX: every sheet a named table with a marked header row, choices, print settings."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

from home.demo.building.texts import LANGUAGES

HEAD = PatternFill("solid", fgColor="F7EFE3")
HAIRLINE = Border(*[Side("thin", color="B9B2A6")] * 4)
MANY_COLUMNS, CHARACTERS_A_LINE, LINE_HEIGHT = 8, 100, 15
OWN_ROW = re.compile(r"\b([A-Z])\b")


def workbook(data: dict[str, Any], target: Path) -> None:
    """Write an XLSX; a sheet with `text` instead of `columns` explains the others."""
    book = Workbook()
    book.properties.title = str(data["title"])
    book.properties.creator = "Kommune goes International"
    book.properties.language = LANGUAGES[data.get("language", "de")]
    book.remove(book.active)
    for number, facts in enumerate(data["sheets"], start=1):
        page = book.create_sheet(str(facts["name"])[:31])
        if "text" in facts:
            _text(page, facts["text"])
        else:
            _table(page, facts, f"Tabelle{number}")
        _print_settings(page)
    book.save(target)


def _text(page: Any, lines: list[str]) -> None:
    page.column_dimensions["A"].width = 96
    for line in lines:
        page.append([line])
    page["A1"].font = Font(bold=True, size=14)
    for cell in page["A"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[cell.row].height = 20 * (1 + len(str(cell.value)) // CHARACTERS_A_LINE)


def _table(page: Any, facts: dict[str, Any], name: str) -> None:
    columns, rows = facts["columns"], facts.get("rows", [])
    page.append(columns)
    empty = [[facts.get("every_row", {}).get(column, "") for column in columns]] * facts.get("empty_rows", 0)
    for number, row in enumerate([*rows, *empty], start=2):
        page.append([_cell(cell, number) for cell in row])
    last = page.max_row
    table = Table(displayName=name, ref=f"A1:{get_column_letter(len(columns))}{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    page.add_table(table)
    _choices(page, facts.get("choices", {}), columns, last)
    if total := facts.get("total_column"):
        letter = get_column_letter(total)
        page.append([facts.get("total_label", "Summe / Total")])
        page.cell(page.max_row, 1).font = Font(bold=True)
        page.cell(page.max_row, total, f"=SUM({letter}2:{letter}{last})").font = Font(bold=True)
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    page.freeze_panes = "B2" if facts.get("freeze_first") else "A2"
    _widths(page)


def _choices(page: Any, choices: dict[str, list[str]], columns: list[str], last: int) -> None:
    for column, options in choices.items():
        letter = get_column_letter(columns.index(column) + 1)
        rule = DataValidation(type="list", formula1='"' + ",".join(options) + '"', allow_blank=True)
        rule.promptTitle, rule.prompt, rule.showInputMessage = column[:32], " / ".join(options)[:250], True
        page.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{last}")


def _widths(page: Any) -> None:
    most = 22 if page.max_column > MANY_COLUMNS else 44
    for column in page.columns:
        texts = [str(cell.value or "") for cell in column if not str(cell.value or "").startswith("=")]
        width = min(most, max(11, *(len(text) + 3 for text in texts)))
        page.column_dimensions[column[0].column_letter].width = width
        for cell in column:
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), HAIRLINE
    for row in page.iter_rows():
        page.row_dimensions[row[0].row].height = LINE_HEIGHT * max(_lines(page, cell) for cell in row) + 3


def _lines(page: Any, cell: Any) -> int:
    """Return how many lines a cell needs at the width of its column; a formula shows one number."""
    text = str(cell.value or "")
    room = page.column_dimensions[cell.column_letter].width - 2
    return 1 if text.startswith("=") else max(1, math.ceil(1.15 * len(text) / room))


def _print_settings(page: Any) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if page.tables:
        page.print_title_rows = "1:1"


def _cell(cell: Any, number: int) -> Any:
    """Return a cell: `=B*D` means the columns of its own row, `==` begins a formula that is left as it is."""
    if isinstance(cell, str) and cell.startswith("=="):
        return cell[1:]
    if isinstance(cell, str) and cell.startswith("="):
        return OWN_ROW.sub(rf"\g<1>{number}", cell)
    return cell
