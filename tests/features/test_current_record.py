"""The record that is highlighted, the one in the pane, and the one that is written to are one."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.changes import Changes
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit import lull
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.sync import Kind
from tests.features.conftest import Desk, until
from tests.features.inventory.test_inventory import ready, shown
from tests.features.rows import Rows, put

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def focused() -> QWidget:
    """Return what has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


class Hands:
    """A screen over a dozen real items, offline, with the keyboard wherever a person puts it."""

    def __init__(self, context: Context, view: InventoryView) -> None:
        self.context, self.view, self.table = context, view, view.browser.table
        model = self.table.table_model
        self.uids = [model.uid_at(at) for at in range(14)]
        self.rows = Rows(context, view.browser.query, self.uids[:12])
        put(view.browser, self.rows)
        self.written: list[tuple[str, str]] = []
        self._edit = context.shop.edit
        context.shop.edit = self._note  # type: ignore[method-assign]

    async def _note(self, entity: Entity, uid: str, changes: dict[str, Any], *more: Any, **named: Any) -> Any:
        self.written += [(uid, value) for key, value in changes.items() if key == "location"]
        return await self._edit(entity, uid, changes, *more, **named)

    @property
    def current(self) -> str:
        row = self.table.current_row()
        return row.uid if row is not None else ""

    @property
    def paned(self) -> str:
        row = self.view.pane.row
        return row.uid if row is not None else ""

    @property
    def shelf(self) -> QLineEdit:
        return self.view.detail.fields.shelf

    def click(self, row: int) -> None:
        QTest.mouseClick(
            self.table.viewport(), LEFT, NONE, QPoint(100, self.table.row_rect(row).center().y())
        )

    def type(self, text: str) -> None:
        self.shelf.setFocus()
        self.shelf.selectAll()
        QTest.keyClicks(self.shelf, text)


@asynccontextmanager
async def hands(qtbot: QtBot, desk: Desk) -> AsyncIterator[Hands]:
    async with desk() as context:
        view = shown(qtbot, context)
        view.activateWindow()
        await ready(view)
        context.shop.work_offline(True)
        view.newcomer.deleteLater()  # the rows are ours
        made = Hands(context, view)
        yield made
        await view.finish()
        for operation in context.shop.operations():
            await context.shop.discard(operation.uuid)
        view.leave()


async def test_a_price_goes_to_the_record_that_is_highlighted(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        hand.rows.show([hand.uids[12], hand.uids[13], *hand.uids[:12]])
        assert (hand.current, hand.paned, hand.table.currentIndex().row()) == (hand.uids[3],) * 2 + (5,)
        hand.click(3)
        assert (hand.current, hand.paned) == (hand.uids[1],) * 2
        hand.type("W-1")
        QTest.keyClick(hand.shelf, Qt.Key.Key_Return)
        await until(lambda: hand.written == [(hand.uids[1], "W-1")])


async def test_while_a_key_is_held_the_pane_waits_and_takes_nothing_for_another_record(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        pane, place = hand.view.pane, hand.view.detail.mapTo(hand.view, QPoint(60, 200))
        assert hand.paned == hand.uids[3]
        assert hand.view.childAt(place) is not pane
        monkeypatch.setattr(lull, "FOLLOWS_MS", 600_000)
        monkeypatch.setattr(lull, "QUIET_MS", 600_000)
        for _ in range(4):
            QTest.keyClick(hand.table, Qt.Key.Key_Down)
        assert pane.row is not None
        assert (hand.current, pane.row.uid) == (hand.uids[7], hand.uids[3])
        assert hand.view.childAt(place) is pane, "a press there would act on what it shows: it is swallowed"
        QTest.keyClick(hand.table, Qt.Key.Key_F4)
        assert pane.row.uid == hand.uids[7]
        assert hand.view.childAt(place) is not pane
        hand.type("W-2")
        QTest.keyClick(hand.shelf, Qt.Key.Key_Return)
        await until(lambda: hand.written == [(hand.uids[7], "W-2")])


async def test_a_field_that_the_keyboard_goes_to_is_of_the_current_record(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        pane, shelf = hand.view.pane, hand.shelf
        assert hand.paned == hand.uids[3]
        monkeypatch.setattr(lull, "FOLLOWS_MS", 600_000)
        monkeypatch.setattr(lull, "QUIET_MS", 600_000)
        for _ in range(2):
            QTest.keyClick(hand.table, Qt.Key.Key_Down)
        assert pane.row is not None
        assert (hand.current, pane.row.uid) == (hand.uids[5], hand.uids[3])
        shelf.setFocus()
        assert pane.row.uid == hand.uids[5]
        hand.type("W-3")
        QTest.keyClick(hand.shelf, Qt.Key.Key_Return)
        await until(lambda: hand.written == [(hand.uids[5], "W-3")])


async def test_a_heading_without_ordering_changes_nothing(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        header = hand.table.header
        for column in hand.table.table_model.columns:
            if column.sort is None and not header.isSectionHidden(
                hand.table.table_model.column_index(column.key)
            ):
                at = header.sectionViewportPosition(hand.table.table_model.column_index(column.key)) + 4
                QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(at + 8, 16))
                assert (hand.current, hand.paned, hand.table.selection.uids()) == (
                    hand.uids[3],
                    hand.uids[3],
                    [hand.uids[3]],
                )


async def test_what_is_typed_goes_to_the_record_it_was_begun_on_also_when_that_left_the_rows(
    qtbot: QtBot, desk: Desk
) -> None:
    """Others made it go: it stays in the pane with the cursor, and no other record is current."""
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        assert hand.paned == hand.uids[3]
        hand.type("GONE-")
        hand.rows.show([uid for uid in hand.uids[:12] if uid != hand.uids[3]])
        assert (hand.current, hand.paned, hand.shelf.hasFocus()) == (hand.uids[3], hand.uids[3], True)
        QTest.keyClicks(focused(), "1")
        hand.table.setFocus()
        await until(lambda: hand.written == [(hand.uids[3], "GONE-1")])
        QTest.keyClicks(focused(), "x")
        assert (hand.current, hand.table.editing.active()) == (hand.uids[3], False)
        QTest.keyClick(hand.table, Qt.Key.Key_Down)
        assert (hand.current, hand.paned) == (hand.uids[4],) * 2


async def test_the_cursor_stays_where_the_record_stays(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        assert hand.paned == hand.uids[3]
        hand.type("A-")
        hand.rows.loading = True
        hand.rows.show([uid for uid in hand.uids[:12] if uid != hand.uids[3]])  # between two pages
        assert hand.paned == hand.uids[3]
        QTest.keyClicks(hand.shelf, "1")
        hand.rows.show(list(reversed(hand.uids)))
        hand.rows.settle()
        QTest.keyClicks(hand.shelf, "2")
        QTest.keyClick(hand.shelf, Qt.Key.Key_Return)
        await until(lambda: hand.written == [(hand.uids[3], "A-12")])


async def test_a_step_onto_a_row_that_is_not_read_waits_and_stays_in_the_field(
    qtbot: QtBot, desk: Desk
) -> None:
    async with hands(qtbot, desk) as hand:
        hand.rows.unread = {hand.uids[4]}
        hand.rows.show(hand.uids[:12])
        hand.click(3)
        hand.type("S-1")
        QTest.keyClick(hand.shelf, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        said = [label.text() for label in hand.view.pane.findChildren(QLabel) if label.isVisible()]
        assert "No item chosen" not in said
        assert (hand.current, hand.paned, hand.shelf.hasFocus()) == (hand.uids[3], hand.uids[3], True)
        hand.rows.read(hand.uids[4])
        assert (hand.current, hand.paned, hand.shelf.hasFocus()) == (hand.uids[4], hand.uids[4], True)
        await until(lambda: hand.written == [(hand.uids[3], "S-1")])


async def test_an_unread_row_that_is_chosen_is_not_called_nothing(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        hand.rows.unread = {hand.uids[11]}
        hand.rows.show(hand.uids[:12])
        QTest.keyClick(hand.table, Qt.Key.Key_End)
        assert hand.paned == ""
        said = [label.text() for label in hand.view.pane.findChildren(QLabel) if label.isVisible()]
        assert "No item chosen" not in said
        hand.rows.read(hand.uids[11])
        assert (hand.current, hand.paned) == (hand.uids[11],) * 2


async def test_a_question_leaves_the_selection_as_it_is(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        shop = hand.context.shop
        shop.work_offline(False)  # without a connection nobody is asked about several
        await until(lambda: shop.state.kind is Kind.ONLINE)
        hand.click(1)
        hand.table.selection.select_only(1, 3)
        chosen = hand.table.selection.uids()
        for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):  # both keep
            hand.view.activateWindow()
            await until(hand.view.isActiveWindow, "the window has the keyboard")
            QTest.keyClick(hand.table, Qt.Key.Key_Delete)
            await until(lambda: hand.view.findChild(AskDialog), "the question")
            assert hand.table.selection.uids() == chosen
            await until(lambda: QApplication.activeModalWidget() is hand.view.findChild(AskDialog))
            place = QPoint(8, hand.table.row_rect(2).top() + 1)
            assert hand.table.viewport().grab().toImage().pixelColor(place) == color("tint")
            await until(QApplication.focusWidget, "the keyboard is on an answer")
            QTest.keyClick(focused(), key)
            await until(lambda: not hand.view.findChild(AskDialog), "the question is closed")
            assert hand.table.selection.uids() == chosen


async def test_the_menu_of_a_record_goes_with_it(qtbot: QtBot, desk: Desk) -> None:
    async with hands(qtbot, desk) as hand:
        hand.click(3)
        assert hand.paned
        hand.view._show_menu(hand.table.mapToGlobal(QPoint(60, 60)))  # pyright: ignore[reportPrivateUsage]
        menu = QApplication.activePopupWidget()
        assert menu is not None
        hand.rows.show([uid for uid in hand.uids[:12] if uid != hand.uids[3]])
        await until(lambda: QApplication.activePopupWidget() is not menu)


async def test_f4_begins_to_grade_from_anywhere_in_the_window(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window, beside = QWidget(), QLineEdit()
        qtbot.addWidget(window)
        view = InventoryView(context, window)
        column = QVBoxLayout(window)
        column.addWidget(beside)
        column.addWidget(view)
        window.resize(1240, 900)
        window.show()
        window.activateWindow()
        view.activate()
        await ready(view)
        for start in (beside, view.browser.search.edit, view.detail.fields.shelf):
            start.setFocus()
            QTest.keyClick(start, Qt.Key.Key_F4)
            focused = QApplication.focusWidget()
            assert focused is not None
            picker = view.detail.fields.item_grade
            assert focused is picker or picker.isAncestorOf(focused)
        view.hide()
        beside.setFocus()
        QTest.keyClick(beside, Qt.Key.Key_F4)
        assert beside.hasFocus()
        view.leave()


async def test_another_order_keeps_the_record_and_the_selection(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        table = view.browser.table
        await until(lambda: not table.table_model.loading)
        table.go_to(3)
        table.selection.select_only(2, 3)
        chosen, uid = sorted(table.selection.uids()), table.table_model.uid_at(3)
        view.browser.order_by("-price_total_usd")
        await until(lambda: not table.table_model.loading)
        assert table.table_model.uid_at(table.currentIndex().row()) == uid
        assert sorted(table.selection.uids()) == chosen
        view.leave()


async def test_a_part_of_the_records_is_not_shown_as_their_order(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        table, model = view.browser.table, view.browser.table.table_model
        heads: list[str] = []
        model.feed_changed.connect(lambda: heads.append(model.uid_at(0)))
        model.moved.connect(lambda _moved: heads.append(model.uid_at(0)))
        view.browser.order_by("-price_total_usd")
        assert heads == []
        await until(lambda: not view.browser.reordering and not model.loading)
        assert set(heads) == {model.uid_at(0)}
        assert table.header.ordering() == "-price_total_usd"
        view.leave()


async def test_without_an_answer_the_part_that_is_here_is_shown_after_all(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.order_by("title")
        assert view.browser.reordering
        context.shop.work_offline(True)
        await until(lambda: not view.browser.reordering)
        assert view.browser.table.header.ordering() == "title"
        view.leave()


class Play:
    """Rows that change at random while somebody clicks, steps and types in the pane."""

    def __init__(self, hand: Hands, seed: int) -> None:
        self.hand, self.dice = hand, random.Random(seed)
        self.order, self.out = list(hand.uids[:12]), list(hand.uids[12:])
        self.typing: tuple[str, str] | None = None
        self.expected: list[tuple[str, str]] = []
        self.typed = 0

    def above(self) -> None:
        if self.out:
            self.order.insert(0, self.out.pop())
            self.hand.rows.show(self.order)

    def go(self) -> None:
        if len(self.order) > 5:
            before = self.hand.current
            self.out.append(self.order.pop(self.dice.randrange(len(self.order))))
            self.hand.rows.show(self.order)
            if self.hand.current != before:
                assert not self.hand.view.pane.isAncestorOf(focused())

    def reorder(self) -> None:
        self.dice.shuffle(self.order)
        self.hand.rows.show(self.order)

    def reset(self) -> None:
        self.hand.context.bus.publish(Changes(Entity.ITEM, uids=frozenset(self.order)))

    def click(self) -> None:
        self.hand.click(self.dice.randint(0, 4))

    def step(self) -> None:
        key = self.dice.choice((Qt.Key.Key_Down, Qt.Key.Key_Up))
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.AltModifier)

    def type(self) -> None:
        if self.typing is None:
            assert self.hand.paned == self.hand.current
            self.typed += 1
            self.typing = (self.hand.current, f"P-{self.typed}")
            self.hand.type(self.typing[1])

    def enter(self) -> None:
        if self.typing is not None:
            QTest.keyClick(self.hand.shelf, Qt.Key.Key_Return)
            self.expected.append(self.typing)
            self.typing = None

    async def one(self) -> None:
        """Do one thing, and compare."""
        hand, before = self.hand, self.hand.current
        steps = (self.above, self.go, self.reorder, self.reset, self.click, self.step, self.type, self.enter)
        act = self.dice.choice((*steps, self.type))
        act()
        if self.typing is not None and (hand.current != self.typing[0] or not hand.shelf.hasFocus()):
            self.expected.append(self.typing)  # whoever leaves a field saves what stands there
            self.typing = None
        if act in (self.above, self.reorder, self.reset):
            assert hand.current == before, act
        assert hand.paned == hand.current, act
        await until(lambda: hand.written == self.expected, act.__name__)


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_typed_in_the_pane_goes_to_the_record_it_was_begun_on(
    qtbot: QtBot, desk: Desk, seed: int
) -> None:
    async with hands(qtbot, desk) as hand:
        play = Play(hand, seed)
        for _ in range(60):
            await play.one()
        assert play.expected
