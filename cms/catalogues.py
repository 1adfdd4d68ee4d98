"""Translation catalogues, compiled in Python: no gettext is needed to run or test the site."""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import trans_real

LOCALE_DIR = Path(__file__).parent / "locale"


def compile_changed(folder: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue that is newer than its compiled file and return those; this process reads them anew.

    A first start loads the demo in the same process: with the empty catalogue it began with, German names of codes
    would go into the search in English.
    """
    changed = [source for source in _sources(folder) if _is_stale(source)]
    for source in changed:
        _compile(source)
    if changed:
        _forget_what_was_read()
    return changed


def _forget_what_was_read() -> None:
    """Drop the catalogues that Python and Django keep; neither has a public way."""
    gettext._translations.clear()  # type: ignore[attr-defined]  # see above
    trans_real._translations.clear()  # type: ignore[attr-defined]  # see above
    trans_real._default = None  # type: ignore[attr-defined]  # see above
    if (language := translation.get_language()) is not None:
        translation.activate(language)


def gaps(folder: Path = LOCALE_DIR) -> list[str]:
    """Return what a reader would see untranslated: empty and fuzzy German messages, one line each."""
    return [
        f"{source.parent.parent.name}: {message.id!r} is {'fuzzy' if message.fuzzy else 'not translated'}"
        for source in _sources(folder)
        for message in read(source)
        if message.id and (message.fuzzy or not _is_complete(message.string))
    ]


def read(source: Path) -> Catalog:
    """Parse one catalogue."""
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name)


def _is_complete(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


def _sources(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.glob("*/LC_MESSAGES/*.po")))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> None:
    target = source.with_suffix(".mo")
    draft = target.with_suffix(f".{os.getpid()}.draft")  # two processes may compile at once
    with draft.open("wb") as file:
        write_mo(file, read(source))
    draft.replace(target)
