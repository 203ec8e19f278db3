"""What the window says, where, and what it keeps of it: problems stay until somebody has read them."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.app.container import SCREENS as REAL
from instica_desktop.features import notices
from instica_desktop.features.context import Context
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.notices import LIMIT, NoticeLog
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.qtkit.widgets.toast import SHADOW
from instica_desktop.system.logs import keep_secret
from tests.core.test_secrets import forms
from tests.features.conftest import Desk, until


def test_no_notice_holds_a_key() -> None:
    key = 'ik_live_0+/"<&9f-in-a-notice'
    keep_secret(key)
    for form in forms(key):
        notice = NoticeLog().add(f"The server says {form}", details=f"at ?k={form}&x")
        assert form not in notice.words + notice.details


def test_plain_notices_go_before_a_problem_nobody_has_read() -> None:
    log = NoticeLog()
    problem = log.add("The disk is full.", problem=True)
    for number in range(LIMIT + 5):
        log.add(f"Saved {number}")
    assert problem in log.all
    assert len(log.all) == LIMIT
    assert log.all[0].words == f"Saved {LIMIT + 4}"


def test_unread_problems_stay_whatever_their_number() -> None:
    log = NoticeLog()
    kept = [log.add(f"Problem {number}", problem=True) for number in range(LIMIT + 1)]
    assert log.problems == kept[::-1]
    log.add("Saved")
    assert log.problems == kept[::-1]


def test_what_was_read_makes_room_oldest_first() -> None:
    log = NoticeLog()
    old = [log.add(f"Problem {number}", problem=True) for number in range(LIMIT)]
    log.read()
    new = log.add("Something new", problem=True)
    assert log.problems == [new, *old[:0:-1]]
    log.add("Saved")
    assert log.problems == [new, *old[:0:-1]]


def test_there_is_an_end_to_it() -> None:
    log = NoticeLog()
    for number in range(notices.MOST + 3):
        log.add(f"Problem {number}", problem=True)
    assert len(log.all) == notices.MOST


@pytest.mark.parametrize("size", [(800, 560), (1000, 700), (1440, 900)])
@pytest.mark.parametrize("key", ["inventory", "products", "orders"])
async def test_messages_never_cover_the_pane(
    qtbot: QtBot, desk: Desk, size: tuple[int, int], key: str
) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.resize(*size)
        window.show()
        window.show_shop(shop, REAL)
        window.go(key)
        screen = window.screens.current()
        assert isinstance(screen, TableScreen)
        await until(screen.browser.table.current_row, "a row")
        for number in range(5):
            window.offer_undo(f"Changed the price of the record number {number}", window.update)
        screen._open()  # type: ignore[attr-defined]
        pane = screen.findChild(QWidget, f"{screen.browser.spec.noun}Detail")
        assert pane is not None
        await until(pane.isVisible)
        covered = QRect(pane.mapTo(window, QPoint()), pane.size())
        toasts = window.notifier.toasts.toasts
        assert 1 <= len(toasts) <= 3
        for toast in toasts:
            card = toast.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
            assert not card.intersects(covered)
            assert window.rect().contains(card)
        window.leave_shop()
        shop.close()


@pytest.mark.parametrize("size", [(800, 560), (1000, 700), (1440, 900)])
async def test_messages_never_cover_the_current_row(qtbot: QtBot, desk: Desk, size: tuple[int, int]) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.resize(*size)
        window.show()
        window.show_shop(shop, REAL)
        window.go("inventory")
        screen = window.screens.current()
        assert isinstance(screen, TableScreen)
        table = screen.browser.table
        await until(table.current_row, "a row")
        await until(lambda: table.table_model.rowCount() > 100, "rows")
        for words in ("The Discogs and eBay offers will ask $19.99 once this is sent.", "Saved", "Sent"):
            window.offer_undo(words, window.update)
        last = table.viewport().height() // table.row_height - 1
        for row in (0, last // 2, last, 60, 30):
            table.go_to(row)
            await until(lambda row=row: table.currentIndex().row() == row, "there")
            area = table.visualRect(table.currentIndex())
            place = QRect(table.viewport().mapTo(window, area.topLeft()), area.size())
            whole = QRect(0, place.y(), window.width(), place.height())
            assert len(window.notifier.toasts.toasts) == 3
            for toast in window.notifier.toasts.toasts:
                card = toast.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
                assert not card.intersects(whole), (row, card, whole)
                assert window.rect().contains(card)
        window.leave_shop()
        shop.close()
