"""Two versions of a record: one line per field that was changed on both sides, and a choice for each."""

from functools import partial
from typing import Any, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock
from instica_desktop.core.describe import field_name, field_value
from instica_desktop.core.operations import Edit, Operation
from instica_desktop.features.activity.value_card import ValueCard
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.indicators import KeyCap, Rule

Side = Literal["mine", "theirs"]
WIDTH = 928
COLUMNS = (120, 204, 264, 264)
LONG = frozenset({"condition_notes", "manual_description", "buyer_note", "marketplace_description"})


class FieldChoice(QWidget):
    """One field: what it was, and both values as cards. It begins with the user's own.

    Left and right choose a value; `moved` carries -1 or 1 for the arrows that lead to another field.
    """

    changed = Signal()
    moved = Signal(int)

    def __init__(self, edit: Edit, theirs: Any, source: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = edit.field
        name = field_name(edit.field)
        before, mine, other = (field_value(edit.field, value) for value in (edit.base, edit.new, theirs))
        marked = before if edit.field in LONG else None
        self._values: dict[Side, str] = {"mine": mine, "theirs": other}
        self.mine = ValueCard(mine, marked, f"mine_{edit.field}", f"{name}, yours", self)
        self.theirs = ValueCard(other, marked, f"theirs_{edit.field}", f"{name}, {source}", self)
        group = QButtonGroup(self)
        for card in (self.mine, self.theirs):
            group.addButton(card)
            card.toggled.connect(self._toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(12)
        texts = (
            Label(name, self, role="medium", wrap=True),
            Label(before, self, ink="text_2", wrap=True),
        )
        for text, width in zip(texts, COLUMNS, strict=False):
            text.setFixedWidth(width)
            row.addWidget(text)
        row.addWidget(self.mine, 1)
        row.addWidget(self.theirs, 1)
        self.mine.setChecked(True)

    @property
    def side(self) -> Side:
        """Which value is chosen."""
        return "mine" if self.mine.isChecked() else "theirs"

    @property
    def value(self) -> str:
        """The chosen value in words."""
        return self._values[self.side]

    def choose(self, side: Side) -> None:
        """Choose a value."""
        (self.mine if side == "mine" else self.theirs).setChecked(True)

    def take_focus(self) -> None:
        """Put the keyboard on the chosen card."""
        card = self.mine if self.side == "mine" else self.theirs
        card.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose and walk by arrows, before the list can scroll with them."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.choose("mine" if key == Qt.Key.Key_Left else "theirs")
            self.take_focus()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _toggled(self, on: bool) -> None:
        if on:
            self.changed.emit()


class ConflictDialog(QDialog):
    """Accepted when the merged record is to be saved; `choices` then says whose value each field keeps."""

    def __init__(self, parent: QWidget, operation: Operation, account: Account) -> None:
        super().__init__(parent)
        self._operation = operation
        self.choices: dict[str, Side] = {}
        """Whose value each field keeps. Outlives the widgets: it is read when the dialog has closed."""
        self._remote = account.kind is AccountKind.REMOTE
        title = f"Two versions of {operation.title or 'this record'}"
        name_widget(self, "conflictDialog", title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(WIDTH, max(720, parent.width() - 40)))
        disputed = [edit for edit in operation.edits if edit.field in operation.theirs]
        self._merged = [edit for edit in operation.edits if edit.field not in operation.theirs]
        self.fields = [
            FieldChoice(edit, operation.theirs[edit.field], self._theirs_word(), self) for edit in disputed
        ]
        self.result_line = Label("", self, role="strong", wrap=True)
        self._lay_out(title)
        for field in self.fields:
            field.changed.connect(self._show_result)
            field.moved.connect(partial(self._walk, field))
        self._show_result()
        if self.fields:
            self.fields[0].take_focus()

    def _theirs_word(self) -> str:
        return "Instica’s" if self._remote else "the server’s"

    def _where(self) -> str:
        return "Instica" if self._remote else "the server"

    # ------------------------------------------------------------ layout

    def _lay_out(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(title))
        column.addWidget(self._band(self._badges(), top=True))
        column.addWidget(self._scrolled(), 1)
        column.addWidget(self._band(self._result(), top=True))
        column.addLayout(self._foot())

    def _head(self, title: str) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(title, self, role="h2", wrap=True))
        sentence = (
            f"You edited this record, and it was also edited on {self._where()}. "
            "Choose the value to keep for each field."
        )
        words.addWidget(Label(sentence, self, ink="text_2", wrap=True))
        close = IconButton("x", "conflictClose", "Decide later", self, shortcut_hint="Esc")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setContentsMargins(20, 20, 16, 16)
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _badges(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(8)
        number = len(self.fields)
        words = f"{number} need{'s' if number == 1 else ''} you"
        row.addWidget(Badge(words, "error", self, icon="git-merge"))
        if self._merged:
            row.addWidget(Badge(f"{len(self._merged)} merged", "success", self))
        row.addStretch()
        for keys, meaning in ((("↑", "↓"), "field"), (("←", "→"), f"yours or {self._theirs_word()}")):
            row.addWidget(KeyCap(*keys, parent=self))
            row.addWidget(Label(meaning, self, role="caption", ink="text_2"))
            row.addSpacing(8)
        return row

    def _band(self, layout: QHBoxLayout, *, top: bool) -> QWidget:
        band = QFrame(self)
        band.setProperty("surface", "base")
        if top:
            band.setProperty("edge", "top")
        band.setLayout(layout)
        return band

    def _scrolled(self) -> QScrollArea:
        inside = QWidget(self)
        inside.setProperty("surface", "card")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule(inside))
        column.addLayout(self._headings(inside))
        for field in self.fields:
            column.addWidget(Rule(inside))
            column.addWidget(field)
        if self._merged:
            column.addWidget(self._merged_heading(inside))
            column.addLayout(self._merged_rows(inside))
        column.addStretch()
        scroll = QScrollArea(self)
        scroll.setObjectName("conflictFields")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._inside, self._scroll = inside, scroll
        return scroll

    def _headings(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(12)
        for text, width in (("Field", COLUMNS[0]), ("Before", COLUMNS[1])):
            label = Label(text, parent, role="caption_strong", ink="text_3")
            label.setFixedWidth(width)
            row.addWidget(label)
        theirs = self._theirs_word()
        for text, note in (
            ("Yours", f"this computer, {clock(self._operation.created)}"),
            (theirs[0].upper() + theirs[1:], "as it is there now"),
        ):
            pair = QHBoxLayout()
            pair.setSpacing(8)
            pair.addWidget(Label(text, parent, role="caption_strong", ink="text_2"))
            pair.addWidget(Label(note, parent, role="caption", ink="text_3"), 1)
            row.addLayout(pair, 1)
        return row

    def _merged_heading(self, parent: QWidget) -> QWidget:
        heading = QFrame(parent)
        heading.setProperty("surface", "base")
        heading.setProperty("edge", "top")
        row = QHBoxLayout(heading)
        row.setContentsMargins(20, 6, 20, 6)
        row.addWidget(Label("Merged, only one side changed", heading, role="caption_strong", ink="text_2"))
        return heading

    def _merged_rows(self, parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(20, 8, 20, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, edit in enumerate(self._merged):
            texts = (field_name(edit.field), field_value(edit.field, edit.base))
            for place, (text, width) in enumerate(zip(texts, COLUMNS, strict=False)):
                label = Label(text, parent, ink="text_2", wrap=True)
                label.setFixedWidth(width)
                grid.addWidget(label, row, place)
            grid.addWidget(Label(field_value(edit.field, edit.new), parent, role="medium", wrap=True), row, 2)
            grid.addWidget(Label("only you changed it", parent, ink="text_2"), row, 3)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _result(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(10)
        row.addWidget(Label("Result", self, ink="text_2"))
        row.addWidget(self.result_line, 1)
        row.addWidget(Label("The other values stay in History.", self, ink="text_2"))
        return row

    def _foot(self) -> QHBoxLayout:
        theirs = self._theirs_word()
        mine = Button("Keep all yours", "keepMine", self, variant="plain")
        other = Button(f"Keep all of {theirs}", "keepTheirs", self, variant="plain")
        later = Button("Decide later", "decideLater", self, keys=("Esc",))
        self.save = Button("Save merged record", "saveMerged", self, variant="filled", keys=("Ctrl ↵",))
        mine.clicked.connect(self.keep_mine)
        other.clicked.connect(self.keep_theirs)
        later.clicked.connect(self.reject)
        self.save.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setContentsMargins(8, 12, 20, 16)
        row.setSpacing(8)
        row.addWidget(mine)
        row.addWidget(other)
        row.addStretch()
        row.addWidget(later)
        row.addWidget(self.save)
        return row

    # ------------------------------------------------------------ acts

    def keep_mine(self) -> None:
        """Choose the user's value for every field."""
        for field in self.fields:
            field.choose("mine")

    def keep_theirs(self) -> None:
        """Choose the server's value for every field."""
        for field in self.fields:
            field.choose("theirs")

    def _show_result(self) -> None:
        self.choices = {field.field: field.side for field in self.fields}
        parts = [
            f"{field_name(field.field)} {field.value}" for field in self.fields if field.field not in LONG
        ]
        parts += [
            f"{field_name(field.field)} {'yours' if field.side == 'mine' else self._theirs_word()}"
            for field in self.fields
            if field.field in LONG
        ]
        parts += [
            f"{field_name(edit.field)} {field_value(edit.field, edit.new)}"
            for edit in self._merged
            if edit.field not in LONG
        ]
        self.result_line.setText("  ·  ".join(parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save with Ctrl+Enter; Enter alone saves nothing by accident."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.accept()
            elif isinstance(focused := self.focusWidget(), Button):
                focused.click()
            return
        super().keyPressEvent(event)

    def _walk(self, field: FieldChoice, step: int) -> None:
        at = self.fields.index(field) + step
        if 0 <= at < len(self.fields):
            self.fields[at].take_focus()
            self._scroll.ensureWidgetVisible(self.fields[at])
