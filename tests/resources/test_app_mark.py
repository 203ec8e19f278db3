"""The app mark exists in every size and form, and the shipped files are what its one SVG gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image, ImageChops
from PySide6.QtGui import QGuiApplication

FOLDER = Path(__file__).parents[2] / "resources" / "app"
INDIGO = (0x4F, 0x46, 0xE5, 255)
WHITE = (255, 255, 255, 255)


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Load the script beside the icons, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("make_icons", FOLDER / "make_icons.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256, 512])
def test_a_png_shows_two_white_bars_on_a_rounded_indigo_square(size: int) -> None:
    with Image.open(FOLDER / f"instica-desktop-{size}.png") as opened:
        image = opened.convert("RGBA")
    assert image.size == (size, size)
    colour = {place: image.getpixel((int(size * place), size // 2)) for place in (0.1, 0.36, 0.64, 0.9)}
    assert colour[0.1] == colour[0.9] == INDIGO
    assert colour[0.36] == colour[0.64] == WHITE
    corner = image.getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] < 40


def test_the_windows_and_macos_files_hold_their_sizes() -> None:
    with Image.open(FOLDER / "instica-desktop.ico") as ico:
        assert ico.info["sizes"] == {(size, size) for size in (16, 24, 32, 48, 64, 128, 256)}
    with Image.open(FOLDER / "instica-desktop.icns") as icns:
        widths = {width * scale for width, _, scale in icns.info["sizes"]}
    assert widths >= {32, 64, 128, 256, 512, 1024}


def test_the_script_draws_the_files_that_are_shipped(
    qapp: QGuiApplication, maker: ModuleType, tmp_path: Path
) -> None:
    for path in maker.make_all(tmp_path):
        with Image.open(path) as drawn, Image.open(FOLDER / path.name) as shipped:
            assert drawn.size == shipped.size
            # Other releases of Qt round the antialiased edge differently by a step or two; no more than that.
            difference = ImageChops.difference(drawn.convert("RGBA"), shipped.convert("RGBA"))
        assert max(difference.tobytes()) <= 8, path.name
