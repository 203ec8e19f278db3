"""Photos for the tour to drop: drawn here, since we ship nobody's photographs."""

from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 1200


def draw_photos(folder: Path) -> list[Path]:
    """Draw a record, its label and the back of a sleeve as JPEG files in `folder`, and return their paths."""
    made: list[Path] = []
    for name, draw in (("record", _record), ("label", _label), ("back", _back)):
        image = Image.new("RGB", (SIDE, SIDE), (226, 221, 211))
        draw(ImageDraw.Draw(image))
        path = folder / f"{name}.jpg"
        image.save(path, quality=88)
        made.append(path)
    return made


def _disc(draw: ImageDraw.ImageDraw, radius: float, colour: tuple[int, int, int]) -> None:
    middle = SIDE / 2
    draw.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=colour)


def _record(draw: ImageDraw.ImageDraw) -> None:
    _disc(draw, 540, (24, 24, 27))
    for radius in range(520, 220, -12):
        _disc(draw, radius, (34, 34, 38) if radius % 24 else (24, 24, 27))
    _disc(draw, 190, (37, 99, 135))
    _disc(draw, 14, (226, 221, 211))


def _label(draw: ImageDraw.ImageDraw) -> None:
    _disc(draw, 800, (24, 24, 27))
    _disc(draw, 470, (200, 76, 47))
    _disc(draw, 300, (240, 187, 106))
    _disc(draw, 40, (226, 221, 211))


def _back(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((60, 60, SIDE - 60, SIDE - 60), fill=(245, 241, 232))
    for line in range(14):
        y = 180 + line * 62
        width = 760 - (line * 137) % 420
        draw.rectangle((140, y, 140 + width, y + 18), fill=(60, 66, 80))
    draw.rectangle((860, 160, 1060, 360), fill=(37, 99, 135))
