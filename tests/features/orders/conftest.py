"""A shop with orders to ship, and the screen on it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import Order
from instica_desktop.features.context import Context
from instica_desktop.features.orders.view import OrdersView
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer, start_server

USPS = "9400 1118 9922 3344 5566 77"
USPS_WRONG = "9400 1118 9922 3344 5566 78"


@pytest.fixture(scope="session")
def shipping_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with two dozen orders to ship and more; what tests ship, `orders` has wait again."""
    with start_server(tmp_path_factory.mktemp("orders") / "data", items=2400) as server:
        yield server


def shown(qtbot: QtBot, context: Context, width: int = 1240) -> OrdersView:
    """Show the screen as the window would."""
    view = OrdersView(context)
    qtbot.addWidget(view)
    view.resize(width, 840)
    view.show()
    view.activate()
    return view


Orders = Callable[[], AbstractAsyncContextManager[tuple[Context, OrdersView]]]


@pytest.fixture
def orders(qtbot: QtBot, desk: Desk, shipping_desk: RunningServer) -> Iterator[Orders]:
    """Yield what shows the orders to ship, on the first: `async with orders() as (context, view)`."""

    @asynccontextmanager
    async def showing() -> AsyncIterator[tuple[Context, OrdersView]]:
        async with desk(server=shipping_desk) as context:
            view = shown(qtbot, context)
            await ready(view)
            yield context, view
            view.leave()

    before = to_ship(shipping_desk)
    yield showing
    for uid in before - to_ship(shipping_desk):
        to_ship_again(shipping_desk, uid)


def to_ship(server: RunningServer) -> set[str]:
    """Return the orders that wait for shipment."""
    answer = httpx.get(
        f"{server.base_url}/api/v1/orders/",
        params={"status": "awaiting_shipment", "page_size": "100"},
        headers={"X-API-Key": server.api_key},
    )
    return {one["uid"] for one in answer.json()["results"]}


def to_ship_again(server: RunningServer, uid: str) -> None:
    """Take all parcels of an order off: the next test needs orders to ship as well."""
    headers = {"X-API-Key": server.api_key}
    path = f"{server.base_url}/api/v1/orders/{uid}/shipments/"
    for parcel in httpx.get(path, headers=headers).json():
        httpx.delete(f"{path}{parcel['uid']}/", headers=headers).raise_for_status()


async def ready(view: OrdersView) -> None:
    """Wait for the orders to ship, and stand on the first."""
    model = view.browser.table.table_model
    await until(lambda: view.browser.query.values("status") and model.count, "orders to ship")
    await until(lambda: model.row(0) is not None and not view.browser.table.table_model.feed.loading)  # pyright: ignore[reportOptionalMemberAccess]
    view.browser.table.go_to(0)
    await until(lambda: view.detail.row, "an order in the pane")


def order(view: OrdersView) -> Order:
    """Return the order in the pane."""
    row = view.detail.row
    assert row is not None
    found = row.data
    assert isinstance(found, Order)
    return found


def on_server(server: RunningServer, uid: str) -> dict[str, object]:
    """Return an order as the server has it."""
    answer = httpx.get(f"{server.base_url}/api/v1/orders/{uid}/", headers={"X-API-Key": server.api_key})
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found
