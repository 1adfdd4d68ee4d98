"""From the parts of an issue to its mail: HTML that old mail programs understand, and plain text, of one source.

The links of the single reader are placeholders here: content is frozen once and only they differ from mail to mail.
"""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from wagtail.rich_text import expand_db_html

from cms.outbox.kinds import Mail
from cms.outbox.rendering import CONTROL
from cms.templatetags.look import typo
from home.newsletter.content import Part, parts_of

MANAGE, LEAVE = "https://settings.infobrief.invalid/", "https://unsubscribe.infobrief.invalid/"
BLANK_LINES = re.compile(r"\n{3,}")
PICTURE = "width-1120|format-jpeg|jpegquality-72"
STYLES = {
    "p": "margin:0 0 14px",
    "ul": "margin:0 0 14px;padding:0 0 0 22px",
    "ol": "margin:0 0 14px;padding:0 0 0 22px",
    "li": "margin:0 0 6px",
    "a": "color:#00576d",
}


def absolute(url: str) -> str:
    """Return a whole address: a mail has no page it could be relative to."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def render_issue(page: Any) -> Mail:
    """Return the mail of an issue in the issue's language, with placeholders for the reader's own links."""
    with translation.override(page.locale.language_code):
        return render_parts(
            parts_of(page), subject=page.mail_subject, title=page.title, lead=page.teaser, url=absolute(page.url or "")
        )


def render_parts(parts: list[Part], *, subject: str, title: str, lead: str, url: str, is_alert: bool = False) -> Mail:
    """Return the mail of some parts in the active language."""
    context: dict[str, Any] = {
        "subject": subject,
        "title": title,
        "lead": lead,
        "url": url,
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
        "manage_url": MANAGE,
        "leave_url": LEAVE,
        "is_alert": is_alert,
    }
    html = render_to_string("newsletter/mail/issue.html", {**context, "parts": [_as_html(part) for part in parts]})
    text = render_to_string("newsletter/mail/issue.txt", {**context, "parts": [_as_text(part) for part in parts]})
    return Mail(
        subject=" ".join(CONTROL.sub("", subject).split()), text=BLANK_LINES.sub("\n\n", text).strip() + "\n", html=html
    )


def _as_html(part: Part) -> dict[str, Any]:
    return {
        "part": part,
        "text": styled(part.text) if part.text else "",
        "entries": [{"entry": entry, "url": absolute(entry.url)} for entry in part.entries],
        "picture": _picture(part.picture) if part.picture else None,
    }


def _picture(value: Any) -> dict[str, Any] | None:
    image = value["image"]
    if image is None:
        return None
    rendition = image.get_rendition(PICTURE)
    width = min(560, rendition.width)
    return {
        "url": absolute(rendition.url),
        "alt": "" if image.decorative else image.contextual_alt_text or "",
        "width": width,
        "height": round(rendition.height * width / rendition.width),
        "caption": value["caption"],
        "credit": image.credit,
    }


def styled(source: str) -> Any:
    """Return stored rich text as HTML for a mail: whole addresses, styles on the elements themselves."""
    soup = BeautifulSoup(typo(_expanded(source)), "html.parser")
    for tag in soup.find_all(True):
        kept_attributes: dict[str, Any] = (
            {"href": absolute(str(tag["href"]))} if tag.name == "a" and tag.get("href") else {}
        )
        tag.attrs = kept_attributes
        if tag.name in STYLES:
            tag["style"] = STYLES[tag.name]
        if tag.name == "a":
            tag["class"] = "link"
            if not tag.get("href"):
                tag.unwrap()
    return mark_safe(str(soup))  # noqa: S308 - stored rich text is cleaned when saved


def _expanded(source: str) -> Any:
    return mark_safe(expand_db_html(source))  # noqa: S308 - the same


def _as_text(part: Part) -> dict[str, Any]:
    return {
        "part": part,
        "text": plain(part.text) if part.text else "",
        "entries": [{"entry": entry, "url": absolute(entry.url)} for entry in part.entries],
        "picture": _picture(part.picture) if part.picture else None,
    }


def plain(source: str) -> str:
    """Return stored rich text as plain text: lists with dashes, addresses behind the words they belong to."""
    soup = BeautifulSoup(_expanded(source), "html.parser")
    for link in soup.find_all("a"):
        address = absolute(str(link.get("href", "")))
        words = link.get_text()
        link.replace_with(words if not address or address == words else f"{words} ({address})")
    return "\n\n".join(block for block in (_block(child) for child in soup.children) if block)


def _block(node: Any) -> str:
    if isinstance(node, NavigableString):
        return str(node).strip()
    assert isinstance(node, Tag)
    if node.name in ("ul", "ol"):
        marks = (f"{number}." if node.name == "ol" else "-" for number in range(1, 1000))
        return "\n".join(f"{mark} {_line(item)}" for mark, item in zip(marks, node.find_all("li"), strict=False))
    for pause in node.find_all("br"):
        pause.replace_with("\n")
    return "\n".join(" ".join(line.split()) for line in node.get_text().split("\n")).strip()


def _line(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


def personal(mail: Mail, *, manage_url: str, leave_url: str) -> Mail:
    """Return the mail of one reader: the placeholders are the reader's own links."""
    html = mail.html.replace(MANAGE, manage_url).replace(LEAVE, leave_url)
    text = mail.text.replace(MANAGE, manage_url).replace(LEAVE, leave_url)
    return Mail(subject=mail.subject, text=text, html=html, headers=mail.headers, return_path=mail.return_path)


def with_sample_links(mail: Mail) -> Mail:
    """Return a mail for previews and tests: the reader's own links lead to the form."""
    form = absolute(reverse("infobrief_subscribe"))
    return personal(mail, manage_url=form, leave_url=form)
