"""Two versions of a record: one line per field that was changed on both sides, and a choice for each."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock
from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import Operation
from instica_desktop.features.activity.conflict_facts import merged_rows, result_words, when_changed
from instica_desktop.features.activity.conflict_fields import NARROW, NARROW_BELOW, WIDE, FieldChoice
from instica_desktop.features.activity.conflict_parts import (
    Growing,
    Headings,
    MergedFields,
    picture_of,
)
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.banner import Banner
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.indicators import KeyCap, Rule
from instica_desktop.qtkit.widgets.picture import Picture
from instica_desktop.qtkit.widgets.scrolled import Scrolled
from instica_desktop.sync.conflicts import Choice, Own

WIDTH, LEAST = 928, 640
MARGIN = 32
LEAST_ROOM = 160
HEADINGS = 64
COVER = 56

Check = Callable[[str, Any], None]
"""(field, wire value): raises InputError when that value cannot be saved."""


def _unchecked(field: str, value: Any) -> None:
    """Take any value."""


class ConflictDialog(QDialog):
    """Accepted when the merged record is to be saved; `choices` then says which value each field keeps."""

    def __init__(
        self,
        parent: QWidget,
        operation: Operation,
        account: Account,
        *,
        record: Mapping[str, Any] | None = None,
        check: Check = _unchecked,
        images: ImageLoader | None = None,
        news: str = "",
    ) -> None:
        """`record` is the server's, as it was read last; `news` says why it is asked again."""
        super().__init__(parent)
        self._operation, self._record, self._check = operation, record or {}, check
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_focus)
        self.choices: dict[str, Choice] = {}
        """Which value each field keeps; own values once accepted. It outlives the widgets."""
        self._typed: dict[str, Any] = {}
        self._remote = account.kind is AccountKind.REMOTE
        title = f"Two versions of {operation.title or 'this record'}"
        name_widget(self, "conflictDialog", title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(min(WIDTH, max(LEAST, parent.width() - 2 * MARGIN)))
        self._columns = WIDE if self.width() >= NARROW_BELOW else NARROW
        self._rows = merged_rows(operation, self._record, self._where())
        self.fields = [
            FieldChoice(edit, operation.theirs[edit.field], self._theirs_word(), self, self._columns)
            for edit in operation.edits
            if edit.field in operation.theirs
        ]
        self.result_line = Label("", self, role="strong", wrap=True)
        self.news = Banner("conflictNews", self, tone="warning")
        self.news.set_message(news)
        self.news.setVisible(bool(news))
        self._lay_out(title, images)
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

    def _lay_out(self, title: str, images: ImageLoader | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(title, images))
        said = QHBoxLayout()
        said.setContentsMargins(20, 0, 20, 12 if self.news.message else 0)
        said.addWidget(self.news)
        column.addLayout(said)
        column.addWidget(self._band(self._badges()))
        column.addWidget(self._scrolled(), 1)
        column.addWidget(self._band(self._result()))
        column.addLayout(self._foot())

    def _head(self, title: str, images: ImageLoader | None) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(title, self, role="h2", wrap=True))
        sentence = (
            f"You edited this record, and it was also edited on {self._where()}. "
            "Choose the value to keep for each field, or write another."
        )
        words.addWidget(Label(sentence, self, ink="text_2", wrap=True))
        words.addStretch()
        close = IconButton("x", "conflictClose", "Decide later", self, shortcut_hint="Esc")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setContentsMargins(20, 20, 16, 16)
        row.setSpacing(16)
        if images is not None:
            cover = Picture(images, COVER, self, key=picture_of(self._record))
            row.addWidget(cover, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _badges(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 12, 8)
        row.setSpacing(8)
        number = len(self.fields)
        words = f"{number} need{'s' if number == 1 else ''} you"
        row.addWidget(Badge(words, "error", self, icon="git-merge"))
        if self._rows:
            row.addWidget(Badge(f"{len(self._rows)} merged", "success", self))
        row.addStretch()
        keys = (
            (("↑", "↓"), "field"),
            (("←", "→"), f"yours or {self._theirs_word()}"),
            (("F2",), "your own"),
        )
        for caps, meaning in keys:
            row.addWidget(KeyCap(*caps, parent=self))
            row.addWidget(Label(meaning, self, role="caption", ink="text_2"))
            row.addSpacing(8)
        return row

    def _band(self, layout: QHBoxLayout) -> QWidget:
        band = QFrame(self)
        band.setProperty("surface", "base")
        band.setProperty("edge", "top")
        band.setLayout(layout)
        return band

    def _scrolled(self) -> QWidget:
        inside = Growing(self)
        inside.setProperty("surface", "card")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule(inside))
        theirs = self._theirs_word()
        versions = (
            ("Yours", f"this computer, {clock(self._operation.created)}"),
            (theirs[0].upper() + theirs[1:], when_changed(self._record)),
        )
        column.addWidget(Headings(versions, self._columns, inside))
        for field in self.fields:
            column.addWidget(Rule(inside))
            column.addWidget(field)
        if self._rows:
            column.addWidget(MergedFields(self._rows, self._columns, inside))
        column.addStretch()
        scroll = Scrolled(inside, "conflictFields", self)
        inside.grown.connect(self._fit)
        self._inside, self._scroll = inside, scroll
        return scroll

    def _result(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(Label("Result", self, ink="text_2"), 0, top)
        row.addWidget(self.result_line, 1, top)
        row.addWidget(Label("The other values stay in History.", self, ink="text_2"), 0, top)
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

    # ------------------------------------------------------------ size

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as the fields, as far as the window leaves room."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        inner, outer, home = self._inside.layout(), self.layout(), self.parentWidget()
        if inner is None or outer is None or home is None or not self.isVisible():
            return
        wanted = inner.totalHeightForWidth(self.width())
        around = outer.totalHeightForWidth(self.width()) - self._scroll.height()
        room = max(LEAST_ROOM, home.height() - 2 * MARGIN - around)
        height = min(wanted, room)
        if self._scroll.minimumHeight() != height or self._scroll.maximumHeight() != height:
            self._scroll.setFixedHeight(height)
        self.resize(self.width(), outer.totalHeightForWidth(self.width()))
        self._later.start()

    def _show_focus(self) -> None:
        """Keep in view what has the keyboard, once everything has its place."""
        focused = self._inside.focusWidget() or self._inside
        if self.isVisible():
            top = focused.mapTo(self._inside, QPoint(0, 0)).y()
            self._scroll.ensureVisible(0, top + focused.height(), 0, 24)
            self._scroll.ensureVisible(0, top if top > HEADINGS else 0, 0, 24)  # the beginning matters most

    # ------------------------------------------------------------ acts

    @property
    def typed(self) -> dict[str, Any]:
        """What was chosen and written for each field, to be put into the dialog that takes its place."""
        return self._typed

    def put_typed(self, typed: Mapping[str, Any]) -> None:
        """Choose and write again what was in the dialog that this one takes the place of."""
        for field in self.fields:
            if field.field in typed:
                field.restore(typed[field.field])

    def done(self, result: int) -> None:
        """Close; what was typed outlives the widgets."""
        self._typed = {field.field: field.state() for field in self.fields}
        super().done(result)

    def keep_mine(self) -> None:
        """Choose the user's value for every field."""
        for field in self.fields:
            field.choose("mine")

    def keep_theirs(self) -> None:
        """Choose the server's value for every field."""
        for field in self.fields:
            field.choose("theirs")

    def accept(self) -> None:
        """Close, unless an own value cannot be saved: then say so at its field."""
        choices: dict[str, Choice] = {}
        for field in self.fields:
            try:
                choices[field.field] = self._choice(field)
            except InputError as error:
                field.show_error(error.message)
                self._scroll.ensureWidgetVisible(field)
                return
        self.choices = choices
        super().accept()

    def _choice(self, field: FieldChoice) -> Choice:
        side = field.side
        if side != "own" or field.own is None:
            return "theirs" if side == "theirs" else "mine"
        value = field.own.value()
        self._check(field.field, value)
        return Own(value)

    def _show_result(self) -> None:
        self.choices = {field.field: field.side for field in self.fields if field.side != "own"}
        whose = {"mine": "yours", "theirs": self._theirs_word(), "own": "as you wrote it"}
        chosen = [(field.field, field.value, whose[field.side]) for field in self.fields]
        self.result_line.setText(result_words(chosen, self._rows))
        self._fit()

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
