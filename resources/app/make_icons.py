"""Draw every size of the app mark from its one SVG.

Run ``python resources/app/make_icons.py`` after a change of ``instica-desktop.svg``. It writes the PNG sizes,
the Windows ``.ico`` and the macOS ``.icns`` beside it; the same Qt and Pillow give the same bytes every time.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
NAME = "instica-desktop"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def render(renderer: QSvgRenderer, size: int) -> Image.Image:
    """Return the mark as a square RGBA image with sides of ``size`` pixels and transparent corners."""
    canvas = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    canvas.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]  (stub wants bytes, Qt wants str)
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGBA")


def make_all(target: Path) -> list[Path]:
    """Write PNG, ICO and ICNS into ``target``; return their paths. ValueError if the SVG is broken."""
    renderer = QSvgRenderer(str(HERE / f"{NAME}.svg"))
    if not renderer.isValid():
        raise ValueError(f"{NAME}.svg cannot be drawn")
    images = {size: render(renderer, size) for size in sorted({*SIZES, *ICO_SIZES, *ICNS_SIZES})}
    pngs = [target / f"{NAME}-{size}.png" for size in SIZES]
    for size, path in zip(SIZES, pngs, strict=True):
        images[size].save(path, optimize=True)
    ico, icns = target / f"{NAME}.ico", target / f"{NAME}.icns"
    # Every size is drawn from the SVG: Pillow would scale the largest down and blur the bars at 16 px.
    smaller = [images[size] for size in ICO_SIZES[:-1]]
    images[ICO_SIZES[-1]].save(ico, sizes=[(size, size) for size in ICO_SIZES], append_images=smaller)
    images[ICNS_SIZES[-1]].save(icns, append_images=[images[size] for size in ICNS_SIZES[:-1]])
    return [*pngs, ico, icns]


def main() -> None:
    """Draw all sizes into this folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    for path in make_all(HERE):
        sys.stdout.write(f"{path.name} {path.stat().st_size}\n")
    del application


if __name__ == "__main__":
    main()
