"""Says the value of a field as a line does: references by name instead of numbers of this database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.models import CustomDocument, CustomImage
from home.moving.blocks import Missing, convert
from home.moving.references import describe, person_key
from home.moving.runs import str_of
from knowledge.models import ContactPerson, Municipality

if TYPE_CHECKING:
    from home.moving.exporting import Export

ANCHOR = re.compile(r'<a\s[^>]*linktype="(page|document)"[^>]*>(.*?)</a>', re.DOTALL)
NUMBER = re.compile(r'\sid="(\d+)"')


def said(row: Any, field: Any, export: Export) -> Any:
    """Return the value of one field; None where there is nothing to say."""
    if isinstance(field, ClusterTaggableManager):
        return [topic.slug for topic in getattr(row, field.name).all()]
    if isinstance(field, models.ManyToManyField):
        return [other.code for other in getattr(row, field.name).all()]
    if isinstance(field, StreamField):
        value = getattr(row, field.name).get_prep_value()
        return convert(field.stream_block, value, lambda block, inner: _leaf(block, inner, export)) or None
    if isinstance(field, RichTextField):
        return rich(getattr(row, field.name), export) or None
    if isinstance(field, models.ForeignKey):
        return reference(getattr(row, field.name), export)
    value = getattr(row, field.name)
    if value in (None, ""):
        return None
    return value if isinstance(value, bool | int | float | list) else str_of(value)


def reference(row: Any, export: Export) -> Any:
    """Return how a line names a row; None for one that is not there or not public."""
    if isinstance(row, Page):
        return export.page(row.pk)
    if isinstance(row, CustomImage | CustomDocument):
        path = export.file(row)
        return f"file:{path}" if path else None
    if isinstance(row, ContactPerson):
        return f"person:{person_key(row)}" if row.is_published else None
    if isinstance(row, Municipality):
        return describe(row)
    return row.code if row is not None else None


def rich(source: str, export: Export) -> str:
    """Return rich text whose links name pages and files instead of their numbers."""

    def renamed(match: re.Match[str]) -> str:
        number = NUMBER.search(match[0])
        row: Any = None
        if number is not None:
            model: Any = Page if match[1] == "page" else CustomDocument
            row = model.objects.filter(pk=int(number[1])).first()
        name = reference(row, export) if row is not None else None
        return f'<a href="{name}">{match[2]}</a>' if name else match[2]

    return ANCHOR.sub(renamed, source)


def _leaf(block: Any, value: Any, export: Export) -> Any:
    if isinstance(block, blocks.RichTextBlock):
        return rich(str(value), export)
    for kind, model in CHOOSERS:
        if isinstance(block, kind):
            name = reference(model.objects.filter(pk=value).first(), export) if value else None
            if name is None and (value or block.required):
                raise Missing
            return name
    return value if isinstance(value, dict | list | bool | int | float) or value is None else str(value)


CHOOSERS: tuple[tuple[Any, Any], ...] = (
    (blocks.PageChooserBlock, Page),
    (DocumentChooserBlock, CustomDocument),
    (ImageChooserBlock, CustomImage),
    (SnippetChooserBlock, ContactPerson),
)
