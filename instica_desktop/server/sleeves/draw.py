"""Drawing a sleeve: one picture for one key, the same every time."""

import hashlib
import io
import random

from PIL import Image, ImageDraw

from instica_desktop.server.sleeves.motifs import MOTIFS
from instica_desktop.server.sleeves.palettes import PALETTES

FULL_SIZE = 600
"""Side of the picture in pixels."""
_FINER = 3
"""Drawn this many times larger, then reduced: Pillow's shapes have hard edges."""


def sleeve_key(artist: str, title: str) -> str:
    """Return the key of a release's sleeve; all pressings of a release share it."""
    return hashlib.sha256(f"{artist}\n{title}".encode()).hexdigest()[:16]


def is_sleeve_key(text: str) -> bool:
    """Tell whether a text has the form of a key."""
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def draw_sleeve(key: str, side: int) -> bytes:
    """Return the sleeve as a PNG of `side` × `side` pixels. `key` is from `sleeve_key`."""
    rng = random.Random(int(key, 16))
    ground, *inks = rng.choice(PALETTES)
    rng.shuffle(inks)
    motif = rng.choice(MOTIFS)
    finer = 2 if side >= FULL_SIZE else _FINER
    image = Image.new("RGB", (side * finer, side * finer), ground)
    motif(ImageDraw.Draw(image), side * finer - 1, (ground, *inks), rng)
    output = io.BytesIO()
    image.resize((side, side), Image.Resampling.BOX).save(output, "PNG", compress_level=4)
    return output.getvalue()
