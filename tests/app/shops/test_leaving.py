"""Signing out and removing: the key and the copy are gone, unsent edits are kept, sent or in a file first."""

import json
import zipfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from instica_desktop.features.signin.view import SignInView
from instica_desktop.store.store import Store
from tests.app.shops.conftest import Program, Run, shelf_on
from tests.features.conftest import until
from tests.server.fixture import RunningServer


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(dialog: QWidget, file: Path) -> None:
    """Choose a file, past what the chooser itself would say of it."""
    assert isinstance(dialog, QFileDialog)
    typed = dialog.findChild(QLineEdit)
    assert typed is not None
    typed.setText(str(file))
    dialog.done(QFileDialog.DialogCode.Accepted)


def folder_of(program: Program, account_id: str) -> Path:
    return program.app.profile.account_folder(account_id)


async def first_run(program: Program) -> SignInView:
    await until(lambda: program.app.shop is None and program.window.findChild(SignInView))
    view = program.window.findChild(SignInView)
    assert isinstance(view, SignInView)
    return view


async def test_signing_out_takes_key_and_copy_and_keeps_unsent_edits(run: Run, north: RunningServer) -> None:
    async with run() as program:
        account = await program.connect(north)
        uid = await program.edit_offline(5, "WAITS-1")
        program.window.commands.menus["sign_out"].trigger()
        press(await program.dialog("leaveDialog"), "leaveKeep")
        view = await first_run(program)
        assert not program.keyring.kept
        folder = folder_of(program, account.id)
        assert not (folder / "cache.db").exists()
        assert not (folder / "images").exists()
        store = Store.open(folder)
        assert [operation.uid for operation in store.outbox.all()] == [uid]
        await store.close()
        (known,) = program.app.accounts.all()
        assert known.signed_out
        assert view.known is not None
        row = view.known.findChild(QPushButton, "knownShop0")
        assert row is not None
        assert "signed out" in row.accessibleName()
        row.click()  # leads to the key; nothing can be opened without
        assert view.form.address.address() == north.base_url
        assert program.app.shop is None

        await program.app.connect_to(north.base_url, north.api_key, keep=True)
        program.window.ways.work_offline(False)
        await until(lambda: not program.open.shop.operations(), "not sent after signing in again")
        assert await shelf_on(north, uid) == "WAITS-1"


async def test_edits_that_go_out_by_themselves_do_not_answer_for_the_user(
    run: Run, north: RunningServer
) -> None:
    async with run() as program:
        account = await program.connect(north)
        uid = await program.edit_offline(8, "BY-ITSELF")
        program.window.commands.menus["sign_out"].trigger()
        await program.dialog("leaveDialog")
        program.window.ways.work_offline(False)  # the connection is back while the question stands
        question = await program.dialog("askDialog")
        assert await shelf_on(north, uid) == "BY-ITSELF"
        press(question, "ask_keep")
        await until(lambda: not program.app._scope.busy("leave"))  # pyright: ignore[reportPrivateUsage]
        assert program.open.account.id == account.id
        assert program.keyring.kept


async def test_the_next_start_does_not_open_what_was_signed_out_of(run: Run, north: RunningServer) -> None:
    async with run() as program:
        await program.connect(north)
        program.window.commands.menus["sign_out"].trigger()
        press(await program.dialog("askDialog"), "ask_act")
        await first_run(program)
    async with run() as program:
        assert program.app.shop is None
        assert program.window.welcoming


async def test_removing_asks_for_a_copy_of_unsent_edits_and_leaves_nothing_behind(
    run: Run, north: RunningServer, tmp_path: Path
) -> None:
    file = tmp_path / "edits.zip"
    async with run() as program:
        account = await program.connect(north)
        await program.edit_offline(6, "IN-A-FILE")
        program.window.commands.menus["remove_shop"].trigger()
        dialog = await program.dialog("leaveDialog")
        keep = dialog.findChild(QPushButton, "leaveKeep")
        assert keep is not None
        assert not keep.isVisible()  # there would be nowhere to keep them
        press(dialog, "leaveExport")
        choose(await program.dialog("fileDialog"), file)
        press(await program.dialog("askDialog"), "ask_act")
        await first_run(program)
        assert not folder_of(program, account.id).exists()
        assert not program.keyring.kept
        assert program.app.accounts.all() == []
        program.window.ways.work_offline(False)
    with zipfile.ZipFile(file) as archive:
        written = json.loads(archive.read("changes.json"))
    assert written["changes"][0]["words"].endswith("IN-A-FILE")
    assert file.stat().st_mode & 0o777 == 0o600


async def test_changing_ones_mind_at_the_file_leaves_the_shop_as_it_was(
    run: Run, north: RunningServer
) -> None:
    async with run() as program:
        account = await program.connect(north)
        await program.edit_offline(7, "MIND-1")
        program.window.commands.menus["remove_shop"].trigger()
        press(await program.dialog("leaveDialog"), "leaveExport")
        (await program.dialog("fileDialog")).close()
        (await program.dialog("leaveDialog")).close()
        await until(lambda: not program.app._scope.busy("leave"))  # pyright: ignore[reportPrivateUsage]
        assert program.open.account.id == account.id
        assert len(program.open.shop.operations()) == 1
        await program.open.shop.discard(program.open.shop.operations()[0].uuid)
        program.window.ways.work_offline(False)


async def test_a_keyring_that_does_not_answer_is_told(run: Run, north: RunningServer) -> None:
    async with run() as program:
        await program.connect(north)

        def refuse(service: str, name: str) -> None:
            raise RuntimeError("locked")

        program.keyring.get_password = refuse  # pyright: ignore[reportAttributeAccessIssue]
        program.window.commands.menus["sign_out"].trigger()
        press(await program.dialog("askDialog"), "ask_act")
        await first_run(program)
        assert any("keyring did not answer" in notice.words for notice in program.window.notifier.log.all)


async def test_a_file_that_cannot_be_written_leaves_the_shop_as_it_was(
    run: Run, north: RunningServer, tmp_path: Path
) -> None:
    async with run() as program:
        account = await program.connect(north)
        await program.edit_offline(9, "NO-FILE")
        program.window.commands.menus["remove_shop"].trigger()
        press(await program.dialog("leaveDialog"), "leaveExport")
        chosen = tmp_path / "not there" / "edits.zip"
        choose(await program.dialog("fileDialog"), chosen)
        await until(lambda: program.window.notifier.log.problems)
        await until(lambda: not program.app._scope.busy("leave"))  # pyright: ignore[reportPrivateUsage]
        assert program.open.account.id == account.id
        assert len(program.open.shop.operations()) == 1
        await program.open.shop.discard(program.open.shop.operations()[0].uuid)
        program.window.ways.work_offline(False)
