"""The map of Germany: projection, baked outlines, pins that stay apart, points in states."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from knowledge import map as germany
from knowledge.map import MARGIN, PIN_GAP, WIDTH, Pin, Place, pins, projection, state_of
from knowledge.network.parts import StateLink
from knowledge.register_files import read_shipped
from knowledge.services.map import bake

BERLIN, MUNICH = (52.52, 13.405), (48.137, 11.575)


def draw(**context: Any) -> str:
    template = Template("{% load germany_map %}{% germany_map places states active labels=labels %}")
    with translation.override("en"):
        return template.render(Context({"places": [], "states": [], "active": "", "labels": False, **context}))


def link(code: str, count: int = 3) -> StateLink:
    return StateLink(code=code, label=code, count=count, url=f"/en/?state={code}", active=False)


def test_baked_map_is_current() -> None:
    assert germany.BAKED.read_text(encoding="utf-8") == bake()


def test_outlines_touch_all_four_sides_of_the_map() -> None:
    spots = [projection().point(*point) for ring in germany._rings() for point in ring]

    assert (round(min(x for x, _ in spots), 3), round(max(x for x, _ in spots), 3)) == (MARGIN, WIDTH - MARGIN)
    assert round(min(y for _, y in spots), 3) == MARGIN
    assert 0 <= projection().height - MARGIN - max(y for _, y in spots) < 1


def test_projection_is_mercator() -> None:
    (x_berlin, y_berlin), (x_munich, y_munich) = projection().point(*BERLIN), projection().point(*MUNICH)

    assert round((x_berlin - x_munich) / projection().scale, 6) == round(math.radians(13.405 - 11.575), 6)
    isometric = math.asinh(math.tan(math.radians(52.52))) - math.asinh(math.tan(math.radians(48.137)))
    assert round((y_munich - y_berlin) / projection().scale, 9) == round(isometric, 9)


@pytest.mark.parametrize("point", [BERLIN, MUNICH])
def test_projection_and_back_is_the_same_point(point: tuple[float, float]) -> None:
    latitude, longitude = projection().place(*projection().point(*point))

    assert (round(latitude, 9), round(longitude, 9)) == point


def test_baked_paths_close_where_they_began() -> None:
    path = germany.baked()["states"]["BE"]["path"]
    numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", path)]
    points = [projection().point(*point) for point in germany.outlines()["BE"][0][0]]

    assert (numbers[0], numbers[1]) == (round(points[0][0], 1), round(points[0][1], 1))
    last = numbers[0] + sum(numbers[2::2]), numbers[1] + sum(numbers[3::2])
    assert math.dist(last, points[-2]) < 0.1


@pytest.mark.parametrize(
    ("point", "state"),
    [
        (BERLIN, "BE"),
        ((52.39, 13.06), "BB"),
        (MUNICH, "BY"),
        ((53.54, 8.58), "HB"),
        ((53.08, 8.80), "HB"),
        ((53.14, 8.21), "NI"),
        ((13.405, 52.52), None),
        ((48.21, 16.37), None),
    ],
    ids=["Berlin", "Potsdam", "Munich", "Bremerhaven", "Bremen", "Oldenburg", "swapped", "Vienna"],
)
def test_state_of_a_point(point: tuple[float, float], state: str | None) -> None:
    assert state_of(*point) == state


def test_register_lies_in_its_states_but_for_islands_and_an_exclave() -> None:
    rows = [row for row in read_shipped().rows if row.level == "municipality"]

    outside = [row.name for row in rows if not germany.is_near_state(row.state, row.latitude or 0, row.longitude or 0)]

    assert sorted(outside) == [
        "Baltrum", "Büsingen am Hochrhein", "Gröde", "Hallig Hooge", "Helgoland", "Langeneß", "Wangerooge",
    ]  # fmt: skip


def test_point_just_over_a_simplified_border_counts_as_near() -> None:
    assert germany.is_near_state("BE", 52.3995, 13.19)
    assert not germany.is_near_state("BE", 52.39, 13.06)


def test_pins_of_one_town_stay_apart_and_on_the_map() -> None:
    found = pins([Place(*MUNICH, f"Place {number}", "/x/") for number in range(30)])

    assert min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(found, 2)) >= PIN_GAP - 0.2
    assert all(0 <= pin.x <= WIDTH and 0 <= pin.y <= projection().height for pin in found)
    assert [pin.moved for pin in found[:2]] == [False, True]


def test_pins_that_are_apart_stay_where_they_are() -> None:
    x, y = projection().point(*BERLIN)

    assert pins([Place(*BERLIN, "Berlin", "/b/", "centre"), Place(*MUNICH, "München", "/m/")])[0] == Pin(
        round(x, 1), round(y, 1), "Berlin", "/b/", "centre", moved=False
    )


@pytest.mark.django_db
def test_map_links_states_and_pins_with_their_names() -> None:
    html = draw(
        places=[Place(*BERLIN, "Büro <Mitte>", "/en/b/", "centre")], states=[link("BY"), link("BE", 0)], active="BY"
    )

    assert html.count("<path") == 16
    assert '<a class="map__state map__state--active" href="/en/?state=BY" aria-current="true"' in html
    assert "<title>Bavaria (3)</title>" in html
    assert "<title>Berlin (0)</title>" in html
    assert '<a class="map__pin map__pin--centre" href="/en/b/"' in html
    assert "<title>Büro &lt;Mitte&gt;</title>" in html
    assert html.count("aria-current") == 1
    assert "style=" not in html


@pytest.mark.django_db
def test_map_without_links_draws_the_states_all_the_same() -> None:
    html = draw()

    assert (html.count("<path"), html.count("<a "), html.count("<title>Hesse</title>")) == (
        16,
        2,
        1,
    )  # two source notes


@pytest.mark.django_db
def test_map_prints_both_source_notes() -> None:
    html = draw()

    assert "Areas: VG250 © GeoBasis-DE / BKG (2016), data changed (reduced to points, outlines simplified)." in html
    assert "Inhabitants: © Statistisches Bundesamt (Destatis)" in html


@pytest.mark.django_db
def test_map_writes_coordinates_with_a_point_in_german_too() -> None:
    template = Template("{% load germany_map %}{% germany_map places labels=True %}")

    with translation.override("de"):
        html = template.render(Context({"places": [Place(*BERLIN, "Berlin", "/b/")]}))

    assert re.search(r'transform="translate\(\d+\.\d \d+\.\d\)"', html)
    assert re.search(r'<text class="map__label" x="[\d.]+" y="[\d.]+">Bayern</text>', html)
