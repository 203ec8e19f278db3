"""Somebody else was at the same item: deleting it and ending its offer say so first."""

from typing import Any

import httpx
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import Label
from instica_desktop.sync import Kind
from tests.features.conftest import Desk, until
from tests.features.inventory.test_inventory import item, ready, shown
from tests.features.inventory.test_listings import dialog_of, stage
from tests.features.inventory.test_listings import press as press_offer
from tests.features.inventory.test_removing import asked, press, window
from tests.server.fixture import RunningServer


def elsewhere(server: RunningServer, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
    """Do something at the server as a colleague."""
    url = f"{server.base_url}/api/v1/inventory/{path}"
    answer = httpx.request(method, url, json=fields, headers={"X-API-Key": server.api_key})
    answer.raise_for_status()
    return answer.json() if answer.content else None


def words_of(dialog: AskDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(Label))


async def stands_on(view: InventoryView, context: Context, status: str) -> InventoryItem:
    """Stand on the first item of a status."""
    await ready(view)
    await until(lambda: context.shop.state.kind is Kind.ONLINE)
    results = context.shop.results(Query(Entity.ITEM).with_filter("status", [status]))
    results.open()
    await results.settled()
    row = results.row(0)
    results.close()
    assert row is not None
    view.browser.filter_by("status", (status,))
    await until(lambda: view.browser.table.go_to_uid(row.uid))
    await until(lambda: view.detail.row and item(view).uid == row.uid)
    return item(view)


async def test_deleting_what_was_sold_or_offered_meanwhile_says_so_first(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        one = await stands_on(view, context, "ready-to-sell")
        elsewhere(seeded, "POST", f"{one.uid}/listings/", {"platform": "discogs", "price_usd": "31.00"})
        view.removing.remove()
        dialog = await asked(view)
        assert "It is on offer on Discogs for 31.00" in words_of(dialog)
        assert one.title in words_of(dialog)
        elsewhere(seeded, "PATCH", f"{one.uid}/", {"status": "sold"})
        await context.shop.refresh(Entity.ITEM, one.uid)  # it is known before the question is answered
        press(dialog, "act")
        await until(lambda: any("It is sold." in words_of(two) for two in view.findChildren(AskDialog)))
        second = next(two for two in view.findChildren(AskDialog) if "It is sold." in words_of(two))
        press(second, "keep")
        await until(lambda: not view.findChildren(AskDialog))
        assert context.shop.operations() == []
        view.leave()


async def test_an_offer_that_ended_meanwhile_is_neither_taken_off_nor_changed(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        row = context.shop.row(Entity.ITEM, on.uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        live = [one for one in row.data.listings if one.status == "listed"]
        for offer in live:
            elsewhere(seeded, "POST", f"{on.uid}/listings/{offer.uid}/delist/")
        await press_offer(on.tab, "takeOff")
        await until(lambda: window(context).problems)
        await press_offer(on.tab, "changeOffer")
        await until(lambda: len(window(context).problems) == 2)
        assert all("ended meanwhile" in one.message for one in window(context).problems)
        assert context.shop.operations() == []


async def test_an_offer_that_stands_is_changed_after_a_look(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        await press_offer(on.tab, "changeOffer")
        dialog = await dialog_of(on.tab)
        dialog.reject()
