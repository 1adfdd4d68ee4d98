"""Papers: PDF/UA-1 by Typst. Data comes as JSON, never as source: a name like `#panic()` stays a name.

Fonts are the site's own and those inside the compiler, so every machine makes the same paper.
"""

from __future__ import annotations

import functools
import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}
COVERED = ((0x20, 0x17F), (0x1E00, 0x1EFF), (0x370, 0x45F), (0x2010, 0x2027), (0x20AC, 0x20AC))
MISSING = "□"


def make_pdf(source: str, data: dict[str, Any]) -> bytes:
    """Return the paper that a Typst file of the project (`trainings/typst/x.typ`) makes of the data.

    Characters that no font shows are refused by PDF/UA; only then they are replaced, so that no name stops a paper.
    """
    import typst

    try:
        return _compile(source, _each(data, visible))
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(source, _each(data, showable))


def _compile(source: str, data: dict[str, Any]) -> bytes:
    import typst

    root = Path(settings.BASE_DIR)
    found = typst.compile(
        str(root / source),
        root=str(root),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
    )
    assert isinstance(found, bytes)
    return found


@functools.cache
def _fonts() -> typst.Fonts:
    import typst

    folder = Path(settings.BASE_DIR) / "cms" / "static" / "fonts"
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def visible(text: str) -> str:
    """Return a text without characters that print nothing or turn the direction of others; no character is lost."""
    spaced = "".join(" " if sign in "\t\n\r\u2028\u2029" else sign for sign in text)
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in INVISIBLE)


def showable(text: str) -> str:
    """Return a text in which a box stands for every character that our fonts lack."""
    composed = unicodedata.normalize("NFC", visible(text))
    return "".join(sign if any(low <= ord(sign) <= high for low, high in COVERED) else MISSING for sign in composed)


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(own, change) for key, own in value.items()}
    return [_each(own, change) for own in value] if isinstance(value, list | tuple) else value


def qr_code(address: str) -> str:
    """Return the QR code of an address as SVG."""
    import segno

    return segno.make(address, error="m").svg_inline(border=0, scale=4, dark="#0f222b", omitsize=True)


def pdf_response(content: bytes, name: str, *, as_attachment: bool = True) -> HttpResponse:
    """Return a paper as answer: never kept by browsers and proxies, because it names people."""
    kind = "attachment" if as_attachment else "inline"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{kind}; filename="{name}"', "Cache-Control": "private, no-store"},
    )
