"""What a directory is made of when it is shown: rows, facets with their options, chips, tabs, states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knowledge.network.entries import Entry


@dataclass(frozen=True)
class StateLink:
    """A federal state with how many profiles lie in it."""

    code: str
    label: str
    count: int
    url: str
    active: bool


@dataclass(frozen=True)
class Option:
    """One value of a facet and how many profiles there would be with it."""

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

    @property
    def chosen(self) -> list[Option]:
        """Return the chosen options."""
        return [option for option in self.options if option.checked]


@dataclass(frozen=True)
class Chip:
    """Something that was asked and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Tab:
    """One of the kinds to look at, with the same filters."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Row:
    """One profile of the list; `distance` in kilometres where a place was named."""

    entry: Entry
    distance: float | None = None

    @property
    def away(self) -> str:
        """Return the distance in words."""
        if self.distance is None:
            return ""
        return _("%(number)s km away") % {"number": max(1, round(self.distance))}
