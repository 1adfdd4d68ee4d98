"""Cuts clean HTML into pieces: headings, running text, tables, quotations, pictures."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

Link = Callable[[str], "dict[str, str] | None"]  # address as written -> attributes of the <a>, None to drop the link
Picture = Callable[[str, str], "dict[str, Any] | None"]  # address, alternative text -> block, None to leave it out


INLINE = {"a", "b", "strong", "i", "em", "br"}
LISTS = {"ul", "ol"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {"p", "blockquote", "table", "figure", "img", "pre", *LISTS, *HEADINGS}
RENAMED = {"strong": "b", "em": "i"}
LOWERED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
TABLE = {
    "first_row_is_table_header": True,
    "first_col_is_header": False,
    "table_header_choice": "row",
    "table_caption": "",
}
MAX_HEADING = 255


class Cutter:
    """Walks once over the HTML; what follows each other as running text becomes one piece."""

    def __init__(self, soup: BeautifulSoup, link: Link, picture: Picture, features: set[str]) -> None:
        self.soup, self.link, self.picture, self.features = soup, link, picture, features
        self.pieces: list[tuple[str, Any]] = []
        self.text: list[str] = []
        self.loose: list[str] = []
        self.is_text = False

    def cut(self) -> list[tuple[str, Any]]:
        """Return the pieces as (kind of block, value)."""
        for image in self.soup.find_all("img"):
            self._lift(image)
        for node in list(self.soup.children):
            self._node(node)
        self._end_text()
        return self.pieces

    def _lift(self, image: Tag) -> None:
        """Bring a picture out of its paragraph or link, to stand behind it."""
        top: Any = image
        while top.parent is not None and top.parent is not self.soup:
            top = top.parent
        if top is not image:
            top.insert_after(image.extract())

    def _node(self, node: PageElement) -> None:
        name = node.name if isinstance(node, Tag) else ""
        if name not in BLOCKS and not (isinstance(node, Tag) and node.find(BLOCKS)):
            self.loose.append(self._inline(node))
            return
        assert isinstance(node, Tag)
        self._end_loose()
        if name in ("h1", "h2") and "h3" in self.features:
            self._add("heading", node.get_text(" ", strip=True)[:MAX_HEADING])
        elif name in ("table", "blockquote", "img"):
            getattr(self, f"_{name}")(node)
        elif name in LISTS:
            self.text.append(self._list(node))
        elif name in ("p", "pre", *HEADINGS):
            self._add_text(self._tag(name), self._inline_of(node))
        else:
            for child in list(node.children):
                self._node(child)
            self._end_loose()

    def _tag(self, name: str) -> str:
        if name == "pre":
            return "p"
        name = LOWERED.get(name, name)
        return name if name == "p" or name in self.features else "strong-p"

    def _add_text(self, tag: str, inner: str) -> None:
        if not inner.strip():
            return
        self.text.append(f"<p><b>{inner}</b></p>" if tag == "strong-p" else f"<{tag}>{inner.strip()}</{tag}>")

    def _end_loose(self) -> None:
        self._add_text("p", "".join(self.loose))
        self.loose = []

    def _end_text(self) -> None:
        self._end_loose()
        if self.text:
            self.pieces.append(("paragraph", "".join(self.text)))
            self.text = []

    def _add(self, kind: str, value: Any) -> None:
        self._end_text()
        if value:
            self.pieces.append((kind, value))

    def _table(self, node: Tag) -> None:
        rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in node.find_all("tr")]
        if self.is_text:
            for row in rows:
                self._add_text("p", html.escape(" | ".join(row), quote=False))
            return
        width = max((len(row) for row in rows), default=0)
        data = [row + [""] * (width - len(row)) for row in rows if row]
        caption = node.find("caption")
        value = {**TABLE, "data": data, "table_caption": caption.get_text(" ", strip=True) if caption else ""}
        self._add("table", value if data else None)

    def _blockquote(self, node: Tag) -> None:
        text = node.get_text(" ", strip=True)
        if self.is_text:
            self._add_text("p", self._inline_of(node))
        elif text:
            self._add("quote", {"text": text, "attribution": ""})

    def _img(self, node: Tag) -> None:
        value = self.picture(str(node.get("src", "")), str(node.get("alt", "")))
        self._add("image", value)

    def _list(self, node: Tag) -> str:
        items = []
        for item in node.find_all("li", recursive=False):
            nested = [child.extract() for child in item.find_all(LISTS, recursive=False)]
            inner = self._inline_of(item).strip() + "".join(self._list(child) for child in nested)
            items.append(f"<li>{inner}</li>" if inner else "")
        return f"<{node.name}>{''.join(items)}</{node.name}>" if any(items) else ""

    def _inline_of(self, node: Tag) -> str:
        return "".join(self._inline(child) for child in node.children)

    def _inline(self, node: PageElement) -> str:
        if isinstance(node, NavigableString):
            return html.escape(str(node), quote=False)
        if not isinstance(node, Tag):
            return ""
        if node.name == "br":
            return "<br/>"
        inner = self._inline_of(node)
        if node.name == "a":
            return self._anchor(node, inner)
        name = RENAMED.get(node.name, node.name)
        if name in ("b", "i") and inner.strip():
            return f"<{name}>{inner}</{name}>"
        return f"{inner} " if node.name in BLOCKS else inner

    def _anchor(self, node: Tag, inner: str) -> str:
        attributes = self.link(str(node["href"])) if node.get("href") and inner.strip() else None
        if not attributes:
            return inner
        written = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
        return f"<a {written}>{inner}</a>"
