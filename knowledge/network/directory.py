"""The directory of members and service centres: list, map and counts are one answer to one question."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.facets import Chip, Choice, Group, Option
from cms.pages import BasePage
from cms.version import kept
from cms.vocabularies import State
from knowledge.map import Place
from knowledge.models import MunicipalityIndexPage, ServiceCentreIndexPage
from knowledge.network.asking import BOTH, FACETS, FACETS_OF, RADII, Wanted, vocabulary
from knowledge.network.entries import CENTRE, MEMBER, Entry, entries
from knowledge.network.parts import Row, StateLink
from knowledge.network.places import kilometres

INDEXES: dict[str, Any] = {MEMBER: MunicipalityIndexPage, CENTRE: ServiceCentreIndexPage}


class Directory:
    """What is wanted of the profiles in one language."""

    def __init__(self, page: BasePage, kind: str, query: QueryDict) -> None:
        self.page, self.own_kind = page, kind
        self.wanted = Wanted.read(query, kind)

    @cached_property
    def everything(self) -> list[Row]:
        """Return all profiles of the wanted kinds, the nearest first where a place was named."""
        here = self.wanted.near.point
        found = entries(self.page, self.wanted.kinds)
        if here is None:
            return [Row(entry) for entry in found]
        rows = [Row(entry, kilometres(here, entry.point)) for entry in found if entry.point]
        return sorted(rows, key=lambda row: row.distance or 0)

    @cached_property
    def rows(self) -> list[Row]:
        """Return the profiles that fit, in their order."""
        return [row for row in self.everything if self._is_near(row) and self._fits(row.entry)]

    @property
    def nearest(self) -> Row | None:
        """Return the nearest profile that fits but for its distance, to help out of an empty list."""
        return next((row for row in self.everything if row.distance is not None and self._fits(row.entry)), None)

    @property
    def further(self) -> str:
        """Return the address without the limit of distance."""
        wanted = self.wanted
        return self.url(Wanted(wanted.kind, wanted.filters, wanted.near))

    def _is_near(self, row: Row) -> bool:
        return self.wanted.radius is None or (row.distance or 0) <= self.wanted.radius

    def _fits(self, entry: Entry, *, but: str = "") -> bool:
        """Return whether a profile has one of the chosen values in each facet."""
        chosen = {name: codes for name, codes in self.wanted.filters.items() if codes and name != but}
        return all(set(codes) & set(entry.values(name)) for name, codes in chosen.items())

    @cached_property
    def groups(self) -> list[Group]:
        """Return the facets, each counted without its own choice; values that nobody has are left out."""
        groups = [self._group(name) for name in FACETS_OF[self.wanted.kind]]
        return [group for group in groups if len(group.options) > 1 or group.chosen]

    def _group(self, name: str) -> Group:
        counts, chosen = self._counts(name), self.wanted.filters.get(name, ())
        options = [
            Option(code, label, counts[code], code in chosen)
            for code, label in vocabulary(name).items()
            if counts[code] or code in chosen
        ]
        return Group(name, str(FACETS[name]), options)

    def _counts(self, name: str) -> Counter[str]:
        rows = (row for row in self.everything if self._is_near(row) and self._fits(row.entry, but=name))
        return Counter(code for row in rows for code in row.entry.values(name))

    @cached_property
    def states(self) -> list[StateLink]:
        """Return the states for the map; choosing the chosen one again shows all."""
        counts = self._counts("state")
        return [
            StateLink(
                code=code,
                label=label,
                count=counts[code],
                url=self.url(self.wanted.with_value("state", code)),
                active=code in self.wanted.filters.get("state", ()),
            )
            for code, label in vocabulary("state").items()
        ]

    @property
    def active_states(self) -> tuple[str, ...]:
        """Return the codes of the chosen states."""
        return self.wanted.filters.get("state", ())

    @property
    def places(self) -> list[Place]:
        """Return the points of the list, for the map."""
        return [
            Place(*row.entry.point, row.entry.title, row.entry.url, row.entry.kind)
            for row in self.rows
            if row.entry.point is not None
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """Return one removable chip for each thing that was asked."""
        wanted = self.wanted
        chosen = [(group.name, option) for group in self.groups for option in group.chosen]
        chips = [Chip(_chip(name, one), self.url(wanted.without_value(name, one.value))) for name, one in chosen]
        if wanted.near.point is None:
            return chips
        label = _("Near: %(place)s") % {"place": wanted.near.label}
        return [Chip(label, self.url(wanted.without_place())), *chips]

    @cached_property
    def tabs(self) -> list[Choice]:
        """Return members, service centres and both, with the filters that make sense there."""
        labels = {MEMBER: _("Municipalities"), CENTRE: _("Service centres"), BOTH: _("Both on one map")}
        return [
            Choice(label, self._address(kind) + self.wanted.of_kind(kind).query, kind == self.wanted.kind)
            for kind, label in labels.items()
            if kind == BOTH or self._address(kind)
        ]

    def _address(self, kind: str) -> str:
        return str(self.page.url) if kind in (BOTH, self.own_kind) else index_url(self.page, kind)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the places that a name may mean, with their addresses."""
        pairs = [("kind", BOTH)] if self.wanted.kind == BOTH else []
        pairs += [(name, code) for name, codes in self.wanted.filters.items() for code in codes]
        near = self.wanted.near
        return [
            (one.label, f"{self.page.url}?{urlencode([*pairs, ('near', near.text), ('place', one.key)])}")
            for one in near.choices
        ]

    @property
    def at(self) -> str:
        """Return the coordinates as the form keeps them."""
        return dict(self.wanted.place_pairs).get("at", "")

    @property
    def alike_url(self) -> str:
        """Return the address of “municipalities like mine”, where members are listed."""
        return str(getattr(self.page, "alike_url", ""))

    @property
    def radii(self) -> list[tuple[int, bool]]:
        """Return the distances to choose from."""
        return [(radius, radius == self.wanted.radius) for radius in RADII]

    def url(self, wanted: Wanted) -> str:
        """Return the address of this page that asks for something else."""
        return f"{self.page.url}{wanted.query}"

    @property
    def summary(self) -> str:
        """Return how many there are and where, in one sentence."""
        count, where = len(self.rows), {"place": self._where}
        if self.wanted.kind == MEMBER:
            text = ngettext("%(number)s municipality: %(place)s", "%(number)s municipalities: %(place)s", count)
        elif self.wanted.kind == CENTRE:
            text = ngettext("%(number)s service centre: %(place)s", "%(number)s service centres: %(place)s", count)
        else:
            text = ngettext("%(number)s entry: %(place)s", "%(number)s entries: %(place)s", count)
        return text % {"number": count, **where}

    @property
    def _where(self) -> str:
        near = self.wanted.near
        states = [str(State(code).label) for code in self.active_states]
        if near.point is None:
            return ", ".join(states) or _("All federal states")
        if self.wanted.radius:
            around = _("within %(radius)s km of %(place)s") % {"radius": self.wanted.radius, "place": near.label}
        else:
            around = _("the nearest to %(place)s first") % {"place": near.label}
        return ", ".join([*states, around])


def _chip(name: str, option: Option) -> str:
    """Return the words of a chip; “yes” alone would say nothing."""
    return f"{FACETS[name]}: {option.label}" if name == "youth_office" else option.label


def index_url(beside: BasePage, kind: str) -> str:
    """Return the address of the directory of a kind in the language of a page, from this process's memory."""
    return kept(("directory", kind, beside.locale_id), lambda: _index_url(beside, kind))


def _index_url(beside: BasePage, kind: str) -> str:
    page = INDEXES[kind].objects.beside(beside).first()
    return str(page.url) if page else ""
