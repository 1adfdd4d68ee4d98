"""Text of an old site becomes our blocks and rich text."""

from __future__ import annotations

from typing import Any

import pytest

from cms.rich_text import PLAIN_TEXT
from home.moving.text import rich_text, stream


def blocks(source: Any) -> list[tuple[str, Any]]:
    found = stream(
        source,
        link=lambda address: {"href": address},
        picture=lambda address, alt: {"address": address, "alt": alt},
        note=lambda _text: None,
    )
    return [(block["type"], block["value"]) for block in found]


def test_paragraphs_are_plain_text() -> None:
    assert blocks(["Eins & zwei", "Zeile\nzwei", "", "1 < 2"]) == [
        ("paragraph", "<p>Eins &amp; zwei</p><p>Zeile<br/>zwei</p><p>1 &lt; 2</p>")
    ]


def test_markdown_has_headings_lists_links_and_tables() -> None:
    source = "# Titel\n\nText **fett** und [Link](https://x.example/?a=1&b=2).\n\n- eins\n- zwei\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"

    assert blocks(source) == [
        ("heading", "Titel"),
        (
            "paragraph",
            '<p>Text <b>fett</b> und <a href="https://x.example/?a=1&amp;b=2">Link</a>.</p><ul><li>eins</li><li>zwei</li></ul>',
        ),
        (
            "table",
            {
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_header_choice": "row",
                "table_caption": "",
                "data": [["A", "B"], ["1", "2"]],
            },
        ),
    ]


def test_html_is_cut_into_blocks() -> None:
    source = (
        "<div><h2>Teil <em>eins</em></h2>lose <b>Worte</b><br>weiter<p>Absatz <span style='x'>bunt</span></p>"
        "<h3>Klein</h3><h5>Kleiner</h5><blockquote><p>Ein Satz.</p></blockquote>"
        "<p>Vor <img src='a.png' alt='Bild'> nach</p><ol><li>eins<ul><li>innen</li></ul></li></ol><pre>Code</pre></div>"
    )

    assert blocks(source) == [
        ("heading", "Teil eins"),
        (
            "paragraph",
            "<p>lose <b>Worte</b><br/>weiter</p><p>Absatz bunt</p><h3>Klein</h3><h4>Kleiner</h4>",
        ),
        ("quote", {"text": "Ein Satz.", "attribution": ""}),
        ("paragraph", "<p>Vor  nach</p>"),
        ("image", {"address": "a.png", "alt": "Bild"}),
        ("paragraph", "<ol><li>eins<ul><li>innen</li></ul></li></ol><p>Code</p>"),
    ]


def test_rows_of_different_length_make_a_table() -> None:
    ((kind, value),) = blocks(
        "<table><caption>Zahlen</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>"
    )

    assert (kind, value["data"], value["table_caption"]) == ("table", [["A", "B"], ["1", ""]], "Zahlen")


def test_plain_field_turns_headings_into_bold_lines() -> None:
    text = rich_text(
        "<h2>Ziel</h2><p>Alle</p><h4>Weg</h4>",
        features=PLAIN_TEXT,
        link=lambda address: {"href": address},
        note=lambda _text: None,
    )

    assert text == "<p><b>Ziel</b></p><p>Alle</p><p><b>Weg</b></p>"


@pytest.mark.parametrize("source", ["", [], "   ", "<p> </p>", "<!-- x -->"])
def test_nothing_makes_no_block(source: Any) -> None:
    assert blocks(source) == []
