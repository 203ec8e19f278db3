"""What happened to a record's fields on this computer, newest first: what was sent, and what was not kept."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.describe import LONG, field_name, field_value
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.text import Label
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
            self._fill()

    def showEvent(self, event: object) -> None:
        """Read the history now that somebody looks."""
        self._fill()

    def _fill(self) -> None:
        while (entry := self._column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._row is None:
            return
        entries = self._context.shop.history(self._entity, self._row.uid)[:MOST]
        for entry in entries:
            reason = REASONS.get(entry.reason, entry.reason)
            when = day_and_clock(entry.at) + (f" · {reason}" if reason else "")
            self._add(self._line(change_words(entry.field, entry.before, entry.value), when))
        if not entries:
            self._add(EmptyState(NOTHING_YET, self))

    def _add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def _line(self, what: str, when: str) -> QWidget:
        line = QWidget(self)
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        said = Label(what if len(what) <= LONGEST else f"{what[:LONGEST].rstrip()} …", line, wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(said)
        column.addWidget(Label(when, line, role="caption", ink="text_3", tabular=True, wrap=True))
        return line
