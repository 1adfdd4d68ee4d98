"""Motifs with many people: squares, houses, stages, camps."""

from __future__ import annotations

from home.demo.drawing import ACCENT, GLOW, INK, PAPER, WIDTH, Sheet, mix


def station(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.ground(500, 10, s.tint(0.3))
    s.box(240, 370, 720, 220, s.tint(0.35))
    s.shape([(210, 372), (330, 290), (870, 290), (990, 372)], s.deep)
    s.box(520, 250, 160, 340, s.tint(0.2))
    s.shape([(505, 252), (600, 180), (695, 252)], s.deep)
    s.disc(600, 310, 36, PAPER)
    s.stroke([(600, 310), (600, 286)], INK, 5)
    s.stroke([(600, 310), (618, 318)], INK, 5)
    s.windows(260, 580, 240, 180, size=26)
    s.windows(700, 580, 240, 180, size=26)
    s.box(556, 480, 88, 110, GLOW)
    s.box(0, 588, WIDTH, 60, s.tint(0.55))
    s.group(120, 1080, 640, 9, size=96)
    for x in (s.chance.uniform(180, 300), s.chance.uniform(800, 1000)):
        s.box(x, 606, 40, 40, s.deep, round_by=6)
        s.box(x + 12, 590, 16, 18, s.deep, round_by=4)
    s.box(0, 648, WIDTH, 160, s.dark)
    s.line(724, 8)


def townhall(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(-30, 560, 5)
    s.town(880, 560, 5)
    wall = s.tint(0.6)
    s.box(330, 330, 540, 250, wall)
    s.shape([(310, 332), (420, 240), (780, 240), (890, 332)], s.deep)
    s.box(545, 160, 110, 420, s.tint(0.45))
    s.shape([(532, 164), (600, 62), (668, 164)], s.deep)
    s.disc(600, 216, 34, PAPER)
    s.stroke([(600, 216), (600, 192)], INK, 5)
    s.stroke([(600, 216), (620, 216)], INK, 5)
    for left in (340, 665):
        s.windows(left, 572, 195, 230, size=24)
    s.shape([(566, 582), (566, 488), (600, 458), (634, 488), (634, 582)], GLOW)
    for step in range(3):
        s.box(520 - step * 22, 580 + step * 12, 160 + step * 44, 12, s.tint(0.75 - step * 0.1))
    s.ground(606, 3, s.tint(0.4))
    s.group(180, 520, 668, 4, size=92)
    s.group(700, 1040, 676, 4, size=92)
    s.ground(706, 8, s.dark)
    s.line(748, 8)


def school(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.wood(540, 8)
    s.box(180, 330, 840, 240, s.tint(0.55))
    s.box(160, 312, 880, 26, s.deep)
    for left, width in ((196, 330), (676, 330)):
        s.windows(left, 566, width, 226, size=34)
    s.box(536, 290, 128, 280, s.tint(0.35))
    s.box(526, 276, 148, 22, s.deep)
    s.disc(600, 352, 30, PAPER)
    s.stroke([(600, 352), (600, 332)], INK, 5)
    s.stroke([(600, 352), (614, 360)], INK, 5)
    s.box(566, 440, 68, 130, GLOW)
    s.ground(566, 3, s.tint(0.35))
    s.group(140, 1060, 660, 11, size=84)
    s.ground(694, 8, s.dark)
    s.line(744, 8)


def market(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(380,))
    s.town(-30, 500, 20)
    s.ground(498, 2, s.tint(0.6))
    for number, left_edge in enumerate((70, 370, 670, 950)):
        x = left_edge + s.chance.uniform(-16, 16)
        for pole in (8, 196):
            s.box(x + pole, 470, 8, 140, s.deep)
        for stripe in range(6):
            left, colour = x + stripe * 35, (PAPER if stripe % 2 else (ACCENT, s.base)[number % 2])
            s.shape([(left, 480), (left + 6, 430), (left + 41, 430), (left + 35, 480)], colour)
            s.disc(left + 17.5, 480, 17.5, colour)
        s.box(x - 4, 560, 220, 52, s.dark)
        for fruit in range(7):
            s.disc(x + 16 + fruit * 30, 556, 13, s.chance.choice((ACCENT, GLOW, s.base)))
    s.group(40, 1160, 680, 12, size=96)
    s.ground(714, 5, s.dark)
    s.line(754, 6)


def workshop(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(380, 450))
    s.ground(540, 4, s.tint(0.3))
    for number in range(5):
        left = 110 + number * 196
        s.shape([(left, 330), (left, 250), (left + 196, 330)], s.deep)
        s.shape([(left + 6, 326), (left + 6, 268), (left + 60, 326)], GLOW)
    s.box(110, 328, 980, 260, s.tint(0.5))
    s.box(260, 380, 680, 208, s.deep)
    for x in (330, 600, 870):
        s.stroke([(x, 380), (x, 420)], INK, 4)
        s.shape([(x - 34, 444), (x, 414), (x + 34, 444)], GLOW)
    s.ground(586, 2, s.tint(0.65))
    s.group(290, 910, 630, 6, size=118)
    s.box(240, 590, 720, 22, GLOW)
    for x in (280, 580, 900):
        s.box(x, 612, 22, 70, s.dark)
    for x in range(300, 900, 110):
        s.box(x + s.chance.uniform(-20, 20), 574, s.chance.uniform(26, 60), 16, s.chance.choice((ACCENT, PAPER)))
    s.ground(700, 4, s.dark)
    s.line(748, 8)


def tents(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.wood(500, 14, firs=True, size=(90, 150))
    s.ground(490, 12, s.tint(0.3))
    for number, middle in enumerate((150, 400, 800, 1040)):
        x, foot, size = middle + s.chance.uniform(-25, 25), 590 + 16 * (number % 2), s.chance.uniform(0.9, 1.15)
        colour = (ACCENT, PAPER, s.base, PAPER)[number]
        s.shape([(x - 110 * size, foot), (x, foot - 130 * size), (x + 110 * size, foot)], colour)
        s.shape([(x - 26, foot), (x, foot - 130 * size), (x + 26, foot)], s.deep)
    s.group(440, 560, 668, 2, size=92)
    s.group(660, 790, 672, 2, size=92)
    for lean in (-22, 0, 22):
        s.stroke([(600 - lean, 672), (600 + lean, 650)], s.deep, 10)
    s.shape([(578, 656), (590, 606), (600, 628), (612, 590), (624, 656)], ACCENT)
    s.shape([(590, 656), (600, 624), (612, 656)], GLOW)
    s.ground(694, 12, s.dark)
    s.line(744, 10)


def _platform(s: Sheet) -> None:
    s.land()
    s.wood(500, 8)
    s.ground(500, 8, s.tint(0.3))
    s.shape([(230, 250), (970, 250), (1010, 300), (190, 300)], s.deep)
    s.box(220, 296, 760, 250, mix(s.base, INK, 0.25))
    for x in (232, 950):
        s.box(x, 296, 18, 290, s.deep)
    for number in range(8):
        x = 290 + number * 90
        s.disc(x, 316, 11, GLOW)
        s.shape([(x, 322), (x - 44, 540), (x + 44, 540)], mix(mix(s.base, INK, 0.25), GLOW, 0.14))
    s.box(190, 540, 820, 50, s.deep)


def _audience(s: Sheet) -> None:
    s.ground(620, 4, s.tint(0.4))
    s.group(60, 1140, 700, 15, size=104)
    s.ground(724, 5, s.dark)
    s.line(760, 5)


def stage(s: Sheet) -> None:
    """Draw the motif of this name."""
    _platform(s)
    for x in (420, 780):
        s.person(x + s.chance.uniform(-20, 20), 540, 150)
    s.box(597, 410, 6, 130, PAPER)
    s.disc(600, 404, 13, PAPER)
    s.person(656, 540, 150, colour=ACCENT)
    _audience(s)


def music(s: Sheet) -> None:
    """Draw the motif of this name."""
    _platform(s)
    for x in (380, 830):
        s.person(x, 540, 150)
        s.disc(x + 6, 470, 24, GLOW, flat=0.8)
        s.stroke([(x + 10, 468), (x + 74, 426)], GLOW, 8)
    s.person(620, 520, 140, colour=ACCENT)
    for x, radius in ((570, 30), (672, 30), (620, 42)):
        s.disc(x, 512, radius, PAPER)
        s.ring(x, 512, radius, s.deep, 5)
    for x in (530, 712):
        s.stroke([(x - 34, 452), (x + 34, 444)], GLOW, 6)
        s.stroke([(x, 448), (x, 540)], s.deep, 4)
    _audience(s)


def garden(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.wood(540, 12, size=(110, 190))
    s.ground(530, 8, s.tint(0.35))
    for number in range(9):
        x = 90 + number * 126
        s.stroke([(x, 372 + 20 * (number % 2)), (x + 126, 372 + 20 * ((number + 1) % 2))], s.deep, 3)
        s.shape([(x, 374 + 20 * (number % 2)), (x + 34, 378), (x + 16, 412)], s.chance.choice((ACCENT, GLOW, PAPER)))
    s.group(200, 1000, 620, 8, size=108)
    s.box(150, 586, 900, 26, PAPER, round_by=6)
    for x in range(190, 1020, 92):
        s.disc(x + s.chance.uniform(-14, 14), 582, 15, s.chance.choice((ACCENT, GLOW, s.base)), flat=0.6)
    for x in (200, 590, 980):
        s.box(x, 612, 18, 74, s.dark)
    s.ground(690, 10, s.dark)
    s.line(744, 10)


def city(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(400,))
    x = s.chance.uniform(-40, 0)
    while x < WIDTH:
        width, height = s.chance.uniform(100, 170), s.chance.uniform(180, 330)
        s.box(x, 580 - height, width, height, mix(s.base, s.chance.choice((PAPER, INK)), s.chance.uniform(0.15, 0.55)))
        s.windows(x, 572, width, height - 16, size=17)
        x += width + s.chance.uniform(4, 40)
    s.ground(574, 3, s.tint(0.5))
    s.wood(630, 7, size=(80, 120))
    s.group(140, 1060, 690, 9, size=94)
    s.ground(716, 6, s.dark)
    s.line(756, 6)
