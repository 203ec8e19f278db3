"""The foot of a search among the orders: of as many as the switch and the rail say, whatever is done."""

import pytest
from pytestqt.qtbot import QtBot

from instica_desktop.features.context import Context
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.sync import ShipmentDraft
from tests.features.conftest import until
from tests.features.orders.conftest import Orders, order
from tests.features.orders.parcels import kept, press
from tests.features.orders.test_leaving import Numbers, uids


class Foot:
    """What the foot of the list says, beside the number of the switch and the rail."""

    def __init__(self, view: OrdersView, numbers: Numbers) -> None:
        self._view, self._numbers = view, numbers

    async def says(self, found: int, whole: int) -> None:
        numbers = self._numbers
        await until(lambda: numbers.segments["awaiting_shipment"] == whole, f"{whole} at the switch")
        await until(lambda: numbers.rail["orders"] == whole, f"{whole} at the rail")
        words = f"{found} of {whole} orders"
        await until(lambda: self._view.browser._count.text() == words, words)  # pyright: ignore[reportPrivateUsage]


async def searched(view: OrdersView) -> str:
    """Search the order in the pane by its number; return its uid."""
    shown = order(view)
    view.browser.search.edit.setText(shown.order_id or "")
    await until(lambda: uids(view) == [shown.uid], "it alone")
    await until(lambda: order(view).uid == shown.uid)
    return shown.uid


async def sent(context: Context) -> None:
    await until(lambda: not context.shop.operations(), "sent")


@pytest.mark.parametrize("back", ["undone", "removed"])
async def test_the_foot_of_a_search_follows_what_is_taken_back(
    orders: Orders, qtbot: QtBot, back: str
) -> None:
    async with orders() as (context, view):
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        whole = numbers.all()[0] or 0
        foot, uid = Foot(view, numbers), await searched(view)
        await foot.says(1, whole)
        press(view, f"FOOT-{back}-1")
        await until(lambda: numbers.rail["orders"] == whole - 1, "shipped")
        await sent(context)
        await foot.says(0, whole - 1)
        if back == "undone":
            context.undo_last()
            await sent(context)
            await foot.says(1, whole)
            context.redo_last()
            await until(lambda: numbers.rail["orders"] == whole - 1, "shipped again")
            await sent(context)
            await foot.says(0, whole - 1)
        else:
            (parcel,) = kept(context, uid).shipments
            await context.shop.unship(uid, parcel.uid)
            await sent(context)
            await foot.says(1, whole)
        numbers.counts.close()


async def test_the_foot_follows_what_becomes_of_orders_that_the_search_leaves_out(
    orders: Orders, qtbot: QtBot
) -> None:
    async with orders() as (context, view):
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        whole, other = numbers.all()[0] or 0, uids(view)[1]
        foot = Foot(view, numbers)
        await searched(view)
        await foot.says(1, whole)
        await context.shop.ship(other, ShipmentDraft(carrier="other", tracking_number="FOOT-3"))
        await sent(context)
        await foot.says(1, whole - 1)
        numbers.counts.close()
