"""The frame of a form that makes a record: add, add and another, and asking before what is typed goes."""

from itertools import pairwise
from typing import cast

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.features.context import Context
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.sync.making import Made

WIDTH = 560
LONGEST = 60
"""Characters of a title a notice shows."""
MARGIN = 48
"""Px the dialog leaves free of the window's height."""


class MakingDialog(QDialog):
    """Base of the forms for something new; `made(Made)` after each that was made.

    It stays open until something was made and is on the disk: what is refused is said at its field.
    `ended(Made)` tells at the end what was made last, if anything was.
    """

    made = Signal(object)
    ended = Signal(object)

    def __init__(self, context: Context, parent: QWidget, name: str, title: str, act: str) -> None:
        super().__init__(parent)
        name_widget(self, f"{name}Dialog", title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context = context
        self.last: Made | None = None
        """What was made last."""
        self.scope = TaskScope(self)
        self._making = False
        self._trouble = Label("", self, role="caption", ink="error", wrap=True)
        self._trouble.setObjectName(f"{name}Trouble")
        self._trouble.hide()
        self._said = Label("Saved here, then sent.", self, role="caption", ink="text_2", wrap=True)
        self._window = parent.window()
        self._area = QScrollArea(self)
        self._inner = QWidget(self)
        self._body = QVBoxLayout(self._inner)
        self.add = Button(act, f"{name}Add", self, variant="filled")
        self.another = Button("Add and another", f"{name}Another", self, keys=("Ctrl", "↵"))
        self._cancel = Button("Cancel", f"{name}Cancel", self, variant="plain")
        self._lay_out(name, title)
        self._connect()

    def _lay_out(self, name: str, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(Label(title, self, role="h2"))
        column.addLayout(head)
        column.addWidget(self._scrolled(name), 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.setSpacing(8)
        foot.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._said, 1)
        for button in (self._cancel, self.another, self.add):
            row.addWidget(button)
        foot.addLayout(row)
        column.addLayout(foot)

    def _scrolled(self, name: str) -> QScrollArea:
        self._inner.setProperty("surface", "card")
        self._body.setContentsMargins(20, 0, 20, 4)
        self._body.setSpacing(16)
        area = self._area
        area.setObjectName(f"{name}Scroll")
        area.setWidget(self._inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _connect(self) -> None:
        self.add.clicked.connect(self.submit)
        self.another.clicked.connect(self.submit_and_go_on)
        self._cancel.clicked.connect(self.reject)
        set_tooltip(self.another, "Add and another (Ctrl+Enter)")

    def add_part(self, part: QWidget) -> None:
        """Put a part of the form below the others."""
        self._body.addWidget(part)

    def showEvent(self, event: QShowEvent) -> None:
        """Let Tab go through the parts first, then through the buttons as they stand."""
        super().showEvent(event)
        last = [
            part for part in self._inner.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus
        ][-1]
        for before, after in pairwise((last, self._cancel, self.another, self.add)):
            self.setTabOrder(before, after)

    def sizeHint(self) -> QSize:
        """Return room for the form, as far as the window has it."""
        wanted = self._inner.sizeHint().height() + 132
        most = self._window.height() - MARGIN
        return QSize(WIDTH, max(320, min(wanted, most)))

    def fit(self) -> None:
        """Take the size the form needs now, once Qt has laid its parts out."""
        self._body.activate()
        self.resize(self.sizeHint())

    # ------------------------------------------------------------ what a form says

    @property
    def typed(self) -> bool:
        """Whether anything was typed that would go with the form."""
        raise NotImplementedError

    async def make(self) -> Made | None:
        """Make the record; None when something cannot be read, which is then said at its field.

        Raises:
            InsticaError: nothing was made.
        """
        raise NotImplementedError

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it; False when the form has no such field."""
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of what was written down of the form."""
        raise NotImplementedError

    def start_over(self) -> None:
        """Make ready for another record."""
        raise NotImplementedError

    def words(self, made: Made) -> str:
        """Return what was made: “new copy of Aja”."""
        raise NotImplementedError

    # ------------------------------------------------------------ making

    def submit(self) -> None:
        """Make the record and close."""
        self._start(go_on=False)

    def submit_and_go_on(self) -> None:
        """Make the record and ask for another."""
        self._start(go_on=True)

    def _start(self, *, go_on: bool) -> None:
        if not self._making:  # a key pressed twice makes one record
            self._making = True
            self.scope.spawn(self._make_once(go_on), "make record", act=True)

    async def _make_once(self, go_on: bool) -> None:
        try:
            await self._make(go_on)
        finally:
            self._making = False

    async def _make(self, go_on: bool) -> None:
        self._say("")
        try:
            made = await self.make()
        except InsticaError as error:
            if not (isinstance(error, InputError) and self.show_error(error.field, error.message)):
                self._say(error.message)
            made = None
        if made is None:
            self._show_focus()
            return
        self.last = made
        self.forget()
        words = self.words(_short(made))
        self.context.did(Step(words=words, acts=made.acts), f"{words[:1].upper()}{words[1:]}")
        self.made.emit(made)
        if go_on:
            self.say(f"Added: {words.removeprefix('new ')}")
            self.start_over()
        else:
            self.accept()

    def _show_focus(self) -> None:
        """Bring the field that has the keyboard into view: it is the one with the error."""
        focused = cast("QWidget | None", self.focusWidget())
        if focused is not None and self._inner.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)

    def say_back(self, of: str) -> None:
        """Say why the form is not empty, and what it was typed for."""
        self.say(
            f"What you typed earlier{f' for {clipped(of)}' if of else ''} and did not add is here again."
        )

    def say(self, words: str) -> None:
        """Say something in the foot."""
        self._said.setText(words)

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    # ------------------------------------------------------------ leaving

    def done(self, result: int) -> None:
        """Close, and tell what was made."""
        super().done(result)
        if self.last is not None:
            self.ended.emit(self.last)

    def reject(self) -> None:
        """Close; ask first when something was typed. What is being made is not cut short."""
        if self._making:
            return
        if not self.typed:
            super().reject()
        elif not self.scope.busy("leave"):
            self.scope.spawn(self._leave(), "leave form", group="leave")

    async def _leave(self) -> None:
        words = ("Close without adding?", "What you typed here is not kept.", "Close")
        if await dialogs.confirm(self, *words, danger=True, keep="Go on typing"):
            self.forget()
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard, else adds; with Ctrl it goes on to another."""
        focused = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submit_and_go_on()
        elif isinstance(focused, Button):
            focused.click()
        else:
            self.submit()


def _short(made: Made) -> Made:
    """Return what was made by a title that fits a notice."""
    return replace(made, title=clipped(made.title))


def clipped(title: str) -> str:
    """Return a title, or as much of it as fits a notice."""
    return title if len(title) <= LONGEST else f"{title[:LONGEST].rstrip()} …"
