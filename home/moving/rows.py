"""Rows and files as lines of their own: vocabularies, settings, and what is to be known of a picture or document."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from home.models import ImportedItem
from home.moving.building import FACTS_OF_FILES, FACTS_OF_PICTURES
from home.moving.context import Context
from home.moving.files import digest_of, inside
from home.moving.kinds import ROWS, writable_fields
from home.moving.lines import Line, LineError
from home.moving.values import plain, set_value

FOCUS = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
FACTS = {"image": (*FACTS_OF_PICTURES, *FOCUS, "description"), "document": FACTS_OF_FILES}


def write_row(line: Line, context: Context) -> bool:
    """Make or renew one row of a vocabulary or the settings; return False where the line has not changed."""
    record = ImportedItem.objects.filter(kind=line.kind, source_id=line.source_id, locale="").first()
    if record is not None and record.digest == line.digest and not any(map(context.is_there, record.unresolved)):
        return False
    row = _row_of(line)
    fields = writable_fields(type(row))
    for name, value in line.data.get("fields", {}).items():
        if name not in fields:
            raise LineError(_("Unknown in “fields”: %(names)s") % {"names": name})
        set_value(row, fields[name], value, context)
    _check(row)
    row.save()
    _remember(line, row, digest=line.digest, unresolved=context.unresolved)
    return True


def _row_of(line: Line) -> Any:
    kind = ROWS[line.kind]
    if not kind.key:
        return kind.model.load()  # type: ignore[attr-defined]  # settings have one row
    code = line.data.get("fields", {}).get(kind.key)
    if not isinstance(code, str) or not code:
        raise LineError(_("“%(name)s” is missing.") % {"name": kind.key})
    return kind.model._default_manager.filter(**{kind.key: code}).first() or kind.model(**{kind.key: code})


def write_file(line: Line, context: Context) -> bool:
    """Store one picture or document with what is to be known of it; return False where nothing has changed."""
    name = str(line.data.get("path") or line.source_id)
    digest = (digest_of(inside(context.folder, name))[:40] + line.digest)[:64]
    record = ImportedItem.objects.filter(kind=line.kind, source_id=name, locale="").first()
    if record is not None and record.digest == digest:
        return False
    row: Any = context.file(line.kind, name)
    fields = {field.name: field for field in type(row)._meta.concrete_fields}
    for key, value in line.data.get("fields", {}).items():
        if key not in FACTS[line.kind]:
            raise LineError(_("Unknown in “fields”: %(names)s") % {"names": key})
        setattr(row, key, plain(fields[key], value))
    row.save()
    _remember(line, row, source_id=name, digest=digest)
    return True


def _remember(line: Line, row: Any, *, source_id: str = "", **facts: Any) -> None:
    ImportedItem.objects.update_or_create(
        kind=line.kind,
        source_id=source_id or line.source_id,
        locale="",
        defaults={"object_id": row.pk, "is_indexed": False, **facts},
    )


def _check(row: Any) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise LineError("; ".join(error.messages)) from error
