"""What a page tells the search about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Findable:
    """A page as the search knows it: texts of its own language, codes that are the same in all of them.

    `words` are names of the codes (places, topics, countries): they are searched, never shown. `files` are
    digests of files whose text belongs to the page. After `last_day` an
    offer is past, after `expires` the page is found no more, and on `stale_on` the clock changes something of this.
    """

    kind: str
    title: str
    lead: str = ""
    text: str = ""
    words: Sequence[str] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[str] = ()
    date: dt.date | None = None
    last_day: dt.date | None = None
    expires: dt.date | None = None
    stale_on: dt.date | None = None
