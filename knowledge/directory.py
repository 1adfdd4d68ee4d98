"""The directory of members or service centres: map and list from one query, filtered by state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cms.pages import BasePage
from cms.vocabularies import State
from knowledge.map import Place


@dataclass(frozen=True)
class StateLink:
    """A federal state with how many pages lie in it."""

    code: str
    label: str
    count: int
    url: str
    active: bool


class Directory:
    """Profiles in one language; a state that does not exist is ignored."""

    def __init__(self, page: BasePage, model: type[BasePage], query: QueryDict) -> None:
        self.page, self.model = page, model
        state = query.get("state", "")
        self.state = state if state in State.values else ""

    @cached_property
    def _everything(self) -> list[Any]:
        pages = self.model.objects.child_of(self.page).visible().for_cards()
        return sorted(pages, key=lambda page: page.title.casefold())

    @property
    def pages(self) -> list[Any]:
        """Return the profiles of the chosen state, by name."""
        return [page for page in self._everything if not self.state or self._state_of(page) == self.state]

    @property
    def places(self) -> list[Place]:
        """Return the points of the profiles shown, for the map."""
        found = [(page, point(page)) for page in self.pages]
        return [Place(where[0], where[1], page.title, page.url or "") for page, where in found if where is not None]

    @cached_property
    def states(self) -> list[StateLink]:
        """Return all states with their number of profiles; choosing the chosen one again shows everything."""
        counts = Counter(self._state_of(page) for page in self._everything)
        return [
            StateLink(
                code=code,
                label=str(label),
                count=counts[code],
                url=str(self.page.url) + ("" if code == self.state else f"?state={code}"),
                active=code == self.state,
            )
            for code, label in sorted(State.choices, key=lambda choice: str(choice[1]))
        ]

    @property
    def state_label(self) -> str:
        """Return the name of the chosen state, “All federal states” without one."""
        return str(State(self.state).label) if self.state else _("All federal states")

    @staticmethod
    def _state_of(page: Any) -> str:
        return page.municipality.state if page.municipality else ""


def point(page: Any) -> tuple[float, float] | None:
    """Return the point of a profile: the page's own, else that of its municipality."""
    own: tuple[float, float] | None = getattr(page, "point", None)
    return own or (page.municipality.point if page.municipality else None)
