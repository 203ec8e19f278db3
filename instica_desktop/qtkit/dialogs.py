"""Questions and file choosers one can await. They open without a loop of their own.

`exec()` inside a coroutine would stop every other task until the dialog closes, some of them for good.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from instica_desktop.qtkit.tasks import asking
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.button import Button, Variant

ButtonRole = Literal["main", "other", "danger", "safe"]
_VARIANTS: dict[ButtonRole, Variant] = {
    "main": "filled",
    "other": "outlined",
    "danger": "danger",
    "safe": "plain",
}


class Choice(msgspec.Struct, frozen=True):
    """One button: the key `ask` returns, its word, and its part. Esc is the first `safe` one, else no
    answer."""

    key: str
    label: str
    role: ButtonRole = "other"


class Gate(QWidget):
    """What must be right before any but the safe buttons can be pressed; `opened(bool)` as that changes."""

    opened = Signal(bool)


class AskDialog(QDialog):
    """Heading, sentence, perhaps a widget, and buttons at the right.

    The keyboard starts in the gate, else on what does no harm where another choice would, else on the main
    button.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        choices: Sequence[Choice],
        details: str = "",
        content: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name_widget(self, "askDialog", title, text)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(400)
        self.setMaximumWidth(560)
        self._acts: list[Button] = []
        self.answer = next((choice.key for choice in choices if choice.role == "safe"), "")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(title, self, role="h2", wrap=True))
        column.addWidget(Label(text, self, ink="text_2", wrap=True))
        self._add_details(column, details)
        if content is not None:
            content.setParent(self)
            column.addWidget(content)
        column.addSpacing(8)
        column.addLayout(self._buttons(choices))
        if isinstance(content, Gate):
            self._let(False)
            content.opened.connect(self._let)
            content.setFocus()

    def _add_details(self, column: QVBoxLayout, details: str) -> None:
        """Hide technical text behind “Details”."""
        if not details:
            return
        self._details = Label(details, self, role="caption", ink="text_2", wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.hide()
        show = Button("Details", "askDetails", self, variant="plain", height=24)
        show.setCheckable(True)
        show.toggled.connect(self._details.setVisible)
        column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._details)

    def _buttons(self, choices: Sequence[Choice]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        harmful = any(choice.role == "danger" for choice in choices)
        for choice in choices:
            button = Button(choice.label, f"ask_{choice.key}", self, variant=_VARIANTS[choice.role])
            button.setProperty("key", choice.key)
            button.clicked.connect(self._pressed)
            row.addWidget(button)
            if choice.role != "safe":
                self._acts.append(button)
            if choice.role == "safe" if harmful else choice.role == "main" or choice is choices[-1]:
                button.setDefault(choice.role == "main")
                button.setFocus()
        return row

    def _let(self, opened: bool) -> None:
        """Let the acts be pressed, by Enter too, or not."""
        for button in self._acts:
            button.setEnabled(opened)
            button.setDefault(opened)

    def _pressed(self) -> None:
        self.answer = str(self.sender().property("key"))
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the focus."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, Button):
            focused.click()
            return
        super().keyPressEvent(event)


class _Answer:
    """Carries the end of a dialog to the coroutine that waits for it."""

    def __init__(self, dialog: QDialog) -> None:
        self.future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dialog.finished.connect(self.finished)

    def finished(self, result: int) -> None:
        """Wake the coroutine."""
        if not self.future.done():
            self.future.set_result(result)


async def show(dialog: QDialog) -> int:
    """Open any dialog and return its result when it closes. Cancelling the task closes it."""
    answer = _Answer(dialog)
    dialog.open()
    try:
        with asking():
            return await answer.future
    except asyncio.CancelledError:
        if isValid(dialog):  # it may have gone with the window it stood on
            dialog.reject()
        raise


async def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    choices: Sequence[Choice],
    *,
    details: str = "",
    content: QWidget | None = None,
) -> str:
    """Ask and return the key of the button pressed; Esc gives the first safe key, or an empty string."""
    dialog = AskDialog(parent, title, text, choices, details, content)
    await show(dialog)
    return dialog.answer


async def confirm(
    parent: QWidget | None, title: str, text: str, act: str, *, danger: bool = False, keep: str = "Cancel"
) -> bool:
    """Ask whether to do something. True when the button named `act` was pressed."""
    choices = (Choice("keep", keep, "safe"), Choice("act", act, "danger" if danger else "main"))
    return await ask(parent, title, text, choices) == "act"


async def tell(parent: QWidget | None, title: str, text: str, *, details: str = "") -> None:
    """Say something that needs no decision."""
    await ask(parent, title, text, (Choice("ok", "OK", "main"),), details=details)


async def open_files(
    parent: QWidget | None, title: str, filters: str, *, many: bool = True, folder: Path | None = None
) -> list[Path]:
    """Let the user choose files; empty when they changed their mind. `filters` as in QFileDialog."""
    dialog = QFileDialog(parent, title, str(folder or ""), filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    return await _chosen(dialog)


async def open_folder(parent: QWidget | None, title: str) -> Path | None:
    """Let the user choose a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(await _chosen(dialog)), None)


async def save_file(parent: QWidget | None, title: str, name: str, filters: str) -> Path | None:
    """Let the user choose where to save; the system asks before it overwrites."""
    dialog = QFileDialog(parent, title, name, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return next(iter(await _chosen(dialog)), None)


async def _chosen(dialog: QFileDialog) -> list[Path]:
    dialog.setObjectName("fileDialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    try:
        accepted = await show(dialog) == QDialog.DialogCode.Accepted
        return [Path(name) for name in dialog.selectedFiles()] if accepted else []
    finally:
        dialog.deleteLater()
