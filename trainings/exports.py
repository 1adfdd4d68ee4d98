"""Lists to take away: columns by purpose, and files in which nothing that people typed becomes a formula.

XLSX cells are text; CSV has no cell types, so what a spreadsheet would calculate gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

TRIGGERS = tuple("=+-@\t\r\n|＝＋－＠")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
LONGEST = 32_000  # what a cell of a spreadsheet may hold
WIDEST = 60


@dataclass(frozen=True)
class Table:
    """A list with its headings; values are text, whole numbers or amounts."""

    title: str
    columns: list[str]
    rows: list[list[Any]]


def cell(value: Any) -> str | int | Decimal:
    """Return a value as a file may hold it: no control characters, not longer than a cell."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, int | Decimal):
        return value
    return CONTROL.sub("", "" if value is None else str(value))[:LONGEST]


def guarded(value: Any) -> str:
    """Return a value for CSV: what would be calculated when a spreadsheet opens it starts with an apostrophe.

    Numbers of ours stay numbers; a telephone number keeps its “+”.
    """
    held = cell(value)
    if not isinstance(held, str):
        return str(held)
    starts = held.startswith(TRIGGERS) or held.lstrip().startswith(TRIGGERS)
    return f"'{held}" if starts else held


def as_csv(tables: Iterable[Table], *, bom: bool = True) -> bytes:
    """Return tables below each other, separated by semicolons; with a mark by which Excel knows the encoding."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow([guarded(name) for name in table.columns])
        writer.writerows([guarded(value) for value in row] for row in table.rows)
    return stream.getvalue().encode("utf-8-sig" if bom else "utf-8")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """Return a workbook with one sheet a table; text stays text, whatever it looks like."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # heavy, and no web page needs it

    with xlsxwriter.Workbook(stream, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for number, table in enumerate(tables, 1):
            sheet = book.add_worksheet(sheet_name(table.title, number))
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(table.columns):
                sheet.write_string(0, column, str(cell(name)), bold)
                sheet.set_column(column, column, _width(table, column))
            for line, row in enumerate(table.rows, 1):
                _write_row(sheet, line, row, wrapped)
    return stream.getvalue()


def _write_row(sheet: Any, line: int, row: list[Any], style: Any) -> None:
    for column, value in enumerate(row):
        held = cell(value)
        write = sheet.write_string if isinstance(held, str) else sheet.write_number
        write(line, column, held, style)


def _width(table: Table, column: int) -> int:
    lengths = (max(len(line) for line in str(row[column]).split("\n")) for row in table.rows)
    return min(WIDEST, max([len(str(table.columns[column])), *lengths]) + 2)


def sheet_name(title: str, number: int) -> str:
    """Return a name that a workbook takes: short, unique, without the signs it forbids."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:25]
    return plain or str(number)


FORMATS: dict[str, tuple[Any, str, Callable[[list[Table]], bytes]]] = {
    "xlsx": (
        _("Excel (XLSX)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_xlsx,
    ),
    "csv": (_("CSV for Excel"), "text/csv; charset=utf-8", as_csv),
    "plain.csv": (_("CSV without mark (UTF-8)"), "text/csv; charset=utf-8", lambda tables: as_csv(tables, bom=False)),
}
