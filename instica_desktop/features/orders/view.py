"""The orders screen, a shipping desk: the orders at the left, the current one at the right."""

from typing import Any, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.changes import Changes
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import TO_SHIP
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.filters import FilterSpec
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.actions import Shipping
from instica_desktop.features.orders.columns import COLUMNS, ORDERINGS
from instica_desktop.features.orders.counts import StatusCounts
from instica_desktop.features.orders.detail import OrderDetail
from instica_desktop.features.orders.elsewhere import Elsewhere
from instica_desktop.features.orders.facts import COMPLETED, SHIPPED, buyer_of, item_of
from instica_desktop.features.orders.typed import Seen
from instica_desktop.qtkit.theme.tokens import ROW_COMPACT
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.filter_chip import FilterOption
from instica_desktop.qtkit.widgets.menu import add_action, make_menu
from instica_desktop.qtkit.widgets.segments import Segment, SegmentedControl
from instica_desktop.sync import ShipmentDraft

LIST_WIDTH = 376
ROOMY = 1440
"""Half of what a window has above this width goes to the list."""
OVER_WIDTH = 600
ROW_HEIGHT = 56
PLATFORMS = (("discogs", "Discogs"), ("ebay", "eBay"), ("etsy", "Etsy"), ("shopify", "Shopify"))

ALL = "all"
SEGMENTS = (
    Segment(TO_SHIP, "To ship"),
    Segment(SHIPPED, "Shipped"),
    Segment(COMPLETED, "Completed"),
    Segment(ALL, "All"),
)
EMPTY = {
    TO_SHIP: StateSpec(
        icon="package-check", headline="Nothing to ship", sentence="Every order is on its way or has arrived."
    ),
    SHIPPED: StateSpec(
        icon="truck",
        headline="Nothing under way",
        sentence="Orders stand here from shipping until they arrive.",
    ),
    COMPLETED: StateSpec(
        icon="circle-check", headline="Nothing completed yet", sentence="Orders stand here once they arrived."
    ),
    ALL: StateSpec(
        icon="package", headline="No orders yet", sentence="Orders appear here when something sells."
    ),
}


def _platforms(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(code, label) for code, label in PLATFORMS)


SPEC = BrowseSpec(
    entity=Entity.ORDER,
    name="orders",
    noun="order",
    nouns="orders",
    placeholder="Order, buyer, tracking number or title",
    columns=COLUMNS,
    filters=(FilterSpec("platform", "Platform", _platforms),),
    orderings=ORDERINGS,
    empty=EMPTY[ALL],
)


class OrdersView(TableScreen):
    """The screen of orders. Made by the window on the first visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, SPEC, parent)
        self.segments = SegmentedControl(SEGMENTS, "orderStatus", "Which orders", self, height=36)
        self.detail = OrderDetail(context, self)
        self.shipping = Shipping(context, self)
        self.counts = StatusCounts(context, self)
        parts = {segment.key: segment.label for segment in SEGMENTS}
        self.elsewhere = Elsewhere(context, self.browser, parts, ALL)
        self._in_form = False  # the focus was in the form when the order was shipped
        self._held = ""  # the order that left the list while somebody works on it: it stays in the pane
        self._instead = ""  # the one that took its place in the list
        self._shipped_uid = ""
        self._rows: object = None  # those that the order in the pane was chosen from
        self._lay_out()
        self._connect()
        self._add_keys(
            ("Ctrl+Return", self, self.detail.shipment.submit),
            ("Ctrl+Enter", self, self.detail.shipment.submit),
            ("Ctrl+Shift+C", self, self.detail.address.copy),
            ("Alt+Down", self, self.detail.go_on),
            ("Alt+Up", self, self.detail.go_back),
            ("Escape", self.detail, self._escape),
        )
        self._add_key_of_window("F4", self._open)
        self.browser.stand_on("status", (TO_SHIP,), EMPTY[TO_SHIP], "sold_at")
        self.density_changed()

    def _lay_out(self) -> None:
        self._split(self.detail, growing=1, least=(300, 420), wide=OVER_WIDTH)
        bar = self.browser.toolbar.layout()
        facets = self.browser.facets.layout()
        assert isinstance(bar, QBoxLayout)
        assert facets is not None
        bar.setStretch(0, 0)
        bar.setSpacing(8)
        self.browser.search.setMinimumWidth(136)
        self.browser.search.setMaximumWidth(352)
        bar.setStretch(0, 1)
        bar.addWidget(self.segments)
        while (item := facets.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                bar.addWidget(widget, 1 if widget is self.browser.filters else 0)
        self.browser.facets.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.browser.toolbar)
        column.addWidget(self._splitter, 1)

    def _connect(self) -> None:
        self.segments.chosen.connect(self._segment_chosen)
        self.elsewhere.asked.connect(self.show_segment)
        self.browser.current_changed.connect(self._show)
        self.browser.table.selection_changed.connect(self._selected)
        self.browser.activated.connect(self._open)
        self.browser.context_menu.connect(self._show_menu)
        self.detail.step_requested.connect(self._step)
        self.detail.items.item_opened.connect(self._show_item)
        self.detail.address.copied.connect(self._address_copied)
        self.detail.shipment.submitted.connect(self._ship)
        self.detail.shipment.corrected.connect(self._correct)
        self.shipping.corrected.connect(self.detail.shipment.change_saved)
        self.detail.shipment.removal_asked.connect(self._remove)
        self.detail.shipment.form_closed.connect(self._back_to_table)
        self.shipping.shipped.connect(self._shipped)
        self.shipping.removing.connect(self._removing)
        self.shipping.refused.connect(self._refused)
        self.counts.counted.connect(self._counted)
        self._context.bus.changed.connect(self._changed)
        self._reading.timeout.connect(self._read_again)

    # ------------------------------------------------------------ the window asks

    def activate(self) -> None:
        """Show the rows and put the focus on the table."""
        super().activate()
        self.counts.renew()

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one order, or what matches a search, whatever its status."""
        self.browser.open()
        if not search and self.browser.table.go_to_uid(uid):
            return
        self.show_segment(ALL)
        self.browser.reveal(uid, search)
        known = self._context.shop.row(Entity.ORDER, uid) if uid else None
        if known is not None and not self.browser.table.go_to_uid(uid):
            # It stands further down than rows are known: what identifies it brings it to the top.
            order = cast(Order, known.data)
            self.browser.reveal(search=order.order_id or buyer_of(order))
            self.browser.table.go_to_uid(uid)

    def refresh(self) -> None:
        """Ask the server again."""
        super().refresh()
        self.counts.renew()

    def density_changed(self) -> None:
        """Give the rows their height: higher than elsewhere, unless they are compact."""
        super().density_changed()
        if self.browser.table.row_height != ROW_COMPACT:
            self.browser.table.set_row_height(ROW_HEIGHT)

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: table, then the form or the address."""
        form = self.detail.shipment.form
        return (self.browser.table, self.detail.address.copy_button if form.isHidden() else form.tracking)

    async def finish(self) -> None:
        """Wait until everything typed is on the disk."""
        await self.detail.form.finish()
        await self.shipping.finish()

    def leave(self) -> None:
        """Save what is being typed and let go of the rows."""
        self._reading.stop()
        self._scope.cancel_group("read")
        self.detail.form.leave()
        self._leave_drafts()
        self.counts.stop()
        self.browser.close_rows()

    # ------------------------------------------------------------ which orders

    def show_segment(self, key: str) -> None:
        """Show the orders of one status, or all. Those to ship stand longest waiting first."""
        self.segments.set_value(key)
        self._segment_chosen(key)

    def _segment_chosen(self, key: str) -> None:
        values = () if key == ALL else (key,)
        self.browser.stand_on("status", values, EMPTY[key], "sold_at" if key == TO_SHIP else "-sold_at")

    def _counted(self, status: str, count: int) -> None:
        self.segments.set_count(status, f"{count:,}")

    # ------------------------------------------------------------ the current order

    def _beside(self) -> QWidget | None:
        return self.detail

    def _shown(self) -> RecordRow | None:
        return self.detail.row

    def _show_typed(self) -> None:
        self.detail.form.show_typed()
        self.detail.shipment.show_typed()

    def _show(self, row: RecordRow | None) -> None:
        if self._stays(row):
            self._mark_current(False)
            self.browser.table.selection.clear()
        else:
            self._leave_fields(row)
            self._show_now(row)

    def _show_now(self, row: RecordRow | None) -> None:
        self._held = self._instead = ""
        self._mark_current(True)
        self._rows = self.browser.table.table_model.feed
        self.detail.show_row(row)
        if row is None and self.browser.table.places.here is not None:
            self.detail.show_reading()
        self._reading.start()

    def _mark_current(self, marks: bool) -> None:
        """Mark the current row of the list, or none while the pane shows another order."""
        self.browser.table.marks_current = marks
        self.browser.table.viewport().update()

    def _stays(self, row: RecordRow | None) -> bool:
        """Tell whether the pane keeps its order: it left the list by itself, and somebody works on it."""
        shown, table = self.detail.row, self.browser.table
        if shown is None or table.table_model.feed is not self._rows or (row and row.uid == shown.uid):
            return False
        known = self._context.shop.row(Entity.ORDER, shown.uid) is not None
        if not known or table.table_model.index_of(shown.uid) is not None:
            return False
        instead = row.uid if row is not None else ""
        if self._held == shown.uid:
            return instead == self._instead
        if not self._at_work(shown.uid):
            return False
        self._held, self._instead = shown.uid, instead
        return True

    def _at_work(self, uid: str) -> bool:
        focused = cast("QWidget | None", self.window().focusWidget())
        inside = focused is not None and self.detail.isAncestorOf(focused)
        return inside or self.shipping.is_shipping(uid) or self.detail.shipment.at_work()

    def _selected(self) -> None:
        """Something is chosen in the list: what was held in the pane gives way."""
        if self._held and not self.browser.table.selection.empty:
            self._release()

    def _release(self) -> None:
        """Show what is current in the list again."""
        self._held = ""
        self.detail.form.leave()
        self.browser.table.selection.select_only(self.browser.table.places.row)
        self._show_now(self.browser.table.current_row())

    def _open(self, _row: RecordRow | None = None) -> None:
        """Go to where work on the current order begins."""
        self.place.show()
        self.detail.focus_first()

    def _escape(self) -> None:
        """Cancel the form of a parcel, else leave the pane."""
        if not self.detail.shipment.escape():
            self._back_to_table()

    def _step(self, by: int) -> None:
        if self._held:
            self._release()
            return
        self.detail.form.leave()
        self.browser.step(by)

    def _read_again(self) -> None:
        if self.detail.row is not None and self.isVisible():
            self._scope.spawn(self._read(self.detail.row), "read order", group="read", exclusive=True)

    async def _read(self, row: RecordRow) -> None:
        """Read the order anew, and its item if this computer has never seen it: its artist is shown."""
        await self._context.shop.refresh(Entity.ORDER, row.uid)
        sold = item_of(row.data)
        if sold and self._context.shop.row(Entity.ITEM, sold.uid) is None:
            await self._context.shop.refresh(Entity.ITEM, sold.uid)

    def _changed(self, changes: Changes) -> None:
        row = self.detail.row
        if changes.entity is Entity.ORDER:
            self.detail.shipment.follow(changes.uids)
        if row is None or changes.entity is Entity.PRODUCT:
            return
        sold = item_of(row.data)
        shown = row.uid if changes.entity is Entity.ORDER else (sold.uid if sold else "")
        if changes.uids and shown not in changes.uids:
            return
        fresh = self._context.shop.row(Entity.ORDER, row.uid)
        if fresh is not None:
            self.detail.show_row(fresh)

    # ------------------------------------------------------------ shipping

    def _ship(self, draft: ShipmentDraft) -> None:
        if self.detail.row is not None:
            self._in_form = self.detail.shipment.form.has_keyboard()
            self.detail.shipment.keep()  # whatever is answered to what may be asked
            self.shipping.ship(self.detail.row, draft, self.detail.shipment.seen)

    def _correct(self, parcel: str, draft: ShipmentDraft, shown: Seen) -> None:
        if self.detail.row is not None:
            self.detail.shipment.keep()  # whatever is answered to what may be asked
            self.shipping.correct(self.detail.row, parcel, draft, shown)

    def _remove(self, parcel: str) -> None:
        if self.detail.row is not None:
            self.shipping.remove(self.detail.row, parcel)

    def _removing(self, uid: str) -> None:
        """A parcel is taken off: the button that asked for it goes, and the keyboard with it to the list."""
        self.detail.shipment.parcel_removed(uid)
        focused = cast("QWidget | None", self.window().focusWidget())
        if focused is None or self.detail.shipment.parcels.isAncestorOf(focused):
            self.browser.table.setFocus()

    def _shipped(self, uid: str) -> None:
        """Forget the form and go on to the next order to ship, staying in the form if work was there."""
        self.detail.shipment.became_parcel(uid)
        self._shipped_uid = uid
        if self.detail.row is None or self.detail.row.uid != uid:
            return
        if self._held:
            self._release()
        following = self._next_to_ship()
        if following is not None:
            self.browser.table.go_to(following)
        if following is None or not (self._in_form and self.detail.shipment.focus_first()):
            self.browser.table.setFocus()

    def _next_to_ship(self) -> int | None:
        """Return the nearest row below that waits for shipment, else the first one above; None for none."""
        model = self.browser.table.table_model
        places = self.browser.table.places
        moved_on = places.row >= 0 and model.uid_at(places.row) != self._shipped_uid  # it left the list
        after = places.row if moved_on else places.beside(1)
        for index in (*range(after, model.rowCount()), *range(max(0, after - 1))):
            row: Any = model.row(index)
            if row is not None and isinstance(row.data, Order) and row.data.status == TO_SHIP:
                return index
        return None

    def _refused(self, uid: str, error: InputError) -> None:
        shown = self.detail.row is not None and self.detail.row.uid == uid
        if not shown or not self.detail.shipment.form.show_error(error.field, error.message):
            row = self._context.shop.row(Entity.ORDER, uid)
            self._context.tell(error, about=f"{buyer_of(row.data)}’s order" if row else "")  # pyright: ignore[reportArgumentType]

    # ------------------------------------------------------------ small acts

    def _address_copied(self) -> None:
        self._context.ui.say("Address copied")

    def _show_item(self, uid: str) -> None:
        self._context.ui.show_screen("inventory", uid=uid)

    def _show_menu(self, where: QPoint) -> None:
        row = self.browser.table.current_row()
        if row is None:
            return
        order: Order = row.data
        menu = make_menu(self, "orderMenu")
        to_ship = not self.detail.shipment.form.isHidden()
        add_action(menu, "Ship this order", self._open, icon="truck", shortcut="F4", enabled=to_ship)
        add_action(menu, "Copy address", self.detail.address.copy, icon="copy", shortcut="Ctrl+Shift+C")
        add_action(menu, "Copy order number", self._copy_number, icon="copy", enabled=bool(order.order_id))
        menu.addSeparator()
        add_action(
            menu, "Show in the inventory", self._show_sold, icon="library", enabled=bool(item_of(order))
        )
        menu.popup(where)

    def _copy_number(self) -> None:
        from PySide6.QtGui import QGuiApplication

        if self.detail.row is not None:
            QGuiApplication.clipboard().setText(self.detail.row.data.order_id or "")

    def _show_sold(self) -> None:
        sold = item_of(self.detail.row.data) if self.detail.row is not None else None
        if sold:
            self._show_item(sold.uid)

    # ------------------------------------------------------------ size

    def _shares(self) -> list[int]:
        wide = LIST_WIDTH + max(0, self.window().width() - ROOMY) // 2
        return [wide, max(0, self.width() - wide)]
