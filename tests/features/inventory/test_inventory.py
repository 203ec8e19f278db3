"""The inventory screen as a seller uses it: find, grade, price, undo, with and without a network."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QSplitter
from pytestqt.qtbot import QtBot

from instica_desktop.app.tour.hands import drop_files
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.sync import Results
from tests.features.conftest import ITEMS, Desk, Window, until


def shown(qtbot: QtBot, context: Context) -> InventoryView:
    view = InventoryView(context)
    qtbot.addWidget(view)
    view.resize(1240, 800)
    view.show()
    view.activate()
    return view


async def ready(view: InventoryView) -> None:
    table = view.browser.table
    await until(lambda: table.table_model.count == ITEMS, "all items are counted")
    await until(lambda: table.table_model.row(0), "the first row")
    table.go_to(0)
    await until(lambda: view.detail.row, "an item in the pane")


def item(view: InventoryView) -> InventoryItem:
    row = view.detail.row
    assert row is not None
    return row.data


async def test_the_table_counts_and_shows_the_current_item(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        first = item(view).uid
        QTest.keyClick(view.browser.table, Qt.Key.Key_Down)
        await until(lambda: item(view).uid != first)
        view.leave()


async def test_the_pane_is_as_wide_as_the_window_allows_until_somebody_sets_it(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        view.resize(1239, 800)
        await ready(view)
        detail, splitter = view.detail, view.findChildren(QSplitter)[0]
        splitter.setSizes([900, 339])  # the sizes of a new pane are the splitter's, not ours
        for width, wanted in ((1280, 384), (1239, 336), (1400, 384)):
            view.resize(width, 800)
            assert detail.width() == wanted
        handle = splitter.handle(1)
        QTest.mousePress(handle, Qt.MouseButton.LeftButton)
        QTest.mouseMove(handle, handle.rect().center() - QPoint(60, 0))
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)
        own = detail.width()
        assert own > 400
        view.resize(1320, 800)
        assert detail.width() != 384
        view.leave()


async def test_search_narrows_and_escape_brings_all_back(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        artist = item(view).product
        assert artist is not None
        assert artist.artist is not None
        word = max(artist.artist.name.split(), key=len)
        view.focus_search()
        QTest.keyClicks(view.browser.search.edit, word)
        await until(lambda: 0 < (view.browser.table.table_model.count or 0) < ITEMS, "fewer rows")
        QTest.keyClick(view.browser.search.edit, Qt.Key.Key_Escape)
        await until(lambda: view.browser.table.table_model.count == ITEMS)
        view.leave()


async def test_nothing_found_here_is_no_answer_while_the_server_is_asked(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, fetch = asyncio.Event(), Results._fetch  # pyright: ignore[reportPrivateUsage]

    async def late(results: Results, page: int) -> None:
        await answers.wait()
        await fetch(results, page)

    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        monkeypatch.setattr(Results, "_fetch", late)
        view.focus_search()
        QTest.keyClicks(view.browser.search.edit, "zzqqxx")
        states = view.browser.table.states
        await until(lambda: (spec := states.shown()) and spec.headline == "Looking on the server…")
        assert view.browser._count.text() == "…"  # pyright: ignore[reportPrivateUsage]
        answers.set()
        await until(lambda: (spec := states.shown()) and spec.headline == "Nothing matches")
        view.leave()


async def test_nothing_found_offers_to_clear_the_search(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.focus_search()
        QTest.keyClicks(view.browser.search.edit, "zzqqxx")
        states = view.browser.table.states
        await until(states.shown, "the empty state")
        spec = states.shown()
        assert spec is not None
        assert spec.act == "clear"
        button = next(b for b in view.browser.table.findChildren(QPushButton) if b.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await until(lambda: view.browser.table.table_model.count == ITEMS)
        view.leave()


async def test_a_grade_by_key_and_a_typed_price_reach_the_server_and_can_be_undone(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        before = item(view)
        uid = before.uid
        QTest.keyClick(view.browser.table, Qt.Key.Key_Return)
        picker = view.detail.fields.item_grade
        key = Qt.Key.Key_5 if before.condition_item != "vg" else Qt.Key.Key_2
        grade = "vg" if before.condition_item != "vg" else "nm"
        QTest.keyClick(picker.focusProxy() or picker, key)
        await until(lambda: item(view).condition_item == grade)
        price = view.detail.fields.price
        price.setFocus()
        price.selectAll()
        QTest.keyClicks(price, "41.5")
        QTest.keyClick(price, Qt.Key.Key_Return)
        await until(lambda: item(view).price_item_usd == Decimal("41.50"))
        await until(lambda: not context.shop.operations(), "both edits delivered")
        fetched = (await context.shop._client.inventory.get(uid)).record.data  # pyright: ignore[reportPrivateUsage]
        assert (fetched.condition_item, fetched.price_item_usd) == (grade, Decimal("41.50"))

        await context.undo.undo()
        await context.undo.undo()
        await until(lambda: not context.shop.operations(), "the undo delivered")
        fetched = (await context.shop._client.inventory.get(uid)).record.data  # pyright: ignore[reportPrivateUsage]
        assert (fetched.condition_item, fetched.price_item_usd) == (
            before.condition_item,
            before.price_item_usd,
        )
        view.leave()


async def test_a_price_that_cannot_be_read_stays_with_its_reason(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        price, total = view.detail.fields.price, view.detail.fields.total
        before = total.text()
        for typed, words in (("abc", "not a price"), ("-1", "below zero"), ("12,34,567", "12,50")):
            price.setFocus()
            price.selectAll()
            QTest.keyClicks(price, typed)
            QTest.keyClick(price, Qt.Key.Key_Return)
            assert price.text() == typed
            assert total.text() == ""  # not the sum of what was typed so far
            assert words in view.detail.form._bindings["price_item_usd"].form.error  # pyright: ignore[reportPrivateUsage]
        first = item(view).uid
        view.detail.go_on()
        await until(lambda: item(view).uid != first)
        assert price.text() != "12,34,567"
        view.detail.go_back()
        await until(lambda: item(view).uid == first)
        assert price.text() == "12,34,567"
        QTest.keyClick(price, Qt.Key.Key_Escape)
        assert total.text() == before
        QTest.keyClicks(price, "7")
        assert total.text() != before
        QTest.keyClick(price, Qt.Key.Key_Escape)
        assert total.text() == before
        assert price.text() != "12,34,567"
        assert not context.shop.operations()
        view.leave()


async def test_only_legal_moves_are_offered_and_made(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.filter_by("status", ("received",))
        await until(lambda: view.detail.row and item(view).status == "received")
        moves = [button.text() for button in view.detail.fields.status.buttons]
        assert moves == ["Ready to sell", "Archive"]
        QTest.mouseClick(view.detail.fields.status.buttons[1], Qt.MouseButton.LeftButton)
        await until(lambda: item(view).status == "archived")
        await until(lambda: not context.shop.operations(), "delivered")
        await context.undo.undo()
        await until(lambda: not context.shop.operations(), "undo delivered")
        view.leave()


async def test_without_a_server_what_was_seen_is_searched_and_edits_wait(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.leave()
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        table = view.browser.table
        await until(lambda: (table.table_model.count or 0) >= 64, "the copy is counted")
        table.go_to(0)
        await until(lambda: view.detail.row)
        QTest.keyClick(table, Qt.Key.Key_Return)
        shelf = view.detail.fields.shelf
        shelf.setFocus()
        shelf.selectAll()
        QTest.keyClicks(shelf, "Z-99-01")
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        await until(lambda: item(view).location == "Z-99-01")
        assert [op.edits[0].new for op in context.shop.operations()] == ["Z-99-01"]
        row = table.current_row()
        assert row is not None
        assert row.mark.pending == 1
        await until(lambda: "wait" in view.detail._saved.text())  # pyright: ignore[reportPrivateUsage]
        await context.shop.discard(context.shop.operations()[0].uuid)
        view.leave()


async def test_ordering_and_columns_are_there_next_time(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.order_by("price_total_usd")
        view.browser.table.columns_layout.set_hidden("manual_sku", True)
        view.leave()
        again = shown(qtbot, context)
        await ready(again)
        assert again.browser.query.ordering == "price_total_usd"
        assert again.browser.table.columns_layout.is_hidden("manual_sku")
        prices = [again.browser.table.table_model.row(at).data.price_total_usd for at in range(20)]
        known = [price for price in prices if price is not None]
        assert known == sorted(known)
        again.leave()


async def test_the_product_of_an_item_is_one_step_away(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view._show_product()  # pyright: ignore[reportPrivateUsage]
        window = context.ui
        assert isinstance(window, Window)
        product = item(view).product
        assert product is not None
        assert window.visited == [("products", product.uid, "")]
        assert context.shop.row(Entity.ITEM, item(view).uid) is not None
        view.leave()


def picture(path: Path, size: tuple[int, int] = (640, 640), colour: str = "teal") -> Path:
    Image.new("RGB", size, colour).save(path)
    return path


async def test_photos_are_dropped_ordered_and_removed(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        strip = view.detail.photos.strip
        before = len(strip.keys)
        files = [picture(tmp_path / "front.jpg"), picture(tmp_path / "label.png", colour="orange")]
        drop_files(strip, files)
        await until(lambda: len(strip.keys) == before + 2, "both photos shown")
        await until(lambda: not context.shop.operations(), "both photos sent")
        await until(lambda: not any(key.startswith("tmp-") for key in strip.keys), "their own uids")
        last = strip.keys[-1]
        strip.primary_requested.emit(last)
        await until(lambda: not context.shop.operations() and strip.keys[0] == last, "first and delivered")
        fetched = (await context.shop._client.inventory.get(item(view).uid)).record.data  # pyright: ignore[reportPrivateUsage]
        assert [asset.uid for asset in fetched.assets if asset.is_primary] == [last]
        assert len(fetched.assets) == before + 2
        view.leave()


async def test_files_that_are_no_photos_are_refused_in_place(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        strip = view.detail.photos.strip
        before = len(strip.keys)
        (tmp_path / "notes.jpg").write_text("this is a letter, not a picture")
        huge = tmp_path / "huge.png"
        Image.new("1", (20_000, 20_000)).save(huge)
        drop_files(strip, [tmp_path / "notes.jpg", huge, picture(tmp_path / "good.jpg", colour="plum")])
        await until(lambda: view.detail.photos.trouble, "the reasons")
        await until(lambda: len(strip.keys) == before + 1, "the good one")
        assert "notes.jpg" in view.detail.photos.trouble
        assert "400 megapixels" in view.detail.photos.trouble
        await until(lambda: not context.shop.operations(), "sent")
        said: list[str] = []
        context.shop.on_words = said.append
        drop_files(strip, [tmp_path / "good.jpg"])
        await until(lambda: said, "said that it is there")
        assert "already" in said[0]
        assert "already" not in view.detail.photos.trouble
        assert len(strip.keys) == before + 1
        view.leave()


async def test_a_picture_is_pasted(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        strip = view.detail.photos.strip
        before = len(strip.keys)
        image = QImage(320, 200, QImage.Format.Format_RGB32)
        image.fill(0x336699)
        QGuiApplication.clipboard().setImage(image)
        strip.tiles[0].setFocus()
        QTest.keySequence(strip.tiles[0], "Ctrl+V")
        await until(lambda: len(strip.keys) == before + 1)
        await until(lambda: not context.shop.operations(), "sent")
        view.leave()


async def test_a_full_disk_keeps_the_text_and_says_so(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        notes = view.detail.fields.notes
        form = view.detail.form._bindings["condition_notes"].form  # pyright: ignore[reportPrivateUsage]
        long = "Side A plays with a light crackle between the tracks. " * 90
        connection = context.shop._store.outbox._writer  # pyright: ignore[reportPrivateUsage]
        await connection.run(lambda base: base.execute("PRAGMA max_page_count=1").fetchall())
        notes.setFocus()
        notes.setPlainText(long)
        view.detail.fields.tags.setFocus()
        await until(lambda: form.error, "the reason")
        assert "room" in form.error or "full" in form.error
        assert notes.text() == long
        assert not context.shop.operations()

        await connection.run(lambda base: base.execute("PRAGMA max_page_count=1000000").fetchall())
        notes.setFocus()
        notes.setPlainText("Plays clean.")
        view.detail.fields.tags.setFocus()
        await until(context.shop.operations, "saved once there is room")
        assert not form.error
        await context.shop.discard(context.shop.operations()[0].uuid)
        view.leave()


async def test_a_cell_is_edited_in_the_table(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        table = view.browser.table
        before = item(view)
        table.go_to(0, "location")
        QTest.keyClick(table, Qt.Key.Key_F2)
        editor = table.findChild(QLineEdit, "cellEditor")
        assert editor is not None
        editor.selectAll()
        QTest.keyClicks(editor, "Q-77-07")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        await until(lambda: item(view).location == "Q-77-07")
        grade = "ex" if before.condition_item != "ex" else "vg"
        table.go_to(0, "condition_item")
        QTest.keyClick(table, Qt.Key.Key_F2)
        picker = table.findChild(GradePicker, "cellEditor")
        assert picker is not None
        QTest.keyClick(picker.focusProxy() or picker, Qt.Key.Key_3 if grade == "ex" else Qt.Key.Key_5)
        await until(lambda: item(view).condition_item == grade)
        await until(lambda: not context.shop.operations(), "delivered")
        await context.undo.undo()
        await context.undo.undo()
        await until(lambda: item(view).location == before.location)
        await until(lambda: not context.shop.operations(), "taken back")
        view.leave()
