"""Invented people for the demo's runs: made by the services that real ones go through, in a fixed order.

Their addresses end in a domain to which the outbox never sends. Who they are is told by the ids of their bookings,
which stay after the purge has emptied the rows.
"""

from __future__ import annotations

import itertools
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator

from cms.outbox.services import NEVER_SENT
from knowledge.models import Municipality
from trainings.models import Booking, Run
from trainings.services.booking import Person, Submission

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "kgi:demo:bookings")
MOST_BOOKINGS = 120  # a run
MOST_TOGETHER = 3
SIZES = (1, 2, 1, 3, 1, 1, 2)
ENGLISH_EVERY = 6
NO_CAP = 1000
FIRST = (
    *("Amira", "Bernd", "Cem", "Daria", "Elif", "Frauke", "Georg", "Hanna", "Igor", "Jana", "Kofi", "Lena", "Malte"),
    *("Nadja", "Oskar", "Petra", "Quirin", "Rosa", "Selim", "Tove", "Ulla", "Viktor", "Wiebke", "Yasin", "Zoë"),
    *("Anneliese", "Béla", "Dominika", "Jørgen", "Şirin"),
)
LAST = (
    *("Ahrens", "Baumgärtner", "Celik", "Dreyer", "Ehlers", "Friedrichs", "Gödecke", "Hartwig", "Ivanova", "Jansen"),
    *("Kowalczyk", "Lindqvist", "Mbeki", "Neumann", "Öztürk", "Petersen", "Quast", "Reuter", "Schönfeld", "Tiedemann"),
    *("Ulrich", "Vogt", "Wójcik", "Yıldırım", "Zeller", "Bartels", "Dvořák", "Haas", "Kunze", "Möller", "Thielemann"),
)
SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ı": "i", "ø": "o"}
FUNCTIONS = (
    *(
        "Jugendpflege",
        "Leitung Jugendamt",
        "Leitung Jugendzentrum",
        "Internationale Jugendarbeit",
        "Jugendhilfeplanung",
    ),
    *("Städtepartnerschaften", "Schulsozialarbeit", "Jugendring", "Ausbildungsleitung"),
)


def booking_id(run: Run, number: int) -> uuid.UUID:
    """Return the id under which the demo makes a booking of a run."""
    return uuid.uuid5(NAMESPACE, f"{run.number}/{number}")


def booking_ids(run: Run) -> set[uuid.UUID]:
    """Return the ids of all bookings that the demo may have made for a run."""
    return {booking_id(run, number) for number in range(MOST_BOOKINGS)}


def is_only_demo(run: Run) -> bool:
    """Return whether nobody but the demo has registered for a run."""
    return not Booking.objects.filter(run=run).exclude(submission_id__in=booking_ids(run)).exists()


class Crowd:
    """The invented people of one run. Each town stays below the cap of the run."""

    def __init__(self, run: Run, towns: list[Municipality]) -> None:
        self.run, self.towns = run, towns
        self.cap = run.municipality_cap or NO_CAP
        start = sum(map(ord, run.number))  # not the same people first in every run
        self._people = itertools.count(start)
        self._bookings = itertools.count()
        self._turns = itertools.count(start)
        self._sizes = itertools.cycle(SIZES)
        self._seats: Counter[int] = Counter()

    def bookings(self, seats: int, pool_id: int) -> Iterator[Submission]:
        """Yield what is sent for so many seats, by single people and small groups."""
        left = seats
        while left:
            size = min(next(self._sizes), left, self.cap, MOST_TOGETHER)
            yield self._submission(size, pool_id)
            left -= size

    def _submission(self, size: int, pool_id: int) -> Submission:
        number, town = next(self._bookings), self._town(size)
        assert number < MOST_BOOKINGS, f"{self.run.number}: more bookings than ids"
        people = tuple(self._person() for _seat in range(size))
        return Submission(
            submission_id=booking_id(self.run, number),
            name=people[0].name,
            email=people[0].email,
            locale="en" if number % ENGLISH_EVERY == ENGLISH_EVERY - 1 else "de",
            people=people,
            pool_id=pool_id,
            organisation=f"Jugendamt {town.name}",
            municipality_id=town.pk,
            is_group=size > 1,
        )

    def _town(self, size: int) -> Municipality:
        """Return the next town that has not used up its seats."""
        for _try in self.towns:
            town = self.towns[next(self._turns) % len(self.towns)]
            if self._seats[town.pk] + size <= self.cap:
                self._seats[town.pk] += size
                return town
        raise AssertionError(f"{self.run.number}: too few towns for the cap of {self.cap}")

    def _person(self) -> Person:
        number = next(self._people)
        first, last = FIRST[number % len(FIRST)], LAST[number * 7 % len(LAST)]
        address = f"{_plain(first)}.{_plain(last)}{NEVER_SENT}"
        return Person(f"{first} {last}", address, FUNCTIONS[number % len(FUNCTIONS)], share_contact=number % 3 != 0)


def _plain(name: str) -> str:
    """Return a name as it stands in an address."""
    spelled = "".join(SPELLED.get(sign, sign) for sign in name.lower())
    return "".join(sign for sign in unicodedata.normalize("NFKD", spelled) if sign.isascii() and sign.isalpha())
