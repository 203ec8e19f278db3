"""The list of Activity: how it opens, is walked, put in another order, read aloud and exported."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.activity.groups import Entry
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import ElidedLabel
from tests.features.activity.stage import POPUPS, stage, words_on
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer

pytestmark = POPUPS


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


async def test_what_was_sent_today_is_counted(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=68) as on:
        await on.edit(0, location="Q-68-00")
        await until(lambda: not on.context.shop.operations())
        on.open()
        assert "1 edit sent today" in words_on(on.popover)


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


@pytest.mark.parametrize("number", ["9400111899560000000123", "9400 1118 9956 0000 0001 23"])
def test_the_last_figures_of_a_parcels_number_are_not_cut(qtbot: QtBot, number: str) -> None:
    shown = Entry("clock", "warning", False, (f"Shipped by Deutsche Post, {number}",), "12:30", ("drop",))
    home = QWidget()
    qtbot.addWidget(home)
    row = OperationRow("one", "A record", "An artist", shown, home)
    row.resize(300, 56)
    home.show()
    row.show()
    (label,) = row.findChildren(ElidedLabel)
    assert label.shown != label.text()
    assert label.shown.startswith("Shipped")
    assert label.shown.endswith(number[-4:])
