"""A record that another computer has made again already is asked about, in words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.activity.stage import POPUPS, Stage, deleted_elsewhere, stage, words_on
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer

pytestmark = POPUPS


async def chosen(on: Stage, name: str) -> str:
    """Press the only row's first button, and one in the question that asks; return its words."""
    QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
    await until(lambda: on.home.findChildren(AskDialog), "the question")
    ask, button = on.home.findChild(AskDialog), on.home.findChild(QPushButton, f"ask_{name}")
    assert ask is not None
    assert button is not None
    words = " ".join(words_on(ask))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await until(lambda: not on.home.findChildren(AskDialog), "the question goes")
    return words


@pytest.mark.parametrize(("answer", "there"), [("use", 1), ("another", 2)])
async def test_what_is_there_again_is_used_or_made_once_more(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, answer: str, there: int
) -> None:
    first = {"use": 28, "another": 29}[answer]
    async with stage(qtbot, desk, seeded, first=first, status="ready-to-sell") as on:
        shop, item = on.context.shop, on.items[0]
        assert item.product is not None
        await deleted_elsewhere(on)
        fields = {"product": item.product.uid, "manual_sku": item.manual_sku, "location": item.location}
        fields |= {"status": item.status, "price_item_usd": str(item.price_item_usd)}
        made = (await on.other.inventory.create(fields)).record.data
        await chosen(on, "recreate")
        asked = [(OpKind.CREATE, OpState.CONFLICT)]
        await until(
            lambda: [(one.kind, one.state) for one in shop.operations()] == asked, "it is asked about"
        )
        on.open()
        (row,) = on.rows()
        assert row.shown.acts == ("resolve",)
        words = await chosen(on, answer)
        assert f"SKU {item.manual_sku} is there already" in words
        await until(lambda: not shop.operations(), "it is sent")
        found = [
            record.data
            async for record in on.other.inventory.all(Query(Entity.ITEM, search=item.manual_sku or ""))
            if record.data.manual_sku == item.manual_sku
        ]
        assert len(found) == there
        assert on.item().location == "G-01-01"
        assert (on.item().uid == made.uid) is (answer == "use")
        for extra in [one.uid for one in found if one.uid != on.item().uid]:
            await on.other.inventory.delete(extra)  # other tests count the items
