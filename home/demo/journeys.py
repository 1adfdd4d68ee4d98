"""Motifs of being on the way: trains, roads, signposts."""

from __future__ import annotations

from home.demo.drawing import ACCENT, GLOW, INK, PAPER, WATER, WIDTH, Sheet, mix


def _carriages(s: Sheet, x: float, foot: float, *, night: bool = False) -> None:
    for number in range(4):
        left = x + number * 226
        front = number == 3
        s.box(left, foot - 92, 218, 84, ACCENT if front else PAPER, round_by=26 if front else 10)
        s.box(left + 6, foot - 38, 206, 12, s.dark)
        for window in range(4):
            s.box(left + 18 + window * 48, foot - 78, 34, 30, GLOW if night else mix(WATER, s.base, 0.35), round_by=4)
        for wheel in (40, 178):
            s.disc(left + wheel, foot - 4, 13, INK)


def train(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(s.chance.uniform(40, 640), 480, 5)
    s.ground(478, 14, s.tint(0.3))
    s.wood(540, 7)
    s.box(0, 606, WIDTH, 10, INK)
    s.box(0, 616, WIDTH, 26, s.deep)
    _carriages(s, s.chance.uniform(60, 220), 606)
    for number in range(7):
        s.box(number * 196 + 20, 640, 44, 160, s.tint(0.2))
    s.ground(730, 12, s.dark)
    s.line(752, 8)


def night_train(s: Sheet) -> None:
    """Draw the motif of this name."""
    night = mix(s.deep, INK, 0.5)
    s.box(0, 0, WIDTH, 800, night)
    for _number in range(46):
        s.disc(s.chance.uniform(0, WIDTH), s.chance.uniform(0, 380), s.chance.uniform(1.5, 3.5), GLOW)
    x = s.chance.uniform(760, 1000)
    s.disc(x, 150, 58, PAPER)
    s.disc(x + 24, 138, 50, night)
    s.ground(400, 34, mix(s.base, INK, 0.62))
    s.ground(490, 24, mix(s.base, INK, 0.5))
    s.box(0, 616, WIDTH, 10, INK)
    _carriages(s, s.chance.uniform(60, 220), 614, night=True)
    s.ground(636, 8, mix(s.base, INK, 0.78))
    s.line(714)


def _road(s: Sheet) -> None:
    s.land()
    s.town(s.chance.uniform(80, 640), 478, 5)
    s.ground(476, 16, s.tint(0.32))
    s.wood(560, 10)
    s.ground(600, 4, s.tint(0.6))
    s.box(0, 640, WIDTH, 74, s.deep)
    for number in range(11):
        s.box(20 + number * 112, 674, 56, 6, PAPER)
    s.ground(714, 3, s.dark)


def bicycles(s: Sheet) -> None:
    """Draw the motif of this name."""
    _road(s)
    for x in (s.chance.uniform(260, 340), s.chance.uniform(620, 700)):
        for wheel in (0, 150):
            s.ring(x + wheel, 620, 50, INK, 7)
        frame = [(x, 620), (x + 46, 546), (x + 118, 546), (x + 70, 620), (x, 620)]
        s.stroke(frame, ACCENT, 9)
        s.stroke([(x + 46, 546), (x + 70, 620)], ACCENT, 9)
        s.stroke([(x + 150, 620), (x + 112, 520), (x + 136, 512)], INK, 8)
        s.stroke([(x + 40, 530), (x + 46, 548)], INK, 7)
        s.box(x + 20, 522, 42, 10, INK, round_by=5)
    s.box(1010, 420, 10, 230, s.deep)
    s.disc(1015, 404, 44, GLOW)
    s.ring(1015, 404, 44, s.deep, 8)
    s.box(997, 386, 36, 36, s.deep, round_by=6)
    s.line(758, 6)


def minibus(s: Sheet) -> None:
    """Draw the motif of this name."""
    _road(s)
    x = s.chance.uniform(300, 480)
    s.box(x, 490, 380, 152, PAPER, round_by=26)
    s.box(x, 588, 380, 22, ACCENT)
    s.box(x + 20, 512, 262, 62, mix(WATER, s.base, 0.4), round_by=8)
    s.shape([(x + 298, 574), (x + 298, 512), (x + 346, 512), (x + 374, 574)], mix(WATER, s.base, 0.4))
    for number in range(4):
        s.disc(x + 52 + number * 66, 554, 15, (92 + number * 30, 62 + number * 28, 46 + number * 26))
        s.box(x + 34 + number * 66, 564, 36, 10, s.dark)
    for wheel in (84, 300):
        s.disc(x + wheel, 642, 38, INK)
        s.disc(x + wheel, 642, 16, PAPER)
    s.group(90, 240, 646, 2, size=100)
    s.group(900, 1100, 646, 3, size=100)
    s.line(758, 6)


def signpost(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(s.chance.uniform(640, 800), 480, 5)
    s.ground(476, 16, s.tint(0.3))
    s.wood(540, 9)
    s.ground(590, 10, s.base)
    for end in (60, 1140):
        s.shape([(540, 800), (660, 800), (end + 34, 574), (end - 34, 574)], s.tint(0.66))
    x = 600
    s.box(x - 11, 230, 22, 440, s.deep)
    for number, side in enumerate((1, -1, 1)):
        y, colour = 250 + number * 82, (ACCENT, PAPER, GLOW)[number]
        s.shape(
            [
                (x - side * 46, y),
                (x + side * 170, y),
                (x + side * 204, y + 28),
                (x + side * 170, y + 56),
                (x - side * 46, y + 56),
            ],
            colour,
        )
        for word in range(2):
            s.box(x + (side * 100 - 60) + word * 74, y + 22, 56, 12, s.deep)
    s.group(300, 440, 694, 2, size=112)
    s.line(758, 5)
