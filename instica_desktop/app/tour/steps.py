"""The main job, step by step: find, grade, price, photograph, ship, lose the server, go on, come back."""

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from instica_desktop.api import InsticaClient
from instica_desktop.app.application import Application
from instica_desktop.app.container import OpenShop
from instica_desktop.app.tour.album import Album
from instica_desktop.app.tour.hands import drop_files, part, press, settle, type_into, until
from instica_desktop.app.tour.pictures import draw_photos
from instica_desktop.app.tour.run import SIZE
from instica_desktop.app.tour.words import technical
from instica_desktop.core.models import InventoryItem, Order
from instica_desktop.core.models.common import Entity
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from instica_desktop.features.shell.words import edits
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.widgets.toast import Toast
from instica_desktop.sync import Kind

SEARCH = "kind of blue"
PRICE = Decimal("38.50")
SHELF = "A-01-09"
NOTE = "Plays clean, one light hairline on side A."
TRACKING = "9400111899223344556670"


class Tour:
    """One run. Every change it makes is read back from the server through a client of its own."""

    def __init__(self, application: Application, album: Album, workshop: Path) -> None:
        self._app = application
        self._album = album
        self._workshop = workshop
        self._uid = ""
        self._order = ""

    async def run(self) -> None:
        """Run all steps. Raises TourStuck when one does not come to its end."""
        await self._app.ready.wait()
        self._app.window.resize(*SIZE)
        await self._first_run()
        await self._open()
        await self._search()
        await self._edit()
        await self._photograph()
        await self._products()
        await self._ship()
        await self._lose_the_server()
        await self._look_round_offline()
        await self._search_offline()
        await self._edit_offline()
        await self._come_back()

    # ------------------------------------------------------------ what is at hand

    @property
    def _shop(self) -> OpenShop:
        shop = self._app.shop
        assert shop is not None
        return shop

    @property
    def _window(self) -> QWidget:
        return self._app.window

    def _inventory(self) -> InventoryView:
        return part(self._window, InventoryView, "inventoryScreen")

    def _table(self) -> EntityTableView:
        return self._inventory().browser.table

    def _item(self) -> InventoryItem:
        row = self._inventory().detail.row
        assert row is not None
        return row.data

    async def _stored_item(self) -> InventoryItem:
        return (await self._client().inventory.get(self._uid)).record.data

    async def _stored_order(self) -> Order:
        return (await self._client().orders.get(self._order)).record.data

    def _client(self) -> InsticaClient:
        return self._shop.client

    async def _delivered(self) -> None:
        await until(lambda: not self._shop.shop.operations(), "the edits were not delivered")

    async def _painted(self, seconds: float = 0.8) -> None:
        """Wait until rows and their pictures are there."""
        await settle(seconds)
        await until(lambda: not self._shop.pictures_on_their_way, "the pictures did not arrive")
        await settle()

    def _hush(self) -> None:
        """Take away the notices of the step before."""
        for toast in self._window.findChildren(Toast):
            toast.dismiss()

    # ------------------------------------------------------------ the steps

    async def _first_run(self) -> None:
        await settle()
        await self._album.take(
            "first-run", self._window, {"the app asks which shop to open": self._app.shop is None}
        )

    async def _open(self) -> None:
        await self._app.open_local(demo=True)
        await until(lambda: self._shop.shop.state.kind is Kind.ONLINE, "the local shop did not open")
        await until(
            lambda: (self._table().table_model.count or 0) >= 2000, "the sample records did not appear"
        )
        self._table().go_to(0)
        await until(lambda: self._inventory().detail.row, "no item was shown")
        await self._painted()
        page = await self._client().inventory.page(self._inventory().browser.query, 1, 1)
        count = self._table().table_model.count
        await self._album.take(
            "inventory", self._window, {"the table counts what the server has": count == page.count}
        )

    async def _search(self) -> None:
        press(self._table(), "Ctrl+F")
        type_into(part(self._window, QLineEdit, "inventorySearchEdit"), SEARCH)
        query = self._inventory().browser
        await until(lambda: query.query.search == SEARCH, "the search was not asked")
        page = await self._client().inventory.page(query.query, 1, 100)
        found = [record.data.uid for record in page.records]
        table = self._table()
        await until(lambda: table.table_model.count == page.count, "the search did not come to an end")
        shown = [table.table_model.uid_at(at) for at in range(len(found))]
        table.go_to(0)
        await until(lambda: self._inventory().detail.row, "no hit was shown")
        await self._painted()
        self._uid = self._item().uid
        checks = {
            "something was found": bool(found),
            "the table shows the server's hits in order": shown == found,
        }
        await self._album.take("search", self._window, checks)

    async def _edit(self) -> None:
        before = self._item()
        fields = self._inventory().detail.fields
        press(self._table(), Qt.Key.Key_Return)
        grade, key = ("nm", Qt.Key.Key_2) if before.condition_item != "nm" else ("ex", Qt.Key.Key_3)
        press(fields.item_grade.focusProxy() or fields.item_grade, key)
        await until(lambda: self._item().condition_item == grade, "the grade was not taken")
        type_into(fields.price, str(PRICE), enter=True)
        await until(lambda: self._item().price_item_usd == PRICE, "the price was not taken")
        type_into(fields.shelf, SHELF, enter=True)
        await until(lambda: self._item().location == SHELF, "the shelf was not taken")
        await self._delivered()
        stored = await self._stored_item()
        checks = {
            "the grade is on the server": stored.condition_item == grade,
            "the price is on the server": stored.price_item_usd == PRICE,
            "the total is item plus shipping": stored.price_total_usd
            == PRICE + (stored.price_shipping_usd or 0),
            "the shelf is on the server": stored.location == SHELF,
        }
        await settle(0.5)
        await self._album.take("edit", self._window, checks)

    async def _photograph(self) -> None:
        strip = self._inventory().detail.photos.strip
        before = len(strip.keys)
        photos = draw_photos(self._workshop)
        drop_files(strip, photos)
        await until(lambda: len(strip.keys) == before + len(photos), "the photos were not taken")
        await self._delivered()
        await until(lambda: not any(key.startswith("tmp-") for key in strip.keys), "the photos were not sent")
        stored = await self._stored_item()
        await self._painted()
        self._inventory().detail.tabs.setFocus()
        await self._album.take(
            "photos",
            self._window,
            {"the photos are on the server": len(stored.assets) == before + len(photos)},
        )

    async def _products(self) -> None:
        self._app.window.show_screen("products")
        view = part(self._window, ProductsView, "productsScreen")
        table = view.browser.table
        await until(lambda: table.table_model.count, "the products did not appear")
        view.browser.order_by("most_inventory")
        await until(lambda: table.table_model.row(0), "no product was shown")
        table.go_to(0)
        page = await self._client().products.page(view.browser.query, 1, 1)
        await self._painted()
        first = table.table_model.uid_at(0)
        await self._album.take(
            "products", self._window, {"the first product is the server's": first == page.records[0].data.uid}
        )

    async def _ship(self) -> None:
        self._app.window.show_screen("orders")
        view = part(self._window, OrdersView, "ordersScreen")
        await until(lambda: view.detail.row, "no order was shown")
        await self._painted()
        self._order = view.detail.row.uid if view.detail.row else ""
        await self._album.take("order", self._window, {"an order waits to be shipped": bool(self._order)})
        number = part(self._window, QLineEdit, "trackingNumber")
        type_into(number, TRACKING)
        await settle(0.3)
        press(number, "Ctrl+Return")
        await until(self._shipped, "the shipment was not saved")
        await self._delivered()
        stored = await self._stored_order()
        item = stored.inventory_item_listing.inventory_item if stored.inventory_item_listing else None
        sold = (await self._client().inventory.get(item.uid)).record.data if item else None
        view.reveal(self._order)
        await self._painted()
        checks = {
            "the order is shipped": stored.status == "shipped",
            "the tracking number is on the server": stored.shipment_tracking_number == TRACKING,
            "the item went with it": sold is not None and sold.status == "shipped",
        }
        await self._album.take("shipped", self._window, checks)

    def _shipped(self) -> bool:
        row = self._shop.shop.row(Entity.ORDER, self._order)
        return row is not None and isinstance(row.data, Order) and row.data.status == "shipped"

    async def _lose_the_server(self) -> None:
        server = self._shop.server
        assert server is not None
        server.may_restart = False
        server.kill()
        self._hush()
        self._app.window.show_screen("inventory")
        self._inventory().refresh()
        await until(lambda: self._shop.shop.state.kind is Kind.OFFLINE, "the loss was not noticed")
        await self._painted()
        count = self._table().table_model.count
        checks = {"what was seen is still there": bool(count), **self._says_offline()}
        await self._album.take("offline", self._window, checks)

    async def _look_round_offline(self) -> None:
        """Visit every screen without the server, as a new user would who wonders what works."""
        window, held = self._app.window, dict[str, bool]()
        for screen in self._shop.screens():
            window.show_screen(screen.key)
            await settle(0.5)
            for check, ok in self._says_offline().items():
                held[check] = held.get(check, True) and ok
        window.toggle_activity()
        await settle()
        held |= {f"in Activity, {check}": ok for check, ok in self._says_offline().items()}
        await self._album.take("offline-activity", self._window, held)
        window.toggle_activity()
        window.show_screen("inventory")

    def _says_offline(self) -> dict[str, bool]:
        """Read what the window says while the server is away."""
        status = self._app.window.status
        return {
            "the status bar says since when it is offline": status.connection.words.startswith(
                "Offline since"
            ),
            "it offers to try again": status.way_out.isVisible() and status.way_out.text() == "Try now",
            "its tooltip says that work goes on": "Go on working" in status.connection.toolTip(),
            "no word is technical": not technical(self._window),
        }

    async def _search_offline(self) -> None:
        search = part(self._window, QLineEdit, "inventorySearchEdit")
        type_into(search, "blue")
        await until(lambda: self._inventory().browser.query.search == "blue", "the search was not asked")
        type_into(search, SEARCH)
        await until(lambda: self._inventory().browser.query.search == SEARCH, "the search was not asked")
        await until(
            lambda: self._table().table_model.index_of(self._uid) is not None, "the record was not found"
        )
        self._table().go_to_uid(self._uid)
        await self._painted()
        kept = self._item()
        checks = {
            "the record is found without the server": kept.uid == self._uid,
            "its price is the one that was set": kept.price_item_usd == PRICE,
            "its shelf is the one that was set": kept.location == SHELF,
        }
        await self._album.take("offline-search", self._window, checks)

    async def _edit_offline(self) -> None:
        fields = self._inventory().detail.fields
        type_into(fields.notes, NOTE)
        fields.price.setFocus()
        type_into(fields.price, "36.00", enter=True)
        await until(self._shop.shop.operations, "the edits were not kept")
        await until(lambda: self._item().price_item_usd == Decimal("36.00"), "the price was not shown")
        await settle(0.6)
        waiting = edits(len(self._shop.shop.operations()))  # offers at the item's price change along with it
        row = self._inventory().detail.row
        waits = row is not None and {"condition_notes", "price_item_usd"} <= row.mark.fields
        checks = {
            "both edits wait on this computer": waits,
            "the status bar counts what waits": self._app.window.status.pending.words == f"{waiting} waiting",
            **self._says_offline(),
        }
        await self._album.take("offline-edit", self._window, checks)

    async def _come_back(self) -> None:
        server = self._shop.server
        assert server is not None
        server.may_restart = True
        await server.start()
        self._shop.shop.try_now()
        await until(lambda: self._shop.shop.state.kind is Kind.ONLINE, "the server was not found again")
        await self._delivered()
        stored = await self._stored_item()
        await self._painted()
        checks = {
            "the note was delivered": stored.condition_notes == NOTE,
            "the price was delivered": stored.price_item_usd == Decimal("36.00"),
            "nothing waits any more": not self._shop.shop.operations(),
        }
        await self._album.take("delivered", self._window, checks)
