"""Bakes the outlines of the states into paths, so that no request has to project them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from knowledge.map import BAKED, Point, Projection, Ring, fitted_projection, is_in_state, outlines

LABEL_GRID = 40


def bake() -> str:
    """Return the baked map as JSON: projection, path and place of the label for each state."""
    fitted = fitted_projection()
    states: dict[str, Any] = {
        code: {"path": _path(polygons, fitted), "label": _label(code, polygons, fitted)}
        for code, polygons in sorted(outlines().items())
    }
    return json.dumps({"projection": asdict(fitted), "states": states}, indent=1) + "\n"


def write_baked() -> bool:
    """Write the baked map and tell whether that changed the file."""
    text = bake()
    if BAKED.exists() and BAKED.read_text(encoding="utf-8") == text:
        return False
    BAKED.write_text(text, encoding="utf-8")
    return True


def _path(polygons: list[list[Ring]], fitted: Projection) -> str:
    return "".join(_ring_path([fitted.point(*point) for point in ring]) for polygon in polygons for ring in polygon)


def _ring_path(points: Ring) -> str:
    """Return a closed ring with one decimal, relative after its first point; steps add up without drift."""
    rounded = [(round(x, 1), round(y, 1)) for x, y in points]
    steps = [(round(bx - ax, 1), round(by - ay, 1)) for (ax, ay), (bx, by) in pairwise(rounded)]
    moves = "".join(f"{_number(dx)}{_number(dy, glue=True)} " for dx, dy in steps[:-1] if (dx, dy) != (0, 0))
    return f"M{_number(rounded[0][0])} {_number(rounded[0][1])}l{moves.rstrip()}z"


def _number(value: float, *, glue: bool = False) -> str:
    """Write a number as short as a path allows; a sign separates from the number before."""
    text = f"{value:.1f}".removesuffix(".0").replace("-0.", "-.") if value else "0"
    text = text.removeprefix("0") if text.startswith("0.") else text
    return f" {text}" if glue and not text.startswith("-") else text


def _label(code: str, polygons: list[list[Ring]], fitted: Projection) -> Point:
    """Return the point of the state that is farthest from its border, from a grid of points."""
    border = [fitted.point(*point) for polygon in polygons for ring in polygon for point in ring]
    west, east = min(x for x, _ in border), max(x for x, _ in border)
    north, south = min(y for _, y in border), max(y for _, y in border)
    grid = [
        (west + (east - west) * column / LABEL_GRID, north + (south - north) * row / LABEL_GRID)
        for column in range(1, LABEL_GRID)
        for row in range(1, LABEL_GRID)
    ]
    inside = [spot for spot in grid if is_in_state(code, *fitted.place(*spot))]
    best = max(inside, key=lambda spot: min(math.dist(spot, point) for point in border))
    return round(best[0], 1), round(best[1], 1)
