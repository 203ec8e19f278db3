"""What tests of parcels do at an order: as the person at the screen, and as a colleague elsewhere."""

from typing import Any

import httpx
from PySide6.QtWidgets import QPushButton

from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import Label
from instica_desktop.sync import ShipmentDraft
from tests.features.conftest import Window, until
from tests.features.orders.conftest import on_server, order
from tests.server.fixture import RunningServer

THEIRS = {"carrier": "dhl", "tracking_number": "THEIRS-7"}


# ---------------------------------------------------------------- at the screen


def window(context: Context) -> Window:
    assert isinstance(context.ui, Window)
    return context.ui


def kept(context: Context, uid: str) -> Order:
    """Return an order as the user sees it."""
    row = context.shop.row(Entity.ORDER, uid)
    assert row is not None
    found = row.data
    assert isinstance(found, Order)
    return found


def press(view: OrdersView, number: str) -> str:
    """Type a number, press “Mark shipped”, and return the order's uid."""
    uid = order(view).uid
    form = view.detail.shipment.form
    form.tracking.setText(number)
    if not form.carrier.value:
        form.carrier.set_value("other")
        form.carrier.chosen.emit("other")
    view.detail.shipment.submit()
    return uid


async def ship(view: OrdersView, context: Context, number: str) -> str:
    """Ship the order in the pane and wait until the screen has gone on to the next."""
    uid = press(view, number)
    await until(lambda: order(view).uid != uid, "the next order")
    assert kept(context, uid).status == "shipped"
    return uid


async def asked(view: OrdersView) -> AskDialog:
    await until(lambda: view.findChild(AskDialog), "the question")
    dialog = view.findChild(AskDialog)
    assert dialog is not None
    return dialog


def answer(dialog: AskDialog, key: str) -> None:
    button = dialog.findChild(QPushButton, f"ask_{key}")
    assert button is not None
    button.click()


def words_of(dialog: AskDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(Label))


async def two_parcels(view: OrdersView, context: Context, name: str) -> str:
    """Ship the order in the pane in two parcels, and stand on it again; return its uid."""
    uid = order(view).uid
    for number in (f"{name}-1", f"{name}-2"):
        await context.shop.ship(uid, ShipmentDraft(carrier="ups", tracking_number=number))
    view.reveal(uid)
    await until(lambda: not context.shop.operations(), "sent")
    await until(lambda: order(view).uid == uid and len(view.detail.shipment.parcels.rows()) == 2)
    return uid


# ---------------------------------------------------------------- elsewhere


def shipped_elsewhere(server: RunningServer, uid: str, parcel: dict[str, str] = THEIRS) -> None:
    """Ship an order as a colleague."""
    path = f"{server.base_url}/api/v1/orders/{uid}/shipments/"
    body = {**parcel, "confirm": True}  # theirs go to several orders of these tests
    httpx.post(path, json=body, headers={"X-API-Key": server.api_key}).raise_for_status()


def corrected_elsewhere(server: RunningServer, uid: str, parcel: str, fields: dict[str, str]) -> None:
    """Correct a parcel as a colleague."""
    path = f"{server.base_url}/api/v1/orders/{uid}/shipments/{parcel}/"
    httpx.patch(path, json=fields, headers={"X-API-Key": server.api_key}).raise_for_status()


def taken_off_elsewhere(server: RunningServer, uid: str, parcel: str) -> None:
    """Remove a parcel as a colleague."""
    path = f"{server.base_url}/api/v1/orders/{uid}/shipments/{parcel}/"
    httpx.delete(path, headers={"X-API-Key": server.api_key}).raise_for_status()


def parcels(server: RunningServer, uid: str) -> list[str]:
    """Return the numbers of an order's parcels on the server."""
    found: Any = on_server(server, uid)["shipments"]
    return [parcel["tracking_number"] for parcel in found]
