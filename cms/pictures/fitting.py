"""What may come in as a picture, and in which form it is stored.

The header is read first, so that nothing huge is ever decoded. Then the picture is decoded once, at most one at a
time in a process: that proves that it is whole. What is stored is upright, in RGB, at most as large as any page needs
and without what a camera notes about place and owner; a picture that is so already keeps its bytes.
"""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

FORMATS = {"avif": "AVIF", "gif": "GIF", "jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
SAVING: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 80},
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": 90},
}
PLAIN_MODES = ("L", "LA", "P", "RGB", "RGBA")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, TypeError, ImageCms.PyCMSError)  # what decoders raise
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
MEGA = 1_000_000
_one_at_a_time = threading.Lock()


def fit(file: File) -> File:
    """Return the file as it may be stored: itself, or a smaller, upright one. Raises ValidationError."""
    check_bytes(file)
    file.seek(0)
    with _one_at_a_time, opened(file) as picture:
        check_header(picture, str(file.name))
        try:
            changed = _upright(picture)
        except BROKEN as error:
            raise ValidationError(_damaged(), code="damaged") from error
        return file if changed is None else _stored(changed, str(file.name), picture.format or "")


def opened(file: File | IO[bytes]) -> Image.Image:
    """Return the picture with nothing but its header read. Raises ValidationError for what is none."""
    try:
        return Image.open(file, formats=sorted(set(FORMATS.values())))
    except TOO_LARGE as error:
        raise ValidationError(
            _too_many_pixels(None, settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS), code="too_many_pixels"
        ) from error
    except BROKEN as error:
        raise ValidationError(no_picture(), code="no_picture") from error


def check_bytes(file: File) -> None:
    """Raise ValidationError for a file that is too large."""
    most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if file.size > most:
        raise ValidationError(
            _(
                "The file has %(size)s MB; at most %(most)s are possible. Save the picture smaller, e.g. %(side)s pixels "
                "wide, or as JPEG, and upload it again."
            )
            % {
                "size": number_format(file.size / 1024**2, 1),
                "most": number_format(most / 1024**2, 0),
                "side": _side(),
            },
            code="too_many_bytes",
        )


def check_header(picture: Image.Image, name: str) -> None:
    """Raise ValidationError for a picture with too many pixels, or in another format than its name says."""
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    if picture.format != "JPEG":
        most = min(most, settings.PICTURE_PIXELS_UNLESS_JPEG)
    if picture.width * picture.height > most:
        raise ValidationError(_too_many_pixels(picture.size, most), code="too_many_pixels")
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise ValidationError(no_picture(), code="no_picture")
    if FORMATS[ending] != picture.format:
        raise ValidationError(
            _(
                "The name ends in .%(ending)s, but the file is a picture of the kind %(format)s. Rename it and try again."
            )
            % {"ending": ending, "format": picture.format},
            code="wrong_ending",
        )


def _upright(picture: Image.Image) -> Image.Image | None:
    """Decode the picture; return it upright, in RGB and small enough, or None where it is all of that already."""
    longest = settings.PICTURE_LONGEST_SIDE
    is_plain = picture.mode in PLAIN_MODES and not picture.getexif() and not getattr(picture, "is_animated", False)
    is_small = max(picture.size) <= longest
    share = min(1.0, longest / max(picture.size))
    picture.draft(None, (max(1, int(picture.width * share)), max(1, int(picture.height * share))))  # JPEG: a part of it
    picture.load()
    if is_plain and is_small:
        return None
    picture = _in_rgb(picture)
    if not is_small:
        picture.thumbnail((longest, longest), reducing_gap=2.0)
    return ImageOps.exif_transpose(picture)


def _in_rgb(picture: Image.Image) -> Image.Image:
    has_alpha = picture.has_transparency_data
    if picture.mode.startswith("I"):  # 16 bits a channel
        return picture.convert("I").point([value / 256 for value in range(65536)], "L")
    if picture.mode == "CMYK" and (profile := picture.info.get("icc_profile")):
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
    wanted = "RGBA" if has_alpha else "RGB"
    return picture if picture.mode in (wanted, "L") else picture.convert(wanted)


def _stored(picture: Image.Image, name: str, format_name: str) -> File:
    """Return the picture as a new file; of a GIF, the first frame remains, as PNG."""
    if format_name == "GIF":
        name, format_name = str(PurePosixPath(name).with_suffix(".png")), "PNG"
    options = {**SAVING[format_name], "exif": b""}
    if picture.mode == "RGB" and (profile := picture.info.get("icc_profile")) and len(profile) > 0:
        options["icc_profile"] = profile
    output = BytesIO()
    picture.save(output, format_name, **options)
    return ContentFile(output.getvalue(), name)


def _side() -> str:
    return number_format(settings.PICTURE_LONGEST_SIDE, force_grouping=True)


def _too_many_pixels(size: tuple[int, int] | None, most: int) -> str:
    facts = {"most": number_format(most / MEGA, 0), "side": _side()}
    if size is None:
        return (
            _(
                "The picture has far more than %(most)s megapixels. Save it smaller, e.g. %(side)s pixels wide, and upload "
                "it again."
            )
            % facts
        )
    width, height = size
    return _(
        "The picture has %(megapixels)s megapixels (%(width)s × %(height)s); at most %(most)s are possible. Save it "
        "smaller, e.g. %(side)s pixels wide as JPEG, and upload it again."
    ) % {
        **facts,
        "megapixels": number_format(width * height / MEGA, 1),
        "width": number_format(width, force_grouping=True),
        "height": number_format(height, force_grouping=True),
    }


def no_picture() -> str:
    """Say what a file should be."""
    kinds = ", ".join(settings.WAGTAILIMAGES_EXTENSIONS).upper()
    return _("This is no picture of a possible kind (%(kinds)s). Save it as one of them and upload it again.") % {
        "kinds": kinds
    }


def _damaged() -> str:
    return _("The picture is damaged or not complete. Open it in a program for pictures, save it anew and try again.")
