"""Pieces of pages as finished HTML: cards, pictures and running text, made once until the content changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable

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
    found = _pieces.get(full_key)
    if found is None or any(version.current(name) != value for name, value in found[0].items()):
        html, made = version.observed(make)
        found = (made.versions, html)
        if made.is_lasting:
            _pieces.put(full_key, found)
    return mark_safe(found[1])  # noqa: S308 - a rendered template


def forget() -> None:
    """Forget all pieces (tests)."""
    _pieces.clear()
