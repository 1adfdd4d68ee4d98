"""A sheet of paper and the vocabulary of all pictures: hills, houses, trees, people, water, the line."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageOps

WIDTH, HEIGHT, FINER = 1200, 800, 2
PAPER, SAND, INK, WATER = (253, 250, 244), (247, 239, 227), (15, 34, 43), (190, 219, 226)
ACCENT, GLOW = (229, 103, 49), (246, 201, 150)
SKIN = ((92, 58, 42), (141, 94, 66), (190, 140, 104), (226, 184, 150))
STATIONS = {
    "allies": (154, 69, 65),
    "network": (143, 83, 0),
    "plan": (60, 115, 47),
    "training": (0, 118, 119),
    "service": (49, 100, 163),
    "pr": (135, 72, 130),
}
Colour = tuple[int, int, int]
Point = tuple[float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two: share 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Sheet:
    """One picture in the making. Coordinates are those of the finished picture, 1200 by 800."""

    def __init__(self, name: str, step: str) -> None:
        self.chance = random.Random(name)  # noqa: S311 - a picture, no secret
        self.base = STATIONS.get(step, STATIONS["plan"])
        self.dark, self.deep = mix(self.base, INK, 0.45), mix(self.base, INK, 0.72)
        self.sky = mix(self.base, PAPER, 0.87)
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), self.sky)
        self.pen = ImageDraw.Draw(self.image)
        self.may_turn = True  # every second picture is turned round, unless it holds writing

    def tint(self, share: float) -> Colour:
        """Return the station's colour thinned with sand."""
        return mix(self.base, SAND, share)

    # --- plain shapes ------------------------------------------------------------------------------------------------

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self.pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, *, round_by: float = 0) -> None:
        """Fill a rectangle that hangs from its upper left corner."""
        edges = (x * FINER, y * FINER, (x + width) * FINER, (y + height) * FINER)
        self.pen.rounded_rectangle(edges, radius=round_by * FINER, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour, *, flat: float = 1) -> None:
        """Fill a circle, or an ellipse when `flat` is below 1."""
        high = radius * flat
        self.pen.ellipse(
            ((x - radius) * FINER, (y - high) * FINER, (x + radius) * FINER, (y + high) * FINER), fill=fill
        )

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        """Draw the outline of a circle."""
        edges = tuple(value * FINER for value in (x - radius, y - radius, x + radius, y + radius))
        self.pen.ellipse(edges, outline=colour, width=round(width * FINER))

    def stroke(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw a line through points."""
        self.pen.line(
            [(x * FINER, y * FINER) for x, y in points], fill=colour, width=round(width * FINER), joint="curve"
        )

    def wave(self, top: float, swing: float) -> list[Point]:
        """Return a soft ridge from the left edge to the right one."""
        first, second = self.chance.uniform(0, 6), self.chance.uniform(0, 6)
        return [
            (x, top + swing * (math.sin(x / 250 + first) + 0.5 * math.sin(x / 110 + second)))
            for x in range(-20, WIDTH + 40, 12)
        ]

    def ground(self, top: float, swing: float, fill: Colour) -> None:
        """Fill everything below a soft ridge."""
        self.shape([(-20, HEIGHT), *self.wave(top, swing), (WIDTH + 40, HEIGHT)], fill)

    # --- landscape ---------------------------------------------------------------------------------------------------

    def land(self, *, tops: tuple[float, ...] = (350, 440), sun: bool = True) -> None:
        """Draw sky, sun, clouds and the far hills."""
        if sun:
            self.disc(self.chance.uniform(700, 1040), self.chance.uniform(120, 200), 62, GLOW)
        for _number in range(3):
            self.cloud(self.chance.uniform(80, 1120), self.chance.uniform(70, 240), self.chance.uniform(22, 40))
        for number, top in enumerate(tops):
            self.ground(top, 30 - 6 * number, self.tint(0.72 - 0.16 * number))

    def cloud(self, x: float, y: float, size: float) -> None:
        """Draw a flat cloud."""
        colour = mix(self.sky, PAPER, 0.7)
        self.box(x - size * 2, y, size * 4, size * 0.8, colour, round_by=size * 0.4)
        self.disc(x - size * 0.5, y + size * 0.1, size * 0.75, colour)
        self.disc(x + size * 0.6, y + size * 0.2, size * 0.55, colour)

    def water(self, top: float) -> None:
        """Fill the lower part with water and its glitter."""
        self.ground(top, 4, mix(WATER, self.base, 0.2))
        for _number in range(22):
            x, y = self.chance.uniform(0, WIDTH), self.chance.uniform(top + 22, HEIGHT - 10)
            self.stroke([(x, y), (x + self.chance.uniform(30, 90), y)], mix(WATER, PAPER, 0.65), 3)

    def tree(self, x: float, foot: float, size: float) -> None:
        """Draw a round tree."""
        self.box(x - size * 0.08, foot - size * 0.6, size * 0.16, size * 0.6, self.deep)
        self.disc(x, foot - size * 0.85, size * 0.42, self.dark)
        self.disc(x + size * 0.1, foot - size * 0.95, size * 0.26, mix(self.dark, self.base, 0.5))

    def fir(self, x: float, foot: float, size: float) -> None:
        """Draw a fir."""
        self.box(x - size * 0.05, foot - size * 0.2, size * 0.1, size * 0.2, self.deep)
        for low, wide in ((0.12, 0.3), (0.38, 0.24), (0.62, 0.17)):
            top = foot - size * (low + 0.42)
            self.shape(
                [(x - size * wide, foot - size * low), (x, top), (x + size * wide, foot - size * low)], self.dark
            )

    def wood(self, foot: float, count: int, *, size: tuple[float, float] = (60, 110), firs: bool = False) -> None:
        """Scatter trees along a height, small ones first."""
        for place in sorted(self.chance.uniform(-8, 26) for _number in range(count)):
            draw = self.fir if firs else self.tree
            draw(self.chance.uniform(20, WIDTH - 20), foot + place, self.chance.uniform(*size))

    # --- buildings ---------------------------------------------------------------------------------------------------

    def house(self, x: float, foot: float, width: float, height: float, *, wall: Colour, roof: float = 0.6) -> None:
        """Draw a house with a pointed roof and lit windows."""
        self.box(x, foot - height, width, height, wall)
        eaves = width * 0.07
        self.shape(
            [
                (x - eaves, foot - height),
                (x + width / 2, foot - height - width * roof),
                (x + width + eaves, foot - height),
            ],
            self.deep,
        )
        self.windows(x, foot, width, height)

    def windows(self, x: float, foot: float, width: float, height: float, *, size: float = 15) -> None:
        """Light windows in rows over a wall."""
        columns, rows = max(1, int(width / (size * 2.4))), max(1, int(height / (size * 2.6)))
        for row in range(rows):
            for column in range(columns):
                left = x + width * (column + 0.5) / columns - size / 2
                self.box(left, foot - height + (row + 0.4) * height / rows, size, size * 1.3, GLOW)

    def town(self, x: float, foot: float, count: int, *, unit: float = 44) -> float:
        """Draw a row of houses; the third has a spire. Return where it ends."""
        for number in range(count):
            width, height = unit * self.chance.uniform(1.0, 1.6), unit * self.chance.uniform(1.2, 2.2)
            wall = mix(self.base, PAPER if number % 2 else INK, self.chance.uniform(0.2, 0.5))
            if number == count // 3:
                self.spire(x, foot, unit)
                x += unit * 1.1
            self.house(x, foot, width, height, wall=wall)
            x += width + self.chance.uniform(0, unit * 0.25)
        return x

    def spire(self, x: float, foot: float, unit: float) -> None:
        """Draw a church tower or a town's tower."""
        self.box(x, foot - unit * 3.1, unit, unit * 3.1, mix(self.base, PAPER, 0.55))
        self.shape(
            [(x - 5, foot - unit * 3.1), (x + unit / 2, foot - unit * 5.2), (x + unit + 5, foot - unit * 3.1)],
            self.deep,
        )
        self.disc(x + unit / 2, foot - unit * 2.5, unit * 0.24, PAPER)

    # --- people and things -------------------------------------------------------------------------------------------

    def person(self, x: float, foot: float, size: float = 74, *, colour: Colour | None = None) -> None:
        """Draw a standing figure; clothes and skin differ by chance."""
        clothes = colour or self.chance.choice((self.deep, self.dark, ACCENT, PAPER, self.tint(0.15), GLOW))
        skin = self.chance.choice(SKIN)
        for side in (-1, 1):
            left = x + side * size * 0.09 - size * 0.055
            self.box(left, foot - size * 0.36, size * 0.11, size * 0.36, mix(self.deep, INK, 0.4))
        self.box(x - size * 0.2, foot - size * 0.74, size * 0.4, size * 0.46, clothes, round_by=size * 0.14)
        self.disc(x, foot - size * 0.86, size * 0.135, skin)
        self.pen.pieslice(
            tuple(v * FINER for v in (x - size * 0.15, foot - size * 1.02, x + size * 0.15, foot - size * 0.72)),
            180,
            360,
            fill=mix(skin, INK, 0.75),
        )

    def group(self, left: float, right: float, foot: float, count: int, *, size: float = 74) -> None:
        """Stand people side by side, not quite in line."""
        for number in range(count):
            x = left + (right - left) * (number + 0.5) / count + self.chance.uniform(-8, 8)
            self.person(x, foot + self.chance.uniform(-6, 8), size * self.chance.uniform(0.88, 1.06))

    def line(self, height: float = 716, swing: float = 18) -> None:
        """Draw the line of the network through the picture, with one station."""
        way = self.wave(height, swing)
        self.stroke(way, PAPER, 13)
        x, y = way[self.chance.randint(len(way) // 5, len(way) * 4 // 5)]
        self.disc(x, y, 25, PAPER)
        self.disc(x, y, 17, ACCENT)

    def finished(self, seed: int) -> bytes:
        """Return the picture as WebP, turned round for every second seed, with the grain of paper."""
        picture = self.image.reduce(FINER)
        if self.may_turn and seed % 2:
            picture = ImageOps.mirror(picture)
        noise = random.Random(seed).randbytes(WIDTH // 2 * HEIGHT // 2)  # noqa: S311 - grain, no secret
        grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), noise).point(lambda value: value // 36)
        grain = grain.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        out = BytesIO()
        ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain))).save(out, "WEBP", quality=80, method=1)
        return out.getvalue()
