"""One field of a record changed on both sides: what it was, both values, and a third of one's own."""

from typing import Any, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.core.describe import LONG, field_name, field_value
from instica_desktop.core.operations import Edit
from instica_desktop.features.activity.compare import changed_spans, excerpt
from instica_desktop.features.activity.conflict_edit import OwnValue, can_be_written
from instica_desktop.features.activity.value_card import ValueCard
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button

Side = Literal["mine", "theirs", "own"]
WIDE = (120, 204)
NARROW = (96, 132)
"""Widths of the first two columns: the field's name, and what it was."""
NARROW_BELOW = 840
_BEFORE_MOST = 240
_LINE_UP = 10
"""Room above the words left of the cards, so that they stand on the cards' first line."""
_LINK_PAD = 8


class FieldChoice(QWidget):
    """One field: what it was, and both values as cards. It begins with the user's own.

    Left and right choose a value, F2 writes another; `moved` carries -1 or 1 for the arrows that lead to
    another field.
    """

    changed = Signal()
    moved = Signal(int)

    def __init__(
        self, edit: Edit, theirs: Any, source: str, parent: QWidget, columns: tuple[int, int] = WIDE
    ) -> None:
        super().__init__(parent)
        self.field = edit.field
        self._name = field_name(edit.field)
        before, mine, other = (field_value(edit.field, value) for value in (edit.base, edit.new, theirs))
        against = (other, mine) if before == "none" else (before, before)  # all of both texts would be new
        mine_against, theirs_against = against if edit.field in LONG else (None, None)
        self._values: dict[Side, str] = {"mine": mine, "theirs": other}
        self.mine = ValueCard(mine, mine_against, f"mine_{edit.field}", f"{self._name}, yours", self)
        self.theirs = ValueCard(
            other, theirs_against, f"theirs_{edit.field}", f"{self._name}, {source}", self
        )
        self.own = OwnValue(edit, theirs, self) if can_be_written(edit) else None
        self.write = Button("Edit", f"write_{edit.field}", self, variant="link", height=24, keys=())
        self.write.setAccessibleName(f"{self._name}: write another value")
        self._group = QButtonGroup(self)
        self._writes = False
        self._former: Side = "mine"
        self._lay_out(before, columns)
        for card in (self.mine, self.theirs):
            self._group.addButton(card)
            card.toggled.connect(self._toggled)
        self.mine.setChecked(True)
        self.write.clicked.connect(self.write_own)
        self.write.setVisible(self.own is not None)
        if self.own is not None:
            self.own.hide()
            self.own.changed.connect(self.changed)

    def _lay_out(self, before: str, columns: tuple[int, int]) -> None:
        name = QVBoxLayout()
        name.setContentsMargins(0, _LINE_UP, 0, 0)
        name.setSpacing(2)
        name.addWidget(Label(self._name, self, role="medium", wrap=True))
        self.write.setFixedWidth(self.write.sizeHint().width() - 2 * _LINK_PAD)  # its word below the name
        name.addWidget(self.write, 0, Qt.AlignmentFlag.AlignLeft)
        name.addStretch()
        replaced = [span for value in self._values.values() for span in changed_spans(value, before)]
        shown, _ = excerpt(before, sorted(replaced), _BEFORE_MOST)
        was = Label(shown, self, ink="text_3" if before == "none" else "text_2", wrap=True)
        was.setAccessibleName(f"{self._name}, before: {before}")
        was.setContentsMargins(0, _LINE_UP, 0, 0)
        was.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 12, 20, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for column, width in enumerate(columns):
            grid.setColumnMinimumWidth(column, width)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addLayout(name, 0, 0, 2, 1)
        grid.addWidget(was, 0, 1, top)
        grid.addWidget(self.mine, 0, 2)
        grid.addWidget(self.theirs, 0, 3)
        if self.own is not None:
            grid.addWidget(self.own, 1, 2, 1, 2)

    # ------------------------------------------------------------ what is chosen

    @property
    def side(self) -> Side:
        """Which value is chosen."""
        return "own" if self._writes else "mine" if self.mine.isChecked() else "theirs"

    @property
    def value(self) -> str:
        """The chosen value in words."""
        return self.own.words() if self._writes and self.own else self._values[self.side]

    def choose(self, side: Literal["mine", "theirs"]) -> None:
        """Choose one of both values; what was written instead stays for another try."""
        (self.mine if side == "mine" else self.theirs).setChecked(True)

    def write_own(self) -> None:
        """Let the user write another value, beginning with both put together or the own one."""
        if self.own is None:
            return
        if not self._writes:
            self._former = self.side
            self._writes = True
            self._group.setExclusive(False)
            for card in (self.mine, self.theirs):
                card.setChecked(False)
            self._group.setExclusive(True)
            self.own.show()
            self.changed.emit()
        self.own.take_focus()

    def state(self) -> tuple[Side, str]:
        """Return what is chosen, and what was written as one's own."""
        return self.side, self.own.text() if self.own is not None else ""

    def restore(self, state: tuple[Side, str]) -> None:
        """Choose and write again what `state` returned."""
        side, text = state
        if side == "own" and self.own is not None:
            self.write_own()
            self.own.put_text(text)
        elif side != "own":
            self.choose(side)

    def show_error(self, message: str) -> None:
        """Say why the own value cannot be saved, and let it be written again."""
        if self.own is not None:
            self.own.show_error(message)
            self.own.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard on what is chosen."""
        if self._writes and self.own is not None:
            self.own.take_focus()
            return
        card = self.mine if self.side == "mine" else self.theirs
        card.setFocus(Qt.FocusReason.TabFocusReason)

    def _toggled(self, on: bool) -> None:
        if not on:
            return
        self._writes = False
        if self.own is not None:
            self.own.hide()
        self.changed.emit()

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose and walk by arrows, before the list can scroll with them; write with F2."""
        key = event.key()
        writing = self.own is not None and self.own.isAncestorOf(self.focusWidget() or self)
        if writing and key == Qt.Key.Key_Escape:
            self.choose("theirs" if self._former == "theirs" else "mine")
            self.take_focus()
        elif key == Qt.Key.Key_F2:
            self.write_own()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not writing:
            self.choose("mine" if key == Qt.Key.Key_Left else "theirs")
            self.take_focus()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not writing:
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
