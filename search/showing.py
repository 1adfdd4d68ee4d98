"""What only a page of results has, as templates print it: offers by month, and which page of how many this is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Month:
    """The offers of one month."""

    code: str
    label: str
    offers: Sequence[Any]


@dataclass(frozen=True)
class Numbers:
    """Which page of how many, under the names that the pagination component knows."""

    number: int
    num_pages: int
    count: int

    @property
    def paginator(self) -> Numbers:
        """Return itself: the component asks for `page_obj.paginator.num_pages`."""
        return self

    @property
    def has_previous(self) -> bool:
        """Return whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Return whether there is a page behind."""
        return self.number < self.num_pages

    @property
    def previous_page_number(self) -> int:
        """Return the number of the page before."""
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        """Return the number of the page behind."""
        return self.number + 1
