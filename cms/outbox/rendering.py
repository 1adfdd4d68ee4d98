"""One source a mail: a folder with `subject.txt` and `body.md`; plain text and HTML are both made of the body.

Values that people typed are escaped for Markdown in the HTML, so a name can be no link; the plain text shows them as
they are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import get_language

from cms.outbox.kinds import Attachment, Mail

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")
BLANK_LINES = re.compile(r"\n{3,}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def render_mail(
    folder: str,
    context: dict[str, Any],
    *,
    reply_to: tuple[str, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    headers: dict[str, str] | None = None,
    is_automatic: bool = True,
) -> Mail:
    """Render the mail of a template folder in the active language; one that a person wrote says so in no footer."""
    clean = _map(context, _without_control)
    subject = " ".join(_template(f"{folder}/subject.txt", clean, as_html=False).split())
    text = _template(f"{folder}/body.md", clean, as_html=False)
    marked = _template(f"{folder}/body.md", _map(clean, escape_markdown), as_html=True)
    return Mail(
        subject=subject,
        text=BLANK_LINES.sub("\n\n", text).strip() + "\n",
        html=in_frame(_markdown().render(marked), subject, is_automatic=is_automatic),
        reply_to=reply_to,
        attachments=attachments,
        headers=headers or {},
    )


def in_frame(content: str, subject: str, *, is_automatic: bool = True) -> str:
    """Return a whole HTML mail around its content."""
    frame = {"content": content, "subject": subject, "language": get_language(), "site_url": settings.SITE_URL}
    return str(get_template("outbox/mail.html").render({**frame, "is_automatic": is_automatic}))


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return SPECIAL.sub(r"\\\1", text)


def _template(name: str, context: dict[str, Any], *, as_html: bool) -> str:
    template: Any = get_template(name)
    return str(template.template.render(Context({**context, "as_html": as_html}, autoescape=False)))


def _map(value: Any, change: Any) -> Any:
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _map(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_map(item, change) for item in value]
    return value


def _without_control(text: str) -> str:
    return CONTROL.sub("", text)


class Verbatim(str):
    """Text of our own that is Markdown already, or an address: it is not escaped."""

    __slots__ = ()


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # heavy, and only mails need it

    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
