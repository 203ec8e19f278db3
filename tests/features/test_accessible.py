"""Whatever a person can act on has a name in the code, and one a screen reader can say."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QScrollArea, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.accounts import Account
from instica_desktop.features.context import Context, ScreenWidget
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.lists.typed_number import TypedNumber
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.orders.detail import OrderDetail
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from instica_desktop.features.settings.view import SettingsView
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.features.signin.connector import Checked
from instica_desktop.features.signin.view import SignInView
from instica_desktop.features.storage.view import StorageView
from instica_desktop.qtkit.dialogs import AskDialog, Choice
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.widgets.focus_ring import FocusRing
from instica_desktop.system.prefs import Prefs
from tests.features.conftest import Desk, until


def unnamed(root: QWidget) -> list[str]:
    """Return the widgets a person can act on that lack a name of either kind."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        by_key = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        acts = by_key or isinstance(widget, QAbstractButton)
        inner = isinstance(widget.parent(), QAbstractScrollArea) or isinstance(
            widget, QScrollBar | QScrollArea
        )
        said = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
        shown = widget.isVisibleTo(root) and not widget.objectName().startswith("qt_")
        if acts and shown and not inner and not (widget.objectName() and said):
            found.append(f"{type(widget).__name__} {widget.objectName()!r} {said!r}")
    return found


ACTING = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.PageTab,
    QAccessible.Role.Slider,
    QAccessible.Role.SpinBox,
    QAccessible.Role.Link,
    QAccessible.Role.MenuItem,
    QAccessible.Role.List,
    QAccessible.Role.Table,
}


def nameless(root: QWidget) -> list[str]:
    """Return what a screen reader is told of without a name: what acts, and what says it has the keyboard."""
    found: list[str] = []
    todo = [QAccessible.queryAccessibleInterface(root)]
    while todo:
        node = todo.pop()
        state, role = node.state(), node.role()
        if state.invisible:
            continue
        said = node.text(QAccessible.Text.Name).strip()
        if not said and (role in ACTING or state.focused):
            found.append(f"{role.name} in {node.parent().object()}")
        if role not in (QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.ComboBox):
            todo += [child for at in range(node.childCount()) if (child := node.child(at)) is not None]
    return found


@pytest.mark.parametrize("make", [InventoryView, ProductsView, OrdersView, SettingsView, StorageView])
async def test_a_screen_reader_is_told_of_nothing_nameless_wherever_the_keyboard_is(
    qtbot: QtBot, desk: Desk, make: Callable[..., ScreenWidget]
) -> None:
    async with desk() as context:
        home = QWidget()
        qtbot.addWidget(home)
        home.resize(1240, 820)
        screen = make(context, home)
        screen.resize(1240, 820)
        home.show()
        home.activateWindow()
        await until(home.isActiveWindow)
        screen.activate()
        if isinstance(screen, RecordScreen):
            await until(lambda: screen.pane.row, "a record in the pane")
        stops = [
            part
            for part in screen.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
        ]
        assert len(stops) > 3
        assert nameless(screen) == []
        for stop in stops:
            stop.setFocus()
            assert nameless(stop) == [], stop.objectName()
        screen.leave()


@pytest.mark.parametrize("make", [InventoryView, ProductsView, OrdersView, SettingsView, StorageView])
async def test_the_ring_around_what_has_the_keyboard_is_seen_whole(
    qtbot: QtBot, desk: Desk, make: Callable[..., ScreenWidget]
) -> None:
    async with desk() as context:
        home = QWidget()
        qtbot.addWidget(home)
        home.resize(1240, 820)
        screen = make(context, home)
        screen.resize(1240, 820)
        home.show()
        home.activateWindow()
        await until(home.isActiveWindow)
        screen.activate()
        if isinstance(screen, RecordScreen):
            await until(lambda: screen.pane.row, "a record in the pane")
        stops = [
            part
            for part in screen.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
        ]
        rings = 0
        for stop in stops:
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            for ring in screen.findChildren(FocusRing):
                if ring.isVisible():
                    rings += 1
                    host = ring.parentWidget()
                    assert host is not None
                    assert host.rect().contains(ring.geometry()), stop.objectName()
        assert rings > 2
        screen.leave()


@pytest.mark.parametrize("make", [InventoryView, ProductsView, OrdersView])
async def test_every_screen(qtbot: QtBot, desk: Desk, make: Callable[[Context], ScreenWidget]) -> None:
    async with desk() as context:
        screen = make(context)
        qtbot.addWidget(screen)
        screen.resize(1240, 820)
        screen.show()
        screen.activate()
        table = screen.findChildren(EntityTableView)[0]
        pane = screen.pane if isinstance(screen, RecordScreen) else screen.findChild(OrderDetail)
        # Other tests ship the orders of this server: then nothing waits, and that view has names too.
        await until(lambda: pane.row or table.table_model.count == 0, "a record in the pane")
        assert screen.findChildren(QAbstractButton)
        assert unnamed(screen) == []
        screen.leave()


async def test_every_form_and_page(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        home = QWidget()
        qtbot.addWidget(home)
        home.resize(1240, 820)
        home.show()
        copy, product = NewCopyDialog(context, home), NewProductDialog(context, home)
        offer = OfferDialog(home, (("ebay", "eBay"), ("etsy", "Etsy")), None)
        act = (Choice("act", "Delete", "danger"),)
        number = AskDialog(home, "Delete 3?", "Type 3.", act, content=TypedNumber(3))
        for dialog in (copy, product, offer, number):
            dialog.open()
            assert unnamed(dialog) == []
        copy.picker.new_asked.emit("Aja")
        assert copy.fields.isVisible()
        assert unnamed(copy) == []
        for dialog in (copy, product, offer, number):
            dialog.done(0)
        for make in (SettingsView, StorageView):
            page = make(context, home)
            page.resize(1200, 800)
            page.show()
            page.activate()
            assert unnamed(page) == []
            page.leave()


class Nobody:
    """Opens no shop."""

    async def check(self, base_url: str, key: str) -> Checked:
        raise AssertionError

    async def connect_to(self, base_url: str, key: str, *, keep: bool) -> None:
        raise AssertionError

    async def open_local(self, *, demo: bool) -> None:
        raise AssertionError

    async def open_account(self, account: Account) -> None:
        raise AssertionError


async def test_the_window_and_the_first_run(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        prefs: Prefs = context.prefs
        window = MainWindow(prefs)
        qtbot.addWidget(window)
        window.show_shop(context, ())
        assert unnamed(window) == []
        window.show_welcome(SignInView(Nobody(), [], can_go_back=True))
        assert unnamed(window) == []
        window.leave_shop()
