"""What bodies of mails use: links that read well as plain text and as HTML."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def button(context: dict[str, Any], url: str, label: str) -> str:
    """Print the one thing to do: label, then the address on a line of its own; a button in HTML."""
    if context["as_html"]:
        return f"[**{label}**](<{url}>)"
    return f"{label}:\n{url}"


@register.simple_tag(takes_context=True)
def link(context: dict[str, Any], url: str, label: str) -> str:
    """Print a link inside a sentence."""
    return f"[{label}](<{url}>)" if context["as_html"] else f"{label} ({url})"
