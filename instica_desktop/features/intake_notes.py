"""What is under way with photos that were given to a record, and what was refused until it is dismissed."""

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.intake import Refusal
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Meter

MOST_NAMES = 4
"""So many files of one refusal are named; the tooltip names all."""


class RefusalLine(QWidget):
    """What was refused for one reason: the files, why, and the ways on. Signals `again_asked(refusal)`,
    `dismissed(refusal)`."""

    again_asked = Signal(object)
    dismissed = Signal(object)

    def __init__(self, refusal: Refusal, name: str, parent: QWidget, *, stacked: bool) -> None:
        super().__init__(parent)
        self.refusal = refusal
        who = names_words(refusal.names)
        self.said = Label(f"{who}: {refusal.reason}", self, role="caption", ink="error", wrap=True)
        self.said.setObjectName(f"{name}Said")
        if len(refusal.names) > MOST_NAMES:
            set_tooltip(self.said, "\n".join(refusal.names))
        again, dismiss = f"Try {who} again", f"Dismiss {who}"
        self.again = Button("Try again", f"{name}Again", self, variant="link", height=24, accessible=again)
        self.dismiss = Button(
            "Dismiss", f"{name}Dismiss", self, variant="link", height=24, accessible=dismiss
        )
        self.again.clicked.connect(self._again)
        self.dismiss.clicked.connect(self._dismiss)
        row = QHBoxLayout() if not stacked else QVBoxLayout()
        row.setSpacing(4)
        left = Qt.AlignmentFlag.AlignLeft
        row.addWidget(self.again, 0, left)
        row.addWidget(self.dismiss, 0, left)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.said)
        column.addLayout(row)

    def _again(self) -> None:
        self.again_asked.emit(self.refusal)

    def _dismiss(self) -> None:
        self.dismissed.emit(self.refusal)


class IntakeNotes(QWidget):
    """Stands under the photos of a record. `show_of` again whenever the record is announced to be another."""

    def __init__(
        self, context: Context, entity: Entity, name: str, parent: QWidget, *, stacked: bool = False
    ) -> None:
        """`stacked`: there is little width."""
        super().__init__(parent)
        self.setObjectName(f"{name}Notes")
        self._shop = context.shop
        self._entity = entity
        self._name = name
        self._stacked = stacked
        self._uid = ""
        self._scope = TaskScope(self)
        self._lines: list[RefusalLine] = []
        self.said = Label("", self, role="caption", ink="text_2", wrap=True, tabular=True)
        self.said.setObjectName(f"{name}Adding")
        self.meter = Meter("Adding photos", self)
        self.cancel = Button("Cancel", f"{name}Cancel", self, variant="link", height=24)
        self.cancel.setAccessibleName("Add no more of these photos")
        self.cancel.clicked.connect(self._cancel)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(self._progress_row())
        self.hide()

    def _progress_row(self) -> QBoxLayout:
        row = QVBoxLayout() if self._stacked else QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.said)
        row.addWidget(self.meter, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        return row

    # ------------------------------------------------------------ showing

    @property
    def text(self) -> str:
        """Why photos were refused; empty for none."""
        return "\n".join(line.said.text() for line in self._lines)

    @property
    def lines(self) -> Sequence[RefusalLine]:
        """What was refused, oldest first."""
        return self._lines

    def show_of(self, uid: str) -> None:
        """Show what is under way with this record."""
        self._uid = uid
        intake = self._shop.intake if self._shop.has_intake else None
        progress = intake.progress(self._entity, uid) if intake else None
        for part in (self.said, self.meter, self.cancel):
            part.setVisible(progress is not None)
        if progress is not None:
            done, of = progress
            self.said.setText(f"Adding {done + 1:,} of {of:,} photos…" if of > 1 else "Adding 1 photo…")
            self.meter.set_value(done / of)
        self._show_refusals(intake.refusals(self._entity, uid) if intake else [])
        self.setVisible(progress is not None or bool(self._lines))

    def _show_refusals(self, refusals: Sequence[Refusal]) -> None:
        if [line.refusal for line in self._lines] == list(refusals):
            return
        at = next((at for at, line in enumerate(self._lines) if line.isAncestorOf(self._focused())), -1)
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._made(number, refusal) for number, refusal in enumerate(refusals)]
        if at >= 0 and self._lines:
            self._lines[min(at, len(self._lines) - 1)].dismiss.setFocus(Qt.FocusReason.OtherFocusReason)
        elif at >= 0:
            self.focusNextChild()

    def _focused(self) -> QWidget:
        return self.window().focusWidget() or self

    def _made(self, number: int, refusal: Refusal) -> RefusalLine:
        line = RefusalLine(refusal, f"{self._name}Refusal{number}", self, stacked=self._stacked)
        line.again_asked.connect(self._again)
        line.dismissed.connect(self._dismiss)
        self._column.addWidget(line)
        line.show()
        return line

    # ------------------------------------------------------------ acting

    def _cancel(self) -> None:
        self._spawn(self._shop.intake.cancel(self._entity, self._uid), "cancel photos")

    def _again(self, refusal: Refusal) -> None:
        self._spawn(self._shop.intake.try_again(refusal.uuids), "try photos again")

    def _dismiss(self, refusal: Refusal) -> None:
        self._spawn(self._shop.intake.dismiss(refusal.uuids), "dismiss refusal")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._scope.spawn(work, name, act=True)


def names_words(names: Sequence[str]) -> str:
    """Return `a.jpg`, `a.jpg and b.jpg`, or `a.jpg, b.jpg, c.jpg and 73 more`."""
    if len(names) > MOST_NAMES:
        shown = names[: MOST_NAMES - 1]
        return f"{', '.join(shown)} and {len(names) - len(shown):,} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
