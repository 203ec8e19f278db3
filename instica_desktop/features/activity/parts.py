"""Small parts of the list: headings, and a problem that was reported before."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import clock
from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.features.notices import Notice
from instica_desktop.features.unsaved import Unsaved
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button

LEFT = 44


class Heading(QWidget):
    """A group's name and how many it holds, on base ground between two lines."""

    def __init__(self, title: str, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(28)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(Label(title, self, role="caption_strong", ink="text_2"))
        row.addStretch()
        row.addWidget(Label(f"{count:,}", self, role="caption", ink="text_3", tabular=True))


class InsetRule(QWidget):
    """A line between two edits, in line with their words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        QPainter(self).fillRect(self.rect().adjusted(LEFT, 0, 0, 0), color("border"))


class More(Label):
    """How many edits a group holds beside those that are shown."""

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(f"and {number:,} more", parent, role="caption", ink="text_3")
        self.setContentsMargins(LEFT, 6, 16, 8)


class NoticeRow(QWidget):
    """A problem of this session, with its details on demand."""

    details_wanted = Signal(object)

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("noticeRow")
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(Label(notice.words, self, role="caption", ink="text_2", wrap=True), 1)
        row.addWidget(Label(clock(notice.at), self, role="caption", ink="text_3", tabular=True))
        if notice.details:
            more = Button("Details", "noticeDetails", self, variant="plain", height=24)
            more.clicked.connect(partial(self._wanted, notice))
            row.addWidget(more)
        self.setAccessibleName(notice.words)

    def _wanted(self, notice: Notice, _checked: bool = False) -> None:
        self.details_wanted.emit(notice)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign."""
        icons.paint(QPainter(self), 16, (self.height() - 16) // 2, "circle-alert", "text_3", 16)


GONE_TEXT = "The record is not here any more. Copy the text, or drop it."


class TypedRow(QWidget):
    """A text that was typed for a record and is not saved: `wanted` leads to it, `dropped` gives it up.

    Of a record that is not here any more the text can be copied, as no field shows it any more.
    """

    wanted = Signal(object)
    dropped = Signal(object)

    def __init__(self, text: Unsaved, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("typedRow")
        self._text = text
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 8, 12, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(text.title, self, role="strong", wrap=True))
        words.addWidget(Label(text.words, self, role="caption", ink="text_2", wrap=True))
        if text.gone:
            words.addWidget(Label(GONE_TEXT, self, role="caption", ink="text_3", wrap=True))
        row.addLayout(words, 1)
        if not text.gone:
            show = Button("Show", "typedShow", self, variant="plain", height=24)
            show.setAccessibleName(f"Show {text.title}")
            show.clicked.connect(self._wanted)
            row.addWidget(show)
        elif text.text:
            copy = Button("Copy", "typedCopy", self, variant="plain", height=24)
            copy.setAccessibleName(f"Copy what was typed for {text.title}")
            copy.clicked.connect(self._copy)
            row.addWidget(copy)
        drop = Button("Drop", "typedDrop", self, variant="plain", height=24)
        drop.setAccessibleName(f"Drop what was typed for {text.title}")
        drop.clicked.connect(self._dropped)
        row.addWidget(drop)
        self.setAccessibleName(f"{text.title}: {text.words}")

    def _wanted(self, _checked: bool = False) -> None:
        self.wanted.emit(self._text)

    def _copy(self, _checked: bool = False) -> None:
        QGuiApplication.clipboard().setText(self._text.text)

    def _dropped(self, _checked: bool = False) -> None:
        self.dropped.emit(self._text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign."""
        icons.paint(QPainter(self), 16, (self.height() - 16) // 2, "circle-alert", "danger", 16)


def artist_of(record: Any) -> str:
    """Return whose record it is; nothing for what has no artist."""
    match record:
        case InventoryItem(product=product) if product and product.artist:
            return product.artist.name
        case Product(artist=artist) if artist:
            return artist.name
        case _:
            return ""
