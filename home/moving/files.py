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
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.models import Collection

from cms.models import CustomDocument, CustomImage
from home.moving.lines import LineError

MAX_DOCUMENT = 200 * 1024 * 1024
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
    check = check_image if kind == "image" else check_document
    model = CustomImage if kind == "image" else CustomDocument
    size = check(path)
    row = model(title=path.stem[:255], collection=_collection(COLLECTIONS[kind]))
    if isinstance(row, CustomImage):
        row.width, row.height = size
    row.file_size = path.stat().st_size
    if not keep:
        row.__dict__["file"] = f"dry-run/{path.name}"  # assigning would open it
        return row
    with path.open("rb") as file:
        row.file.save(path.name, File(file, name=path.name), save=False)
    row._set_file_hash()
    return row


def check_image(path: Path) -> tuple[int, int]:
    """Return the size of a picture that an editor could upload. Raises LineError for any other file."""
    try:
        with path.open("rb") as file:
            WagtailImageField().clean(File(file, name=path.name))
            file.seek(0)
            with Image.open(file) as picture:
                picture.load()
                return picture.size
    except ValidationError as error:
        raise LineError(f"{path.name}: {' '.join(error.messages)}") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise LineError(_("%(name)s: the picture cannot be read.") % {"name": path.name}) from error


def check_document(path: Path) -> tuple[int, int]:
    """Raise LineError for a file whose format or size is not allowed."""
    try:
        FileExtensionValidator(settings.WAGTAILDOCS_EXTENSIONS)(File(None, name=path.name))
    except ValidationError as error:
        raise LineError(f"{path.name}: {' '.join(error.messages)}") from error
    if path.stat().st_size > MAX_DOCUMENT:
        raise LineError(_("%(name)s: the file is larger than %(most)s MB.") % {"name": path.name, "most": 200})
    return (0, 0)


def _collection(name: str) -> Any:
    return Collection.objects.filter(name=name).first() or Collection.get_first_root_node()
