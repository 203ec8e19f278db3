"""A page that is no table: a heading over cards, in the middle of the window, scrolled where it is long."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.scrolled import Scrolled

WIDEST = 1180


class Card(QFrame):
    """A framed piece of the page: title, sentence, what stands at its right, and the rest below."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("card", True)
        self.sentence = Label("", self, ink="text_2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(title, self, role="h3"))
        words.addWidget(self.sentence)
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addLayout(words, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(20, 16, 20, 16)
        self.body.setSpacing(12)
        self.body.addLayout(self.head)

    def add_at_right(self, widget: QWidget) -> None:
        """Put a button beside the title."""
        self.head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)


class Page(Scrolled):
    """`content` is the parent of what stands on it, `rows` the layout under the heading."""

    def __init__(
        self, title: str, sentence: str, name: str, parent: QWidget, *, widest: int = WIDEST
    ) -> None:
        inside = QWidget(parent)
        super().__init__(inside, name, parent)
        inside.setProperty("surface", "base")
        self.content = QWidget(inside)
        self.content.setMaximumWidth(widest)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(4)
        column.addWidget(Label(title, self.content, role="h1"))
        column.addWidget(Label(sentence, self.content, ink="text_2", wrap=True))
        column.addSpacing(12)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(16)
        column.addLayout(self.rows)
        column.addStretch()
        centre = QHBoxLayout(inside)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.addWidget(self.content, 1)
