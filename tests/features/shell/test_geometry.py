"""The window stands where it stood, and always where it can be seen."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.shell import geometry
from instica_desktop.system.prefs import Prefs

SCREEN = QRect(0, 0, 1920, 1080)


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        (QRect(100, 80, 1440, 900), QRect(100, 80, 1440, 900)),
        (QRect(5000, 4000, 1440, 900), QRect(480, 180, 1440, 900)),
        (QRect(-900, -300, 1440, 900), QRect(0, 0, 1440, 900)),
        (QRect(0, 0, 4000, 3000), QRect(0, 0, 1920, 1080)),
    ],
)
def test_a_place_is_moved_into_the_screen(place: QRect, kept: QRect) -> None:
    assert geometry.inside(place, SCREEN) == kept


def test_a_window_comes_back_where_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    prefs = Prefs(tmp_path / "settings.json")
    window = QWidget()
    qtbot.addWidget(window)
    area = QGuiApplication.primaryScreen().availableGeometry()
    place = area.adjusted(0, 7, 0, -33)
    window.setGeometry(place)
    geometry.remember(window, prefs)
    again = QWidget()
    qtbot.addWidget(again)
    geometry.restore(again, Prefs(tmp_path / "settings.json"))
    assert again.geometry() == place


@pytest.mark.parametrize(
    "broken", ["junk", {"place": "left"}, {"place": [1, 2, 3]}, {"place": [0, 0, -5, 9]}]
)
def test_a_broken_entry_gives_the_usual_place(qtbot: QtBot, tmp_path: Path, broken: object) -> None:
    prefs = Prefs(tmp_path / "settings.json")
    area = QGuiApplication.primaryScreen().availableGeometry()
    prefs["window"] = {f"{area.width()}x{area.height()}": broken}
    window = QWidget()
    qtbot.addWidget(window)
    geometry.restore(window, prefs)
    assert area.contains(window.geometry())
    assert window.size() == geometry.WANTED.boundedTo(area.size())


def test_on_a_small_screen_the_first_window_fills_it(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    area = QGuiApplication.primaryScreen().availableGeometry()
    assert area.width() < geometry.WANTED.width()  # as offscreen has it
    geometry.restore(window, Prefs(tmp_path / "settings.json"))
    assert window.isMaximized()
    assert area.contains(window.geometry())
    assert window.minimumWidth() <= 800 - geometry.FRAME.width()
    assert window.minimumHeight() <= 600 - geometry.FRAME.height()
