"""A photo seen large: through the others by key and by button, and words where it cannot be had."""

import asyncio
from io import BytesIO

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.inventory.viewer import PhotoViewer
from tests.features.conftest import until
from tests.features.test_accessible import unnamed


def picture(colour: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (64, 64), colour).save(content, "PNG")
    return content.getvalue()


def colour(viewer: PhotoViewer) -> str:
    """Return the colour in the middle of where a photo stands."""
    return viewer.grab().toImage().pixelColor(viewer.width() // 2, viewer.height() // 2).name()


async def test_photos_are_gone_through_by_key_and_by_button(qtbot: QtBot) -> None:
    photos = {"a": picture("#ff0000"), "b": picture("#0000ff"), "c": None}

    async def fetch(name: str) -> bytes | None:
        await asyncio.sleep(0)
        return photos[name]

    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    viewer = PhotoViewer(["a", "b", "c"], ["Sleeve", "Record", "Label"], 0, fetch, window)
    viewer.open()
    await until(lambda: colour(viewer) == "#ff0000")
    assert unnamed(viewer) == []
    assert viewer.accessibleName() == "Photo 1 of 3 · Sleeve"
    assert not viewer.former.isEnabled()
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.said.text() == "Photo 2 of 3 · Record"
    await until(lambda: colour(viewer) == "#0000ff")
    QTest.mouseClick(viewer.next, Qt.MouseButton.LeftButton)
    assert not viewer.next.isEnabled()
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.said.text() == "Photo 3 of 3 · Label"
    QTest.mouseClick(viewer.former, Qt.MouseButton.LeftButton)
    await until(lambda: colour(viewer) == "#0000ff")
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
