"""What is done to photos and offers of an item, and to its price, taken back by Undo as a person does."""

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.listings import CHANGES
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.conftest import Desk, until
from tests.features.inventory.test_inventory import drop_files, item, picture, ready, shown
from tests.features.inventory.test_listings import press, stage


def there(context: Context, uid: str) -> InventoryItem:
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    assert isinstance(row.data, InventoryItem)
    return row.data


def photos(context: Context, uid: str) -> list[str]:
    return [asset.uid for asset in there(context, uid).assets]


async def sent(context: Context) -> None:
    await until(lambda: not context.shop.operations(), "everything is sent")


async def with_two_photos(view: InventoryView, context: Context, folder: Path, *colours: str) -> list[str]:
    """Drop two photos on the current item; returns the uids of all its photos."""
    strip = view.detail.photos.strip
    before = len(strip.keys)
    drop_files(strip, [picture(folder / f"{colour}.jpg", colour=colour) for colour in colours])
    await until(lambda: len(strip.keys) == before + 2, "both photos shown")
    await sent(context)
    await until(lambda: not any(key.startswith("tmp-") for key in strip.keys), "their own uids")
    return photos(context, item(view).uid)


async def test_undoing_an_order_of_photos_moves_them_back_and_deletes_none(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = item(view).uid
        before = await with_two_photos(view, context, tmp_path, "navy", "tan")
        view.detail.photos.strip.primary_requested.emit(before[-1])
        await until(lambda: photos(context, uid)[0] == before[-1])
        await until(lambda: context.undo.next_undo and "order" in context.undo.next_undo.words)
        await sent(context)
        await context.undo.undo()
        await sent(context)
        assert photos(context, uid) == before
        assert not there(context, uid).assets[-1].is_primary
        await context.undo.undo()
        await sent(context)
        assert photos(context, uid) == before[:-2]
        await context.undo.redo()
        await context.undo.redo()
        await sent(context)
        assert len(photos(context, uid)) == len(before)
        assert there(context, uid).assets[0].is_primary
        view.leave()


async def test_a_removed_photo_is_asked_about_and_comes_back(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = item(view).uid
        before = await with_two_photos(view, context, tmp_path, "olive", "pink")
        digests = [asset.sha256 for asset in there(context, uid).assets]
        strip = view.detail.photos.strip
        await until(lambda: strip.shown(before[-2])[2], "its picture")
        strip.remove_requested.emit(before[-2])
        await until(lambda: view.window().findChild(QPushButton, "ask_act"), "the question")
        dialog = view.window().findChildren(AskDialog)[-1]
        assert dialog.windowTitle() == f"Remove photo {len(before) - 1} of {len(before)}?"
        assert dialog.findChild(QLabel, "askedPhoto").accessibleName().startswith("Photo")
        view.window().findChild(QPushButton, "ask_act").click()  # pyright: ignore[reportOptionalMemberAccess]
        await until(lambda: len(photos(context, uid)) == len(before) - 1)
        await until(lambda: context.ui.undos, "it is said")  # pyright: ignore[reportAttributeAccessIssue]
        await sent(context)
        words, undo = context.ui.undos[-1]  # pyright: ignore[reportAttributeAccessIssue]
        assert "removed" in words
        undo()
        await until(lambda: len(photos(context, uid)) == len(before))
        await sent(context)
        await until(lambda: [asset.sha256 for asset in there(context, uid).assets] == digests, "its place")
        view.leave()


async def test_the_question_says_when_a_photo_will_not_come_back(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        await with_two_photos(view, context, tmp_path, "coral", "khaki")
        context.shop.work_offline(True)
        strip = view.detail.photos.strip

        async def nothing(_address: str) -> bytes | None:
            return None

        context.shop.gallery._picture = nothing  # pyright: ignore[reportPrivateUsage]
        step = context.undo.next_undo
        assert step is not None
        for blob in step.acts[0].photos:  # pyright: ignore[reportAttributeAccessIssue]
            context.shop._store.blobs.path(blob).unlink()  # pyright: ignore[reportPrivateUsage]
        strip.remove_requested.emit(strip.keys[-1])
        await until(lambda: view.window().findChildren(AskDialog), "the question")
        dialog = view.window().findChildren(AskDialog)[-1]
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert "Undo will not bring it back" in said
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        view.leave()


async def test_an_offer_taken_off_is_put_back_by_undo(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        context.shop.work_offline(True)
        before = there(context, on.uid).listings
        await press(on.tab, "takeOff")
        await until(lambda: context.undo.next_undo, "it is on the stack")
        assert await context.undo.undo() is not None
        assert context.shop.operations() == []
        assert there(context, on.uid).listings == before


# -------------------------------------------------------------------- the price of what is on offer


async def offered(context: Context, view: InventoryView) -> str:
    """Put the current item on offer at its own price and at another one, and return its uid."""
    uid = item(view).uid
    client = context.shop._client.inventory  # pyright: ignore[reportPrivateUsage]
    await client.update(uid, {"price_item_usd": "20.00", "price_shipping_usd": None})
    for platform, price in (("ebay", None), ("etsy", "30.00")):
        await client.add_listing(uid, {"platform": platform, **({"price_usd": price} if price else {})})
    assert await context.shop.refresh(Entity.ITEM, uid)
    await until(lambda: len(there(context, uid).listings) >= 2 and item(view).price_item_usd == 20)
    return uid


def asked(context: Context, uid: str) -> dict[str, Decimal | None]:
    return {one.platform: one.price_usd for one in there(context, uid).listings if one.status == "listed"}


async def test_repricing_in_the_pane_moves_the_offer_at_the_same_price_and_says_which_stays(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.filter_by("status", ("ready-to-sell",))
        await until(lambda: view.detail.row and item(view).status == "ready-to-sell")
        uid = await offered(context, view)
        context.shop.work_offline(True)
        price = view.detail.fields.price
        price.setFocus()
        price.selectAll()
        QTest.keyClicks(price, "25")
        QTest.keyClick(price, Qt.Key.Key_Return)
        await until(lambda: asked(context, uid).get("ebay") == 25, "the offer follows")
        assert asked(context, uid) == {"ebay": 25, "etsy": 30}
        await until(lambda: context.ui.undos, "it is said")  # pyright: ignore[reportAttributeAccessIssue]
        said = context.ui.undos[-1][0]  # pyright: ignore[reportAttributeAccessIssue]
        assert said == "The eBay offer will ask $25.00 once this is sent. The Etsy offer stays at $30.00."
        view.pane.tabs.set_value("listings")
        await until(lambda: [one.text() for one in view.pane.findChildren(QLabel)].count(CHANGES) == 1)
        await context.undo.undo()
        assert context.shop.operations() == []
        assert asked(context, uid) == {"ebay": 20, "etsy": 30}
        view.leave()


async def test_repricing_in_a_cell_is_one_step_with_its_offer(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.filter_by("status", ("ready-to-sell",))
        await until(lambda: view.detail.row and item(view).status == "ready-to-sell")
        uid = await offered(context, view)
        row = context.shop.row(Entity.ITEM, uid)
        assert row is not None
        shipping = item(view).price_shipping_usd or Decimal(0)
        view.browser.table.edit_committed.emit(row, "price_total_usd", Decimal("26.00") + shipping)
        await until(lambda: asked(context, uid).get("ebay") == 26, "the offer follows")
        await until(lambda: context.ui.undos, "it is said")  # pyright: ignore[reportAttributeAccessIssue]
        await sent(context)
        await context.undo.undo()
        await sent(context)
        assert (item(view).price_item_usd, asked(context, uid)["ebay"]) == (20, 20)
        view.leave()
