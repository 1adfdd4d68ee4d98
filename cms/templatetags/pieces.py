"""`{% keep page "card" level %}…{% endkeep %}`: HTML that depends on nothing but a saved row and what is named.

"Nothing but": content under the counters, the day and the language count by themselves (cms.fragments), and what shows
seats or the clock says so (cms.version.lasts). The request, its query string and its visitor do not: name them.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context

from cms import fragments

register = template.Library()


class KeepNode(template.Node):
    """Renders what it holds at most once for the same row, name and values; never from memory in a preview."""

    def __init__(self, row: FilterExpression, parts: list[FilterExpression], nodelist: NodeList) -> None:
        self.row, self.parts, self.nodelist = row, parts, nodelist

    def render(self, context: Context) -> str:
        """Return the HTML."""
        row: Any = self.row.resolve(context)
        name = name_of(row)
        if name is None or getattr(context.get("request"), "is_preview", False):
            return str(self.nodelist.render(context))
        values = tuple(str(part.resolve(context)) for part in self.parts)
        return fragments.piece((name, values), lambda: str(self.nodelist.render(context)))


def name_of(row: Any) -> Hashable | None:
    """Return what names a row, or anything that names itself by a `piece_key`; None for what is not saved."""
    if key := getattr(row, "piece_key", None):
        return str(key)
    return (row._meta.label_lower, row.pk) if getattr(row, "pk", None) else None


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """Compile `{% keep row "name" value… %}…{% endkeep %}`."""
    _tag, row, *parts = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(parser.compile_filter(row), [parser.compile_filter(part) for part in parts], nodelist)
