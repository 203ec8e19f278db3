"""Wherever Tab goes, one sees it: the picture differs, and nothing of the sign is cut off."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.context import Context
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from instica_desktop.features.settings.view import SettingsView
from instica_desktop.features.storage.view import StorageView
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.widgets.focus_ring import FocusRing
from tests.features.conftest import Desk, until
from tests.features.test_keyboard import tab_stops


def unseen(root: QWidget) -> list[str]:
    """Return the stops of Tab at which nothing shows that the keyboard is there, or not all of it."""
    found: list[str] = []
    park = QWidget(root)
    park.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    park.show()
    for stop in tab_stops(root):
        if stop is park:
            continue
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.sendPostedEvents()

        with_focus = root.grab().toImage()
        rings = root.findChildren(FocusRing)
        cut = [ring for ring in rings if ring.isVisible() and not whole(ring, root)]
        park.setFocus()
        QApplication.sendPostedEvents()
        if root.grab().toImage() == with_focus or cut:
            found.append(f"{stop.objectName()}{' (cut off)' if cut else ''}")
    park.deleteLater()
    return found


def whole(ring: QWidget, root: QWidget) -> bool:
    """Tell whether all of a ring can be seen, whatever scrolled area it is in."""
    seen = QRect(ring.mapTo(root, QPoint(0, 0)), ring.size())
    widget = ring.parentWidget()
    while widget is not None and widget is not root:
        if not QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).contains(seen):
            return False
        widget = widget.parentWidget()
    return True


VIEWS: list[Callable[[Context, QWidget], QWidget]] = [
    InventoryView,
    ProductsView,
    OrdersView,
    SettingsView,
    StorageView,
]


@pytest.mark.parametrize("make", VIEWS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("look", ["light", "dark"])
async def test_the_focus_is_seen_on_every_screen(
    qtbot: QtBot,
    desk: Desk,
    qapp: QApplication,
    make: Callable[[Context, QWidget], QWidget],
    look: theme.Mode,
) -> None:
    theme.apply(qapp, look)
    async with desk() as context:
        holder = QWidget()
        qtbot.addWidget(holder)
        view = make(context, holder)
        holder.resize(1440, 1600)
        view.resize(1440, 1600)
        holder.show()
        holder.activateWindow()
        await until(holder.isActiveWindow, "the window")
        view.activate()  # type: ignore[attr-defined]
        if isinstance(view, TableScreen):
            table = view.browser.table
            await until(lambda: table.table_model.count and table.table_model.row(0), "rows")
            table.go_to(0)
        if isinstance(view, RecordScreen):
            await until(lambda: view.pane.row, "a record")
        assert not (missing := unseen(view)), "\n".join(missing)
        view.leave()  # type: ignore[attr-defined]


@pytest.mark.parametrize("tab", ["photos", "listings", "history"])
async def test_the_focus_is_seen_in_every_part_of_an_item(qtbot: QtBot, desk: Desk, tab: str) -> None:
    async with desk() as context:
        view = InventoryView(context)
        qtbot.addWidget(view)
        view.resize(1440, 1600)
        view.show()
        view.activateWindow()
        view.activate()
        await until(lambda: view.browser.table.table_model.row(0), "rows")
        view.browser.filter_by("status", ("listed",))
        await until(lambda: view.pane.row and view.pane.row.data.listings, "an item on offer")
        view.pane.tabs.set_value(tab)
        assert not (missing := unseen(view.pane)), "\n".join(missing)
        view.leave()


async def test_the_focus_is_seen_in_every_form(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = ProductsView(context)
        qtbot.addWidget(view)
        view.resize(1440, 1600)
        view.show()
        view.activate()
        await until(lambda: view.browser.table.table_model.row(0), "rows")
        view.browser.table.go_to(0)
        await until(lambda: view.pane.row, "a product")
        row = view.pane.row
        assert row is not None
        for dialog in (
            NewProductDialog(context, view),
            NewCopyDialog(context, view, row.data),
            OfferDialog(view, [("ebay", "eBay")], None),
        ):
            dialog.open()
            dialog.activateWindow()
            await until(dialog.isActiveWindow, "the form")
            assert not (missing := unseen(dialog)), "\n".join(missing)
            dialog.done(0)
        view.leave()
