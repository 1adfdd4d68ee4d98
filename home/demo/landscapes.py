"""Motifs with much sky: hills, water, mountains, vineyards."""

from __future__ import annotations

from home.demo.drawing import ACCENT, GLOW, INK, PAPER, WATER, WIDTH, Sheet, mix


def hills(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(s.chance.uniform(120, 420), 500, 8)
    s.ground(500, 18, s.tint(0.28))
    s.wood(560, 9)
    s.ground(640, 20, s.dark)
    s.line(720)


def river(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(s.chance.uniform(60, 160), 480, 7)
    s.town(s.chance.uniform(700, 760), 490, 5)
    s.ground(482, 10, s.tint(0.3))
    s.wood(520, 6)
    s.water(560)
    for x in (s.chance.uniform(140, 420), s.chance.uniform(620, 1000)):
        s.shape([(x - 60, 640), (x + 60, 640), (x + 40, 666), (x - 40, 666)], s.deep)
        s.person(x, 644, 60)
    s.ground(745, 8, s.dark)
    s.line(764, 8)


def bridge(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(-20, 500, 6)
    s.town(900, 500, 6)
    s.ground(500, 8, s.tint(0.3))
    s.water(570)
    stone = s.tint(0.5)
    s.box(0, 488, WIDTH, 150, stone)
    for number in range(4):
        s.disc(150 + number * 300, 660, 118, mix(WATER, s.base, 0.2), flat=0.98)
    s.box(0, 640, WIDTH, 40, mix(WATER, s.base, 0.2))
    s.box(0, 470, WIDTH, 24, s.dark)
    s.group(360, 860, 470, 7, size=84)
    s.line(736, 10)


def harbour(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(390,))
    x = s.chance.uniform(-30, 30)
    while x < WIDTH:
        width, height = s.chance.uniform(86, 120), s.chance.uniform(130, 200)
        share = s.chance.uniform(0.15, 0.5)
        s.house(x, 560, width, height, wall=mix(s.base, s.chance.choice((PAPER, INK)), share), roof=0.75)
        x += width + 6
    s.box(0, 552, WIDTH, 26, s.deep)
    s.water(574)
    for x in (s.chance.uniform(150, 420), s.chance.uniform(680, 1020)):
        _boat(s, x, 690, s.chance.uniform(0.9, 1.25))
    s.line(764, 6)


def _boat(s: Sheet, x: float, y: float, size: float) -> None:
    s.shape(
        [(x - 70 * size, y - 22), (x + 70 * size, y - 22), (x + 46 * size, y + 12), (x - 46 * size, y + 12)], s.deep
    )
    s.box(x - 3, y - 190 * size, 6, 170 * size, INK)
    s.shape([(x + 8, y - 185 * size), (x + 8, y - 36), (x + 84 * size, y - 36)], PAPER)
    s.shape([(x - 8, y - 165 * size), (x - 8, y - 36), (x - 60 * size, y - 36)], ACCENT)


def sailing(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(400, 450))
    s.water(480)
    for x, y, size in ((300, 640, 1.3), (700, 590, 0.95), (960, 690, 1.45)):
        _boat(s, x + s.chance.uniform(-60, 60), y, size)
    s.line(762, 6)


def sea(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=(420,))
    s.water(460)
    _boat(s, s.chance.uniform(560, 980), 560, 0.6)
    s.shape([(-20, 800), (-20, 520), (180, 500), (330, 560), (460, 660), (620, 800)], s.tint(0.25))
    s.town(20, 540, 3, unit=38)
    x = s.chance.uniform(230, 290)
    s.shape([(x - 26, 560), (x - 17, 330), (x + 17, 330), (x + 26, 560)], PAPER)
    for y in (380, 460):
        s.shape([(x - 21, y + 34), (x - 19, y), (x + 19, y), (x + 21, y + 34)], ACCENT)
    s.box(x - 22, 300, 44, 32, GLOW)
    s.shape([(x - 26, 302), (x, 268), (x + 26, 302)], s.deep)
    s.ground(760, 8, s.dark)
    s.line(752, 8)


def mountains(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land(tops=())
    for middle, top, wide in ((180, 190, 330), (560, 120, 400), (960, 200, 360)):
        x = middle + s.chance.uniform(-50, 50)
        s.shape([(x - wide, 520), (x, top), (x + wide, 520)], s.tint(0.45))
        s.shape([(x, top), (x + wide, 520), (x + wide * 0.18, 520)], s.tint(0.3))
        cut = 0.24
        s.shape(
            [
                (x - wide * cut, top + (520 - top) * cut),
                (x, top),
                (x + wide * cut, top + (520 - top) * cut),
                (x + 26, top + 70),
                (x - 12, top + 96),
            ],
            PAPER,
        )
    s.ground(470, 18, s.tint(0.25))
    for x in (120, 420, 720, 1000):
        s.town(x + s.chance.uniform(-40, 40), 520, 3, unit=26)
    s.ground(530, 14, s.base)
    s.wood(620, 16, firs=True, size=(80, 150))
    s.ground(650, 14, s.dark)
    s.line(724, 14)


def vineyard(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.town(s.chance.uniform(60, 200), 470, 5, unit=34)
    s.shape([(-20, 640), (-20, 480), (420, 470), (1220, 300), (1220, 800), (-20, 800)], s.tint(0.3))
    for number in range(9):
        top, low = (300 + number * 112, 478 - number * 22), (120 + number * 165, 700)
        s.stroke([top, low], s.dark, 9)
        for share in (0.15, 0.3, 0.46, 0.63, 0.8):
            x, y = top[0] + (low[0] - top[0]) * share, top[1] + (low[1] - top[1]) * share
            s.disc(x, y, 9 + 9 * share, s.dark)
    for y, start in ((560, 0), (668, 0)):
        x = start - 20.0
        while x < WIDTH:
            width = s.chance.uniform(34, 62)
            for row in range(2):
                shade = mix(PAPER, s.base, s.chance.uniform(0.12, 0.36))
                s.box(x + row * 16, y + row * 21, width - 4, 18, shade, round_by=4)
            x += width
    s.group(480, 900, 664, 4, size=88)
    s.ground(714, 8, s.dark)
    s.line(754, 8)


def mine(s: Sheet) -> None:
    """Draw the motif of this name."""
    s.land()
    s.ground(470, 12, s.tint(0.35))
    x = s.chance.uniform(300, 420)
    for lean in (-70, 70):
        s.stroke([(x + lean, 520), (x + lean * 0.25, 230)], s.deep, 14)
    s.stroke([(x + 20, 250), (x + 220, 520)], s.deep, 12)
    for y in (300, 370, 440):
        s.stroke([(x - 60 * (y - 200) / 280, y), (x + 60 * (y - 200) / 280, y)], s.deep, 8)
    for wheel in (-26, 30):
        s.ring(x + wheel, 226, 32, ACCENT, 9)
    s.house(x + 120, 520, 190, 110, wall=s.tint(0.5), roof=0.35)
    s.ground(516, 6, s.base)
    s.wood(560, 8)
    s.water(590)
    s.group(760, 1000, 590, 4, size=86)
    _boat(s, s.chance.uniform(160, 420), 690, 0.7)
    s.line(762, 6)
