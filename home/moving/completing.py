"""What an imported page still lacks: all that the editor's form would ask for before it is published."""

from __future__ import annotations

from typing import Any

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page

from home.models import ImportedItem
from home.moving.kinds import PAGE_FIELDS, writable_fields


def gaps(page: Any) -> list[str]:
    """Return the names of the fields that publishing by hand would ask for."""
    asked = {
        name: None
        for name, field in writable_fields(type(page)).items()
        if name not in PAGE_FIELDS and not field.blank and is_empty(page, field)
    }
    fields = writable_fields(type(page))
    asked |= {name: None for name in page.required_to_publish if is_empty(page, fields[name])}
    if page.one_of and all(is_empty(page, fields[name]) for name in page.one_of):
        asked[page.one_of[0]] = None
    if page.image_id and not page.image_alt:
        asked["image_alt"] = None
    return list(asked)


def is_empty(page: Any, field: Any) -> bool:
    """Return whether nothing is filled in."""
    if isinstance(field, models.ForeignKey):
        return getattr(page, field.attname) is None
    value = getattr(page, field.name)
    if field.many_to_many or hasattr(value, "all"):
        return not value.all()
    return len(value) == 0 if isinstance(field, StreamField) else value in field.empty_values


def labels(page: Page, names: list[str]) -> list[str]:
    """Return the names of fields as an editor reads them."""
    fields = writable_fields(page.specific_class or type(page))
    return [str(fields[name].verbose_name) for name in names if name in fields]


def note_gaps(page: Page) -> None:
    """Bring the list of gaps up to date after a publish; pages that were not imported have none."""
    record = ImportedItem.objects.filter(page_id=page.pk).first()
    if record is None:
        return
    record.gaps = gaps(page)
    record.is_complete = not record.gaps
    record.save(update_fields=["gaps", "is_complete"])
