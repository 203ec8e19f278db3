"""What was saved right before a kill is not said to be unsaved at the next start, whatever it was typed in.

A kill leaves the file of what is being typed as it was: here it stands still once a text is in it.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.offer import PLACE
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.unsaved import say_earlier, unsaved
from instica_desktop.store import drafts
from tests.features.conftest import Desk, Window, focused, until
from tests.features.inventory import test_listings as listings
from tests.features.inventory import test_new_copy as making
from tests.features.inventory.test_typing import item, shown, type_over
from tests.features.orders.conftest import order, ready
from tests.features.orders.conftest import shown as orders_shown
from tests.features.orders.parcels import kept, parcels, two_parcels
from tests.server.fixture import RunningServer

Freeze = Callable[[str], Awaitable[None]]


@pytest.fixture
def at_kill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Freeze:
    """Return what waits until a text is in the file, which no more is written to from then on."""

    async def wait(text: str) -> None:
        path = tmp_path / "account" / drafts.FILE
        await until(lambda: path.exists() and text in path.read_text(), "it is on the disk")
        monkeypatch.setattr(drafts, "_write", lambda path, content: None)

    return wait


def nothing_is_unsaved(context: Context) -> None:
    assert unsaved(context) == []
    say_earlier(context)
    assert isinstance(context.ui, Window)
    assert context.ui.said == []


@pytest.mark.parametrize("what", ["the first", "a change"])
async def test_a_parcel(qtbot: QtBot, desk: Desk, seeded: RunningServer, at_kill: Freeze, what: str) -> None:
    number = f"KILLED-{len(what)}"
    async with desk() as context:
        view = orders_shown(qtbot, context)
        await ready(view)
        card = view.detail.shipment
        if what == "a change":
            uid = await two_parcels(view, context, "BEFORE")
            card.parcels.rows()[0].change_button.click()
            card.form.tracking.clear()
        uid = order(view).uid
        QTest.keyClicks(card.form.tracking, number)
        card.form.carrier.set_value("ups")
        card.form.carrier.chosen.emit("ups")
        await at_kill(number)
        card.submit()
        await until(lambda: number in parcels(seeded, uid), "it is on the server")
        await until(lambda: not context.shop.operations())
        view.leave()
    async with desk() as context:
        nothing_is_unsaved(context)
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}
        for parcel in kept(context, uid).shipments:
            await context.shop.unship(uid, parcel.uid)
        await until(lambda: not context.shop.operations())


async def test_a_price_in_the_pane(qtbot: QtBot, desk: Desk, at_kill: Freeze) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        price, uid = view.detail.fields.price, item(view).uid
        type_over(price, "41.17")
        await at_kill("41.17")
        QTest.keyClick(price, Qt.Key.Key_Return)
        await until(lambda: str(item(view).price_item_usd) == "41.17" and not context.shop.operations())
        view.leave()
    async with desk() as context:
        nothing_is_unsaved(context)
        assert context.shop.drafts.of(Entity.ITEM, uid) == {}


async def test_a_shelf_in_its_cell(qtbot: QtBot, desk: Desk, at_kill: Freeze) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, table = item(view).uid, view.browser.table
        table.go_to(table.currentIndex().row(), "location")
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_F2)
        QTest.keyClicks(focused(), "K-41-17")
        await at_kill("K-41-17")
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        await until(lambda: item(view).location == "K-41-17" and not context.shop.operations())
        view.leave()
    async with desk() as context:
        nothing_is_unsaved(context)
        assert context.shop.drafts.of(Entity.ITEM, uid) == {}


async def test_a_new_copy_and_its_product(qtbot: QtBot, desk: Desk, at_kill: Freeze) -> None:
    async with desk(online=False) as context:
        view = making.shown(qtbot, context)
        dialog = making.opened(view)
        making.from_nothing(dialog, "Killed")
        dialog.fields.shelf.setText("K-1")
        await at_kill("K-1")
        dialog.submit()
        await until(lambda: len(context.shop.operations()) == 2, "a product and its copy")
        await until(lambda: not context.shop.drafts.of(Entity.ITEM, "newCopy"), "the form is done with")
        view.leave()
    async with desk(online=False) as context:
        nothing_is_unsaved(context)
        for place in ("newCopy", "newCopyProduct"):
            assert context.shop.drafts.of(Entity.ITEM, place) == {}


async def test_a_new_product(qtbot: QtBot, desk: Desk, at_kill: Freeze) -> None:
    async with desk(online=False) as context:
        view = making.shown(qtbot, context)
        dialog = NewProductDialog(context, view)
        dialog.show()
        dialog.fields.title.setText("Killed Product")
        await at_kill("Killed Product")
        dialog.submit()
        await until(lambda: len(context.shop.operations()) == 1, "it is kept")
        await until(lambda: not context.shop.drafts.of(Entity.ITEM, "newProduct"), "the form is done with")
        view.leave()
    async with desk(online=False) as context:
        assert context.shop.drafts.of(Entity.ITEM, "newProduct") == {}


async def test_an_offer(qtbot: QtBot, desk: Desk, at_kill: Freeze) -> None:
    async with desk() as context:
        on = await listings.stage(qtbot, context, "ready-to-sell")
        uid = on.uid
        await listings.press(on.tab, "putOnOffer")
        dialog = await listings.dialog_of(on.tab)
        dialog.title_field.setText("Killed Offer")
        await at_kill("Killed Offer")
        dialog.submit()
        await until(lambda: not context.shop.drafts.of(Entity.ITEM, f"{PLACE} {uid}"), "it is closed")
        await until(lambda: not context.shop.operations(), "sent")
    async with desk() as context:
        assert context.shop.drafts.of(Entity.ITEM, f"{PLACE} {uid}") == {}
