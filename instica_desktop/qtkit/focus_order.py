"""The order in which Tab goes through widgets that are made later than those around them."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_at(place: QWidget, *widgets: QWidget) -> None:
    """Let Tab reach widgets in this order where `place` stands, rather than last of all.

    Qt takes no widget as a mark that takes no keyboard itself, so the one before it is looked for.
    """
    before = cast(QWidget, place.previousInFocusChain())
    while before is not place and (
        before in widgets
        or before.window() is not place.window()
        or not before.focusPolicy() & Qt.FocusPolicy.TabFocus
    ):
        before = cast(QWidget, before.previousInFocusChain())
    for widget in widgets:
        QWidget.setTabOrder(before, widget)
        before = widget
