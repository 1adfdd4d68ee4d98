"""Markdown of the demo to Wagtail's rich text and StreamField values."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import yaml
from markdown_it import MarkdownIt

Link = Callable[[str], str]  # address as written -> attributes of the <a>
_markdown = MarkdownIt("commonmark", {"html": False})
HREF = re.compile(r'<a href="([^"]*)"')
PIECE = re.compile(r"^```block:(\w+)\n(.*?)^```[ \t]*$|^## +(.+?)[ \t]*$", re.MULTILINE | re.DOTALL)
SIMPLE_TAGS = (("<strong>", "<b>"), ("</strong>", "</b>"), ("<em>", "<i>"), ("</em>", "</i>"))


def rich_text(source: str, link: Link) -> str:
    """Return Wagtail rich text; addresses are resolved by `link`."""
    html = _markdown.render(source.strip())
    for old, new in SIMPLE_TAGS:
        html = html.replace(old, new)
    return HREF.sub(lambda match: f"<a {link(match[1])}", html).strip()


def stream(source: str, link: Link) -> list[dict[str, Any]]:
    """Return blocks: `## ` starts a heading, fenced `block:name` YAML any other block, the rest is running text."""
    blocks: list[dict[str, Any]] = []
    position = 0
    for match in PIECE.finditer(source):
        _add_text(blocks, source[position : match.start()], link)
        position = match.end()
        if match[3]:
            blocks.append({"type": "heading", "value": match[3]})
        else:
            blocks.append({"type": match[1], "value": _value(match[1], yaml.safe_load(match[2]), link)})
    _add_text(blocks, source[position:], link)
    return blocks


def _add_text(blocks: list[dict[str, Any]], text: str, link: Link) -> None:
    if text.strip():
        blocks.append({"type": "paragraph", "value": rich_text(text, link)})


def _value(name: str, value: Any, link: Link) -> Any:
    if name in ("callout", "editorial", "text"):
        return {**value, "text": rich_text(value["text"], link)}
    if name in ("audio", "video"):
        return {**value, "transcript": rich_text(value["transcript"], link)}
    if name == "embed":
        return {**value, "alternative": rich_text(value["alternative"], link)}
    if name in ("steps", "accordion"):
        return [item({**point, "text": rich_text(point["text"], link)}) for point in value]
    if name == "facts":
        return [item(fact) for fact in value]
    return value


def item(value: Any) -> dict[str, Any]:
    """Return one entry of a list block; without an id Wagtail would read it as the old format."""
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}
