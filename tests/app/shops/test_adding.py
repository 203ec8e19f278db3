"""Photos that are still being added when the program ends or a shop is left."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from instica_desktop.core.models.common import Entity
from instica_desktop.features.shell.adding_dialog import AddingDialog
from instica_desktop.sync.intake import Added, Intake
from tests.app.shops.conftest import Program, Run
from tests.app.shops.test_leaving import press
from tests.features.conftest import until
from tests.server.fixture import RunningServer
from tests.support.held_photos import Held


async def drop(program: Program, folder: Path, salt: int) -> str:
    """Drop four photos on an item; return its uid."""
    item = await program.an_item(salt)
    files = [folder / f"{salt}-{number}.jpg" for number in range(4)]
    for number, file in enumerate(files):
        Image.new("RGB", (300, 200), (number * 40, salt, 90)).save(file)
    program.open.shop.intake.take(Entity.ITEM, item.uid, files)
    await program.open.shop.intake.written()
    return item.uid


async def asked(program: Program) -> AddingDialog:
    dialog = await program.dialog("addingDialog")
    assert isinstance(dialog, AddingDialog)
    return dialog


async def test_quitting_waits_for_photos_and_says_how_many(
    run: Run, north: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with run() as program:
        await program.connect(north)
        uid = await drop(program, tmp_path, 11)
        program.window.close()
        dialog = await asked(program)
        assert dialog.title.text() == "4 photos are being added"
        await until(lambda: program.window.status.pending.words == "4 photos are being added")
        press(dialog, "addingStay")
        await until(lambda: not program.app._scope.busy("quit"))  # pyright: ignore[reportPrivateUsage]
        assert not program.app._quit.is_set()  # pyright: ignore[reportPrivateUsage]
        program.window.close()
        dialog = await asked(program)
        held.let(1)
        await until(lambda: dialog.title.text() == "3 photos are being added")
        held.let(3)
        await until(program.app._quit.is_set, "it ends by itself")  # pyright: ignore[reportPrivateUsage]
        await until(lambda: program.app.shop is None)
    async with run() as program:
        await until(lambda: program.app.shop)
        await program.online()
        await until(lambda: not program.open.store.outbox.all())
        item = await program.open.client.inventory.get(uid)
        assert len([one for one in item.record.data.assets if one.sha256]) >= 4


async def test_what_was_begun_for_photos_ends_before_the_files_close(
    run: Run, north: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = asyncio.Event(), list[str]()
    let_go = Intake.let_go

    async def slowly(intake: Intake, added: Added) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        await let_go(intake, added)
        ended.append(added.uid)

    monkeypatch.setattr(Intake, "let_go", slowly)
    async with run() as program:
        await program.connect(north)
        uid = await drop(program, tmp_path, 14)
        await begun.wait()
        await until(lambda: not program.open.shop.taking_in())
        program.window.close()
        await until(lambda: program.app.shop is None)
    assert uid in ended


async def test_who_quits_all_the_same_finds_them_added_after_the_next_start(
    run: Run, north: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        Held(patched)
        async with run() as program:
            await program.connect(north)
            uid = await drop(program, tmp_path, 12)
            before = len((await program.open.client.inventory.get(uid)).record.data.assets)
            program.window.close()
            press(await asked(program), "addingGo")
            await until(lambda: program.app.shop is None)
    async with run() as program:
        await until(lambda: program.app.shop)
        await program.online()
        await until(lambda: not program.open.shop.taking_in() and not program.open.store.outbox.all())
        assert len((await program.open.client.inventory.get(uid)).record.data.assets) == before + 4


async def test_a_shop_is_not_left_over_photos_without_a_word(
    run: Run, north: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with run() as program:
        await program.connect(north)
        await drop(program, tmp_path, 13)
        program.window.commands.menus["sign_out"].trigger()
        dialog = await asked(program)
        assert "connect to this shop again" in dialog.findChildren(type(dialog.title))[1].text()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not program.app._scope.busy("leave"))  # pyright: ignore[reportPrivateUsage]
        assert program.app.shop is not None
        held.let(4)
        await until(lambda: not program.open.shop.taking_in() and not program.open.store.outbox.all())
