"""Presentation only: icons, typography and dates in words. Knows no model and asks no database."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from cms.cldr import country_name
from cms.i18n import language_suffix

register = template.Library()

NARROW = "\u202f"
WIDE = "\u00a0"
QUOTES = {"de": ("„", "“"), "en": ("“", "”")}
MOTIFS = 3
TAG = re.compile(r"(<[^>]*>)")
OPENING_QUOTE = re.compile(r"(^|[\s(\[–/])(?:\"|&quot;|&#34;)(?=\S)")
CLOSING_QUOTE = re.compile(r"\"|&quot;|&#34;")
ABBREVIATIONS = (
    (re.compile(r"\b(z|u|d|i|o|s|v)\. ?(B|a|h|d|R|Ä|o|u|l)\.(?!\w)"), rf"\1.{NARROW}\2."),
    (re.compile(r"\b(e)\. ?(g)\."), rf"\1.{NARROW}\2."),
    (re.compile(r"\.\.\."), "…"),
)
NUMBERS = (
    (re.compile(r"(§{1,2}|Abs\.|Art\.|Nr\.|Nos?\.) (?=\d)"), rf"\1{NARROW}"),
    (re.compile(r"(?<=\d) (?=(?:km|m|kg|kB|MB|GB|h|min|€|%|Uhr|EUR|Mio\.|Mrd\.)(?!\w))"), NARROW),
    (re.compile(r"(?<=\d) (?=(?:Plätze|Jahren?|Tagen?|Wochen?|Stunden?|seats|years?|days?|weeks?|hours?)\b)"), WIDE),
    (re.compile(r"(?<![\d.-])(\d{1,2})-(\d{1,2})(?![\d-])"), r"\1–\2"),
    (re.compile(r"\b((?:19|20)\d\d)-((?:19|20)\d\d)\b"), r"\1–\2"),
    (
        re.compile(
            r"(?<=\d\.) (?=(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b)"
        ),
        WIDE,
    ),
)
SIGNS = ((re.compile(r"(?<=\S) [-–] (?=\S)"), f"{WIDE}– "), (re.compile(r"(?<=\w)'(?=\w)"), "’"))
RULES = ((re.compile(r"\."), ABBREVIATIONS), (re.compile(r"\d"), NUMBERS), (re.compile(r" [-–] |'"), SIGNS))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the sprite; silent for screen readers unless it is given a label."""
    sprite = static("icons/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sprite, name)


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return how a field is laid out: `checkbox`, `group` (several to tick or choose) or `line`."""
    if isinstance(field.field.widget, CheckboxInput):
        return "checkbox"
    return "group" if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple) else "line"


@register.filter
def described(field: BoundField) -> SafeString:
    """Return the input with hint and error attached, so that a screen reader says them with the label."""
    parts = [f"{field.auto_id}-hint"] if field.help_text else []
    attrs: dict[str, str | bool] = {}
    if field.errors:
        parts.append(f"{field.auto_id}-error")
        attrs["aria-invalid"] = "true"
    if parts:
        attrs["aria-describedby"] = " ".join(parts)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def motif(seed: Any) -> str:
    """Return which of the motifs a page without a picture shows: always the same one for the same page."""
    return f"m{sum(ord(letter) for letter in str(seed)) % MOTIFS + 1}"


@register.filter
def typo(value: Any) -> SafeString:
    """Set quotes, dashes and narrow spaces of the active language; leaves tags and their attributes alone."""
    text = str(conditional_escape(value if value is not None else ""))
    if "<" not in text:
        return mark_safe(_set(text))  # noqa: S308 - escaped above
    parts = TAG.split(text)
    return mark_safe("".join(part if part.startswith("<") else _set(part) for part in parts))  # noqa: S308 - escaped above


def _set(text: str) -> str:
    """Apply the rules whose sign occurs at all: most texts need none."""
    if '"' in text or "&" in text:
        opening, closing = QUOTES[language_suffix()]
        text = CLOSING_QUOTE.sub(closing, OPENING_QUOTE.sub(rf"\1{opening}", text))
    for sign, rules in RULES:
        if sign.search(text):
            for pattern, replacement in rules:
                text = pattern.sub(replacement, text)
    return text


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day in words: 23. November 2026, 23 November 2026."""
    if not value:
        return ""
    return format_date(_local(value), f"j{'.' if language_suffix() == 'de' else ''}{WIDE}F Y")


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Return a day in words with its weekday: Montag, 23. November 2026."""
    if not value:
        return ""
    return f"{format_date(_local(value), 'l')}{',' if language_suffix() == 'de' else ''} {day(value)}"


@register.filter
def clock(value: time | datetime | None) -> str:
    """Return a time of day: 9.30 Uhr would be spoken, 09:30 is read."""
    if value is None or value == "":
        return ""
    moment = _local(value) if isinstance(value, datetime) else value
    return f"{moment:%H:%M}"


@register.simple_tag
def hours(opens: time | datetime, closes: time | datetime) -> str:
    """Return a span of time on one day: 9:00–16:30 Uhr, 9:00–16:30."""
    span = f"{clock(opens)}–{clock(closes)}"
    return gettext("%(span)s o’clock") % {"span": span} if language_suffix() == "de" else span


@register.simple_tag
def period(starts: date | datetime | None, ends: date | datetime | None = None) -> str:
    """Return a period as people write it: 23.–25. November 2026, 23 November – 2 December 2026."""
    if not starts or not ends:
        return day(starts or ends)
    first, last = _local(starts), _local(ends)
    dot = "." if language_suffix() == "de" else ""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return day(starts)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{dot}–{day(ends)}"
    if first.year == last.year:
        return f"{format_date(first, f'j{dot}{WIDE}F')} – {day(ends)}"
    return f"{day(starts)} – {day(ends)}"


@register.simple_tag
def sprite(name: str) -> str:
    """Return the address of a drawing in the sprite."""
    return f"{static('icons/icons.svg')}#{name}"


@register.filter
def labels(page: Any, name: str) -> str:
    """Return the labels of a list of codes as one line: Polen, Tschechien."""
    return ", ".join(page.labels(name))


@register.simple_tag
def ages(first: int | None, last: int | None) -> str:
    """Return a range of ages: 12–26, from 12, up to 26."""
    if first is not None and last is not None:
        return f"{first}–{last}"
    if first is not None:
        return gettext("from %(age)s") % {"age": first}
    return gettext("up to %(age)s") % {"age": last} if last is not None else ""


@register.filter
def weekday_name(number: Any) -> str:
    """Return the name of a weekday by its ISO number (1 is Monday)."""
    return str(WEEKDAYS[int(number) - 1])


@register.filter
def country(code: str) -> str:
    """Return the name of a country in the active language."""
    return country_name(code)


@register.filter
def breakable(address: Any) -> SafeString:
    """Let a long e-mail address break after its @ and before its dots, nowhere else."""
    text = str(conditional_escape(address))
    return mark_safe(text.replace("@", "@<wbr>").replace(".", "<wbr>."))  # noqa: S308  # escaped above
