"""Edits of what somebody else deleted, and deletions of what somebody else changed."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.core.acts import Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.activity.gone import GONE_TOO
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.activity.stage import POPUPS, deleted_elsewhere, stage, words_on
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer

pytestmark = POPUPS


async def test_a_deleted_record_is_made_again_after_saying_what_is_lost(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=20, status="ready-to-sell") as on:
        await deleted_elsewhere(on)
        (row,) = on.rows()
        assert row.shown.acts == ("recreate", "gone")
        QTest.keyClick(row, Qt.Key.Key_Return)
        await until(lambda: on.home.findChildren(AskDialog))
        ask = on.home.findChild(AskDialog)
        assert ask is not None
        words = " ".join(words_on(ask))
        assert "Make " in words
        photos = len(on.items[0].assets)
        assert f"{photos} photo" in words if photos else "not come back" not in words
        make = on.home.findChild(QPushButton, "ask_recreate")
        assert make is not None
        QTest.mouseClick(make, Qt.MouseButton.LeftButton)
        await until(lambda: on.window.undos)
        assert on.window.undos[-1][0].endswith("is made again, under a new number")  # there is a connection
        await until(lambda: not on.context.shop.operations())
        again = on.item()
        assert again.uid != on.items[0].uid
        assert (await on.other.inventory.get(again.uid)).record.data.location == "G-01-01"


async def test_an_edit_of_a_deleted_record_is_dropped_and_told(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=30, status="ready-to-sell") as on:
        await deleted_elsewhere(on)
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
        await until(lambda: on.home.findChildren(AskDialog))
        drop = on.home.findChild(QPushButton, "ask_drop")
        assert drop is not None
        QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
        await until(lambda: on.window.said)
        assert on.window.said[0].endswith(GONE_TOO)
        assert on.context.shop.operations() == []
        (entry,) = on.context.shop.history(Entity.ITEM, on.items[0].uid)
        assert (entry.value, entry.reason) == ("G-01-01", "dropped")
        product = on.items[0].product
        assert product is not None
        await on.other.inventory.create({"product": product.uid})  # other tests count the items


async def test_a_deletion_of_what_was_changed_since_is_settled_in_words(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=76) as on:
        shop, uid = on.context.shop, on.items[0].uid
        shop.work_offline(True)
        await shop.removal.delete(Entity.ITEM, [uid])
        await on.other.inventory.update(uid, {"location": "T-76"})
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        on.open()
        (row,) = on.rows()
        assert row.shown.acts == ("resolve",)
        QTest.keyClick(row, Qt.Key.Key_Return)
        await until(lambda: on.home.findChildren(AskDialog))
        ask = on.home.findChild(AskDialog)
        assert ask is not None
        words = " ".join(words_on(ask))
        assert "changed on the server since" in words
        assert "→ T-76" in words
        keep = on.home.findChild(QPushButton, "ask_keep")
        assert keep is not None
        QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations())
        assert (await on.other.inventory.get(uid)).record.data.location == "T-76"


async def test_making_again_is_what_undo_takes_back_and_nothing_before_it(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=24, status="ready-to-sell") as on:
        shop, undo = on.context.shop, on.context.undo
        product = on.items[0].product
        assert product is not None
        await shop.refresh(Entity.PRODUCT, product.uid)
        made = await shop.making.copy({}, of=product.uid)
        on.context.did(Step(words="new copy", acts=made.acts))
        await until(lambda: not shop.operations())
        await deleted_elsewhere(on)
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
        await until(lambda: on.home.findChildren(AskDialog))
        make = on.home.findChild(QPushButton, "ask_recreate")
        assert make is not None
        QTest.mouseClick(make, Qt.MouseButton.LeftButton)
        await until(lambda: on.window.undos or on.window.said)
        turned = await undo.undo()
        assert turned is not None
        assert turned.words.startswith("making ")
        again, copy = (shop.row(Entity.ITEM, uid) for uid in (on.items[0].uid, made.uid))
        assert again is None or again.mark.leaves
        assert copy is not None
        assert not copy.mark.leaves
        await undo.redo()
        await until(lambda: not shop.operations())
        assert on.item().location == "G-01-01"
        await on.other.inventory.delete(shop.real(made.uid))  # other tests count the items
