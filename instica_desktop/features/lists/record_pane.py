"""The pane beside the table: one record's name, its parts under tabs, and whether it is saved."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.forms import RecordForm
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.panes import add_steps, foot, saved_words
from instica_desktop.qtkit.text import ElidedLabel
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.scrolled import centred, scrolled
from instica_desktop.qtkit.widgets.tabs import Tabs

SAID_AGAIN_MS = 5_000


class PaneSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One pane: what it shows, how a record is named, its tabs, and what stands there without one."""

    entity: Entity
    noun: str
    title: Callable[[Any], str]
    heading: Callable[[Any], str]
    tabs: tuple[tuple[str, str], ...]
    nothing: StateSpec


class RecordPane(QWidget):
    """Shows and edits the current record. A subclass makes the parts, then calls `_lay_out`.

    Signals: `step_requested(±1)` the next or former record; `undo_requested()`.
    """

    step_requested = Signal(int)
    undo_requested = Signal()

    def __init__(self, context: Context, spec: PaneSpec, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{spec.noun}Detail")
        self.setProperty("surface", "card")
        self.setProperty("edge", "left")
        self._context = context
        self._spec = spec
        self.form = RecordForm(context, spec.entity, spec.title, self)
        self._lost = False
        self._title = ElidedLabel("", self, role="h3")
        self._subtitle = ElidedLabel("", self, role="caption", ink="text_2")
        self._head = self._made_head()
        self.tabs = Tabs(spec.tabs, f"{spec.noun}Tabs", f"Parts of the {spec.noun}", self)
        self._pages = QStackedWidget(self)
        self._stack = QStackedWidget(self)
        self.tabs.chosen.connect(self._tab_chosen)
        self._clock = QTimer(self)
        self._clock.setInterval(SAID_AGAIN_MS)
        self._clock.timeout.connect(self.show_saved)

    # ------------------------------------------------------------ building

    def _lay_out(self, *pages: Sequence[QWidget | QLayout]) -> None:
        """Put each page of parts under its tab, and the foot below them."""
        noun = self._spec.noun
        self._saved = ElidedLabel("", self, role="caption", ink="text_2")
        self._undo = Button("Undo", f"{noun}Undo", self, variant="plain", height=24, icon="undo-2")
        self._undo.clicked.connect(self.undo_requested)
        for parts in pages:
            self._pages.addWidget(scrolled(parts, f"{noun}Scroll", self))
        whole = QWidget(self)
        whole.setProperty("surface", "card")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.tabs)
        column.addWidget(self._pages, 1)
        column.addWidget(foot(f"{noun}Bottom", self._saved, self._undo, self))
        self._stack.addWidget(whole)
        self._stack.addWidget(centred(EmptyState(self._spec.nothing, self), self))
        self._stack.addWidget(QWidget(self))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(self._stack)
        self.show_row(None)

    def _made_head(self) -> QWidget:
        head = QWidget(self)
        head.setProperty("surface", "card")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 8, 8)
        row.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row.addLayout(words, 1)
        add_steps(row, self._spec.noun, self.go_back, self.go_on)
        return head

    # ------------------------------------------------------------ showing

    @property
    def row(self) -> RecordRow | None:
        """The row shown."""
        return self.form.row

    def show_row(self, row: RecordRow | None) -> None:
        """Show a record, or that none is chosen. What is typed for the one before is saved first."""
        self.form.show(row)
        self._lost = False
        self._stack.setCurrentIndex(1 if row is None else 0)
        if row is None:
            return
        self._title.setText(self._spec.title(row.data))
        self._subtitle.setText(self._spec.heading(row.data))
        self._show_parts(row)
        self.show_saved()

    def show_reading(self) -> None:
        """Show nothing for a moment: a record is chosen that cannot be read yet."""
        self._stack.setCurrentIndex(2)

    def _show_parts(self, row: RecordRow) -> None:
        """Show a record in every part."""
        raise NotImplementedError

    def show_saved(self) -> None:
        """Say where the record is saved, and whether the last edit can be taken back."""
        row = self.row
        if row is not None:
            self._undo.setVisible(self._context.undo.last_of(self._spec.entity, row.uid) is not None)
            self._saved.setText(saved_words(self._context, self._spec.entity, row, lost=self._lost))

    def let_act(self, acts: bool) -> None:
        """Let what is in it take the mouse, or swallow each press: what lies under the pane gets none."""
        self._stack.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not acts)

    def show_lost(self) -> None:
        """Say that the record shown is not on this computer any more."""
        self._lost = True
        self.show_saved()

    def showEvent(self, event: QShowEvent) -> None:
        """Say how old the record is as long as somebody looks."""
        super().showEvent(event)
        self.show_saved()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say nothing while nobody looks."""
        super().hideEvent(event)
        self._clock.stop()

    # ------------------------------------------------------------ acting

    def go_on(self) -> None:
        """Ask for the next record."""
        self.step_requested.emit(1)

    def go_back(self) -> None:
        """Ask for the former record."""
        self.step_requested.emit(-1)

    def first(self) -> QWidget:
        """Return where work on a record begins; F6 goes there."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the focus where work on a record begins."""
        raise NotImplementedError

    def _tab_chosen(self, key: str) -> None:
        self._pages.setCurrentIndex([name for name, _ in self._spec.tabs].index(key))
