"""Filters with counts as templates print them, in the search and in the directories: facets, options, chips, choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Something that was asked and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Choice:
    """A link among several, e.g. a way to sort or a kind to look at."""

    label: str
    url: str
    current: bool
