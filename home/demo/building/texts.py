"""Markdown to an accessible DOCX: real headings and lists, table header rows, title and language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from markdown_it import MarkdownIt
from markdown_it.token import Token

LANGUAGES = {"de": "de-DE", "en": "en-GB"}
FONT = "Calibri"
BRAND = RGBColor(0, 61, 81)
SAND = "F7EFE3"
FOOT = {
    "de": "Kommune goes International, CC BY 4.0. Seite ",
    "en": "Kommune goes International, CC BY 4.0. Page ",
}
markdown = MarkdownIt("commonmark").enable("table")


def document(front: dict[str, Any], body: str, target: Path) -> None:
    """Write a DOCX from Markdown."""
    language = front.get("language", "de")
    docx = Document()
    docx.core_properties.title = front["title"]
    docx.core_properties.author = "Kommune goes International"
    docx.core_properties.language = LANGUAGES[language]
    _style(docx, LANGUAGES[language])
    _page(docx, landscape=front.get("landscape", False), foot=FOOT[language])
    docx.add_paragraph(front["title"], style="Title")
    if front.get("subtitle"):
        docx.add_paragraph(str(front["subtitle"]), style="Subtitle")
    _Writer(docx).write(markdown.parse(body))
    docx.save(str(target))


def _style(docx: Any, language: str) -> None:
    """Set language and font for the whole document, and calm headings."""
    defaults = docx.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for properties in (defaults, docx.styles["Normal"].element.get_or_add_rPr()):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        element = OxmlElement("w:lang")
        element.set(qn("w:val"), language)
        properties.append(element)
    normal = docx.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 24), ("Subtitle", 13), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11)):
        style = docx.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), BRAND
        style.element.get_or_add_rPr().rFonts.attrib.clear()
        style.font.name = FONT


def _page(docx: Any, *, landscape: bool, foot: str) -> None:
    section = docx.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    line.add_run(foot).font.size = Pt(9)
    number = line.add_run()
    number.font.size = Pt(9)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        number._r.append(element)


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
                self._table(rows(tokens[position:end]))
                position = end
            else:
                self._block(token, tokens, position)
            position += 1

    def _block(self, token: Token, tokens: list[Token], position: int) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.styles.append("List Bullet" if token.type.startswith("bullet") else "List Number")
            if token.type.startswith("ordered"):
                self._restart_numbers()
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.styles.pop()
        elif token.type == "inline":
            opener = tokens[position - 1]
            if opener.type == "heading_open":
                paragraph = self.docx.add_heading("", level=int(opener.tag[1]))
            else:
                paragraph = self.docx.add_paragraph(style=self.styles[-1] if self.styles else None)
                if self.styles and self.styles[-1] == "List Number":
                    _number(paragraph, self.numbering)
            _inline(paragraph, token)

    def _restart_numbers(self) -> None:
        """Begin a list at 1 again: a numbering of its own over the same format."""
        part = self.docx.part.numbering_part.element
        style = self.docx.styles["List Number"].element.pPr.numPr.numId.val
        abstract = next(num for num in part.num_lst if num.numId == style).abstractNumId.val
        fresh = part.add_num(abstract)
        fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
        self.numbering = fresh.numId

    def _table(self, cells: list[list[Token]]) -> None:
        table = self.docx.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
        for number, (row, tokens) in enumerate(zip(table.rows, cells, strict=True)):
            is_head = number == 0
            for cell, token in zip(row.cells, tokens, strict=False):
                _inline(cell.paragraphs[0], token, bold=is_head)
                if is_head:
                    _shade(cell)
        _mark(table.rows[0], "w:tblHeader")
        for row in table.rows:
            _mark(row, "w:cantSplit")
        _widths(table, [[token.content for token in row] for row in cells], self.docx.sections[0])
        self.docx.add_paragraph()


def rows(tokens: list[Token]) -> list[list[Token]]:
    """Return the cells of a table, row by row."""
    found: list[list[Token]] = []
    for token in tokens:
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline":
            found[-1].append(token)
    return found


def shares(texts: list[list[str]]) -> list[float]:
    """Return how much of a table's width each column gets: by its longest text, at least room for its longest word."""
    columns = list(zip(*texts, strict=True))
    needs = [min(70, max(len(text) for text in column)) for column in columns]
    words = [max(len(word) for text in column for word in text.split() or [""]) + 5 for column in columns]
    wanted = [max(10, need, word) for need, word in zip(needs, words, strict=True)]
    return [width / sum(wanted) for width in wanted]


def _widths(table: Any, texts: list[list[str]], section: Any) -> None:
    room = section.page_width - section.left_margin - section.right_margin
    table.autofit = False
    for column, share in zip(table.columns, shares(texts), strict=True):
        column.width = int(room * share)
        for cell in column.cells:
            cell.width = int(room * share)


def _number(paragraph: Any, numbering: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering


def _mark(row: Any, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def _shade(cell: Any) -> None:
    element = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SAND)):
        element.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(element)


def _inline(paragraph: Any, token: Token, *, bold: bool = False) -> None:
    strong, emphasis = bold, False
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            strong = bold or child.type == "strong_open"
        elif child.type in ("em_open", "em_close"):
            emphasis = child.type == "em_open"
        elif child.type in ("text", "code_inline"):
            run = paragraph.add_run(child.content)
            run.bold, run.italic = strong or None, emphasis or None
        elif child.type in ("softbreak", "hardbreak"):
            paragraph.add_run(" " if child.type == "softbreak" else "\n")
