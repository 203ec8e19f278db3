"""An offer that copies share, in the pane: how many they are, and that acts on it are for all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.edits import repricing_words
from instica_desktop.features.inventory.listings import SHARED, ListingsTab
from instica_desktop.sync import Kind
from tests.features.conftest import Desk, until
from tests.features.inventory.test_listings import badges, buttons, current, dialog_of, press, words
from tests.server.fixture import RunningServer
from tests.support.sharing import join


@asynccontextmanager
async def sharing(context: Context, server: RunningServer, number: int) -> AsyncIterator[list[str]]:
    """Give the uids of copies that share an offer on eBay, known here; others count on the shop as it was."""
    await until(lambda: context.shop.state.kind is Kind.ONLINE)
    client = context.shop._client  # pyright: ignore[reportPrivateUsage]
    product = (await client.products.create({"title": "Aja"})).record.data.uid
    fields = {"product": product, "price_item_usd": "20.00", "status": "ready-to-sell"}
    uids = [(await client.inventory.create(fields)).record.data.uid for _ in range(number)]
    offer = await client.inventory.add_listing(uids[0], {"platform": "ebay"})
    for uid in uids[1:]:
        await client.inventory.update(uid, {"status": "listed"})
    join(server.data_dir, offer.uid, uids[1:])
    for uid in uids:
        assert await context.shop.refresh(Entity.ITEM, uid)
    try:
        yield uids
    finally:
        for uid in uids:
            await client.inventory.delete(uid)
        await client.products.delete(product)


def said(context: Context) -> str:
    return context.ui.undos[-1][0]  # pyright: ignore[reportAttributeAccessIssue]


async def test_the_pane_says_how_many_share_the_offer_and_acts_for_all(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context, sharing(context, seeded, 3) as uids:
        home = QWidget()
        qtbot.addWidget(home)
        tab = ListingsTab(context, home)
        QVBoxLayout(home).addWidget(tab)
        home.show()
        current(tab, context, uids[1])
        await until(lambda: SHARED.format(3) in words(tab))
        assert buttons(tab, "takeOff")[0].accessibleName() == "Take off eBay for all 3 copies"
        await press(tab, "changeOffer")
        dialog = await dialog_of(tab)
        assert dialog.windowTitle() == "Change this offer for all 3 copies"
        dialog.price.setText("18")
        dialog.submit()
        await until(lambda: context.ui.undos, "it is said")  # pyright: ignore[reportAttributeAccessIssue]
        assert said(context) == "The eBay offer of Aja is changed for all 3 copies"
        assert [current(tab, context, uid).listings[0].price_usd for uid in uids] == [Decimal("18.00")] * 3
        await press(tab, "takeOff")
        await until(lambda: "taken off" in said(context), "it is said")
        assert said(context).endswith("is taken off eBay for all 3 copies")
        await until(lambda: not context.shop.operations())
        assert [current(tab, context, uid).status for uid in uids] == ["ready-to-sell"] * 3
        await until(lambda: badges(tab) == ["Inactive"])
        await press(tab, "putOnOffer")
        dialog = await dialog_of(tab)
        dialog.platform.set_value("ebay")
        dialog.submit()
        await until(lambda: "put on offer" in said(context), "it is said")
        assert said(context).endswith("is put on offer for all 3 copies")
        await until(lambda: not context.shop.operations())
        assert [current(tab, context, uid).status for uid in uids] == ["listed"] * 3


async def test_an_offer_of_one_item_says_nothing_of_copies(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context, sharing(context, seeded, 1) as uids:
        home = QWidget()
        qtbot.addWidget(home)
        tab = ListingsTab(context, home)
        QVBoxLayout(home).addWidget(tab)
        home.show()
        current(tab, context, uids[0])
        await until(lambda: buttons(tab, "takeOff"))
        assert not [text for text in words(tab) if "share" in text]
        assert buttons(tab, "takeOff")[0].accessibleName() == "Take off eBay"


async def test_it_is_said_that_copies_keep_an_offer_where_it_is(desk: Desk, seeded: RunningServer) -> None:
    async with desk() as context, sharing(context, seeded, 2) as uids:
        _, repriced = await context.shop.repricing.edit(uids[0], {"price_item_usd": "25.00"})
        assert repricing_words(repriced) == "The eBay offer stays at $20.00: 2 copies share it."
        _, repriced = await context.shop.repricing.edit(uids[1], {"price_item_usd": "25.00"})
        assert repricing_words(repriced) == "The eBay offer will ask $25.00 once this is sent."
        await until(lambda: not context.shop.operations())
