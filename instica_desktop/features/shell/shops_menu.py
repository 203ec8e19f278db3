"""The shops of this computer as menu entries: the open one is marked, a key or a click opens another."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from instica_desktop.core.accounts import Account
from instica_desktop.qtkit.text import menu_text
from instica_desktop.system.accounts import Accounts

if TYPE_CHECKING:
    from instica_desktop.features.shell.window import MainWindow

WITH_KEYS = 9
"""So many shops have a key of their own: Ctrl+Shift+1 to Ctrl+Shift+9. Ctrl with a number is a screen."""


class ShopsMenu(QObject):
    """Puts one entry for each known shop before an action of some menus."""

    def __init__(self, window: "MainWindow", menus: Sequence[QMenu], before: QAction) -> None:
        super().__init__(window)
        self._window = window
        self._menus = menus
        self._before = before
        self._current: Account | None = None
        self._actions: list[QAction] = []
        self._shown: list[Account] = []
        for menu in menus:
            menu.aboutToShow.connect(self.look_again)

    def show(self, current: Account | None) -> None:
        """Mark the shop that is open; None for none."""
        self._current = current
        self.look_again()

    def look_again(self) -> None:
        """Show the shops that are known by now: another window may have added one."""
        accounts = Accounts(self._window.prefs).all()
        if accounts != self._shown:
            self._fill(accounts)
        for account, action in zip(self._shown, self._actions, strict=False):
            action.setChecked(self._current is not None and account.id == self._current.id)

    def _fill(self, accounts: Sequence[Account]) -> None:
        for action in self._actions:
            for menu in self._menus:
                menu.removeAction(action)
            self._window.removeAction(action)
            action.deleteLater()
        self._shown = list(accounts)
        self._actions = [self._entry(number, account) for number, account in enumerate(accounts, 1)]
        if self._actions:
            separator = QAction(self._window)
            separator.setSeparator(True)
            self._put(separator)
            self._actions.append(separator)

    def _entry(self, number: int, account: Account) -> QAction:
        action = QAction(menu_text(words_of(account, self._shown)), self._window)
        action.setObjectName(f"shop_{number}")
        action.setCheckable(True)
        if number <= WITH_KEYS:
            action.setShortcut(QKeySequence(f"Ctrl+Shift+{number}"))
        action.triggered.connect(partial(self._choose, account))
        self._put(action)
        self._window.addAction(action)
        return action

    def _put(self, action: QAction) -> None:
        for menu in self._menus:
            menu.insertAction(self._before, action)

    def _choose(self, account: Account, _checked: bool = False) -> None:
        self.look_again()  # a click unchecked the mark; it moves when the shop is open
        if self._current is None or account.id != self._current.id:
            self._window.account_chosen.emit(account)


def words_of(account: Account, among: Sequence[Account]) -> str:
    """Return a shop's name, with what tells it from another of that name, and whether it is signed out."""
    name = name_of(account, among)
    return f"{name}, signed out" if account.signed_out else name


def name_of(account: Account, among: Sequence[Account]) -> str:
    """Return a shop's name; with its server where another is called the same, and its number where that is
    the same too."""
    host = urlsplit(account.base_url).netloc
    name = account.label or host or "Shop"
    twins = [shop for shop in among if shop.label == account.label]
    if len(twins) < 2:
        return name
    alike = [shop.id for shop in twins if urlsplit(shop.base_url).netloc == host]
    number = f"no. {alike.index(account.id) + 1}" if len(alike) > 1 and account.id in alike else ""
    told = ", ".join(part for part in (host if host != name else "", number) if part)
    return f"{name} ({told})" if told else name
