"""Municipalities like mine: members of the same type and size, with or without an own youth office, best fit first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cms.pages import BasePage
from cms.vocabularies import MunicipalityType, SizeClass, State
from knowledge.models import GoodPracticePage, MunicipalityPage
from knowledge.models.contacts import ContactPerson
from knowledge.network.asking import vocabulary
from knowledge.network.entries import MEMBER, YES, Entry, entries
from knowledge.network.places import Asked, asked

MOST = 12
PRACTICES_EACH = 3
SAME_TYPE, SAME_SIZE, NEAR_SIZE, SAME_OFFICE, SAME_STATE = 4, 4, 2, 2, 1
TOWN_TYPES = {MunicipalityType.LARGE_TOWN, MunicipalityType.TOWN, MunicipalityType.COMMUNE}
CITY_TYPES = {MunicipalityType.CITY_STATE, MunicipalityType.DISTRICT_FREE, MunicipalityType.BOROUGH}
AREA_TYPES = {
    MunicipalityType.COUNTY,
    MunicipalityType.REGION,
    MunicipalityType.UNION,
    MunicipalityType.COOPERATION,
}
FAMILIES: tuple[set[MunicipalityType], ...] = (TOWN_TYPES, CITY_TYPES, AREA_TYPES)


@dataclass(frozen=True)
class Likeness:
    """A member that resembles, why it does, and what can be read and whom one may ask there."""

    entry: Entry
    score: int
    reasons: tuple[str, ...]
    practices: Sequence[GoodPracticePage] = field(default_factory=list)
    contact: ContactPerson | None = None


class Alike:
    """The answer to `?municipality=…&place=…` or `?type=…&size=…&youth_office=…`; what is typed wins over the row."""

    def __init__(self, page: BasePage, query: QueryDict) -> None:
        self.page = page
        self.asked: Asked = asked(query, "municipality")
        row = self.asked.row
        self.type = _code(query, "type") or (row.type if row else "")
        self.size = _code(query, "size") or (row.size_class.value if row and row.size_class else "")
        self.youth_office = _code(query, "youth_office") or self._known_office()
        self.state = row.state if row else ""

    @cached_property
    def _members(self) -> list[Entry]:
        return entries(self.page, (MEMBER,))

    def _known_office(self) -> str:
        """Return what the own profile of a member says."""
        row = self.asked.row
        own = next((one for one in self._members if row and one.municipality_id == row.pk), None)
        return next(iter(own.values("youth_office")), "") if own else ""

    @property
    def is_asked(self) -> bool:
        """Return whether there is anything to compare with."""
        return bool(self.type or self.size or self.youth_office)

    @cached_property
    def found(self) -> list[Likeness]:
        """Return the members that resemble most, without the municipality itself."""
        if not self.is_asked:
            return []
        own = self.asked.row.pk if self.asked.row else None
        compared = [self._compare(entry) for entry in self._members if entry.municipality_id != own]
        fitting = sorted((one for one in compared if one.score > SAME_STATE), key=lambda one: -one.score)[:MOST]
        return self._with_knowledge(fitting)

    def _compare(self, entry: Entry) -> Likeness:
        found = list(self._reasons(entry))
        return Likeness(entry, sum(score for score, _text in found), tuple(text for _score, text in found))

    def _reasons(self, entry: Entry) -> Iterator[tuple[int, str]]:
        kind, size = _first(entry, "type"), _first(entry, "size")
        if self.type and kind == self.type:
            yield SAME_TYPE, str(MunicipalityType(kind).label)
        elif self.type and kind and _are_relatives(self.type, kind):
            yield SAME_TYPE // 2, str(MunicipalityType(kind).label)
        if self.size and size:
            apart = abs(SizeClass.values.index(size) - SizeClass.values.index(self.size))
            if apart <= 1:
                yield (SAME_SIZE, NEAR_SIZE)[apart], str(SizeClass(size).label)
        if self.youth_office and _first(entry, "youth_office") == self.youth_office:
            yield SAME_OFFICE, _("Own youth office") if self.youth_office == YES else _("No youth office of its own")
        if self.state and _first(entry, "state") == self.state:
            yield SAME_STATE, str(State(self.state).label)

    def _with_knowledge(self, found: list[Likeness]) -> list[Likeness]:
        """Add practices and contacts, each for all members in one query."""
        practices, people = self._practices(found), self._people(found)
        return [
            Likeness(
                one.entry,
                one.score,
                one.reasons,
                practices[one.entry.municipality_id][:PRACTICES_EACH],
                people.get(one.entry.page_id),
            )
            for one in found
        ]

    def _practices(self, found: list[Likeness]) -> dict[int | None, list[GoodPracticePage]]:
        keys = [one.entry.municipality_id for one in found]
        rows = GoodPracticePage.objects.beside(self.page).filter(municipality__in=keys)
        grouped: dict[int | None, list[GoodPracticePage]] = defaultdict(list)
        for practice in rows.order_by("-recommended", "-first_published_at", "pk"):
            grouped[practice.municipality_id].append(practice)
        return grouped

    @staticmethod
    def _people(found: list[Likeness]) -> dict[int, ContactPerson]:
        keys = [one.entry.page_id for one in found]
        rows = MunicipalityPage.objects.filter(pk__in=keys, contact__isnull=False).select_related("contact")
        return {page.pk: page.contact for page in rows if page.contact.is_published}

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Return the three questions with their answers, for the form."""
        labels = {"type": _("Type"), "size": _("Inhabitants"), "youth_office": _("Own youth office")}
        return [
            {
                "name": name,
                "label": label,
                "options": [(code, text, code == getattr(self, name)) for code, text in vocabulary(name).items()],
            }
            for name, label in labels.items()
        ]


def _code(query: QueryDict, name: str) -> str:
    code = query.get(name, "")
    return code if code in vocabulary(name) else ""


def _first(entry: Entry, name: str) -> str:
    return next(iter(entry.values(name)), "")


def _are_relatives(one: str, other: str) -> bool:
    return any(one in family and other in family for family in FAMILIES)
