"""The page of storage and backups as a person uses it, and what the window says of a restored backup."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import cast

import apsw
import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.app.container import SCREENS
from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import Damaged
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context
from instica_desktop.features.marks import mark_of
from instica_desktop.features.panes import saved_words
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.features.storage.parts import ShareBar
from instica_desktop.features.storage.view import EMPTY_NOW, MEND_LATER, StorageView
from instica_desktop.features.storage.words import backup_words, reset_question, restore_question
from instica_desktop.qtkit.text import Label
from instica_desktop.sync.care import Backup, Finding, Report
from instica_desktop.system.prefs import Prefs
from tests.features.conftest import Desk, Window, until
from tests.features.test_accessible import unnamed
from tests.store.test_mending import spoil

# Popups on the offscreen platform.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def _shown(context: Context, qtbot: QtBot) -> StorageView:
    view = StorageView(context, cast(QWidget, None))
    qtbot.addWidget(view)
    view.resize(1240, 820)
    view.show()
    view.activate()
    return view


def _texts(parent: QWidget) -> list[str]:
    return [label.text() for label in parent.findChildren(Label) if label.isVisibleTo(parent)]


def _button(parent: QWidget, name: str) -> QPushButton:
    found = parent.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


async def _answer(key: str) -> None:
    """Press a button of the question that comes up."""
    await until(lambda: _questions(f"ask_{key}"), "a question")
    _questions(f"ask_{key}")[0].click()


def _questions(name: str) -> list[QPushButton]:
    app = cast(QApplication, QApplication.instance())
    tops = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
    return [button for top in tops for button in top.findChildren(QPushButton, name)]


async def _edited(context: Context) -> str:
    """Change the shelf of an item without a network; return its uid."""
    shop = context.shop
    results = shop.results(Query(Entity.ITEM))
    results.open()
    await until(lambda: results.row(0))
    row = results.row(0)
    assert row is not None
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, row.uid, {"location": f"Z-{utc_now().microsecond}"})
    results.close()
    return row.uid


async def test_it_shows_what_takes_the_room_and_backs_up(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        await _edited(context)
        view = _shown(context, qtbot)
        await until(lambda: "used" in view.room.sentence.text())
        assert "There is no backup yet." in _texts(view.backups)
        assert "1 edit waiting to be sent." in _texts(view.room)
        bar = view.findChild(ShareBar)
        assert bar is not None
        assert "Records" in bar.accessibleName()
        assert sum(width for _, _, width in bar.spans()) <= bar.width()

        _button(view, "backUpNow").click()
        await until(lambda: "1 unsent edit" in _texts(view.backups))
        assert cast(Window, context.ui).said == ["Backed up: 1 unsent edit."]
        assert unnamed(view) == []


async def test_a_restore_is_asked_first_and_nothing_is_sent_before_the_word(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        await _edited(context)
        shop = context.shop
        await shop.care.back_up()
        await shop.discard(shop.operations()[0].uuid)
        view = _shown(context, qtbot)
        await until(lambda: "1 unsent edit" in _texts(view.backups))
        _button(view, "restoreBackup").click()
        await _answer("keep")
        assert shop.operations() == []
        _button(view, "restoreBackup").click()
        await _answer("act")
        await until(shop.operations)
        assert shop.care.restored is not None
        shop.work_offline(False)
        await until(lambda: shop.state.can_send)
        await shop.send_now()
        await asyncio.sleep(0)
        assert len(shop.operations()) == 1  # held back

        await shop.care.confirm()
        await until(lambda: not shop.operations(), "sent after the word")


async def test_a_reset_is_asked_first_and_the_edit_stays(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        uid = await _edited(context)
        view = _shown(context, qtbot)
        await until(lambda: "used" in view.room.sentence.text())
        _button(view, "recordsButton").click()
        await _answer("act")
        await until(lambda: EMPTY_NOW in cast(Window, context.ui).said)
        assert context.shop.known(Entity.ITEM) == 0
        assert [one.uid for one in context.shop.operations()] == [uid]


async def test_a_check_says_that_all_is_well_or_what_is_not(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        await _edited(context)
        view = _shown(context, qtbot)
        _button(view, "checkNow").click()
        await until(lambda: "All is well" in _texts(view.check))
        assert "1 waiting edit" in view.check.sentence.text()
        broken = Finding("records", "This computer’s copy of the shop is damaged.", "page 7", "reset")
        view.check.show_report(Report(findings=(broken,)), utc_now())
        with qtbot.waitSignal(view.check.reset_requested):
            _button(view.check, "mend_reset").click()
        torn = Finding("edits", "The file of the waiting edits is damaged.", "page 7", "restore")
        view.check.show_report(Report(findings=(torn,)), utc_now())
        _button(view.check, "mend_restore").click()
        await until(lambda: MEND_LATER in cast(Window, context.ui).said)
    async with desk() as context:
        assert context.shop.care.restored is not None
        assert len(context.shop.operations()) == 1  # read from the file that was put aside


async def test_pictures_are_cleared(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = _shown(context, qtbot)
        await until(lambda: "used" in view.room.sentence.text())
        assert not _button(view, "picturesButton").isEnabled()
        images = context.shop.care._store.cache  # pyright: ignore[reportPrivateUsage]
        await images.put_image("https://x/y.jpg", b"p" * 5000)
        await view.measure()
        _button(view, "picturesButton").click()
        await until(lambda: cast(Window, context.ui).said)
        assert cast(Window, context.ui).said[0].startswith("Freed 5 kB")


async def test_the_window_says_what_was_restored_and_sends_it_when_told(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        await _edited(context)
        await context.shop.care.back_up()
    (tmp_path / "account" / "outbox.db").write_bytes(b"no database" * 999)
    window = MainWindow(Prefs(tmp_path / "window.json"), ActivityPopover)
    qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
    window.resize(1280, 800)
    window.show()
    async with desk() as context:
        shown = Context(context.account, context.shop, context.bus, window.prefs, window)
        window.show_shop(shown, SCREENS)
        window.go("storage")
        banner = window.restored
        assert banner.isVisible()
        assert "may be missing" in banner.sentence.text()
        await until(lambda: window.status.pending.words == "1 edit held back")
        _button(banner, "restoredLook").click()
        activity = window.findChild(ActivityPopover)
        assert activity is not None
        assert activity.isVisible()
        assert len(context.shop.operations()) == 1
        activity.dismiss()
        _button(banner, "restoredSend").click()
        await until(lambda: not context.shop.operations(), "sent")
        assert not banner.isVisible()

        await _edited(context)
        spoil(tmp_path / "account" / "outbox.db")  # and once more, while it is open
        with pytest.raises(Damaged):
            await context.shop.care.back_up()
        await until(lambda: "while the app was running" in banner.headline.text())
        assert banner.isVisible()
        assert len(context.shop.operations()) == 1
        _button(banner, "restoredSend").click()
        await until(lambda: not banner.isVisible())
        window.leave_shop()
        shown.close()


async def test_the_window_says_what_was_damaged_and_sends_it_as_the_backup_has_it(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "account" / "outbox.db"
    async with desk() as context:
        await _edited(context)
        (edit,) = context.shop.operations()
        await context.shop.care.back_up()
    connection = apsw.Connection(str(path))
    connection.execute(
        "UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), '\"new\":', '\"now\":') AS BLOB)"
    )
    connection.close()
    window = MainWindow(Prefs(tmp_path / "window.json"), ActivityPopover)
    qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
    window.resize(1280, 800)
    window.show()
    async with desk() as context:
        shown = Context(context.account, context.shop, context.bus, window.prefs, window)
        window.show_shop(shown, SCREENS)
        window.go("storage")
        banner = window.restored
        await until(banner.isVisible)
        assert banner.headline.text() == "1 edit was damaged on this computer’s disk"
        row = context.shop.row(Entity.ITEM, edit.uid)
        assert row is not None
        mark = mark_of(row)
        assert mark is not None
        assert mark.text == "Damaged"
        assert "see Activity" in saved_words(shown, Entity.ITEM, row)
        assert not _button(banner, "restoredSend").isVisible()
        _button(banner, "restoredLook").click()
        activity = window.findChild(ActivityPopover)
        assert activity is not None
        assert any("This is how the backup of" in text for text in _texts(activity))
        _button(activity, f"send_{edit.uuid}").click()
        await until(lambda: not context.shop.operations(), "sent")
        await until(lambda: not banner.isVisible())
        window.leave_shop()
        shown.close()


def test_questions_say_what_happens_to_what_waits() -> None:
    backup = Backup(Path("x"), utc_now() - timedelta(hours=1), 3, 9)
    assert backup_words(backup) == "3 unsent edits"
    assert "kept as a backup of their own" in restore_question(backup, 2)[1]
    assert "kept as a backup" not in restore_question(backup, 0)[1]
    offline = reset_question("Northside", 12, 1, online=False)[1]
    assert "nothing to browse" in offline
    assert "1 edit waiting to be sent stays." in offline


def test_every_button_of_the_page_has_a_name(qtbot: QtBot) -> None:
    bar = ShareBar(cast(QWidget, None))
    qtbot.addWidget(bar)
    bar.resize(300, 12)
    bar.set_parts([("chart_1", 10_000_000), ("chart_2", 1), ("chart_3", 0)], "words")
    widths = [width for _, _, width in bar.spans()]
    assert len(widths) == 2
    assert min(widths) >= 4
    assert not bar.findChildren(QAbstractButton)
