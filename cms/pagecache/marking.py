"""Which answers may be kept, and which names of a query string lead to an answer of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http.response import HttpResponseBase

LONGEST_QUERY = 300
MOST_VALUES = 20
TRACKING = ("utm_", "mtm_", "pk_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")  # say nothing to us
_known: set[str] = set()


@dataclass(frozen=True)
class Mark:
    """Says that everybody may get this answer; `on_hit` is called for each visitor who gets it from memory."""

    on_hit: Callable[[], Any] | None = None


def may_be_kept(response: HttpResponseBase, on_hit: Callable[[], Any] | None = None) -> None:
    """Mark an answer that is the same for everybody; what it depends on is noted while it is made (cms.version)."""
    response.page_mark = Mark(on_hit)  # type: ignore[attr-defined]  # read by the page cache alone


def mark_of(result: Any) -> Mark | None:
    """Return the mark of what Django answered with."""
    return getattr(result, "page_mark", None)


def know(names: Iterable[str]) -> None:
    """Name the parts of query strings that pages understand; with any other the answer is not kept."""
    _known.update(names)


def normal_query(query: str) -> str | None:
    """Return a query string in one order and without the names that only serve tracking.

    None when it cannot be the address of a kept answer: unknown names, or too long to be typed or linked.
    """
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_VALUES)
    except ValueError:
        return None
    pairs = [(name, value) for name, value in pairs if not name.startswith(TRACKING)]
    if not _known.issuperset(name for name, _value in pairs):
        return None
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))
