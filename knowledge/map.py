"""The map of Germany: Mercator projection, outlines of the states, pins that stay apart, points in states."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
OUTLINES = DATA / "states.geojson"
BAKED = DATA / "map.json"

WIDTH = 600
MARGIN = 4
PIN_GAP = 52  # 24 px and a hair where the map is 288 px wide: on a phone of 320 px
RINGS = 24
NEAR = 0.02  # degrees; the outlines are simplified by about 1.2 km
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Place:
    """A point on earth with the page it leads to."""

    latitude: float
    longitude: float
    label: str
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Pin:
    """A point on the map; `moved` tells that it had to give way to a neighbour."""

    x: float
    y: float
    label: str
    url: str
    kind: str = ""
    moved: bool = False


@dataclass(frozen=True)
class Projection:
    """Mercator, fitted to a box: the north-west corner lies at (MARGIN, MARGIN)."""

    scale: float
    west: float
    north: float
    height: int

    def point(self, latitude: float, longitude: float) -> Point:
        """Return x and y on the map."""
        x, y = _mercator(latitude, longitude)
        return MARGIN + (x - self.west) * self.scale, MARGIN + (y - self.north) * self.scale

    def place(self, x: float, y: float) -> Point:
        """Return latitude and longitude of a point on the map."""
        mercator_y = (y - MARGIN) / self.scale + self.north
        latitude = 2 * math.atan(math.exp(-mercator_y)) - math.pi / 2
        return math.degrees(latitude), math.degrees((x - MARGIN) / self.scale + self.west)


def _mercator(latitude: float, longitude: float) -> Point:
    return math.radians(longitude), -math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


@cache
def outlines() -> dict[str, list[list[Ring]]]:
    """Return the polygons of each state, rings as (latitude, longitude); the first ring is the outer one."""
    collection = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return {
        feature["properties"]["code"]: [
            [[(latitude, longitude) for longitude, latitude in ring] for ring in polygon]
            for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in collection["features"]
    }


def fitted_projection() -> Projection:
    """Return the projection that fits the outlines into WIDTH."""
    corners = [_mercator(*point) for ring in _rings() for point in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    north, south = min(y for _, y in corners), max(y for _, y in corners)
    scale = (WIDTH - 2 * MARGIN) / (east - west)
    height = math.ceil((south - north) * scale + 2 * MARGIN)
    return Projection(round(scale, 6), round(west, 9), round(north, 9), height)


def _rings() -> Iterator[Ring]:
    for polygons in outlines().values():
        for polygon in polygons:
            yield from polygon


@cache
def baked() -> dict[str, Any]:
    """Return what `manage.py bake_map` wrote: the projection, a path and a place for the label of each state."""
    data: dict[str, Any] = json.loads(BAKED.read_text(encoding="utf-8"))
    return data


@cache
def projection() -> Projection:
    """Return the projection of the baked map."""
    return Projection(**baked()["projection"])


def pins(places: Iterable[Place]) -> list[Pin]:
    """Return pins at least PIN_GAP apart: whoever comes later gives way to the nearest free spot."""
    taken: dict[tuple[int, int], list[Point]] = {}
    return [_pin(place, taken) for place in places]


def _pin(place: Place, taken: dict[tuple[int, int], list[Point]]) -> Pin:
    home = projection().point(place.latitude, place.longitude)
    spot = next((spot for spot in _spots(home) if _is_free(spot, taken)), home)
    taken.setdefault(_cell(spot), []).append(spot)
    return Pin(round(spot[0], 1), round(spot[1], 1), place.label, place.url, place.kind, moved=spot != home)


def _spots(home: Point) -> Iterator[Point]:
    """Yield the point itself, then points on growing circles around it, those inside the map only."""
    yield home
    for ring in range(1, RINGS + 1):
        radius, count = ring * PIN_GAP / 4, 6 * ring
        for number in range(count):
            angle = 2 * math.pi * number / count
            spot = home[0] + radius * math.cos(angle), home[1] + radius * math.sin(angle)
            if 0 <= spot[0] <= WIDTH and 0 <= spot[1] <= projection().height:
                yield spot


def _cell(spot: Point) -> tuple[int, int]:
    return int(spot[0] // PIN_GAP), int(spot[1] // PIN_GAP)


def _is_free(spot: Point, taken: dict[tuple[int, int], list[Point]]) -> bool:
    column, row = _cell(spot)
    neighbours = (
        other
        for x in (column - 1, column, column + 1)
        for y in (row - 1, row, row + 1)
        for other in taken.get((x, y), ())
    )
    return all(math.dist(spot, other) >= PIN_GAP for other in neighbours)


def state_of(latitude: float, longitude: float) -> str | None:
    """Return the state a point lies in, None outside of all (a simplified coast may miss small islands)."""
    return next((code for code in outlines() if is_in_state(code, latitude, longitude)), None)


def is_in_state(code: str, latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in a state: in an odd number of its rings."""
    return any(sum(_is_inside(ring, latitude, longitude) for ring in polygon) % 2 for polygon in outlines()[code])


def is_near_state(code: str, latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in a state or so near that the simplified outline may be wrong."""
    offsets = (0, NEAR, -NEAR)
    return any(is_in_state(code, latitude + up, longitude + right) for up in offsets for right in offsets)


def _is_inside(ring: Ring, latitude: float, longitude: float) -> bool:
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise([*ring, ring[0]]):
        if (lat_a > latitude) != (lat_b > latitude):
            crossing = lon_a + (latitude - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= longitude < crossing
    return inside
