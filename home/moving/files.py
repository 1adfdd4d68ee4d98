"""Files beside the JSON Lines file: only from its own folder, within the limits of an editor's upload."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from wagtail.models import Collection

from cms.models import CustomDocument, CustomImage
from cms.pictures import fitting
from home.moving.lines import LineError

COLLECTIONS = {"image": "Bilder", "document": "Dateien"}
MAX_PATH = 1000


def inside(folder: Path, name: str) -> Path:
    """Return the file of that name below the folder. Raises LineError for anything else: links, `..`, folders."""
    relative = PurePosixPath(name)
    if (
        not name
        or len(name) > MAX_PATH
        or "\x00" in name
        or relative.is_absolute()
        or ".." in relative.parts
        or "\\" in name
    ):
        raise LineError(_("“%(name)s” is no path below the folder of the file.") % {"name": name})
    path = folder
    for part in relative.parts:
        path /= part
        if path.is_symlink():
            raise LineError(_("“%(name)s” leads through a link.") % {"name": name})
    if not path.is_file():
        raise LineError(_("There is no file “%(name)s”.") % {"name": name})
    return path


def digest_of(path: Path) -> str:
    """Return the fingerprint of a file, read in parts."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make(kind: str, path: Path, *, keep: bool) -> CustomImage | CustomDocument:
    """Return a new picture or document with the bytes of the file; without `keep` nothing is written to disk."""
    model = CustomImage if kind == "image" else CustomDocument
    row = model(title=path.stem[:255], collection=_collection(COLLECTIONS[kind]))
    try:
        with path.open("rb") as opened:
            file = File(opened, name=path.name)
            if kind == "document":
                check_document(file)
            if keep:
                row.file.save(path.name, file, save=False)
            else:
                _pretend(row, file)
    except ValidationError as error:
        raise LineError(f"{path.name}: {' '.join(error.messages)}") from error
    row.file_size = row.file.size if keep else path.stat().st_size
    if keep:
        row._set_file_hash()
    return row


def _pretend(row: CustomImage | CustomDocument, file: File) -> None:
    """Give the row a file that is not stored."""
    if isinstance(row, CustomImage):
        row.width, row.height = fitting.opened(fitting.fit(file)).size
    row.__dict__["file"] = f"dry-run/{file.name}"  # assigning would open it


def check_document(file: File) -> None:
    """Raise ValidationError for a document whose format or size is not allowed."""
    FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS)(file)
    if file.size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        raise ValidationError(
            _("The file is larger than %(most)s MB.") % {"most": settings.WAGTAILDOCS_MAX_UPLOAD_SIZE // 1024**2}
        )


def _collection(name: str) -> Any:
    return Collection.objects.filter(name=name).first() or Collection.get_first_root_node()
