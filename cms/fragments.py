"""Pieces of pages as finished HTML: cards, pictures and running text, made once until the content changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cms import version
from cms.lru import Bounded

MOST_BYTES = 24 * 1024 * 1024
OVERHEAD = 400  # bytes of a piece beside its text
Versions = dict[str, int]
_pieces: Bounded[Hashable, tuple[Versions, str]] = Bounded(MOST_BYTES, lambda piece: len(piece[1]) + OVERHEAD)


def piece(key: Hashable, make: Callable[[], str]) -> SafeString:
    """Return a piece of HTML in the active language as it is today.

    Inside a transaction that has changed something, and for what shows seats or the clock, it is made each time.
    """
    if version.has_unsettled():
        return mark_safe(make())  # noqa: S308 - a rendered template
    full_key = (key, get_language(), timezone.localdate())
    if (known := _fresh(full_key)) is not None:
        return mark_safe(known)  # noqa: S308 - a rendered template
    html, made = version.observed(make)
    if made.is_lasting:
        _pieces.put(full_key, (made.versions, html))
    return mark_safe(html)  # noqa: S308 - a rendered template


def pieces(keys: Sequence[Hashable], make: Callable[[list[Hashable]], Mapping[Any, str]]) -> list[SafeString]:
    """Return many pieces in their order; those that are not kept are made together, "" where there is none.

    They need one look at what they are made from, and none where all are kept.
    """
    if version.has_unsettled():
        made = make(list(keys))
        return [mark_safe(made.get(key, "")) for key in keys]  # noqa: S308 - rendered templates
    around = (get_language(), timezone.localdate())
    found = {key: html for key in keys if (html := _fresh((key, *around))) is not None}
    if missing := [key for key in keys if key not in found]:
        made, making = version.observed(lambda: make(missing))
        for key in missing:
            found[key] = made.get(key, "")
            if making.is_lasting:
                _pieces.put((key, *around), (making.versions, found[key]))
    return [mark_safe(found[key]) for key in keys]  # noqa: S308 - rendered templates


def _fresh(full_key: Hashable) -> str | None:
    found = _pieces.get(full_key)
    if found is None or any(version.current(name) != value for name, value in found[0].items()):
        return None
    return found[1]


def forget() -> None:
    """Forget all pieces (tests)."""
    _pieces.clear()
