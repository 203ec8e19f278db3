"""Deleting from the table: asked about, gone at once, taken back; many only by their number."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists import removing
from instica_desktop.features.shell.notifier import Notifier
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import TextField
from instica_desktop.sync import removal
from instica_desktop.sync.watching import Watch
from tests.features.conftest import ITEMS, Desk, Window, until
from tests.features.inventory.test_inventory import item, ready, shown
from tests.server.fixture import start_server


def window(context: Context) -> Window:
    assert isinstance(context.ui, Window)
    return context.ui


async def asked(view: InventoryView) -> AskDialog:
    await until(lambda: view.findChild(AskDialog), "the question")
    dialog = view.findChild(AskDialog)
    assert dialog is not None
    return dialog


def press(dialog: AskDialog, key: str) -> None:
    button = dialog.findChild(QPushButton, f"ask_{key}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def free(view: InventoryView) -> int:
    """Return the row of an item no order refers to: one that was sold cannot be deleted."""
    model = view.browser.table.table_model
    rows = (model.row(at) for at in range(100))
    return next(at for at, row in enumerate(rows) if row and not row.data.listings and not row.data.sold_at)


async def test_an_item_is_deleted_offline_leaves_the_table_and_comes_back(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        table = view.browser.table
        await until(lambda: table.table_model.count != ITEMS, "what this computer has")
        await until(lambda: table.table_model.row(0))
        table.go_to(0)
        uid, count = item(view).uid, table.table_model.count
        assert count is not None
        QTest.keyClick(table, Qt.Key.Key_Delete)
        press(await asked(view), "act")
        table.deletion_requested.emit()  # pressed once more: what is under way is not cut short
        await until(lambda: table.table_model.count == count - 1)
        await until(lambda: item(view).uid != uid, "the pane goes on")
        await until(lambda: window(context).undos, "the offer to undo")
        words, undo = window(context).undos[-1]
        assert words == "1 item deleted"
        undo()
        await until(lambda: table.table_model.count == count)
        assert context.shop.operations() == []
        step = await context.undo.redo()
        assert step is not None
        assert step.words == "deleting 1 item"
        await until(lambda: table.table_model.count == count - 1)
        assert await context.undo.undo() is not None  # by Ctrl+Z as by the notice
        await until(lambda: table.table_model.count == count)
        assert context.shop.operations() == []
        view.leave()


async def test_a_deletion_that_was_sent_is_taken_back_and_said_once_and_truly(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        table = view.browser.table
        table.go_to(free(view))
        uid = item(view).uid
        QTest.keyClick(table, Qt.Key.Key_Delete)
        dialog = await asked(view)
        assert "without offers" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        press(dialog, "act")
        await until(lambda: window(context).offers, "the offer to undo")
        await until(lambda: not context.shop.operations(), "it is sent")
        context.undo_last()
        await until(lambda: window(context).said, "what came of it")
        (said,) = window(context).said
        assert said.startswith("Undone: deleting 1 item. It was made again, under a new number.")
        assert "photo" not in said
        assert window(context).problems == []
        await until(lambda: not context.shop.operations(), "it is made again")
        row = context.shop.row(Entity.ITEM, uid)
        assert row is not None
        assert row.uid != uid
        view.leave()


async def test_several_are_not_asked_about_where_they_could_not_be_deleted(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        view.browser.table.selection.select_all()
        QTest.keyClick(view.browser.table, Qt.Key.Key_Delete)
        await until(lambda: window(context).problems, "why not")
        assert "needs a connection" in str(window(context).problems[-1])
        assert view.findChild(AskDialog) is None
        view.leave()


async def test_keep_keeps(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        QTest.keyClick(view.browser.table, Qt.Key.Key_Delete)
        dialog = await asked(view)
        press(dialog, "keep")
        await until(lambda: not view.findChild(AskDialog))
        assert context.shop.operations() == []
        view.leave()


async def test_everything_is_deleted_only_by_its_number(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.table.selection.select_all()
        QTest.keyClick(view.browser.table, Qt.Key.Key_Delete)
        dialog = await asked(view)
        field = dialog.findChild(TextField, "typedNumber")
        assert field is not None
        act = dialog.findChild(QPushButton, "ask_act")
        assert act is not None
        assert dialog.focusWidget() is field
        QTest.keyClicks(field, str(ITEMS - 1))
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert not act.isEnabled()
        assert dialog.isVisible()
        form = dialog.findChild(FormField, "typedNumberField")
        assert form is not None
        assert f"Type {ITEMS}" in form.error
        field.setText(f"{ITEMS:,}")
        assert act.isEnabled()
        press(dialog, "keep")
        await until(lambda: not view.findChild(AskDialog))
        assert context.shop.operations() == []
        view.leave()


async def test_deleting_everything_says_what_it_reads_and_what_it_puts_back(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "WITH_PHOTOS", 1)
    monkeypatch.setattr(removal, "AT_ONCE", 20)
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        table = view.browser.table
        count, told = table.table_model.count, list[str]()
        assert count is not None

        def follow(words: str, watch: Watch) -> None:
            told.append(words)
            watch.named = told.append
            watch.told = lambda done, of: watch.stop() if told[-1].startswith("Deleting") and done else None

        monkeypatch.setattr(context.ui, "show_work", follow)
        table.selection.select_all()
        QTest.keyClick(table, Qt.Key.Key_Delete)
        dialog = await asked(view)
        field = dialog.findChild(TextField, "typedNumber")
        assert field is not None
        field.setText(str(count))
        press(dialog, "act")
        await until(lambda: window(context).said, "that it was stopped")
        assert window(context).said == ["Stopped. Nothing was deleted."]
        what = f"{count:,} items"
        assert told == [f"Deleting {what}", f"Reading {what}", f"Deleting {what}", removal.BACK]
        assert context.shop.operations() == []
        await until(lambda: table.table_model.count == count, "all are listed again")
        view.leave()


def test_work_that_is_to_stop_is_shown_until_it_has(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    notifier, watch = Notifier(home, home.rect), Watch()
    notifier.show_work("Deleting 600 items", watch)
    (toast,) = notifier.toasts.toasts
    QTest.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert watch.stopped
    watch.name("Putting them back")
    watch.show(20, 40)
    assert notifier.toasts.toasts == (toast,)
    assert (toast.headline, toast.action.isEnabled()) == ("Putting them back", False)
    assert "20 of 40" in [label.text() for label in toast.findChildren(QLabel)]
    watch.end()
    assert notifier.toasts.toasts == ()


async def delete_everything(view: InventoryView, count: int) -> None:
    view.browser.table.selection.select_all()
    QTest.keyClick(view.browser.table, Qt.Key.Key_Delete)
    dialog = await asked(view)
    field = dialog.findChild(TextField, "typedNumber")
    assert field is not None
    field.setText(str(count))
    press(dialog, "act")


async def test_deletions_on_their_way_are_shown_stopped_and_summed_up(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with start_server(tmp_path / "own", items=ITEMS) as server:
        async with desk(server=server, hold=3600.0) as context:
            view, shop, ui = shown(qtbot, context), context.shop, window(context)
            await ready(view)
            table, words = view.browser.table, f"0 items · {ITEMS} being deleted"
            await until(lambda: table.table_model.count == ITEMS)
            await delete_everything(view, ITEMS)
            await until(lambda: table.table_model.count == 0, "the list is empty")
            await until(lambda: words in [label.text() for label in view.findChildren(QLabel)], "the foot")
            await until(lambda: table.states.shown(), "the card")
            card = table.states.shown()
            assert card is not None
            assert card.headline == "Being deleted"
            assert card.sentence.startswith(f"{ITEMS} items are still to be deleted")
            await until(lambda: view.pane.row is None, "the pane shows no record")
            assert ui.works == []  # it is held: there is nothing to stop yet

            counts = list[tuple[int, int]]()

            def follow(words: str, watch: Watch) -> None:
                ui.works.append((words, watch))
                watch.told = lambda done, of: counts.append((done, of))

            ui.show_work = follow  # type: ignore[method-assign]
            await until(lambda: context.undo.next_undo, "it can be taken back")
            step = context.undo.next_undo
            assert step is not None
            shop.inverses.let_go(step)
            await until(lambda: ui.works, "the deletions are shown")
            await until(lambda: counts and counts[-1][0] > 0, "they go on")
            assert table.table_model.count == 0
            assert table.selection.empty
            words, watch = ui.works[0]
            assert words.endswith("items on the server")
            watch.stop()
            await until(lambda: ui.said, "that it was stopped")
            gone = shop.leaving(Entity.ITEM).deleted
            await until(lambda: not shop.leaving(Entity.ITEM).left)
            assert ui.said[0].startswith("Stopped. ")
            assert 0 < gone < ITEMS
            await until(lambda: table.table_model.count == ITEMS - shop.leaving(Entity.ITEM).deleted)
            view.leave()
