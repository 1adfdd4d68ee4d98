"""Markdown to a tagged PDF (PDF/UA-1) by Typst."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import typst
from markdown_it.token import Token

from home.demo.building.texts import FOOT, markdown, rows, shares

FRAME = """#set document(title: "{title}", author: "Kommune goes International", date: none)
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.4cm), footer: context text(size: 9pt)[{foot}#counter(page).display()])
#set text(font: "Libertinus Serif", size: 11pt, lang: "{language}", hyphenate: true)
#set par(leading: 0.72em, spacing: 1.1em)
#set list(spacing: 0.75em)
#set enum(spacing: 0.75em)
#show heading: set text(fill: rgb("#003d51"))
#show heading: set block(above: 1.5em, below: 0.8em)
#set table(stroke: 0.6pt + rgb("#b9b2a6"), inset: 6pt, fill: (_, row) => if row == 0 {{ rgb("#f7efe3") }})
#show table: set par(leading: 0.55em)
#title()
{subtitle}
"""
OPENERS = {"strong_open": "#strong[", "em_open": "#emph[", "strong_close": "]", "em_close": "]"}
MARKS = {"bullet_list_open": "- ", "ordered_list_open": "+ "}


def paper(front: dict[str, Any], body: str, day: dt.date, target: Path) -> None:
    """Write a PDF from Markdown; the same text gives the same bytes."""
    language = front.get("language", "de")
    subtitle = f"#emph[{escape(front['subtitle'])}]" if front.get("subtitle") else ""
    head = FRAME.format(
        title=front["title"].replace('"', '\\"'), foot=escape(FOOT[language]), language=language, subtitle=subtitle
    )
    made = typst.compile(
        (head + "\n".join(_blocks(markdown.parse(body)))).encode(),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=dt.datetime.combine(day, dt.time(), dt.UTC),
    )
    target.write_bytes(made)


def escape(text: str) -> str:
    """Return text in which nothing means anything to Typst."""
    return "".join(f"\\{sign}" if sign in "\\#*_`$<>@[]~=-+/" else sign for sign in str(text))


def _blocks(tokens: list[Token]) -> list[str]:
    blocks, marks, position = [], [""], 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            end = next(n for n in range(position, len(tokens)) if tokens[n].type == "table_close")
            blocks.append(_table(rows(tokens[position:end])))
            position = end
        elif token.type in MARKS:
            marks.append(MARKS[token.type])
        elif token.type.endswith("_list_close"):
            marks.pop()
            blocks.append("")
        elif token.type == "inline":
            opener = tokens[position - 1]
            if opener.type == "heading_open":
                blocks.append(f"\n{'=' * int(opener.tag[1])} {inline(token)}\n")
            else:
                blocks.append(f"{marks[-1]}{inline(token)}" + ("" if marks[-1] else "\n"))
        position += 1
    return blocks


def _table(cells: list[list[Token]]) -> str:
    widths = ", ".join(f"{share * 100:.0f}fr" for share in shares([[cell.content for cell in row] for row in cells]))
    head, *body = ["".join(f"[{inline(token)}]," for token in row) for row in cells]
    return f"#table(columns: ({widths}), table.header({head}), {' '.join(body)})\n"


def inline(token: Token) -> str:
    """Return running text as Typst."""
    parts = []
    for child in token.children or []:
        if child.type in OPENERS:
            parts.append(OPENERS[child.type])
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" " if child.type == "softbreak" else " \\\n")
        else:
            parts.append(escape(child.content))
    return "".join(parts)
