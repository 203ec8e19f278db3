"""The screen of settings as a person uses it: a choice acts at once, and what changes elsewhere is shown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.app.container import SCREENS
from instica_desktop.app.copying import Copying
from instica_desktop.core.models.common import Entity
from instica_desktop.core.settings_spec import SETTINGS
from instica_desktop.features.context import Context
from instica_desktop.features.settings.rows import ChoiceRow, SwitchRow
from instica_desktop.features.settings.view import SettingsView
from instica_desktop.features.settings.words import copy_note, photos_note
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.qtkit.theme import colors
from instica_desktop.store.images import MB
from instica_desktop.sync import Kind
from instica_desktop.sync.mirror import MirrorState, Part
from tests.features.conftest import Desk, Window, until
from tests.features.test_accessible import unnamed

HERE = {entity: Part(done=12, of=12, complete=True) for entity in Entity}


@asynccontextmanager
async def settings(qtbot: QtBot, desk: Desk, *, online: bool = False) -> AsyncIterator[SettingsView]:
    """Give the screen, of a shop that does what the settings say."""
    async with desk(online=online) as context:
        store = context.shop.care._store  # pyright: ignore[reportPrivateUsage]
        copying = Copying(context.shop, store, context.prefs)
        copying.start()
        view = shown(context, qtbot)
        try:
            yield view
        finally:
            view.leave()
            await copying.close()


def shown(context: Context, qtbot: QtBot) -> SettingsView:
    view = SettingsView(context, cast(QWidget, None))
    qtbot.addWidget(view)
    view.resize(1100, 820)
    view.show()
    view.activate()
    return view


def switch(view: SettingsView, key: str) -> SwitchRow:
    row = view.rows[key]
    assert isinstance(row, SwitchRow)
    return row


def choice(view: SettingsView, key: str) -> ChoiceRow:
    row = view.rows[key]
    assert isinstance(row, ChoiceRow)
    return row


async def test_every_setting_with_a_name_stands_there_with_its_help(qtbot: QtBot, desk: Desk) -> None:
    async with settings(qtbot, desk) as view:
        assert set(view.rows) == {setting.key for setting in SETTINGS if setting.name}
        for key, row in view.rows.items():
            assert row.help.text() == row.setting.help, key
        assert choice(view, "photo_room_mb").control.accessibleName() == "Room for photos"
        assert unnamed(view) == []
        view.storage.click()
        assert cast(Window, view._context.ui).visited == [("storage", "", "")]  # pyright: ignore[reportPrivateUsage]


async def test_the_keyboard_alone_reaches_and_changes_everything(qtbot: QtBot, desk: Desk) -> None:
    async with settings(qtbot, desk) as view:
        view.activateWindow()
        await until(view.isActiveWindow)
        view.activate()
        reached: list[str] = []
        for _ in range(7):
            focused = QApplication.focusWidget()
            assert focused is not None
            reached.append(focused.objectName())
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert reached == [
            "theme_system",
            "density_comfortable",
            "openStorage",
            "mirror",
            "keep_photos",
            "photo_room_mb",
            "work_offline",
        ]
        prefs = view._context.prefs  # pyright: ignore[reportPrivateUsage]
        QTest.keyClick(switch(view, "work_offline").box, Qt.Key.Key_Space)
        assert prefs["work_offline"]
        QTest.keyClick(choice(view, "photo_room_mb").control, Qt.Key.Key_Down)
        assert prefs["photo_room_mb"] == 1_000


async def test_the_copy_is_stopped_and_goes_on(qtbot: QtBot, desk: Desk) -> None:
    async with settings(qtbot, desk, online=True) as view:
        mirror = view._context.shop.mirror  # pyright: ignore[reportPrivateUsage]
        box = switch(view, "mirror").box
        assert mirror.state.running
        box.click()
        assert not mirror.state.running
        assert not mirror.state.paused  # a pause would stand in Activity
        assert not view.rows["keep_photos"].isEnabled()
        box.click()
        assert mirror.state.running
        await until(lambda: mirror.state.complete, "the copy")
        await until(lambda: "items on this computer." in view.rows["mirror"].note.text())


async def test_photos_are_trimmed_and_fetched_at_once(qtbot: QtBot, desk: Desk) -> None:
    async with settings(qtbot, desk) as view:
        context = view._context  # pyright: ignore[reportPrivateUsage]
        images = context.shop.care._store.images  # pyright: ignore[reportPrivateUsage]
        cache = context.shop.care._store.cache  # pyright: ignore[reportPrivateUsage]
        switch(view, "keep_photos").box.click()
        await until(lambda: images.keep_all)
        assert not view.rows["photo_room_mb"].isEnabled()
        images.limit = 3_000
        for name in "abcd":
            await cache.put_image(name, b"p" * 1_000)
        await view._show_photos()  # pyright: ignore[reportPrivateUsage]
        assert view.rows["photo_room_mb"].note.text().startswith("They take 4 kB now. While every")
        switch(view, "keep_photos").box.click()
        await until(lambda: not images.keep_all)
        assert images.limit == 500 * MB
        await context.shop.care.keep_pictures_within(3_000, keep_all=False)
        assert await cache.missing_images(["a"]) == ["a"]
        assert await cache.missing_images(["d"]) == []
        control = choice(view, "photo_room_mb").control
        control.chosen.emit("250")
        await until(lambda: images.limit == 250 * MB)
        await until(lambda: view.rows["photo_room_mb"].note.text() == "They take 2 kB now.")


async def test_what_is_changed_elsewhere_is_shown(qtbot: QtBot, desk: Desk) -> None:
    async with settings(qtbot, desk) as view:
        context = view._context  # pyright: ignore[reportPrivateUsage]
        context.prefs["theme"] = "dark"
        context.prefs["photo_room_mb"] = 2_000
        assert choice(view, "theme").control.value == "dark"
        assert choice(view, "photo_room_mb").control.value == "2000"
        context.shop.work_offline(True)
        await until(lambda: switch(view, "work_offline").box.isChecked())


async def test_the_window_has_it_under_its_key_and_follows_it(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow)
        window.show_shop(shop, tuple(screen for screen in SCREENS if not screen.in_rail))
        QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        view = window.findChild(SettingsView)
        assert view is not None
        assert view.isVisible()
        dark = view.findChild(QRadioButton, "theme_dark")
        assert dark is not None
        dark.click()
        assert colors.scheme() == "dark"
        assert window.commands.menus["theme_dark"].isChecked()
        window.commands.menus["density_compact"].trigger()
        assert choice(view, "density").control.value == "compact"
        switch(view, "work_offline").box.click()
        await until(lambda: window.status.connection.words == "Working offline")
        window.status.way_out.click()
        await until(lambda: not switch(view, "work_offline").box.isChecked())
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        window.leave_shop()
        shop.close()


def test_pages_of_menus_are_not_in_the_rail() -> None:
    assert [screen.key for screen in SCREENS if not screen.in_rail] == ["storage", "settings"]


@pytest.mark.parametrize(
    ("state", "wanted", "online", "words"),
    [
        (MirrorState(parts=HERE), True, True, "12 items on this computer."),
        (MirrorState(parts=HERE), False, True, "12 items on this computer, brought up to date as you look"),
        (MirrorState(parts=HERE, paused=True), True, True, "Paused. Go on in Activity (F8)."),
        (
            MirrorState(parts={Entity.ITEM: Part(done=3, of=12, scanning=True)}, running=True),
            True,
            True,
            "Copying 25 %: 3 of 12 items.",
        ),
        (
            MirrorState(parts={Entity.ITEM: Part(done=3, of=12, scanning=True)}, running=True),
            True,
            False,
            "3 of 12 items on this computer. The rest comes once there is a connection.",
        ),
    ],
)
def test_the_note_tells_how_far_the_copy_is(
    state: MirrorState, wanted: bool, online: bool, words: str
) -> None:
    assert copy_note(state, 12, wanted=wanted, online=online).startswith(words)


def test_the_note_of_photos_tells_their_size() -> None:
    assert photos_note(84_200_000, every=False) == "They take 84 MB now."
    assert photos_note(0, every=True).endswith("there is no limit.")
