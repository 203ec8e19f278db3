"""The pictures a tour leaves show what a user would see."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.app.tour.album import as_seen


def test_what_is_open_above_the_window_is_in_its_picture(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setStyleSheet("background: white")
    window.resize(200, 200)
    window.show()
    panel = QWidget(window, Qt.WindowType.Window)
    panel.setStyleSheet("background: red")
    panel.resize(50, 50)
    panel.move(window.mapToGlobal(QPoint(20, 30)))
    panel.show()

    picture = as_seen(window).toImage()
    assert picture.pixelColor(45, 55) == QColor("red")
    assert picture.pixelColor(100, 100) == QColor("white")
    panel.hide()
    assert as_seen(window).toImage().pixelColor(45, 55) == QColor("white")
