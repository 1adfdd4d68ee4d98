"""Turns what a demo file says into the value of a model field."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.fields import RichTextField, StreamField

from home.demo.markdown import item, rich_text, stream

if TYPE_CHECKING:
    from home.demo.loader import Loader

TITLED = ("how", "obstacles")
LINES = ("first_actions", "checklist")


def day(value: Any, base: dt.date) -> dt.date:
    """Return a day: a number counts from the Monday of the week of loading."""
    return base + dt.timedelta(days=value) if isinstance(value, int) else value


def moment(offset: int, clock: str, base: dt.date) -> dt.datetime:
    """Return a moment in the site's time zone: days from the Monday of loading and a time like 10:00."""
    hour, minute = map(int, clock.split(":"))
    return timezone.make_aware(dt.datetime.combine(day(offset, base), dt.time(hour, minute)))


def set_value(target: models.Model, name: str, value: Any, loader: Loader) -> None:
    """Set one field. Raises LookupError for a reference that leads nowhere, FieldDoesNotExist for a wrong name."""
    field = target._meta.get_field(name)
    if isinstance(field, ClusterTaggableManager):
        getattr(target, name).set([loader.topic(code) for code in value])
    elif isinstance(field, models.ManyToManyField):
        getattr(target, name).set([loader.row(field.related_model, code) for code in value])
    elif isinstance(field, models.ForeignKey):
        setattr(target, name, loader.row(field.related_model, value) if value else None)
    elif isinstance(field, StreamField):
        setattr(target, name, stream_value(name, value, loader))
    elif isinstance(field, RichTextField):
        setattr(target, name, rich_text(str(value), loader.link))
    elif isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        setattr(target, name, day(value, loader.base) if value is not None else None)
    elif isinstance(field, models.TextField) and isinstance(value, list):
        setattr(target, name, "\n".join(value))
    else:
        setattr(target, name, [] if value is None and isinstance(field, models.JSONField) else value)


def stream_value(name: str, value: Any, loader: Loader) -> list[dict[str, Any]]:
    """Return the blocks of a StreamField from Markdown or from a list."""
    if isinstance(value, str):
        return [_with_rows(_with_files(block, loader), loader) for block in stream(value, loader.link)]
    return [_block(name, entry, loader) for entry in _as_list(value)]


def _with_files(block: dict[str, Any], loader: Loader) -> dict[str, Any]:
    """Store the files that a recording names, and put their keys in their place."""
    if block["type"] not in ("audio", "video"):
        return block
    files = {name: loader.document_pk(block["value"][name]) for name in ("file", "captions") if name in block["value"]}
    return {**block, "value": {**block["value"], **files}}


def _with_rows(block: dict[str, Any], loader: Loader) -> dict[str, Any]:
    """Put the keys of pages and pictures in the place of their names."""
    value = block["value"]
    if block["type"] == "teasers":
        return {**block, "value": {**value, "pages": [item(loader.page_pk(name)) for name in value["pages"]]}}
    if block["type"] == "picture":
        image = {"image": loader.picture(value).pk, "alt_text": value["alt"], "decorative": False}
        return {**block, "value": {"image": image, "caption": value["caption"]}}
    return block


def _block(name: str, entry: Any, loader: Loader) -> dict[str, Any]:  # noqa: C901 - one line a kind of block
    if name in TITLED and isinstance(entry, dict):
        return {"type": "point", "value": {**entry, "text": rich_text(entry["text"], loader.link)}}
    if name in LINES:
        return {"type": "line", "value": str(entry)}
    if name == "gaps":
        return {"type": "gap", "value": entry}
    if name == "entries":
        return {"type": "entry", "value": {**entry, "page": loader.page_pk(entry["page"])}}
    if name in ("materials", "related", "featured"):
        return {"type": "page", "value": loader.page_pk(entry)}
    if name in ("people", "contacts"):
        return {"type": "person", "value": loader.row_pk("people", entry)}
    if name == "files":
        return {"type": "file", "value": loader.document_pk(entry)}
    singular = {"twinnings": "twinning", "links": "link", "opening_hours": "opening", "step_status": "status"}
    if name == "opening_hours":
        entry = {**entry, "day": str(entry["day"]), "opens": str(entry["opens"]), "closes": str(entry["closes"])}
    return {"type": singular[name], "value": entry}


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
