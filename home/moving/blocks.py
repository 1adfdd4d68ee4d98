"""Walks the raw value of a StreamField along its blocks, so that references can be named anew and texts cleaned."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from home.moving.lines import LineError

Leaf = Callable[[blocks.Block, Any], Any]


class Missing(LookupError):  # noqa: N818 - no error: the block stays away
    """What a block refers to is not there; the block is left out."""


def convert(block: blocks.Block, value: Any, leaf: Leaf) -> Any:
    """Return the raw value with every leaf converted. Raises Missing where nothing is left, LineError for nonsense."""
    if isinstance(block, blocks.BaseStreamBlock):
        return _stream(block, value, leaf)
    if isinstance(block, blocks.ListBlock):
        return _list(block, value, leaf)
    if isinstance(block, blocks.BaseStructBlock):
        return _struct(block, value, leaf)
    return leaf(block, value)


def _stream(block: Any, value: Any, leaf: Leaf) -> list[dict[str, Any]]:
    kept = []
    for item in _expect(value or [], list):
        kind = _expect(item, dict).get("type")
        if kind not in block.child_blocks:
            raise LineError(_("Unknown block “%(kind)s”.") % {"kind": kind})
        try:
            inner = convert(block.child_blocks[kind], item.get("value"), leaf)
        except Missing:
            continue
        kept.append({"type": kind, "value": inner, "id": _id(item)})
    return kept


def _list(block: Any, value: Any, leaf: Leaf) -> list[dict[str, Any]]:
    kept = []
    for item in _expect(value or [], list):
        is_wrapped = isinstance(item, dict) and item.get("type") == "item" and "value" in item
        try:
            inner = convert(block.child_block, item["value"] if is_wrapped else item, leaf)
        except Missing:
            continue
        kept.append({"type": "item", "value": inner, "id": _id(item)})
    if value and not kept:
        raise Missing
    return kept


def _struct(block: Any, value: Any, leaf: Leaf) -> dict[str, Any]:
    given = _expect(value or {}, dict)
    if unknown := set(given) - set(block.child_blocks):
        raise LineError(_("Unknown part of a block: %(names)s") % {"names": ", ".join(sorted(map(str, unknown)))})
    result = {}
    for name, child in block.child_blocks.items():
        if name not in given:
            continue
        try:
            result[name] = convert(child, given[name], leaf)
        except Missing:
            if child.required or isinstance(block, ImageBlock):
                raise
            result[name] = None
    return result


def _expect(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise LineError(_("A block has the wrong form."))
    return value


def _id(item: Any) -> str:
    """Return the id that a block brought along, a new one where it is none."""
    try:
        return str(uuid.UUID(item["id"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return str(uuid.uuid4())
