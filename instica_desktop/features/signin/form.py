"""The form that connects to a server: address, key, whether to keep it, Connect."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.features.signin.connector import Checked, Connector
from instica_desktop.features.signin.fields import AddressField, CheckLine, KeyField
from instica_desktop.features.signin.verdict import accepted_words, is_whole, place_of, words_of
from instica_desktop.qtkit.tasks import TaskScope, report
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.checks import CheckBox
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.system.credentials import Credentials

DEFAULT_ADDRESS = "https://app.instica.com"
KEEPS = "It is never written to a plain file and is sent to this address only."
KEEPS_NOT = "This computer has no keyring that works, so the key is kept for this session only."


class ConnectForm(QFrame):
    """Checks the key when a field is left. `failed` carries errors that belong to no field.

    While somebody types, nothing is sent: half an address may be that of somebody else.
    """

    failed = Signal(object)

    def __init__(
        self, connector: Connector, address: str, parent: QWidget, credentials: Credentials | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("connectForm")
        self.setProperty("card", True)
        self._connector = connector
        self._credentials = credentials or Credentials()
        self._scope = TaskScope(self)
        self._checked: Checked | None = None
        self._asked = ("", "")
        self.address = AddressField(self)
        self.address.setText(address or DEFAULT_ADDRESS)
        self.key = KeyField(self)
        self.address_field = FormField("Address", self.address, self)
        self.key_field = FormField("API key", self.key, self)
        self.line = CheckLine(self)
        self.keep = CheckBox("Keep the key in the system keyring", "keepKey", self)
        self.keep.setChecked(True)
        self.keep_note = Label(KEEPS, self, role="caption", ink="text_3", wrap=True)
        self.connect_button = Button(
            "Connect", "connect", self, variant="filled", height=40, keys=("↵",), accessible="Connect"
        )
        self._lay_out()
        self._wire()
        self._typed()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addWidget(Label("Connect to Instica", self, role="h3"))
        column.addSpacing(2)
        column.addWidget(Label("Create a key on the web under Settings, API keys.", self, ink="text_2"))
        column.addSpacing(20)
        column.addWidget(self.address_field)
        column.addSpacing(16)
        column.addWidget(self.key_field)
        column.addSpacing(6)
        column.addWidget(self.line)
        column.addSpacing(14)
        column.addWidget(self.keep)
        note = QHBoxLayout()
        note.setContentsMargins(24, 2, 0, 0)
        note.addWidget(self.keep_note)
        column.addLayout(note)
        column.addSpacing(24)
        column.addStretch()
        column.addWidget(self.connect_button, 0, Qt.AlignmentFlag.AlignRight)

    def _wire(self) -> None:
        self.address.textChanged.connect(self._typed)
        self.key.textChanged.connect(self._typed)
        self.address.returnPressed.connect(self.connect_now)
        self.key.returnPressed.connect(self.connect_now)
        self.connect_button.clicked.connect(self.connect_now)
        self.address.editingFinished.connect(self._left)
        self.key.editingFinished.connect(self._left)

    async def look_for_keyring(self) -> None:
        """Find out whether the system can keep a key; asking may take a moment."""
        if not await self._credentials.backend_name():
            self.keep.setChecked(False)
            self.keep.setEnabled(False)
            self.keep_note.setText(KEEPS_NOT)

    def start(self) -> None:
        """Begin to look around, once there is a loop."""
        self._scope.spawn(self.look_for_keyring(), "look for a keyring", group="keyring")

    @property
    def checked(self) -> Checked | None:
        """Whose key it is, once that is known and nothing was typed since."""
        return self._checked

    # ------------------------------------------------------------ typing

    def _typed(self) -> None:
        """What was known about the fields is known no more."""
        self._checked = None
        self._scope.cancel_group("check")
        self.line.clear()
        self.address_field.set_error()
        self.key_field.set_error()
        self._asked = ("", "")
        self.connect_button.setEnabled(bool(self.address.address() and self.key.text()))

    def _left(self) -> None:
        """Ask whose key it is, once for what stands there, where the address is no mere beginning of one."""
        typed = (self.address.address(), self.key.text())
        if self._scope.busy("connect") or not all(typed) or typed == self._asked or not is_whole(typed[0]):
            return
        self._asked = typed
        self.line.show_checking()
        self._spawn(self._ask(*typed), "check the key", "check", self._check_failed)

    async def _ask(self, address: str, key: str) -> None:
        checked = await self._connector.check(address, key)
        self._checked = checked
        self.line.show_accepted(accepted_words(checked))

    # ------------------------------------------------------------ connecting

    def connect_now(self) -> None:
        """Open the shop. Does nothing while a field is empty or a shop is being opened."""
        if not self.connect_button.isEnabled() or self._scope.busy("connect"):
            return
        self._scope.cancel_group("check")
        self._show_busy(True)
        self._spawn(self._connect(), "connect", "connect", self._connecting_failed)

    async def _connect(self) -> None:
        keep = self.keep.isChecked()
        self.address_field.set_error()
        self.key_field.set_error()
        if self._checked is None:
            self.line.show_checking()
        await self._connector.connect_to(self.address.address(), self.key.text(), keep=keep)
        self._show_busy(False)

    def _show_busy(self, busy: bool) -> None:
        self.connect_button.set_busy(busy)
        self.address.setReadOnly(busy)
        self.key.setReadOnly(busy)

    def _spawn(
        self,
        work: Coroutine[Any, Any, None],
        name: str,
        group: str,
        failed: Callable[[BaseException], None],
    ) -> None:
        self._scope.spawn(work, name, group=group, exclusive=True, on_error=failed)

    def _check_failed(self, error: BaseException) -> None:
        self._went_wrong(error)

    def _connecting_failed(self, error: BaseException) -> None:
        """Lead the keyboard to what must be put right; a check alone leaves it where the person types."""
        self._show_busy(False)
        field = self._went_wrong(error)
        if field:
            field.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _went_wrong(self, error: BaseException) -> FormField | None:
        self.line.clear()
        if isinstance(error, InsticaError):
            return self.show_error(error)
        report(error, "connecting")
        return None

    def show_error(self, error: InsticaError) -> FormField | None:
        """Say what is wrong at the field it is about, and return that field; others go to `failed`."""
        place = place_of(error)
        if place == "form":
            self.failed.emit(error)
            return None
        field = self.address_field if place == "address" else self.key_field
        field.set_error(words_of(error))
        return field
