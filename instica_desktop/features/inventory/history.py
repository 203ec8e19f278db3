"""The History tab: what happened to the item's fields on this computer, newest first."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.describe import field_name, field_value
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec

MOST = 60
NOTHING_YET = StateSpec(
    icon="history",
    headline="No edits yet",
    sentence="Edits made on this computer appear here once they are sent.",
)


class HistoryTab(QWidget):
    """The edits of one item: field, before → after, when, and why a value was not kept."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("itemHistory")
        self._context = context
        self._row: RecordRow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_row(self, row: RecordRow) -> None:
        """Remember whose history to show; it is read when the tab is looked at."""
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
        entries = self._context.shop.history(Entity.ITEM, self._row.uid)[:MOST]
        for entry in entries:
            name = field_name(entry.field)
            change = f"{field_value(entry.field, entry.before)} → {field_value(entry.field, entry.value)}"
            kept = "" if entry.reason == "delivered" else f" · {entry.reason}"
            self._column.addWidget(self._line(f"{name}: {change}", day_and_clock(entry.at) + kept))
        if not entries:
            self._column.addWidget(EmptyState(NOTHING_YET, self))

    def _line(self, what: str, when: str) -> QWidget:
        line = QWidget(self)
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(what, line, wrap=True))
        column.addWidget(Label(when, line, role="caption", ink="text_3", tabular=True))
        return line
