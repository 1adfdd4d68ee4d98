"""Where somebody is or means: a place of the register, or coordinates that the browser told on a click."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from knowledge.models.municipalities import LATITUDES, LONGITUDES, Municipality
from knowledge.place_names import label_of, places_meant

Point = tuple[float, float]
EARTH = 6371.0  # km
ONE_PLACE = 15.0  # km; a town and the county of its name are one place for a search nearby
LONGEST = 100
COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?)")


@dataclass(frozen=True)
class PlaceChoice:
    """One of several places of a name."""

    label: str
    key: int


@dataclass(frozen=True)
class Asked:
    """What somebody said about a place, and what it means: one row or point, a choice, or nothing known."""

    text: str = ""
    label: str = ""
    row: Municipality | None = None
    point: Point | None = None
    choices: tuple[PlaceChoice, ...] = ()
    is_own_position: bool = False

    @property
    def is_unknown(self) -> bool:
        """Return whether something was typed that the register does not know."""
        return bool(self.text) and self.row is None and not self.choices


def kilometres(one: Point, other: Point) -> float:
    """Return the distance of two points on earth along the great circle."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def typed(query: QueryDict, name: str) -> str:
    """Return a line that somebody typed, without control characters, cut to a sensible length."""
    text = query.get(name, "")[: LONGEST * 4]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def asked(query: QueryDict, name: str = "near") -> Asked:
    """Return the place behind a name and, where the name is not unique, the chosen row (`place`)."""
    text = typed(query, name)
    rows = places_meant(text) if text else []
    chosen = [row for row in rows if str(row.pk) == query.get("place", "")]
    if chosen or (rows and _are_one_place(rows)):
        row = (chosen or rows)[0]
        return Asked(text=text, label=label_of(row), row=row, point=row.point)
    return Asked(text=text, choices=_choices(rows))


def position(query: QueryDict) -> Asked | None:
    """Return the coordinates that a browser told (`at=52.52,13.40`); None for anything else."""
    match = COORDINATES.fullmatch(query.get("at", ""))
    if match is None:
        return None
    point = round(float(match[1]), 2), round(float(match[2]), 2)
    if not (LATITUDES[0] <= point[0] <= LATITUDES[1] and LONGITUDES[0] <= point[1] <= LONGITUDES[1]):
        return None
    return Asked(label=_("your position"), point=point, is_own_position=True)


def _are_one_place(rows: list[Municipality]) -> bool:
    first: Any = rows[0].point
    return all(kilometres(first, row.point) <= ONE_PLACE for row in rows[1:] if row.point)


def _choices(rows: list[Municipality]) -> tuple[PlaceChoice, ...]:
    """Tell places of one name apart; where county and state are the same too, by their size."""
    often = Counter(_in_full(row) for row in rows)
    return tuple(PlaceChoice(_by_size(row) if often[_in_full(row)] > 1 else _in_full(row), row.pk) for row in rows)


def _by_size(row: Municipality) -> str:
    number = number_format(row.population, use_l10n=True, force_grouping=True) if row.population else "?"
    return _("%(place)s, %(number)s inhabitants") % {"place": _in_full(row), "number": number}


def _in_full(row: Municipality) -> str:
    return f"{label_of(row)}, {row.get_state_display()}"
