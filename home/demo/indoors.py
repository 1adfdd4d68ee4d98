"""Motifs inside a room or on a table."""

from __future__ import annotations

from home.demo.drawing import ACCENT, GLOW, INK, PAPER, WIDTH, Sheet


def _room(s: Sheet) -> None:
    s.box(0, 0, WIDTH, 800, s.tint(0.72))
    s.box(150, 90, 900, 330, s.sky)
    hills = [(150, 420), (150, 330), (330, 290), (520, 340), (760, 280), (1050, 335), (1050, 420)]
    s.disc(s.chance.uniform(720, 960), 170, 44, GLOW)
    s.shape(hills, s.tint(0.45))
    s.town(s.chance.uniform(220, 620), 404, 6, unit=28)
    s.box(150, 396, 900, 30, s.tint(0.3))
    for x in (140, 594, 1044):
        s.box(x, 80, 12, 346, PAPER)
    for y in (80, 420):
        s.box(140, y, 916, 12, PAPER)
    s.box(0, 640, WIDTH, 160, s.tint(0.4))


def meeting(s: Sheet) -> None:
    """Draw the motif of this name."""
    _room(s)
    s.group(200, 1000, 640, 7, size=190)
    s.box(110, 566, 980, 34, GLOW, round_by=10)
    for x in (170, 590, 1000):
        s.box(x, 600, 26, 140, s.deep)
    for number in range(6):
        s.box(190 + number * 150 + s.chance.uniform(-20, 20), 552, 66, 14, PAPER)
    s.line(752, 8)


def office(s: Sheet) -> None:
    """Draw the motif of this name."""
    _room(s)
    for x in (420, 800):
        s.person(x + s.chance.uniform(-16, 16), 650, 230)
    s.box(140, 560, 920, 36, GLOW, round_by=8)
    for x in (190, 984):
        s.box(x, 596, 26, 150, s.deep)
    s.box(580, 508, 90, 52, s.deep, round_by=10)
    s.box(562, 488, 126, 24, ACCENT, round_by=12)
    s.box(230, 470, 130, 84, s.deep, round_by=6)
    s.box(286, 552, 20, 10, s.deep)
    s.shape([(930, 560), (944, 510), (986, 510), (1000, 560)], ACCENT)
    for lean in (-40, -14, 14, 40):
        s.disc(965 + lean, 470 + abs(lean) * 0.5, 24, s.dark)
    s.line(756, 6)


def _table_top(s: Sheet) -> None:
    s.may_turn = False
    s.box(0, 0, WIDTH, 800, s.tint(0.62))
    for number in range(6):
        s.box(0, number * 140, WIDTH, 4, s.tint(0.52))


def _sheet(s: Sheet, x: float, y: float, width: float, height: float) -> None:
    s.box(x + 8, y + 10, width, height, s.tint(0.35), round_by=4)
    s.box(x, y, width, height, PAPER, round_by=4)


def papers(s: Sheet) -> None:
    """Draw the motif of this name."""
    _table_top(s)
    _sheet(s, 110, 90 + s.chance.uniform(-20, 20), 380, 500)
    s.box(150, 150, 220, 24, s.base)
    for number in range(9):
        s.box(150, 210 + number * 38, s.chance.uniform(180, 300), 10, s.tint(0.6))
    _sheet(s, 560, 130 + s.chance.uniform(-20, 20), 420, 520)
    s.box(600, 190, 180, 24, s.dark)
    for number in range(6):
        s.box(600, 250 + number * 58, 34, 34, s.dark)
        s.box(606, 256 + number * 58, 22, 22, PAPER)
        if number < 4:
            s.stroke([(606, 266 + number * 58), (616, 280 + number * 58), (640, 244 + number * 58)], ACCENT, 7)
        s.box(656, 262 + number * 58, s.chance.uniform(170, 270), 10, s.tint(0.6))
    s.stroke([(1030, 600), (1120, 250)], ACCENT, 22)
    s.stroke([(1026, 616), (1030, 600)], INK, 12)
    s.line(736, 12)


def ledger(s: Sheet) -> None:
    """Draw the motif of this name."""
    _table_top(s)
    _sheet(s, 120, 100, 620, 540)
    s.box(120, 100, 620, 66, s.base, round_by=4)
    for row in range(7):
        for column in range(4):
            left = 150 + column * 148
            wide = 96 if column else 112
            s.box(left, 196 + row * 60, wide * s.chance.uniform(0.5, 1), 14, s.tint(0.5) if row < 6 else s.deep)
        s.box(130, 226 + row * 60, 600, 3, s.tint(0.7))
    s.box(830, 150, 250, 360, s.deep, round_by=18)
    s.box(858, 180, 194, 70, GLOW, round_by=8)
    for row in range(4):
        for column in range(3):
            colour = ACCENT if (row, column) == (3, 2) else s.tint(0.6)
            s.box(858 + column * 68, 276 + row * 54, 56, 40, colour, round_by=8)
    for number in range(5):
        s.disc(860 + number * 56, 580 + (number % 2) * 34, 32, GLOW)
        s.ring(860 + number * 56, 580 + (number % 2) * 34, 32, s.dark, 5)
    s.line(742, 8)
