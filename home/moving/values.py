"""Writes one named value of a line into the field of a page or row, whatever the field is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.models import CustomDocument, CustomImage
from home.moving.blocks import Missing, convert
from home.moving.lines import LineError
from home.moving.references import find_municipality, find_steps, find_topics
from home.moving.text import rich_text
from knowledge.models import ContactPerson, DevelopmentStep, Municipality

if TYPE_CHECKING:
    from home.moving.context import Context


def set_value(target: Any, field: Any, value: Any, context: Context) -> None:
    """Set one field. Raises LineError for a value that the field cannot take."""
    if isinstance(field, ClusterTaggableManager):
        getattr(target, field.name).set(find_topics(_list(field, value), unknown=context.unknown))
    elif isinstance(field, models.ManyToManyField):
        getattr(target, field.name).set(find_steps(_list(field, value)))
    elif isinstance(field, StreamField):
        setattr(target, field.name, _stream(field, value, context))
    elif isinstance(field, RichTextField):
        setattr(target, field.name, _rich(field.features, value, context))
    elif isinstance(field, models.ForeignKey):
        setattr(target, field.name, _row(field.related_model, value, context) if value else None)
    else:
        setattr(target, field.name, plain(field, value))


def plain(field: Any, value: Any) -> Any:
    """Return a value of a plain field. Raises LineError for one of the wrong type."""
    if isinstance(field, models.JSONField):
        return _list(field, value)
    if value is None:
        return None if field.null else field.get_default()
    if not isinstance(value, str | int | float | bool) or isinstance(value, bool) != _is_yes_no(field):
        raise LineError(_("“%(name)s” has the wrong type.") % {"name": field.name})
    if isinstance(field, models.CharField | models.TextField):
        return str(value)
    try:
        if isinstance(field, models.DateTimeField):
            return moment(str(value))
        return field.to_python(value)
    except (ValidationError, ValueError, OverflowError) as error:
        message = " ".join(getattr(error, "messages", [str(error)]))
        raise LineError(f"{field.name}: {message}") from error


def moment(text: str) -> dt.datetime:
    """Return a moment; a day alone is its first one, a time without zone is the site's."""
    found = parse_datetime(text if len(text) > len("2026-01-01") else f"{text}T00:00")
    if found is None:
        raise ValueError(_("“%(text)s” is no date.") % {"text": text})
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _is_yes_no(field: Any) -> bool:
    return isinstance(field, models.BooleanField)


def _list(field: Any, value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise LineError(_("“%(name)s” must be a list of codes.") % {"name": field.name})
    return value


def _rich(features: Any, value: Any, context: Context) -> str:
    if not isinstance(value, str | list):
        raise LineError(_("A text has the wrong form."))
    return rich_text(value, features=features or (), link=context.link, note=context.left_out)


def _stream(field: StreamField, value: Any, context: Context) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return context.blocks(value)
    return convert(field.stream_block, value, lambda block, inner: _leaf(block, inner, context)) or []


def _leaf(block: Any, value: Any, context: Context) -> Any:
    if isinstance(block, blocks.RichTextBlock):
        return _rich(block.features, value, context)
    for kind, model in CHOOSERS:
        if isinstance(block, kind):
            if not value and not block.required:
                return None
            row = _row(model, value, context)
            if row is None:
                raise Missing
            return row.pk
    return value


CHOOSERS = (
    (blocks.PageChooserBlock, Page),
    (DocumentChooserBlock, CustomDocument),
    (ImageChooserBlock, CustomImage),
    (SnippetChooserBlock, ContactPerson),
)


def _row(model: Any, value: Any, context: Context) -> Any:
    """Return the row that a reference names; None, and remembered, while it is not there."""
    if model is Municipality:
        return find_municipality(value, unknown=context.unknown)
    if not isinstance(value, str):
        raise LineError(_("A reference has the wrong form."))
    if model is DevelopmentStep:
        return find_steps(value)[0]
    if model is ContactPerson:
        return context.person(value)
    if model in (CustomImage, CustomDocument):
        return context.file("image" if model is CustomImage else "document", value.removeprefix("file:"))
    if issubclass(model, Page):
        page = context.page(value)
        return page.specific if page is not None and model is not Page else page
    raise LineError(_("Rows of “%(model)s” cannot be chosen here.") % {"model": model._meta.verbose_name})
