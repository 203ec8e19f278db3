"""Every dialog fits a screen of 800 × 600: heading and buttons stay, what is between them scrolls."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.context import Context
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.features.lists.typed_number import TypedNumber
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.shell import geometry
from instica_desktop.features.shell.help import FRAME, AboutDialog, ShortcutsDialog
from instica_desktop.features.shell.report_dialog import ReportDialog
from instica_desktop.qtkit.dialogs import AskDialog, Choice
from instica_desktop.qtkit.widgets.indicators import KeyCap
from instica_desktop.qtkit.widgets.search_field import ROOM_FOR_KEYS
from tests.features.conftest import Desk
from tests.features.shell.conftest import SCREENS

ROOM = QSize(800, 600) - FRAME
PLATFORMS = (("ebay", "eBay"), ("etsy", "Etsy"))
ACTS = (Choice("act", "Delete", "danger"),)
Make = Callable[[Context, QWidget], QDialog]
DIALOGS: dict[str, Make] = {
    "shortcuts": lambda _context, home: ShortcutsDialog(home, SCREENS),
    "about": lambda _context, home: AboutDialog(home),
    "report": lambda _context, home: ReportDialog(home, "Details", "What failed.", "line\n" * 200),
    "new copy": lambda context, home: NewCopyDialog(context, home),
    "new product": lambda context, home: NewProductDialog(context, home),
    "offer": lambda _context, home: OfferDialog(home, PLATFORMS, None),
    "question": lambda _context, home: AskDialog(
        home, "Delete 3?", "Type 3. " * 30, ACTS, content=TypedNumber(3)
    ),
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_fits_and_its_buttons_are_in_sight(qtbot: QtBot, desk: Desk, name: str) -> None:
    async with desk() as context:
        home = QWidget()
        qtbot.addWidget(home)
        home.resize(geometry.LEAST)
        home.show()
        dialog = DIALOGS[name](context, home)
        dialog.open()
        dialog.resize(dialog.size().boundedTo(ROOM))
        assert dialog.size().boundedTo(ROOM) == dialog.size()
        area = dialog.rect()
        buttons = [
            button
            for button in dialog.findChildren(QAbstractButton)
            if button.isVisible() and not _scrolls(button, dialog)
        ]
        assert buttons
        for button in buttons:
            assert area.contains(button.mapTo(dialog, QPoint(button.width() - 1, button.height() - 1)))
        dialog.done(0)


def _scrolls(widget: QWidget, top: QWidget) -> bool:
    """Tell whether a widget stands in something that scrolls."""
    parent = widget.parentWidget()
    while parent is not None and parent is not top:
        if parent.inherits("QAbstractScrollArea"):
            return True
        parent = parent.parentWidget()
    return False


def test_the_list_of_keys_is_read_to_its_end_by_keys(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    home.show()
    dialog = ShortcutsDialog(home, SCREENS)
    dialog.open()
    dialog.resize(dialog.width(), 400)
    bar = dialog.findChildren(QWidget, "shortcutsDialogScroll")[0].verticalScrollBar()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(dialog.close_button, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(dialog.close_button, Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()
    dialog.reject()


@pytest.mark.parametrize("width", [800 - 64, 1240])
async def test_what_is_searched_for_has_the_room_of_the_key_that_leads_there(
    qtbot: QtBot, desk: Desk, width: int
) -> None:
    async with desk() as context:
        view = OrdersView(context)
        qtbot.addWidget(view)
        view.resize(width, 560)
        view.show()
        view.activate()
        field = view.browser.search
        (hint,) = field.findChildren(KeyCap)
        whole = field.rect()
        assert hint.isHidden() or whole.contains(hint.geometry())
        assert not hint.isHidden() or field.width() < ROOM_FOR_KEYS
        field.edit.setText("Anna Berg")
        assert hint.isHidden()
        field.layout().activate()  # pyright: ignore[reportOptionalMemberAccess]
        words = field.edit.fontMetrics().horizontalAdvance("Anna Ber")
        assert field.edit.width() >= words
        field.clear()
        view.leave()
