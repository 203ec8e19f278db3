"""What a sleeve may show: each motif draws on a square canvas with the inks of a palette.

Every measure is a share of the canvas side, so a picture looks the same at every size.
"""

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

Inks = Sequence[str]
Motif = Callable[[Any, float, Inks, random.Random], None]


def _disc(draw: Any, x: float, y: float, radius: float, ink: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def rings(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Concentric rings round an off-centre point."""
    x, y = side * rng.uniform(0.3, 0.7), side * rng.uniform(0.35, 0.65)
    count = rng.randint(4, 7)
    outer = side * rng.uniform(0.36, 0.52)
    for ring in range(count):
        _disc(draw, x, y, outer * (count - ring) / count, inks[1 + ring % (len(inks) - 1)])


def bars(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Upright bars of different heights, standing on the lower edge."""
    count = rng.randint(6, 9)
    width = side / count
    for bar in range(count):
        top = side * rng.uniform(0.12, 0.75)
        gap = width * 0.12
        draw.rectangle((bar * width + gap, top, (bar + 1) * width - gap, side), fill=rng.choice(inks[1:4]))


def triangles(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """A grid of squares, each cut along a diagonal."""
    count = rng.choice((3, 4))
    cell = side / count
    for index in range(count * count):
        x, y = (index % count) * cell, (index // count) * cell
        corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
        missing = rng.randrange(4)
        draw.rectangle((x, y, x + cell, y + cell), fill=rng.choice(inks))
        draw.polygon([corner for at, corner in enumerate(corners) if at != missing], fill=rng.choice(inks))


def half_circles(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Half discs in a grid, turned this way and that."""
    count = rng.choice((2, 3))
    cell = side / count
    for index in range(count * count):
        x, y = (index % count) * cell, (index // count) * cell
        start = rng.choice((0, 90, 180, 270))
        inset = cell * 0.06
        box = (x + inset, y + inset, x + cell - inset, y + cell - inset)
        draw.pieslice(box, start, start + 180, fill=inks[1 + rng.randrange(len(inks) - 1)])


def dots(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """A dot grid whose dots swell towards one corner."""
    count = rng.randint(6, 9)
    cell = side / count
    toward = rng.choice(((0, 0), (count, 0), (0, count), (count, count)))
    accent = rng.randrange(count * count)
    for index in range(count * count):
        column, row = index % count, index // count
        near = 1 - math.hypot(column + 0.5 - toward[0], row + 0.5 - toward[1]) / (count * 1.45)
        ink = inks[2] if index == accent else inks[1]
        _disc(draw, (column + 0.5) * cell, (row + 0.5) * cell, cell * (0.08 + 0.4 * max(0.0, near)), ink)


def wedges(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Slanting planes, like light falling into a room."""
    lean = rng.uniform(0.25, 0.7)
    draw.polygon([(0, side * lean), (side, side * (lean - 0.45)), (side, side), (0, side)], fill=inks[1])
    edge = rng.uniform(0.35, 0.75)
    draw.polygon([(side * edge, side), (side, side * rng.uniform(0.2, 0.6)), (side, side)], fill=inks[2])
    draw.polygon([(0, side), (0, side * rng.uniform(0.6, 0.85)), (side * edge, side)], fill=inks[3])


def horizon(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """A disc over bands of landscape."""
    line = side * rng.uniform(0.5, 0.68)
    _disc(draw, side * rng.uniform(0.3, 0.7), line - side * rng.uniform(0.0, 0.18), side * 0.24, inks[1])
    depth = (side - line) / 3
    for band in range(3):
        draw.rectangle((0, line + band * depth, side, side), fill=inks[2 + band])


def quarters(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Four fields, each with a quarter disc from one of its corners."""
    half = side / 2
    for index in range(4):
        x, y = (index % 2) * half, (index // 2) * half
        field, ink = rng.sample(list(inks), 2)
        draw.rectangle((x, y, x + half, y + half), fill=field)
        corner = rng.randrange(4)
        left, top = x - half * (corner in (0, 3)), y - half * (corner in (0, 1))
        start = {0: 0, 1: 90, 2: 180, 3: 270}[corner]
        draw.pieslice((left, top, left + 2 * half, top + 2 * half), start, start + 90, fill=ink)


def stripes(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Diagonal stripes with a disc before them."""
    count = rng.randint(7, 11)
    step = 2 * side / count
    for stripe in range(0, count + 1, 2):
        left = stripe * step - side
        draw.polygon(
            [(left, side), (left + step, side), (left + step + side, 0), (left + side, 0)],
            fill=inks[1 + (stripe // 2) % 2],
        )
    _disc(draw, side * 0.5, side * 0.5, side * rng.uniform(0.16, 0.26), inks[3])


def waves(draw: Any, side: float, inks: Inks, rng: random.Random) -> None:
    """Bands of waves, one behind the other."""
    phase = rng.uniform(0, math.tau)
    count = rng.randint(4, 6)
    for band in range(count):
        base = side * (0.25 + 0.75 * band / count)
        points = [
            (side * at / 48, base + side * 0.06 * math.sin(phase + band * 1.3 + at / 48 * math.tau * 1.5))
            for at in range(49)
        ]
        draw.polygon([*points, (side, side), (0, side)], fill=inks[1 + band % (len(inks) - 1)])


MOTIFS: tuple[Motif, ...] = (
    rings,
    bars,
    triangles,
    half_circles,
    dots,
    wedges,
    horizon,
    quarters,
    stripes,
    waves,
)
