"""What becomes of unsent edits before a shop is left: send them, write them into a file, or keep them."""

from collections.abc import Coroutine
from typing import Any, Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.features.context import Context
from instica_desktop.features.shell.words import edits
from instica_desktop.features.standing import standing
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Meter

Purpose = Literal["switch", "sign_out", "remove"]
Answer = Literal["stay", "keep", "export", "sent"]

KEPT = "They can stay on this computer and wait until this shop is opened here again."
SENTENCES: dict[Purpose, str] = {
    "switch": KEPT,
    "sign_out": "The key and the copy of the shop are removed from this computer. "
    "The edits can stay and wait until you connect to this shop again.",
    "remove": "Removing the shop from this computer removes them too. Send them, or write them into a file "
    "first; there is no other way to get them back.",
}
RESTORED = "They come from a backup: look through them in Activity before they are sent."
SETTLE_MS = 60


class LeaveDialog(QDialog):
    """Asks, and sends while it is open. `answer` holds once it has closed; `sent`: nothing is left."""

    def __init__(self, parent: QWidget, context: Context, purpose: Purpose) -> None:
        super().__init__(parent)
        name_widget(self, "leaveDialog", "Unsent edits")
        self.setWindowTitle("Unsent edits")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(560)
        self.answer: Answer = "stay"
        self.told_to_send = False
        """Whether “Send now” was pressed; else what is “sent” went out by itself, which answers nothing."""
        self._context = context
        self._purpose: Purpose = purpose
        self._scope = TaskScope(self)
        self._of = 0  # how many were left when sending began; 0 while it is only asked
        self.title = Label("", self, role="h2", wrap=True)
        self.sentence = Label("", self, ink="text_2", wrap=True)
        self.meter = Meter("Sending", self)
        self.stay = Button("Cancel", "leaveStay", self, variant="plain", keys=("Esc",))
        self.keep = Button("Keep them here", "leaveKeep", self)
        self.export = Button("Save to a file…", "leaveExport", self)
        self.send = Button("Send now", "leaveSend", self, variant="filled")
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.show_state)
        self._lay_out()
        self._wire()
        self.show_state()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for button in (self.stay, self.keep, self.export, self.send):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for part in (self.title, self.sentence, self.meter):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(row)

    def _wire(self) -> None:
        self.stay.clicked.connect(self.reject)
        self.keep.clicked.connect(self._keep)
        self.export.clicked.connect(self._export)
        self.send.clicked.connect(self.send_now)
        self._context.shop.on_state.append(self._changed)
        self.finished.connect(self._let_go)

    def _changed(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _let_go(self, _result: int = 0) -> None:
        self._settle.stop()
        if self._changed in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._changed)

    # ------------------------------------------------------------ showing

    def show_state(self) -> None:
        """Show what is left; close when nothing is."""
        counts, can_send = self._context.shop.counts(), self._can_send()
        left = counts.waiting + counts.sending + counts.needs_user
        if not left:
            self._close("sent")
            return
        if not can_send or left == counts.needs_user:
            self._of = 0
        self.title.setText(self._title(left))
        self.sentence.setText(self._sentence(counts.needs_user, can_send=can_send))
        self.meter.setVisible(bool(self._of))
        self.meter.set_value((self._of - left) / self._of if self._of else 0.0)
        self.send.setVisible(can_send and left > counts.needs_user)
        self.send.set_busy(bool(self._of))
        self.keep.setVisible(self._purpose != "remove")
        self._keep_focus_seen()
        if layout := self.layout():  # as high as the words need at this width, and no higher
            self.setFixedHeight(layout.totalHeightForWidth(self.width()))

    def _keep_focus_seen(self) -> None:
        """Keep the keyboard on a button that can be pressed: the likely one, Cancel while sending."""
        usable = [one for one in (self.send, self.keep, self.stay) if one.isEnabled() and not one.isHidden()]
        if self.focusWidget() not in (*usable, self.export):
            (self.stay if self._of else usable[0]).setFocus(Qt.FocusReason.TabFocusReason)

    def _can_send(self) -> bool:
        return self._context.shop.state.can_send and not self._context.shop.held_back

    def _title(self, left: int) -> str:
        if self._of:
            return f"Sending, {left:,} left"
        have = "has" if left == 1 else "have"
        return f"{edits(left)} of {self._context.account.label or 'this shop'} {have} not been sent"

    def _sentence(self, needs_user: int, *, can_send: bool) -> str:
        parts = [SENTENCES[self._purpose]]
        if needs_user:
            need = "needs" if needs_user == 1 else "need"
            parts.append(f"{edits(needs_user)} {need} your decision first, in Activity.")
        if self._context.shop.held_back:
            parts.append(RESTORED)
        elif not can_send:
            state, account = self._context.shop.state, self._context.account
            parts.append(f"They cannot be sent now: {standing(state, account, utc_now()).title}.")
        return " ".join(parts)

    # ------------------------------------------------------------ acts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do nothing but press the button that shows the focus."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def send_now(self) -> None:
        """Send what waits, and close when all is on the server."""
        self.told_to_send = True
        counts = self._context.shop.counts()
        self._of = counts.waiting + counts.sending + counts.needs_user
        self.show_state()
        self._spawn(self._context.shop.send_now())

    def _keep(self) -> None:
        self._close("keep")

    def _export(self) -> None:
        self._close("export")

    def _close(self, answer: Answer) -> None:
        self.answer = answer
        self.accept()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._scope.spawn(work, "send before leaving", group="send", exclusive=True)
