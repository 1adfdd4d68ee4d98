"""Reading the demo's files: mistakes are named, Markdown becomes blocks and lets no HTML through."""

from __future__ import annotations

from pathlib import Path

import pytest

from home.demo.markdown import rich_text, stream
from home.demo.reader import DemoError, read_all, read_text


def test_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "x.yaml").write_text("a: [1")

    with pytest.raises(DemoError, match=r"x\.yaml"):
        read_all(tmp_path)
    with pytest.raises(DemoError, match="no front matter"):
        read_text("# body\nx", tmp_path / "y.md")


def test_markdown_becomes_blocks_in_order() -> None:
    source = "Eins **fett**\n\n## Titel\n\n```block:facts\n- {label: a, value: b}\n```\nZwei [x](page:a/b)"

    blocks = stream(source, lambda address: f'linktype="page" id="{address}"')

    assert [block["type"] for block in blocks] == ["paragraph", "heading", "facts", "paragraph"]
    assert blocks[0]["value"] == "<p>Eins <b>fett</b></p>"
    assert blocks[2]["value"][0]["value"] == {"label": "a", "value": "b"}
    assert blocks[3]["value"] == '<p>Zwei <a linktype="page" id="page:a/b">x</a></p>'


def test_markdown_lets_no_html_through() -> None:
    assert "<script" not in rich_text("<script>alert(1)</script>", str)
