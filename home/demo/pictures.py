"""Pictures of the demo: one family of flat landscapes in the colours of the six stations, drawn by code."""

from __future__ import annotations

import math
import random
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageDraw
from wagtail.models import Collection

from cms.models import CustomImage
from cms.vocabularies import Licence

VERSION = 1
WIDTH, HEIGHT, FINER = 1200, 800, 2
PAPER, SAND, INK, WATER = (253, 250, 244), (247, 239, 227), (15, 34, 43), (196, 222, 228)
STATIONS = {
    "allies": (154, 69, 65),
    "network": (143, 83, 0),
    "plan": (60, 115, 47),
    "training": (0, 118, 119),
    "service": (49, 100, 163),
    "pr": (135, 72, 130),
}
WET = ("bridge", "harbour", "river", "sea")
Colour = tuple[int, int, int]


def image(motif: dict[str, Any]) -> CustomImage:
    """Store the picture of a motif with its credit and usual alternative texts."""
    name = f"{motif['motif']}-{motif.get('step', 'plan')}-{motif.get('seed', 1)}"
    collection = Collection.objects.filter(name="Bilder").first() or Collection.get_first_root_node()
    return CustomImage.objects.create(
        title=name,
        credit="Kommune goes International (gezeichnet für die Vorführung)",
        licence=Licence.CC0,
        collection=collection,
        alt_de="Gezeichnete Landschaft mit Hügeln und einer kleinen Stadt",
        alt_en="Drawn landscape with hills and a small town",
        file=ContentFile(draw(motif["motif"], motif.get("step", "plan"), int(motif.get("seed", 1))), f"{name}.webp"),
    )


@cache
def draw(motif: str, step: str, seed: int) -> bytes:
    """Return the picture as WebP; the same arguments give the same bytes."""
    rng = random.Random(f"{motif}-{step}-{seed}")  # noqa: S311 - a picture, no secret
    base = STATIONS.get(step, STATIONS["plan"])
    size = (WIDTH * FINER, HEIGHT * FINER)
    picture = Image.new("RGB", size, _mix(base, PAPER, 0.86))
    pen = ImageDraw.Draw(picture)
    _sun(pen, rng, size)
    for layer, share in enumerate((0.68, 0.5, 0.32)):
        _hills(pen, rng, size, 0.42 + 0.13 * layer, _mix(base, SAND, share))
        if layer == 1:
            _town(pen, rng, size, base)
    if motif in WET:
        _water(pen, rng, size, base)
    else:
        _meadow(pen, rng, size, base)
    _line(pen, rng, size)
    picture = _grain(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), seed)
    out = BytesIO()
    picture.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _wave(rng: random.Random, width: int, top: float, swing: float) -> list[tuple[float, float]]:
    first, second = rng.uniform(0, 6.3), rng.uniform(0, 6.3)
    return [
        (x, top + swing * (math.sin(x / width * 5 + first) + 0.5 * math.sin(x / width * 11 + second)))
        for x in range(0, width + 20, 20)
    ]


def _hills(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int], top: float, colour: Colour) -> None:
    ridge = _wave(rng, size[0], size[1] * top, size[1] * 0.045)
    pen.polygon([(0, size[1]), *ridge, (size[0], size[1])], fill=colour)


def _sun(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int]) -> None:
    x, y, radius = size[0] * rng.uniform(0.6, 0.85), size[1] * rng.uniform(0.16, 0.26), size[1] * 0.075
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(244, 190, 150))


def _town(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int], base: Colour) -> None:
    x, ground, unit = size[0] * rng.uniform(0.12, 0.45), size[1] * 0.6, size[1] * 0.05
    for number in range(rng.randint(6, 9)):
        width, height = unit * rng.uniform(0.9, 1.5), unit * rng.uniform(1.3, 2.4)
        wall = _mix(base, INK if number % 2 else SAND, rng.uniform(0.15, 0.45))
        roof = unit * (1.6 if number == 2 else 0.7)
        pen.rectangle((x, ground - height, x + width, ground + unit * 2), fill=wall)
        pen.polygon(
            [(x - 6, ground - height), (x + width / 2, ground - height - roof), (x + width + 6, ground - height)],
            fill=_mix(base, INK, 0.35),
        )
        for row in range(int(height / unit)):
            for column in (0.25, 0.6):
                left, top = x + width * column, ground - height + unit * (0.35 + row * 0.8)
                pen.rectangle((left, top, left + unit * 0.2, top + unit * 0.3), fill=_mix(SAND, (244, 190, 150), 0.5))
        x += width + unit * rng.uniform(0, 0.35)


def _meadow(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int], base: Colour) -> None:
    _hills(pen, rng, size, 0.8, _mix(base, INK, 0.12))
    for _number in range(14):
        x, y, radius = rng.uniform(0, size[0]), size[1] * rng.uniform(0.78, 0.9), size[1] * rng.uniform(0.018, 0.035)
        pen.rectangle((x - 5, y, x + 5, y + radius * 2), fill=_mix(base, INK, 0.55))
        pen.ellipse((x - radius, y - radius * 2, x + radius, y + radius * 0.6), fill=_mix(base, INK, 0.4))


def _water(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int], base: Colour) -> None:
    shore = _wave(rng, size[0], size[1] * 0.78, size[1] * 0.01)
    pen.polygon([(0, size[1]), *shore, (size[0], size[1])], fill=_mix(WATER, base, 0.18))
    for _number in range(18):
        x, y, length = rng.uniform(0, size[0]), size[1] * rng.uniform(0.82, 0.98), size[0] * rng.uniform(0.03, 0.09)
        pen.line((x, y, x + length, y), fill=_mix(WATER, PAPER, 0.6), width=6)


def _line(pen: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int]) -> None:
    """Draw the line of the network through the picture, with one station."""
    way = _wave(rng, size[0], size[1] * 0.72, size[1] * 0.03)
    pen.line(way, fill=PAPER, width=22, joint="curve")
    x, y = way[len(way) * 2 // 3]
    for radius, colour in ((46, PAPER), (32, (229, 103, 49))):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _grain(picture: Image.Image, seed: int) -> Image.Image:
    """Lay the grain of paper over the picture."""
    noise = random.Random(seed).randbytes(WIDTH // 2 * HEIGHT // 2)  # noqa: S311 - grain, no secret
    grain = (
        Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), noise).resize((WIDTH, HEIGHT)).point(lambda value: value // 32)
    )
    return ImageChops.subtract(picture, Image.merge("RGB", (grain, grain, grain)))
