"""The first thing a new user sees: two ways to open a shop, and the shops this computer knows."""

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from instica_desktop.core.accounts import LOCAL_ID, Account, AccountKind
from instica_desktop.core.errors import InsticaError, Stayed
from instica_desktop.features.signin.connector import Checked, Connector
from instica_desktop.features.signin.form import ConnectForm
from instica_desktop.features.signin.mark import Mark
from instica_desktop.features.signin.problem import ProblemBox
from instica_desktop.features.signin.ways import KnownShops, LocalPanel, WayCard
from instica_desktop.qtkit.tasks import TaskScope, report
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.edge_scroll_bar import EdgeScrollBar
from instica_desktop.system.credentials import Credentials

__all__ = ["Checked", "Connector", "SignInView"]

WIDTH = 880
FORM = (440, 464)
"""The least width of what is beside the ways, and the usual one."""
GAP = 24
HINT = "You can add another shop or switch between shops at any time under File."


class SignInView(QWidget):
    """Shows the ways in. `back_requested` leads back to the shop that is open behind it."""

    back_requested = Signal()
    notice = Signal(str)
    """Something the window should say although the shop is open by now."""

    def __init__(
        self,
        connector: Connector,
        accounts: Sequence[Account],
        can_go_back: bool,
        credentials: Credentials | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("signIn")
        self._connector = connector
        self._can_go_back = can_go_back
        self._scope = TaskScope(self)
        remote = next((shop for shop in accounts if shop.kind is AccountKind.REMOTE), None)
        self.connect_way = WayCard(
            "wayConnect",
            "Connect to Instica",
            "Work with your own inventory and orders.",
            "key-round",
            "Alt 1",
            self,
        )
        self.local_way = WayCard(
            "wayLocal",
            "Open a local shop",
            "Try everything with 2,000 sample records, or start your own shop on this computer.",
            "store",
            "Alt 2",
            self,
        )
        self.form = ConnectForm(connector, remote.base_url if remote else "", self, credentials)
        self.local = LocalPanel(any(shop.id == LOCAL_ID for shop in accounts), self)
        self.problem = ProblemBox(self)
        self.known = KnownShops(accounts, self) if accounts else None
        self.back = Button("Back", "back", self, variant="plain", icon="arrow-left", keys=("Esc",))
        self.back.setVisible(can_go_back)
        self._panels = QStackedWidget(self)
        self._lay_out()
        self._wire()
        self.connect_way.setChecked(True)

    # ------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        page = QWidget()
        page.setObjectName("signInPage")
        page.setProperty("surface", "base")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        centred = QHBoxLayout(page)
        centred.setContentsMargins(GAP, 24, GAP, 24)
        centred.addStretch()
        centred.addLayout(self._column(page), 0)
        centred.addStretch()
        scroll = QScrollArea(self)
        scroll.setObjectName("signInScroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        EdgeScrollBar(scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _column(self, page: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addStretch(2)
        column.addWidget(Mark(page))
        column.addSpacing(20)
        column.addWidget(Label("Welcome to Instica Desktop", page, role="h1"))
        column.addSpacing(4)
        sentence = "Catalogue, price and ship your records, with or without a connection."
        column.addWidget(Label(sentence, page, role="large", ink="text_2"))
        column.addSpacing(20)
        column.addWidget(self.problem)
        column.addSpacing(12)
        column.addLayout(self._ways())
        column.addSpacing(24)
        column.addWidget(Label(HINT, page, role="caption", ink="text_3"))
        column.addStretch(3)
        return column

    def _ways(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.connect_way)
        left.addWidget(self.local_way)
        if self.known:
            left.addWidget(self.known)
        left.addStretch()
        for panel in (self.form, self.local):
            self._panels.addWidget(panel)
        ways = QHBoxLayout()
        ways.setSpacing(GAP)
        ways.addLayout(left)
        ways.addWidget(self._panels)
        return ways

    def _share(self) -> None:
        """Give ways and form their widths: the usual ones, or what a small window has."""
        width = min(WIDTH, self.width() - 2 * GAP)
        beside = min(FORM[1], max(FORM[0], width - GAP - (WIDTH - GAP - FORM[1])))
        self._panels.setFixedWidth(beside)
        for part in (self.connect_way, self.local_way, self.known):
            if part:
                part.setFixedWidth(width - GAP - beside)

    def _wire(self) -> None:
        self.connect_way.toggled.connect(self._way_changed)
        self.connect_way.clicked.connect(self._focus_panel)
        self.local_way.clicked.connect(self._focus_panel)
        self.form.failed.connect(self.show_problem)
        for field in (self.form.address, self.form.key):
            field.textEdited.connect(self._typed)
        self.local.chosen.connect(self.open_local)
        self.back.clicked.connect(self.back_requested)
        if self.known:
            self.known.chosen.connect(self.open_account)

    def _typed(self, _text: str) -> None:
        self.problem.clear()

    def _way_changed(self, connecting: bool) -> None:
        self._panels.setCurrentWidget(self.form if connecting else self.local)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Put the keyboard on the key. A focus proxy would send Tab back there from the end of the form."""
        self.form.key.setFocus(reason)

    def _focus_panel(self) -> None:
        target = self.form.key if self.connect_way.isChecked() else self.local
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ------------------------------------------------------------ acts

    def show_problem(self, error: InsticaError) -> None:
        """Say what went wrong before this view was shown, or with a way that has no field."""
        if isinstance(error, Stayed):
            self.notice.emit(error.message)
        else:
            self.problem.show_problem(error)

    def open_local(self, demo: bool) -> None:
        """Open the local shop."""
        self._open(self._connector.open_local(demo=demo), "open the local shop")

    def ask_for_key(self, account: Account) -> None:
        """Lead the keyboard to the key of a shop whose server is known."""
        self.connect_way.setChecked(True)
        self.form.address.setText(account.base_url)
        self.form.key.clear()
        self.form.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_account(self, account: Account) -> None:
        """Open a known shop; one that was signed out of needs its key first."""
        if account.signed_out:
            self.ask_for_key(account)
            return
        self._open(self._connector.open_account(account), "open a known shop")

    def _open(self, work: Coroutine[Any, Any, None], name: str) -> None:
        if self._scope.busy("open"):
            work.close()
            return
        self.problem.clear()
        self._show_busy(True)
        self._scope.spawn(work, name, group="open", on_error=self._failed)

    def _failed(self, error: BaseException) -> None:
        self._show_busy(False)
        if isinstance(error, InsticaError):
            self.show_problem(error)
        else:
            report(error, "opening a shop")

    def _show_busy(self, busy: bool) -> None:
        self.local.set_busy(busy)
        if self.known:
            self.known.setEnabled(not busy)

    # ------------------------------------------------------------ Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Look for a keyring once there is somebody to tell."""
        super().showEvent(event)
        self.form.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make do with the width of a small window."""
        super().resizeEvent(event)
        self._share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Esc."""
        if event.key() == Qt.Key.Key_Escape and self._can_go_back:
            self.back_requested.emit()
            return
        super().keyPressEvent(event)
