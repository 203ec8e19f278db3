"""Acts that close a shop, begun in a part of the window that goes with it: each ends, and edits stay."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid

from instica_desktop.app.opening import NOT_TAKEN
from instica_desktop.core.accounts import LOCAL_ID
from instica_desktop.core.models.common import Entity
from instica_desktop.features.signin.view import SignInView
from instica_desktop.store.blobs import Blobs
from instica_desktop.store.store import Store
from instica_desktop.sync import Kind, Shop
from tests.app.shops.conftest import Keyring, Program, Run, shelf_on
from tests.app.shops.test_leaving import press
from tests.features.conftest import until
from tests.server.fixture import RunningServer


async def edit(program: Program, at: int, shelf: str) -> str:
    """Change an item whether or not it can be sent now; return its uid."""
    item = await program.an_item(at)
    await program.open.shop.edit(Entity.ITEM, item.uid, {"location": shelf})
    return item.uid


async def refused(program: Program, server: RunningServer) -> None:
    """Have the server begin anew, with another key."""
    server.restart()
    program.open.shop.try_now()
    await until(lambda: program.open.shop.state.kind is Kind.SIGNED_OUT, "still signed in")


async def asked_again(program: Program) -> SignInView:
    """Press what the status bar offers; return the page that asks for the key."""
    QTest.mouseClick(program.window.status.way_out, Qt.MouseButton.LeftButton)
    view = program.window.findChild(SignInView)
    assert isinstance(view, SignInView)
    await until(lambda: view.form.key.hasFocus(), "the key is asked for")
    return view


def give_key(view: SignInView, server: RunningServer) -> None:
    """Type the new key and press Enter."""
    view.form.key.setText(server.api_key)
    QTest.keyClick(view.form.key, Qt.Key.Key_Return)


@pytest.mark.parametrize("stands", ["inventory", "orders", "storage"])
async def test_connecting_again_with_a_new_key_sends_what_waits(
    run: Run, shop: RunningServer, stands: str
) -> None:
    async with run() as program:
        await program.connect(shop)
        await program.an_item(0)
        await refused(program, shop)
        uid = await edit(program, 0, "AGAIN-1")
        program.window.go(stands)
        give_key(await asked_again(program), shop)
        await until(lambda: not program.window.welcoming, "the shop is shown again")
        await until(lambda: program.app.shop and program.open.shop.state.kind is Kind.ONLINE, "never online")
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert await shelf_on(shop, uid) == "AGAIN-1"
        assert program.window.screens.current_key == stands
        assert not program.window.notifier.log.problems


async def test_another_shop_opened_from_the_page_of_shops_keeps_what_waits(
    run: Run, shop: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        one = await program.connect(shop)
        uid = await program.edit_offline(0, "KEPT-1")
        program.app.show_first_run()
        view = program.window.findChild(SignInView)
        assert view is not None
        view.open_account(other)
        press(await program.dialog("leaveDialog"), "leaveKeep")
        await program.switched_to(other)
        program.window.ways.work_offline(False)
        await program.online()
        program.window.account_chosen.emit(one)
        await program.switched_to(one)
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert await shelf_on(shop, uid) == "KEPT-1"
        assert not program.window.notifier.log.problems


async def test_another_shop_connected_by_its_key_keeps_what_waits(
    run: Run, shop: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        one = await program.connect(shop)
        await program.edit_offline(0, "KEPT-2")
        program.app.show_first_run()
        view = program.window.findChild(SignInView)
        assert view is not None
        view.form.address.setText(south.base_url)
        give_key(view, south)
        press(await program.dialog("leaveDialog"), "leaveKeep")
        await until(lambda: program.app.shop and program.open.account.id != one.id, "the other is open")
        program.window.ways.work_offline(False)
        await program.online()
        store = Store.open(program.app.profile.account_folder(one.id))  # nobody holds it any more
        assert len(store.outbox.all()) == 1
        await store.close()
        assert not program.window.notifier.log.problems


@pytest.mark.long
async def test_the_local_shop_opened_from_the_page_of_shops_keeps_what_waits(
    run: Run, shop: RunningServer
) -> None:
    async with run() as program:
        one = await program.connect(shop)
        uid = await program.edit_offline(0, "KEPT-3")
        program.app.show_first_run()
        view = program.window.findChild(SignInView)
        assert view is not None
        view.local_way.click()
        QTest.mouseClick(view.local.own, Qt.MouseButton.LeftButton)
        press(await program.dialog("leaveDialog"), "leaveKeep")
        await until(
            lambda: program.app.shop and program.open.account.id == LOCAL_ID, "the local shop is open"
        )
        program.window.ways.work_offline(False)
        await program.online()
        await program.app.open_account(one)
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert await shelf_on(shop, uid) == "KEPT-3"


@pytest.mark.allow_log("Unexpected error in connect|task connect failed")
async def test_a_fault_while_the_shop_is_painted_does_not_keep_edits_from_going_out(
    run: Run, shop: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(blobs: Blobs, names: object) -> None:
        raise RuntimeError("of ours")

    async with run() as program:
        await program.connect(shop)
        await program.an_item(0)
        await refused(program, shop)
        uid = await edit(program, 0, "AGAIN-2")
        monkeypatch.setattr(Blobs, "hold", fails)
        give_key(await asked_again(program), shop)
        await until(lambda: program.app.shop and program.open.shop.state.kind is Kind.ONLINE, "never online")
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert await shelf_on(shop, uid) == "AGAIN-2"


async def test_going_back_while_a_shop_closes_ends_with_the_shop_open(
    run: Run, shop: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, go_on = asyncio.Event(), asyncio.Event()
    close = Shop.close

    async def slowly(one: Shop) -> None:
        closing.set()
        await go_on.wait()
        await close(one)

    async with run() as program:
        await program.connect(shop)
        await program.an_item(0)
        await refused(program, shop)
        uid = await edit(program, 0, "AGAIN-3")
        view = await asked_again(program)
        monkeypatch.setattr(Shop, "close", slowly)
        give_key(view, shop)
        await closing.wait()
        QTest.keyClick(view.form.key, Qt.Key.Key_Escape)  # the page that began it goes
        go_on.set()
        await until(lambda: program.app.shop and program.open.shop.state.kind is Kind.ONLINE, "never online")
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert not program.window.welcoming
        assert await shelf_on(shop, uid) == "AGAIN-3"


async def test_quitting_while_a_shop_closes_closes_it_whole(
    run: Run, shop: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, go_on = asyncio.Event(), asyncio.Event()
    close = Shop.close

    async def slowly(one: Shop) -> None:
        closing.set()
        await go_on.wait()
        await close(one)

    async with run() as program:
        account = await program.connect(shop)
        await program.an_item(0)
        await refused(program, shop)
        await edit(program, 0, "AGAIN-4")
        view = await asked_again(program)
        folder = program.app.profile.account_folder(account.id)
        monkeypatch.setattr(Shop, "close", slowly)
        give_key(view, shop)
        await closing.wait()
        program.window.close()
        await asyncio.sleep(0)
        go_on.set()
    store = Store.open(folder)  # as the next start does
    assert len(store.outbox.all()) == 1
    await store.close()


async def test_what_fails_after_the_page_has_gone_is_told_by_the_window(
    run: Run, shop: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        one = await program.connect(shop)
        await program.edit_offline(0, "STAYS-1")
        program.app.show_first_run()
        view = program.window.findChild(SignInView)
        assert view is not None
        view.open_account(other)
        dialog = await program.dialog("leaveDialog")
        view.back_requested.emit()
        await until(lambda: not isValid(view), "the page has gone")
        dialog.reject()
        said = program.window.notifier.log
        await until(lambda: any(one.words.startswith("You stayed with") for one in said.all), "nothing said")
        assert program.open.account.id == one.id
        assert not said.problems


async def test_a_keyring_that_takes_nothing_is_told(
    run: Run, shop: RunningServer, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(service: str, name: str, password: str) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(keyring, "set_password", refuse)
    async with run() as program:
        view = program.window.findChild(SignInView)
        assert view is not None
        view.form.address.setText(shop.base_url)
        await until(view.form.keep.isChecked)
        give_key(view, shop)
        await until(lambda: program.app.shop)
        await program.online()
        assert NOT_TAKEN in [one.words for one in program.window.notifier.log.all]
