"""The still parts of the dialog of two versions: column headings, merged fields, and which picture."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.features.activity.conflict_facts import MergedRow
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.widgets.indicators import Rule

CHECK = 14


def picture_of(record: Mapping[str, Any]) -> str:
    """Return the key of a record's picture: its first photo, or its product's sleeve."""
    photos = sorted(record.get("assets") or (), key=lambda asset: not asset.get("is_primary"))
    first: Mapping[str, Any] = photos[0] if photos else {}
    product: Mapping[str, Any] = record.get("product") or {}
    found = (
        first.get("thumbnail"),
        record.get("product_image_thumbnail"),
        record.get("product_image"),
        product.get("product_image"),
    )
    return next((str(key) for key in found if key), "")


class Growing(QWidget):
    """Holds the fields. `grown` when one of them takes another height."""

    grown = Signal()

    def event(self, event: QEvent) -> bool:
        """Tell once the layout has to be made anew."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.grown.emit()
        return done


class _Check(QWidget):
    """The sign of what needs nobody; the words beside it say so too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(CHECK, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        icons.paint(QPainter(self), 0, 3, "check", "success", CHECK)


class Headings(QWidget):
    """The names of the columns: field, before, and whose values stand below, with when they were made."""

    def __init__(self, versions: Iterable[tuple[str, str]], columns: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        grid = _grid(self, columns, 8)
        for column, text in enumerate(("Field", "Before")):
            grid.addWidget(Label(text, self, role="caption_strong", ink="text_3"), 0, column)
        for column, (text, note) in enumerate(versions, 2):
            pair = QHBoxLayout()
            pair.setSpacing(8)
            pair.addWidget(Label(text, self, role="caption_strong", ink="text_2"))
            pair.addWidget(Label(note, self, role="caption", ink="text_3"), 1)
            grid.addLayout(pair, 0, column)


class MergedFields(QWidget):
    """The fields that need no choice, each with its sign, its value and the reason."""

    def __init__(self, rows: Iterable[MergedRow], columns: Sequence[int], parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        heading = QFrame(self)
        heading.setProperty("surface", "base")
        heading.setProperty("edge", "top")
        box = QHBoxLayout(heading)
        box.setContentsMargins(20, 6, 20, 6)
        box.addWidget(Label("Merged, nothing to choose", heading, role="caption_strong", ink="text_2"))
        column.addWidget(heading)
        for row in rows:
            column.addWidget(Rule(self))
            column.addWidget(self._line(row, columns))

    def _line(self, row: MergedRow, columns: Sequence[int]) -> QWidget:
        line = QWidget(self)
        line.setObjectName(f"merged_{row.field}")
        line.setAccessibleName(f"{row.name}: {row.after}, {row.why}")
        grid = _grid(line, columns, 7)
        top = Qt.AlignmentFlag.AlignTop
        for place, text in enumerate((row.name, row.before)):
            label = Label(text, line, ink="text_2", wrap=True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(label, 0, place, top)
        after = QHBoxLayout()
        after.setSpacing(8)
        after.addWidget(_Check(line), 0, top)
        after.addWidget(Label(row.after, line, role="medium", wrap=True), 1, top)
        grid.addLayout(after, 0, 2)
        grid.addWidget(Label(row.why, line, ink="text_2", wrap=True), 0, 3, top)
        return line


def _grid(parent: QWidget, columns: Sequence[int], padding: int) -> QGridLayout:
    grid = QGridLayout(parent)
    grid.setContentsMargins(20, padding, 20, padding)
    grid.setHorizontalSpacing(12)
    for column, width in enumerate(columns):
        grid.setColumnMinimumWidth(column, width)
        grid.setColumnStretch(column, 0)
    grid.setColumnStretch(2, 1)
    grid.setColumnStretch(3, 1)
    return grid
