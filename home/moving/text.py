"""Text of an old site (paragraphs, Markdown, HTML) to our rich text and blocks; hostile markup never gets through."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import Any

import nh3
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from cms.rich_text import RICH_TEXT
from home.moving.cutting import BLOCKS, INLINE, Cutter, Link, Picture

Note = Callable[[str], None]
MARKUP = re.compile(
    r"<!--|<(?:p|div|h[1-6]|ul|ol|li|table|br|hr|a|b|i|strong|em|span|img|blockquote|section|article|script)\b",
    re.IGNORECASE,
)
ACTIVE = re.compile(r"<(script|style|iframe|object|embed|form|video|audio|svg|math|input|canvas)\b", re.IGNORECASE)
KEPT = {*INLINE, *BLOCKS, "li", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "figcaption", "dl", "dt", "dd"}
GONE_WITH_TEXT = {
    "script",
    "style",
    "iframe",
    "object",
    "svg",
    "math",
    "noscript",
    "template",
    "select",
    "video",
    "audio",
}
SCHEMES = {"http", "https", "mailto", "tel", "page", "file"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
MAX_DEPTH = 100
TAG = re.compile(
    r"<(/?)(?!(?:br|hr|img|input|meta|link|col|wbr|p|li|td|tr|th)\b)[a-z]", re.IGNORECASE
)  # those that must be closed
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(body: str | list[Any], note: Note) -> str:
    """Return clean HTML of a text in any of the three forms."""
    if isinstance(body, list):
        source = "".join(_paragraph(part) for part in body)
    else:
        source = body if MARKUP.search(body) else _markdown.render(body)
    for name in sorted({match[1].lower() for match in ACTIVE.finditer(source)}):
        note(f"<{name}>")
    _refuse_depth(source)
    return nh3.clean(
        source,
        tags=KEPT,
        clean_content_tags=GONE_WITH_TEXT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


def _refuse_depth(source: str) -> None:
    """Raise RecursionError for markup that only wants to keep a parser busy."""
    depth = 0
    for match in TAG.finditer(source):
        depth = max(0, depth + (-1 if match[1] else 1))
        if depth > MAX_DEPTH:
            raise RecursionError


def _paragraph(part: Any) -> str:
    text = str(part)
    if MARKUP.search(text):
        return text
    return "<p>" + html.escape(text.strip(), quote=False).replace("\n", "<br>") + "</p>" if text.strip() else ""


def rich_text(source: str | list[Any], *, features: Iterable[str], link: Link, note: Note) -> str:
    """Return rich text with what the field's editor offers."""
    parts = [
        value if kind == "paragraph" else f"<p><b>{html.escape(value, quote=False)}</b></p>"
        for kind, value in _pieces(to_html(source, note), link, _no_picture(note), features=set(features), is_text=True)
    ]
    return "".join(parts)


def stream(source: str | list[Any], *, link: Link, picture: Picture, note: Note) -> list[dict[str, Any]]:
    """Return the blocks of a running text."""
    pieces = _pieces(to_html(source, note), link, picture, features=set(RICH_TEXT), is_text=False)
    return [{"type": kind, "value": value} for kind, value in pieces]


def _no_picture(note: Note) -> Picture:
    def leave_out(_address: str, _alt: str) -> None:
        note("<img>")

    return leave_out


def _pieces(source: str, link: Link, picture: Picture, *, features: set[str], is_text: bool) -> list[tuple[str, Any]]:
    cutter = Cutter(BeautifulSoup(source, "html.parser"), link, picture, features)
    cutter.is_text = is_text
    return cutter.cut()
