"""The interface font loads in Qt with every weight the theme asks for, tabular figures and its licence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QGuiApplication, QRawFont

FOLDER = Path(__file__).parents[2] / "resources" / "fonts"
FILE = FOLDER / "InterVariable.ttf"
FAMILY = "Inter Variable"


@pytest.fixture(scope="module")
def family(qapp: QGuiApplication) -> Iterator[str]:
    """Register the font from its bytes, as the application does, and take it away afterwards."""
    font_id = QFontDatabase.addApplicationFontFromData(QByteArray(FILE.read_bytes()))
    assert font_id >= 0
    yield QFontDatabase.applicationFontFamilies(font_id)[0]
    QFontDatabase.removeApplicationFont(font_id)


def font(name: str, pixels: int, weight: int) -> QFont:
    """Return the font at a size in pixels and an OpenType weight."""
    made = QFont(name)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    return made


def test_qt_knows_it_by_this_name(family: str) -> None:
    assert family == FAMILY
    assert QFontInfo(font(family, 13, 400)).family() == FAMILY


def test_each_weight_is_a_drawing_of_its_own(family: str) -> None:
    widths = [
        QFontMetricsF(font(family, 13, weight)).horizontalAdvance("The Black Saint and the Sinner Lady")
        for weight in (400, 500, 600, 700)
    ]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize("pixels", [11, 12, 13, 16, 20])
def test_figures_are_tabular_when_asked(family: str, pixels: int) -> None:
    plain = font(family, pixels, 400)
    tabular = QFont(plain)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    assert len({QFontMetricsF(plain).horizontalAdvance(digit) for digit in "0123456789"}) > 1
    assert len({QFontMetricsF(tabular).horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    "text", ["Ágætis Stańko Mlynář ığşç Việt", "Кино Ґёїђ", "Γκάλοπ Ώ", "2×LP “€£” … → ∞ ✓ ↵"]
)
def test_it_covers_latin_greek_cyrillic_and_our_signs(qapp: QGuiApplication, text: str) -> None:
    raw = QRawFont(QByteArray(FILE.read_bytes()), 13.0)
    assert [letter for letter in text if not raw.supportsCharacter(ord(letter))] == []


def test_every_font_is_small_and_has_its_licence() -> None:
    fonts = [*FOLDER.glob("*.ttf"), *FOLDER.glob("*.otf")]
    assert fonts == [FILE]
    assert sum(path.stat().st_size for path in fonts) < 1_500_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "Inter-OFL.txt").read_text(encoding="utf-8")
