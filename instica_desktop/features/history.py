"""What happened to a record's fields on this computer, newest first: what was sent, and what was not kept."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.describe import LONG, field_name, field_value
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec

MOST = 60
LONGEST = 300
NOTHING_YET = StateSpec(
    icon="history",
    headline="No edits yet",
    sentence="Edits made on this computer appear here once they are sent.",
)
REASONS = {
    "delivered": "",
    "mine was kept": "the server’s value, not kept: yours was chosen",
    "theirs was kept": "your value, not kept: the server’s was chosen",
    "mine was rewritten": "your value, before you wrote another",
    "theirs was rewritten": "the server’s value, before you wrote another",
    "mine was merged": "your text, merged with the server’s",
    "theirs was merged": "the server’s text, merged with yours",
    "made again": "part of the record you made again",
    "dropped": "dropped, not sent",
}
"""What the outbox notes → what people read."""


def change_words(field: str, before: Any, value: Any) -> str:
    """Return what changed: from what to what, or the text itself when it is long."""
    name, now = field_name(field), field_value(field, value)
    if field in LONG or before is None:
        return f"{name}: {now}"
    return f"{name}: {field_value(field, before)} → {now}"


class HistoryLine(QWidget):
    """One change and when it happened. Of a long text the beginning is shown, all of it once `opened`."""

    opened = Signal()

    def __init__(self, what: str, when: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._what = what
        self.said = Label(what, self, wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.said)
        if len(what) > LONGEST:
            self.said.setText(f"{what[:LONGEST].rstrip()} …")
            self.more = Button("Show all", "historyMore", self, variant="link", height=24)
            self.more.setAccessibleName(f"Show all of {what[:40]}")
            self.more.setFixedWidth(self.more.sizeHint().width() - 16)
            self.more.clicked.connect(self.show_all)
            column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Label(when, self, role="caption", ink="text_3", tabular=True, wrap=True))

    def show_all(self) -> None:
        """Show the whole text."""
        self.said.setText(self._what)
        self.more.hide()
        self.opened.emit()


class HistoryList(QWidget):
    """The edits of one record: field, before → after, when, and why a value was not kept."""

    def __init__(self, context: Context, entity: Entity, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._context = context
        self._entity = entity
        self._row: RecordRow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_row(self, row: RecordRow) -> None:
        """Remember whose history to show; it is read when the list is looked at."""
        self._row = row
        if self.isVisible():
            self.fill()

    def showEvent(self, event: object) -> None:
        """Read the history now that somebody looks."""
        self.fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height all words need at this width; a card asks for it at one width only."""
        super().resizeEvent(event)
        self._keep_height()

    def _keep_height(self) -> None:
        self.setMinimumHeight(max(0, self._column.totalHeightForWidth(self.width())))

    def fill(self) -> int:
        """Read the history; return how much there is to show."""
        while (entry := self._column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._row is None:
            return 0
        entries = self._context.shop.history(self._entity, self._row.uid)[:MOST]
        for entry in entries:
            reason = REASONS.get(entry.reason, entry.reason)
            when = day_and_clock(entry.at) + (f" · {reason}" if reason else "")
            what = change_words(entry.field, entry.before, entry.value)
            line = HistoryLine(what, when, self)
            line.opened.connect(self._keep_height)
            self._column.addWidget(line)
        if not entries:
            self._column.addWidget(EmptyState(NOTHING_YET, self), 0, Qt.AlignmentFlag.AlignHCenter)
        self._keep_height()
        return len(entries)
