"""The parts of a page of results, as templates print them: facets with their options, chips, ways to sort, pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LONG = 8  # options that are shown before the rest is folded away


@dataclass(frozen=True)
class Option:
    """One value of a facet and how many hits there would be with it."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Group:
    """One facet."""

    name: str
    label: str
    options: Sequence[Option]
    is_folded: bool = False

    @property
    def chosen(self) -> list[Option]:
        """Return the chosen options."""
        return [option for option in self.options if option.checked]

    @property
    def first(self) -> Sequence[Option]:
        """Return what is shown at once: the frequent ones and all chosen ones."""
        return [option for number, option in enumerate(self.options) if number < LONG or option.checked]

    @property
    def rest(self) -> Sequence[Option]:
        """Return what is folded away."""
        return [option for number, option in enumerate(self.options) if number >= LONG and not option.checked]


@dataclass(frozen=True)
class Chip:
    """A chosen value and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Choice:
    """A link among several, e.g. a way to sort."""

    label: str
    url: str
    current: bool


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
