"""Reads a JSON Lines file that others wrote: bad lines are named with their reason, nothing else happens to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from home.moving.kinds import FILES, PAGES, ROWS

MAX_LINE = 4 * 1024 * 1024
MAX_SOURCE_ID = 200
LOCALES = ("de", "en", "de-simple")
TEXTS = ("kind", "locale", "source_id", "translation_of", "title", "summary", "state", "date", "parent", "path")
TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(TEXTS, (str,)),
    "body": (str, list),
    "step": (str, list),
    "topics": (str, list),
    "municipality": (str, dict),
    "old_url": (str, list),
    "files": (str, list),
    "image": (str, dict),
    "live": (bool,),
    "fields": (dict,),
    "runs": (list,),
}


class LineError(ValueError):
    """Why a line cannot be taken, in words for the operator."""


@dataclass
class Line:
    """One line that can be read; `digest` tells whether it has changed since the last import."""

    number: int
    offset: int
    data: dict[str, Any]
    digest: str

    @property
    def kind(self) -> str:
        """Return what the line describes."""
        return str(self.data["kind"])

    @property
    def source_id(self) -> str:
        """Return the name of the thing on the old site."""
        return str(self.data["source_id"])

    @property
    def locale(self) -> str:
        """Return the language of a page; rows and files have none."""
        return str(self.data.get("locale", "")) if self.kind in PAGES else ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes the line unique."""
        return (self.source_id, self.locale or f"/{self.kind}")


def raw_lines(path: Path) -> Iterator[tuple[int, int, bytes | None]]:
    """Return number, offset and bytes of each line that is not empty; None instead of one that is too long."""
    with path.open("rb") as file:
        number = offset = 0
        while raw := file.readline(MAX_LINE + 1):
            number += 1
            length = len(raw)
            is_long = length > MAX_LINE
            while is_long and raw and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE)
                length += len(raw)
            if is_long or raw.strip():
                yield number, offset, None if is_long else raw
            offset += length


def parse(number: int, offset: int, raw: bytes | None) -> Line:
    """Return one line. Raises LineError with the reason for a line that cannot be used."""
    if raw is None:
        raise LineError(_("The line is longer than %(most)s MB.") % {"most": MAX_LINE // 1024 // 1024})
    data = _json(raw)
    _check_types(data)
    _check_names(data)
    return Line(number, offset, data, hashlib.sha256(raw.strip()).hexdigest())


def line_at(path: Path, number: int, offset: int) -> Line:
    """Return the line that begins at a place of the file."""
    with path.open("rb") as file:
        file.seek(offset)
        return parse(number, offset, file.readline(MAX_LINE))


def _json(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8-sig")
        data = json.loads(text, parse_constant=_no_constant)
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise LineError(_("Not UTF-8 (byte %(place)s).") % {"place": error.start + 1}) from error
    except UnicodeEncodeError as error:
        raise LineError(_("Half of a character (a lone surrogate) in the text.")) from error
    except RecursionError as error:
        raise LineError(_("Nested too deeply.")) from error
    except ValueError as error:
        raise LineError(_("Not JSON: %(reason)s") % {"reason": error}) from error
    if not isinstance(data, dict):
        raise LineError(_("Not a JSON object: a line must begin with { and end with }."))
    if "\\u0000" in text:
        raise LineError(_("A null character in the text."))
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_types(data: dict[str, Any]) -> None:
    for name, value in list(data.items()):
        if value is None:
            del data[name]
        elif name in TYPES and not isinstance(value, TYPES[name]):
            raise LineError(_("“%(name)s” has the wrong type.") % {"name": name})


def _check_names(data: dict[str, Any]) -> None:
    for name in ("kind", "source_id"):
        if not data.get(name, "").strip():
            raise LineError(_("“%(name)s” is missing.") % {"name": name})
    if len(data["source_id"]) > MAX_SOURCE_ID:
        raise LineError(_("“source_id” is longer than %(most)s characters.") % {"most": MAX_SOURCE_ID})
    kind = data["kind"]
    if kind not in (*PAGES, *ROWS, *FILES):
        raise LineError(_("Unknown kind “%(kind)s”. Known: %(known)s") % {"kind": kind, "known": ", ".join(PAGES)})
    if kind in PAGES:
        if data.get("locale") not in LOCALES:
            raise LineError(_("“locale” must be one of: %(known)s") % {"known": ", ".join(LOCALES)})
        if not data.get("title", "").strip():
            raise LineError(_("“title” is missing."))
