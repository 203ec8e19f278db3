"""Large pictures, written row by row: whoever makes them needs no memory for their pixels."""

import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from random import Random

_CHANNELS = {"L": (0, 1), "RGB": (2, 3), "RGBA": (6, 4)}
"""PNG's colour type and bytes a pixel, by Pillow's mode."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(path: Path, size: tuple[int, int], mode: str, rows: Iterable[bytes]) -> Path:
    """Write a PNG of 8 bits from its rows, top down; returns the path."""
    colour, _ = _CHANNELS[mode]
    packer = zlib.compressobj(1)
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, colour, 0, 0, 0)))
        for row in rows:
            if packed := packer.compress(b"\0" + row):
                file.write(_chunk(b"IDAT", packed))
        file.write(_chunk(b"IDAT", packer.flush()) + _chunk(b"IEND", b""))
    return path


def flat_png(path: Path, side: int, mode: str) -> Path:
    """Write a square PNG of one colour."""
    row = bytes(range(100, 100 + _CHANNELS[mode][1])) * side
    return write_png(path, (side, side), mode, (row for _ in range(side)))


def busy_png(path: Path, side: int, seed: int) -> Path:
    """Write a square PNG of which an eighth is noise, so that it packs no better than a photo of a sleeve."""
    noise, still = Random(seed), bytes(side * 3 - side * 3 // 8)
    rows = (noise.randbytes(side * 3 // 8) + still for _ in range(side))
    return write_png(path, (side, side), "RGB", rows)
