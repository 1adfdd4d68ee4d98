"""What only a directory has when it is shown: rows and federal states; facets are those of all lists."""

from __future__ import annotations

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
