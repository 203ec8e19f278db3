"""A record that others delete while somebody is at it: what is typed stays with it, and reaches no other."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.api import InsticaClient
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.unsaved import give_up, unsaved
from instica_desktop.qtkit.text import ElidedLabel
from tests.features.conftest import Desk, Window, focused, oldest_on, until
from tests.features.inventory.test_inventory import shown
from tests.features.test_deleted_record import empty, typed
from tests.features.test_unsaved import activity, pressed
from tests.server.fixture import RunningServer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


COPIES = 4


async def beside_others(view: InventoryView) -> tuple[str, str]:
    """Stand on the second of the copies made here; return its uid and that of the next."""
    table, model = view.browser.table, view.browser.table.table_model
    view.browser.reveal(search="LOST")
    await until(lambda: not model.loading and model.count == COPIES and all(map(model.row, range(COPIES))))
    table.go_to(1)
    uid = model.uid_at(1)
    await until(lambda: view.pane.row is not None and view.pane.row.uid == uid, "the record in the pane")
    return uid, model.uid_at(2)


def foot(view: RecordScreen) -> list[str]:
    """Return what the pane says of where its record is saved, if anything."""
    return [label.text() for label in view.pane.findChildren(ElidedLabel) if "elsewhere" in label.text()]


@asynccontextmanager
async def beside_a_colleague(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> AsyncIterator[tuple[Context, InventoryView, InsticaClient]]:
    """Show copies of one product, which a colleague made and will delete."""
    async with aclosing(InsticaClient(seeded.base_url, seeded.api_key)) as colleague:
        product = oldest_on(seeded, "products", "-created")
        made = [
            (
                await colleague.inventory.create({"product": product, "manual_sku": f"LOST-{at}"})
            ).record.data.uid
            for at in range(COPIES)
        ]
        try:
            async with desk() as context:
                view = shown(qtbot, context)
                view.activateWindow()
                yield context, view, colleague
                view.leave()
        finally:
            for uid in made:
                with suppress(NotFound):
                    await colleague.inventory.delete(uid)


@pytest.mark.parametrize("way", ["news", "F5"])
async def test_a_record_that_is_typed_for_stays_in_the_pane_when_others_delete_it(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, way: str
) -> None:
    async with beside_a_colleague(qtbot, desk, seeded) as (context, view, colleague):
        uid, _ = await beside_others(view)
        shelf = typed(view, "YB-")
        await colleague.inventory.delete(uid)
        if way == "news":
            await context.shop.refresh(Entity.ITEM, uid)
        else:
            view.refresh()
            await until(lambda: view.browser.table.table_model.index_of(uid) is None, "it left the rows")
        assert view.pane.row is not None
        assert (view.pane.row.uid, view.current_uid(), shelf.hasFocus()) == (uid, uid, True)
        QTest.keyClicks(focused(), "10")
        assert shelf.text() == "YB-10"
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        await until(lambda: any(one.theirs == GONE for one in context.shop.operations()), "the question")
        (operation,) = context.shop.operations()
        assert (operation.uid, operation.edits[0].new) == (uid, "YB-10")
        await until(lambda: foot(view), "it is said")
        await context.shop.dropping.drop_with_record(Entity.ITEM, uid)


async def test_the_pane_says_at_once_that_the_record_typed_for_is_deleted(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with beside_a_colleague(qtbot, desk, seeded) as (context, view, colleague):
        uid, _ = await beside_others(view)
        shelf = view.detail.fields.shelf
        shelf.setFocus()
        await colleague.inventory.delete(uid)
        await context.shop.refresh(Entity.ITEM, uid)
        assert foot(view) == ["Deleted elsewhere"]
        shelf.selectAll()
        QTest.keyClicks(focused(), "YB-")
        view.pane.show_saved()
        assert foot(view) == ["Deleted elsewhere; decide in Activity (F8)"]
        QTest.keyClick(shelf, Qt.Key.Key_Escape)


async def test_no_key_reaches_another_record_after_the_current_one_was_deleted_elsewhere(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with beside_a_colleague(qtbot, desk, seeded) as (context, view, colleague):
        uid, after = await beside_others(view)
        table = view.browser.table
        table.setFocus()
        table.go_to(1, "grade")
        await colleague.inventory.delete(uid)
        await context.shop.refresh(Entity.ITEM, uid)
        await empty(view)
        for key in (Qt.Key.Key_7, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Delete):
            QTest.keyClick(table, key)
        assert (view.current_uid(), table.editing.active(), table.hasFocus()) == ("", False, True)
        await view.finish()
        assert context.shop.operations() == []
        QTest.keyClick(table, Qt.Key.Key_Down)
        assert view.current_uid() == after


async def test_a_price_typed_into_a_cell_goes_nowhere_else_and_is_listed(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with beside_a_colleague(qtbot, desk, seeded) as (context, view, colleague):
        uid, _ = await beside_others(view)
        table = view.browser.table
        table.setFocus()
        table.go_to(1, "price_total_usd")
        QTest.keyClick(table, Qt.Key.Key_F2)
        focused().selectAll()  # type: ignore[attr-defined]
        QTest.keyClicks(focused(), "12,5,")
        assert table.editing.active()
        await colleague.inventory.delete(uid)
        view.refresh()
        await until(lambda: not table.editing.active(), "its cell is gone")
        QTest.keyClicks(focused(), "7")
        assert not table.editing.active()
        assert view.current_uid() == uid
        assert [one.uid for one in unsaved(context)] == [uid]
        give_up(context, unsaved(context)[0])


async def test_every_text_of_a_record_that_is_gone_is_in_activity_also_after_a_start(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with beside_a_colleague(qtbot, desk, seeded) as (context, view, colleague):
        uid, _ = await beside_others(view)
        price = view.detail.fields.price
        price.setFocus()
        price.selectAll()
        QTest.keyClicks(price, "12,5,0")
        await colleague.inventory.delete(uid)
        await context.shop.refresh(Entity.ITEM, uid)
        view.pane.go_on()
        await until(lambda: view.current_uid() not in ("", uid), "the next record")
        assert isinstance(context.ui, Window)
        (said,) = [words for words in context.ui.said if "not saved" in words]
        assert said.endswith("The record was deleted elsewhere: Activity (F8) keeps the text.")
        (waits,) = unsaved(context)
        title = waits.title
        assert (waits.uid, waits.gone, waits.text) == (uid, True, "12,5,0")
        popover = activity(qtbot, context)
        assert popover.findChild(QPushButton, "typedShow") is None
        pressed(popover, "typedCopy")
        assert QGuiApplication.clipboard().text() == "12,5,0"
        popover.leave()
    async with desk(online=False) as context:
        (waits,) = unsaved(context)
        assert (waits.title, waits.text) == (title, "12,5,0")
        popover = activity(qtbot, context)
        pressed(popover, "typedDrop")
        assert unsaved(context) == []
        popover.leave()
