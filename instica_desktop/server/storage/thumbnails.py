"""Small pictures from large ones, in little memory: shrunk first, then turned and converted.

Of the pixels of a whole picture there is one copy at most, the decoded one, and of a JPEG one at an eighth of
its size. What is done with them goes tile by tile.
"""

import io
import itertools

from PIL import Image, ImageOps

SIDE = 128
"""Side in pixels of the square a small picture fits in."""
_ROUGH = 2 * SIDE
"""Averaged by whole numbers no further than to this, then resampled (as Pillow's `reducing_gap` of 2)."""
_TILE = 1_000
"""Side of a tile in pixels: a few megabytes."""
_BYTES_A_PIXEL = {"PNG": 4, "WEBP": 16}
_BYTES_A_COEFFICIENT = 2
_ORIENTATION = 0x0112
_LYING = (5, 6, 7, 8)
_DEEP = ("I", "I;16", "I;16B", "I;16L")


def decoding_bytes(image: Image.Image) -> int:
    """Return how much memory decoding an opened picture may take; it is not decoded for that.

    Pillow holds 4 bytes a pixel. libwebp has two canvases of as many, and hands over a copy. libjpeg holds
    the coefficients of a picture that comes in several scans.
    """
    width, height = image.size
    by_parts = _BYTES_A_COEFFICIENT * len(image.getbands())
    return width * height * _BYTES_A_PIXEL.get(image.format or "", by_parts)


def thumbnail(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """Return an opened picture as a small JPEG, on white where it is transparent, and its whole size upright.

    Errors: those of Pillow for a damaged picture.
    """
    width, height = image.size
    orientation = image.getexif().get(_ORIENTATION, 1)
    longest = max(width, height)
    image.draft("RGB", (max(1, width * _ROUGH // longest), max(1, height * _ROUGH // longest)))
    small = _averaged(image)
    small.thumbnail((SIDE, SIDE))
    small.getexif()[_ORIENTATION] = orientation
    output = io.BytesIO()
    _on_white(ImageOps.exif_transpose(small)).save(output, "JPEG", quality=85)
    return output.getvalue(), (height, width) if orientation in _LYING else (width, height)


def _averaged(image: Image.Image) -> Image.Image:
    """Return a picture as RGB or RGBA, smaller by a whole number."""
    width, height = image.size
    factor = max(1, max(width, height) // _ROUGH)
    side = factor * max(1, _TILE // factor)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top, left in itertools.product(range(0, height, side), range(0, width, side)):
        tile = image.crop((left, top, min(left + side, width), min(top + side, height)))
        small.paste(_eight_bits(tile).convert(mode).reduce(factor), (left // factor, top // factor))
    return small


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16 bits with the upper 8; Pillow's own conversion cuts off what is bright."""
    if image.mode not in _DEEP:
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    opaque = Image.new("RGB", image.size, "white")
    opaque.paste(image, mask=image.getchannel("A"))
    return opaque
