"""What is dropped is taken as a copy: a file manager deletes what it was told was moved."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from instica_desktop.features.products.cover import Hero
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.widgets.cell_editors import LineEditor
from instica_desktop.qtkit.widgets.inputs import MoneyField, TextArea, TextField
from instica_desktop.qtkit.widgets.photo_strip import PhotoStrip
from instica_desktop.qtkit.widgets.search_field import SearchField

BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


async def no_picture(_: str) -> bytes | None:
    """Fetch nothing: no picture is shown here."""
    return None


def files(folder: Path) -> QMimeData:
    """Return what a file manager sends: addresses, and the same as words."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder / "front.jpg"))])
    mime.setText(str(folder / "front.jpg"))
    return mime


def moved_over(target: QWidget, mime: QMimeData) -> list[QDropEvent]:
    """Let a source propose a move, all the way to the drop; return the events as they were left."""
    at = QPoint(5, 5)
    proposed = QDragEnterEvent(at, BOTH, mime, LEFT, Qt.KeyboardModifier.ShiftModifier)
    events: list[QDropEvent] = [proposed]
    events.append(QDragMoveEvent(at, BOTH, mime, LEFT, Qt.KeyboardModifier.ShiftModifier))
    events.append(QDropEvent(QPointF(at), BOTH, mime, LEFT, Qt.KeyboardModifier.ShiftModifier))
    for event in events:
        event.setDropAction(Qt.DropAction.MoveAction)
        QApplication.sendEvent(target, event)
    return events


@pytest.mark.parametrize("kind", ["strip", "cover"])
def test_a_move_is_taken_as_a_copy(qtbot: Any, tmp_path: Path, kind: str) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    loader = ImageLoader(no_picture, host)
    target = PhotoStrip("photos", "Photos", host) if kind == "strip" else Hero(loader, host)
    with qtbot.waitSignal(target.dropped) as caught:
        events = moved_over(target, files(tmp_path))
    assert caught.args == [[tmp_path / "front.jpg"]]
    assert [event.dropAction() for event in events] == [Qt.DropAction.CopyAction] * 3
    assert [event.isAccepted() for event in events] == [True] * 3


def test_a_field_for_words_takes_no_files(qtbot: Any, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    fields: list[QWidget] = [
        TextField("shelf", "Shelf", host),
        MoneyField("price", "Price", host),
        TextArea("notes", "Notes", host),
        LineEditor("", str, host),
        SearchField("search", "Search", host).edit,
    ]
    for field in fields:
        target = field.viewport() if isinstance(field, QAbstractScrollArea) else field
        dragged = files(tmp_path)
        entering = QDragEnterEvent(QPoint(5, 5), BOTH, dragged, LEFT, NONE)
        QApplication.sendEvent(target, entering)
        assert not entering.isAccepted(), field.objectName()
        words = QMimeData()
        words.setText("A-1")
        entering = QDragEnterEvent(QPoint(5, 5), BOTH, words, LEFT, NONE)
        QApplication.sendEvent(target, entering)
        assert entering.isAccepted(), field.objectName()
