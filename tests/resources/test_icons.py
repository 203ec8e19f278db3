"""Every icon can be drawn, takes its colour from the theme, and is shipped with its licence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parents[2] / "resources" / "icons"
ICONS = sorted(FOLDER.glob("*.svg"))
# Names used all over the interface; losing one would show as an empty square.
NEEDED = """
library package store chart-column settings search x chevron-down ellipsis plus check circle-check
circle-alert triangle-alert info clock loader-circle cloud-upload cloud-off wifi-off refresh-cw
undo-2 redo-2 image-plus star trash-2 pencil copy map-pin key-round eye eye-off lock truck printer
tag list-filter rows-3 columns-3 sun moon monitor git-merge scan-barcode grip-vertical bookmark
history package-open circle-help
"""


def paint(source: str, size: int) -> QImage:
    """Return the SVG text drawn on a transparent square with sides of ``size`` pixels."""
    renderer = QSvgRenderer(QByteArray(source.encode()))
    assert renderer.isValid()
    canvas = QImage(size, size, QImage.Format.Format_ARGB32)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    renderer.render(painter)
    painter.end()
    return canvas


def test_the_needed_icons_are_there() -> None:
    assert set(NEEDED.split()) <= {path.stem for path in ICONS}


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_an_outline_on_the_24_grid_in_the_colour_asked_for(
    qapp: QGuiApplication, path: Path
) -> None:
    source = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in source
    assert 'stroke="currentColor"' in source
    assert 'stroke-width="2"' in source
    drawn = paint(source.replace("currentColor", "#ff0000"), 24)
    solid = [pixel for x in range(24) for y in range(24) if (pixel := drawn.pixelColor(x, y)).alpha() > 200]
    assert solid
    assert all(pixel.red() > 240 and pixel.green() < 16 and pixel.blue() < 16 for pixel in solid)


def test_the_licence_is_beside_them() -> None:
    text = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in text
    assert "Lucide" in text
    assert "The MIT License" in text  # the icons Lucide took over from Feather
