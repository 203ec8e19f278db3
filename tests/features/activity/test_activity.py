"""Activity as a person uses it: drop and bring back, retry, and settle two versions of a record."""

import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.api import InsticaClient
from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpState
from instica_desktop.core.query import Query
from instica_desktop.features.activity.conflict import ConflictDialog
from instica_desktop.features.activity.gone import GONE_TOO
from instica_desktop.features.activity.groups import entry
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.features.activity.settling import SAVED
from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context
from instica_desktop.features.notices import NoticeLog
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import Label
from instica_desktop.sync import Kind
from tests.features.activity.test_groups import operation
from tests.features.conftest import Desk, Window, until
from tests.server.fixture import RunningServer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


class Stage:
    """A window with the popover over a cell, a shop with real items, and a client that is somebody else."""

    def __init__(self, context: Context, other: InsticaClient, items: list[InventoryItem]) -> None:
        self.context, self.other, self.items = context, other, items
        self.home = QMainWindow()
        self.home.resize(1200, 800)
        self.cell = QPushButton("cell", self.home)
        self.cell.move(40, 760)
        self.home.show()
        self.notices = NoticeLog()
        self.popover = ActivityPopover(context, self.notices, self.home)

    @property
    def window(self) -> Window:
        assert isinstance(self.context.ui, Window)
        return self.context.ui

    def rows(self) -> list[OperationRow]:
        shown = [row for row in self.popover.findChildren(OperationRow) if not row.isHidden()]
        return sorted(shown, key=OperationRow.y)

    def open(self) -> None:
        self.popover.open_above(self.cell)

    def item(self, at: int = 0) -> InventoryItem:
        row = self.context.shop.row(Entity.ITEM, self.items[at].uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        return row.data

    async def edit(self, at: int = 0, **changes: Any) -> None:
        await self.context.shop.edit(Entity.ITEM, self.items[at].uid, changes)

    async def elsewhere(self, at: int = 0, **changes: Any) -> None:
        await self.other.inventory.update(self.items[at].uid, changes)

    async def stored(self, at: int = 0) -> InventoryItem:
        return (await self.other.inventory.get(self.items[at].uid)).record.data

    async def conflict(self) -> ConflictDialog:
        """Change notes and shelf on both sides, the SKU here only, and press Resolve."""
        shop = self.context.shop
        shop.work_offline(True)
        mine = f"{self.items[0].uid[:6]}-mine"
        await self.edit(location="C-11-03", condition_notes="Plays clean, faint warp.", manual_sku=mine)
        await self.elsewhere(location="C-11-09", condition_notes="Inner sleeve is original.")
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        self.open()
        QTest.keyClick(self.rows()[0], Qt.Key.Key_Return)
        await until(lambda: self.home.findChildren(ConflictDialog))
        dialog = self.home.findChild(ConflictDialog)
        assert dialog is not None
        return dialog


@asynccontextmanager
async def stage(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, *, first: int, status: str = ""
) -> AsyncIterator[Stage]:
    """Give a stage on items from the `first` on, so that tests leave each other alone."""
    other = InsticaClient(seeded.base_url, seeded.api_key)
    async with desk() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        query = Query(Entity.ITEM)
        results = context.shop.results(query.with_filter("status", [status]) if status else query)
        results.open()
        await until(lambda: results.row(first + 3))
        rows = [results.row(first + at) for at in range(4)]
        items = [row.data for row in rows if row and isinstance(row.data, InventoryItem)]
        results.close()
        made = Stage(context, other, items)
        qtbot.addWidget(made.home)
        try:
            yield made
        finally:
            made.popover.leave()
            made.popover.dismiss()
            for operation in context.shop.operations():
                if operation.state is not OpState.SENDING:
                    await context.shop.discard(operation.uuid)
            await other.aclose()


def words_on(popover: QWidget) -> list[str]:
    return [label.text() for label in popover.findChildren(QLabel) if label.isVisible()]


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()


async def test_nothing_waits_and_escape_closes(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        on.open()
        assert "Nothing waiting" in words_on(on.popover)
        with qtbot.waitSignal(on.popover.closed):
            QTest.keyClick(on.popover, Qt.Key.Key_Escape)


async def test_it_opens_above_its_cell_as_wide_as_drawn(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        on.context.shop.work_offline(True)
        await on.edit(0, location="Q-01-01")
        on.open()
        shadow = 16
        card = on.popover.geometry().adjusted(shadow, shadow, -shadow, -shadow)
        assert card.width() == 472
        assert on.cell.mapTo(on.home, QPoint(0, 0)).y() - card.bottom() - 1 == 8
        await on.edit(1, location="Q-01-02")
        await until(lambda: len(on.rows()) == 2)
        card = on.popover.geometry().adjusted(shadow, shadow, -shadow, -shadow)
        assert on.cell.mapTo(on.home, QPoint(0, 0)).y() - card.bottom() - 1 == 8


async def test_a_waiting_edit_is_dropped_and_made_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=4) as on:
        before = on.item().location
        on.context.shop.work_offline(True)
        await on.edit(location="Q-02-01")
        on.open()
        assert on.rows()[0].hasFocus()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: not on.context.shop.operations())
        assert on.item().location == before
        await until(lambda: on.window.undos)
        words, undo = on.window.undos[0]
        assert words == f"Dropped: Shelf {before} → Q-02-01"
        undo()
        await until(lambda: on.item().location == "Q-02-01")


async def test_arrows_walk_and_the_undo_arrow_drops_its_own_row(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=8) as on:
        on.context.shop.work_offline(True)
        for at in range(3):
            await on.edit(at, location=f"Q-03-0{at}")
        on.open()
        first, second, _ = on.rows()
        QTest.keyClick(first, Qt.Key.Key_Down)
        assert second.hasFocus()
        arrow = on.popover.findChild(QWidget, f"drop_{second.uuid}")
        assert arrow is not None
        QTest.mouseClick(arrow, Qt.MouseButton.LeftButton)
        await until(lambda: len(on.context.shop.operations()) == 2)
        assert second.uuid not in [one.uuid for one in on.context.shop.operations()]
        await until(lambda: len(on.rows()) == 2)
        assert on.rows()[1].hasFocus()


async def test_what_cannot_be_made_again_is_asked_about(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=12) as on:
        shop = on.context.shop
        shop.work_offline(True)
        (added,) = await shop.add_photos(on.items[0].uid, [picture()])
        assert added.error is None
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: on.home.findChildren(AskDialog))
        ask = on.home.findChild(AskDialog)
        assert ask is not None
        QTest.keyClick(ask, Qt.Key.Key_Escape)
        await until(lambda: not on.home.findChildren(AskDialog))
        assert len(shop.operations()) == 1
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: on.home.findChildren(AskDialog))
        drop = on.home.findChild(QPushButton, "ask_act")
        assert drop is not None
        QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations())


async def test_a_refused_edit_says_why_and_goes_out_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=16) as on:
        shop = on.context.shop
        await on.elsewhere(status="received", price_item_usd="20.00")
        await shop.refresh(Entity.ITEM, on.items[0].uid)
        shop.work_offline(True)
        await on.edit(status="ready-to-sell")
        await on.elsewhere(price_item_usd=None, price_shipping_usd=None)
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.REFUSED])
        on.open()
        (row,) = on.rows()
        assert row.shown.acts == ("retry", "drop")
        assert row.shown.lines[0].startswith("Status Received → Ready to sell")
        assert len(row.shown.lines) > 1
        assert all(row.shown.lines)
        await on.elsewhere(price_item_usd="25.00")
        retry = on.popover.findChild(QPushButton, f"retry_{row.uuid}")
        assert retry is not None
        QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations())
        assert (await on.stored()).status == "ready-to-sell"


async def test_two_versions_are_settled_by_keyboard(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=20) as on:
        dialog = await on.conflict()
        assert [field.field for field in dialog.fields] == ["location", "condition_notes"] or [
            field.field for field in dialog.fields
        ] == ["condition_notes", "location"]
        notes = next(field for field in dialog.fields if field.field == "condition_notes")
        shelf = next(field for field in dialog.fields if field.field == "location")
        first, second = dialog.fields
        assert first.mine.hasFocus()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Right)
        assert first.side == "theirs"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
        assert second.mine.hasFocus()
        assert second.side == "mine"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Left)
        assert first.side == "mine"
        QTest.mouseClick(notes.theirs, Qt.MouseButton.LeftButton)
        assert dialog.choices == {"location": "mine", "condition_notes": "theirs"}
        assert "Shelf C-11-03" in dialog.result_line.text()
        shelf.take_focus()
        QTest.keyClick(shelf.mine, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not on.context.shop.operations())
        stored = await on.stored()
        assert stored.location == "C-11-03"
        assert stored.condition_notes == "Inner sleeve is original."
        assert stored.manual_sku == f"{on.items[0].uid[:6]}-mine"
        reasons = {entry.reason for entry in on.context.shop.history(Entity.ITEM, on.items[0].uid)}
        assert {"theirs was kept", "mine was kept"} <= reasons
        assert on.window.said == [SAVED]


async def test_deciding_later_changes_nothing(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=24) as on:
        dialog = await on.conflict()
        dialog.keep_theirs()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not on.home.findChildren(ConflictDialog))
        assert [one.state for one in on.context.shop.operations()] == [OpState.CONFLICT]
        assert (await on.stored()).location == "C-11-09"


async def test_problems_of_the_session_can_be_read_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        on.notices.add("Saved")
        on.notices.add("There is no room left.", details="ENOSPC", problem=True)
        on.open()
        words = words_on(on.popover)
        assert "There is no room left." in words
        assert "Saved" not in words
        details = on.popover.findChild(QPushButton, "noticeDetails")
        assert details is not None
        QTest.mouseClick(details, Qt.MouseButton.LeftButton)
        await until(lambda: on.home.findChildren(AskDialog))
        for dialog in on.home.findChildren(AskDialog):
            dialog.reject()
        await until(lambda: not on.home.findChildren(AskDialog))


async def test_data_is_shown_as_plain_text(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=28) as on:
        on.context.shop.work_offline(True)
        await on.edit(location="<b>A</b>")
        on.open()
        row = on.rows()[0]
        assert any("<b>A</b>" in line for line in row.shown.lines)
        labels = [label for label in row.findChildren(QLabel) if "<b>A</b>" in label.text()]
        assert labels
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


async def test_alt_and_the_arrows_put_records_in_another_order(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=60) as on:
        on.context.shop.work_offline(True)
        for at in range(3):
            await on.edit(at, location=f"Q-60-0{at}")
        on.open()
        a, b, c = (item.uid for item in on.items[:3])
        assert [uid for _, uid in on.context.shop.outgoing.objects()] == [a, b, c]
        third = on.rows()[2].uuid
        QTest.keyClick(on.rows()[2], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        await until(lambda: [uid for _, uid in on.context.shop.outgoing.objects()] == [a, c, b])
        await until(lambda: on.rows()[1].uuid == third)
        arrow = on.popover.findChild(QWidget, f"earlier_{third}")
        assert arrow is not None
        QTest.mouseClick(arrow, Qt.MouseButton.LeftButton)
        await until(lambda: [uid for _, uid in on.context.shop.outgoing.objects()] == [c, a, b])


async def test_enter_on_an_arrow_moves_the_edit_and_does_not_drop_it(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=28) as on:
        on.context.shop.work_offline(True)
        await on.edit(0, location="E-00")
        await on.edit(1, location="E-01")
        on.open()
        first, second = on.rows()
        later = first.findChild(QAbstractButton, f"later_{first.uuid}")
        assert later is not None
        later.setFocus()
        QTest.keyClick(later, Qt.Key.Key_Return)
        await until(lambda: on.rows() == [second, first], "the edit is sent later")
        assert later.hasFocus()


async def test_what_did_not_change_stays_and_tab_follows_the_order_on_screen(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=24) as on:
        on.context.shop.work_offline(True)
        for at in range(3):
            await on.edit(at, location=f"T-0{at}")
        on.open()
        first, second, third = on.rows()
        await on.edit(1, location="T-99")  # another value is another row
        await until(lambda: second not in on.rows(), "the second row is made anew")
        again = on.rows()
        assert (again[0], again[2]) == (first, third)
        again[0].setFocus()
        stops: list[str] = []
        for _ in range(12):
            focused = on.popover.focusWidget()
            assert focused is not None
            stops.append(focused.objectName())
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        uuids = [row.uuid for row in again]
        names = ("operation", "earlier", "later", "drop")
        assert stops == [f"{name}_{uuid}" for uuid in uuids for name in names]
        await on.context.shop.discard(first.uuid)
        await until(lambda: len(on.rows()) == 2)
        assert on.rows() == again[1:]


async def test_waiting_edits_are_exported_and_stay(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, tmp_path: Path
) -> None:
    async with stage(qtbot, desk, seeded, first=64) as on:
        on.context.shop.work_offline(True)
        await on.edit(0, location="Q-64-00")
        on.open()
        QTest.mouseClick(on.popover.export_button, Qt.MouseButton.LeftButton)
        await until(lambda: on.home.findChild(QFileDialog))
        dialog = on.home.findChild(QFileDialog)
        assert dialog is not None
        dialog.setDirectory(str(tmp_path))
        target = Path(dialog.selectedFiles()[0])
        dialog.accept()
        await until(lambda: len(on.window.said) == 2)
        assert on.window.said[-1] == f"Exported 1 edit to {target.name}. They still wait here."
        assert target.parent == tmp_path
        assert zipfile.is_zipfile(target)
        assert len(on.context.shop.operations()) == 1


async def test_what_was_sent_today_is_counted(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=68) as on:
        await on.edit(0, location="Q-68-00")
        await until(lambda: not on.context.shop.operations())
        on.open()
        assert "1 edit sent today" in words_on(on.popover)


async def test_dropping_a_deletion_keeps_the_record(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=72) as on:
        on.context.shop.work_offline(True)
        await on.context.shop.removal.delete(Entity.ITEM, [on.items[0].uid])
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: not on.context.shop.operations())
        await until(lambda: on.window.said)
        assert on.window.said[-1].endswith("is kept.")
        await on.edit(0, location="Q-72-00")


async def deleted_elsewhere(on: Stage) -> None:
    """Edit an item that somebody else has deleted, and open the list."""
    shop = on.context.shop
    shop.work_offline(True)
    await on.edit(location="G-01-01")
    await on.other.inventory.delete(on.items[0].uid)
    shop.work_offline(False)
    await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
    on.open()


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
        await until(lambda: on.window.said)
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


async def test_what_only_they_changed_and_an_own_value_go_together(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=36) as on:
        await on.elsewhere(tags=["seen by them"])
        dialog = await on.conflict()
        assert dialog.findChild(QWidget, "merged_tags") is not None
        shelf = next(field for field in dialog.fields if field.field == "location")
        shelf.take_focus()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_F2)
        QTest.keyClicks(dialog.focusWidget(), "x" * 101)
        dialog.save.click()
        assert dialog.isVisible()
        wrong = dialog.findChild(QLabel, "ownError_location")
        assert wrong is not None
        assert "up to 100 characters" in wrong.text()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(dialog.focusWidget(), "H-01-01")
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not on.context.shop.operations())
        stored = await on.stored()
        assert (stored.location, stored.tags) == ("H-01-01", ("seen by them",))


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


def test_a_conflict_names_all_its_fields_where_there_is_little_room(qtbot: QtBot) -> None:
    fields = ("location", "price_item_usd", "manual_description", "manual_sku")
    edits = tuple(Edit(field, "1", "2") for field in fields)
    clash = operation(OpState.CONFLICT, edits=edits, theirs=dict.fromkeys(fields, "3"))
    row = OperationRow("u", clash.title, "", entry(clash, utc_now()), None)  # pyright: ignore[reportArgumentType]
    qtbot.addWidget(row)
    row.setFixedWidth(440)
    row.show()
    said = next(label for label in row.findChildren(Label) if label.text().startswith("Shelf, item price"))
    assert said.wordWrap()
    assert said.height() >= said.heightForWidth(said.width()) > said.fontMetrics().lineSpacing()


async def test_the_list_is_part_of_the_window_for_a_screen_reader(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=64) as on:
        shop = on.context.shop
        before = QPushButton("before", on.home)
        before.show()
        on.home.activateWindow()
        await until(on.home.isActiveWindow)
        before.setFocus()
        shop.work_offline(True)
        await on.edit(location="A-11-Y")
        on.open()
        said = told(on.home)
        assert {"Activity", "Export…", "Close"} <= said.keys()
        assert any(name.startswith(f"{on.rows()[0].title}: Shelf") for name in said)
        assert [name for name, state in said.items() if state.focused] == [on.rows()[0].accessibleName()]
        with qtbot.waitSignal(on.popover.closed):
            QTest.mouseClick(on.home, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        assert before.hasFocus()
        assert "Export…" not in told(on.home)


def told(root: QWidget) -> dict[str, Any]:
    """Return what a screen reader finds in a window, walking from it: names, and their states."""
    found: dict[str, Any] = {}
    todo = [QAccessible.queryAccessibleInterface(root)]
    while todo:
        node = todo.pop()
        if not node.state().invisible:
            found[node.text(QAccessible.Text.Name)] = node.state()
            todo += [child for at in range(node.childCount()) if (child := node.child(at)) is not None]
    return found


@pytest.mark.parametrize("size", [(800, 600), (1440, 900)])
async def test_the_foot_stands_below_a_long_list_and_is_whole(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, size: tuple[int, int]
) -> None:
    async with stage(qtbot, desk, seeded, first=64) as on:
        on.home.resize(*size)
        on.cell.move(40, size[1] - 30)
        shop = on.context.shop
        shop.work_offline(True)
        for number in range(8):
            for at in range(4):
                await shop.add_photos(on.items[at].uid, [tinted(number, at)])
        on.open()
        card = on.popover
        scroll, button, foot = card._scroll, card.export_button, card.foot  # pyright: ignore[reportPrivateUsage]
        await until(lambda: scroll.verticalScrollBar().maximum() > 0, "more rows than room")
        assert card.height() == card.sizeHint().height()
        assert scroll.geometry().bottom() < foot.y()
        assert scroll.geometry().bottom() < button.y()
        whole = card.rect().adjusted(16, 16, -16, -16)
        assert whole.contains(button.geometry())
        assert on.home.rect().contains(card.geometry().adjusted(16, 16, -16, -16))
        assert button.height() >= button.sizeHint().height()


def tinted(number: int, at: int) -> bytes:
    made = BytesIO()
    Image.new("RGB", (16, 16), (number * 20, at * 40, 9)).save(made, "PNG")
    return made.getvalue()
