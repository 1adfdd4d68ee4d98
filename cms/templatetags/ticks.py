"""`{% ticks name options %}`: the values of a facet to be ticked, in one pass, because a list has a hundred of them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cms.facets import Option

register = template.Library()


@register.simple_tag
def ticks(name: str, options: Iterable[Option]) -> SafeString:
    """Return the entries of the list; a value that would find nothing is muted."""
    return mark_safe("".join(_tick(escape(name), option) for option in options))  # noqa: S308 - each value is escaped


def _tick(name: str, option: Option) -> str:
    muted = "" if option.count or option.checked else ' class="muted"'
    checked = " checked" if option.checked else ""
    return (
        f'<li><label{muted}><input type="checkbox" name="{name}" value="{escape(option.value)}"{checked}>'
        f'<span>{escape(option.label)} <span class="hits-count">({option.count})</span></span></label></li>\n'
    )
