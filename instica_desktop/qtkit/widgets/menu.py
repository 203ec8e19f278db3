"""Menus: entries with icon and shortcut, as plain text, opened without a loop of their own."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.text import menu_text
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.tokens import Token


def make_menu(parent: QWidget, name: str) -> QMenu:
    """Return a menu that deletes itself when closed. Show it with `popup`."""
    menu = QMenu(parent)
    menu.setObjectName(name)
    round_off(menu)
    menu.setFont(fonts.font("body"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def add_action(
    menu: QMenu,
    text: str,
    act: Callable[[], object],
    *,
    icon: str = "",
    shortcut: str = "",
    enabled: bool = True,
    reason: str = "",
    token: Token = "text_2",
) -> QAction:
    """Add an entry. `act` must be a bound method or function; `reason` says why it is disabled."""
    words = menu_text(text)
    action = menu.addAction(f"{words} ({menu_text(reason)})" if reason and not enabled else words)
    action.setObjectName(text)
    if icon:
        action.setIcon(icons.icon(icon, token))
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutVisibleInContextMenu(True)
    action.setEnabled(enabled)
    action.triggered.connect(act)
    return action


def open_below(menu: QMenu, anchor: QWidget) -> None:
    """Open a menu under a widget."""
    menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))
