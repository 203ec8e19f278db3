"""Two shops side by side: switching between them, with and without unsent edits, and what does not open."""

import asyncio
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from instica_desktop.core.accounts import LOCAL_ID, Account
from instica_desktop.core.acts import Step
from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import InsticaError, InUse, Stayed
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.signin.view import SignInView
from instica_desktop.features.undo import edit_step
from instica_desktop.store.store import Store
from instica_desktop.sync import Kind
from tests.app.shops.conftest import Program, Run, shelf_on
from tests.features.conftest import until
from tests.server.fixture import RunningServer
from tests.sync.test_photos import picture

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


async def test_each_shop_has_a_cache_an_outbox_and_a_key_of_its_own(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        one = await program.connect(north)
        await program.an_item(3)
        assert program.open.shop.known(Entity.ITEM)
        other = await program.connect(south)
        assert program.open.shop.known(Entity.ITEM) == 0
        assert one.id != other.id
        assert set(program.keyring.kept.values()) == {
            f"{server.base_url} {server.api_key}" for server in (north, south)
        }
        shops = program.window.commands.shops
        order = [account.id for account in shops._shown]  # pyright: ignore[reportPrivateUsage]
        assert set(order) == {one.id, other.id}
        QTest.keyClick(program.window, Qt.Key(Qt.Key.Key_1 + order.index(one.id)), BOTH)
        await program.switched_to(one)
        await program.online()
        assert program.open.shop.known(Entity.ITEM)
        program.open.shop.on_words("The copy was mended.")
        assert "The copy was mended." in [toast.headline for toast in program.window.notifier.toasts.toasts]
    async with run() as program:
        assert program.open.account.id == one.id  # the last one opens again


async def test_edits_kept_in_one_shop_never_reach_the_other_and_go_out_when_it_is_opened_again(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        one = await program.connect(north)
        uid = await program.edit_offline(0, "KEPT-1")
        dialog = await program.leave_for(other)
        assert not dialog.send.isVisible()  # there is no way to send them now
        QTest.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
        await program.switched_to(other)
        assert program.open.shop.operations() == []
        assert program.open.shop.state.manual  # the switch is for this computer, not for one shop
        program.window.ways.work_offline(False)
        await program.online()
        assert program.open.shop.row(Entity.ITEM, uid) is None
        assert await shelf_on(north, uid) != "KEPT-1"
        await program.app.open_account(one)
        await until(lambda: not program.open.shop.operations(), "not sent")
        assert await shelf_on(north, uid) == "KEPT-1"


async def test_staying_leaves_everything_as_it_was(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        one = await program.connect(north)
        await program.edit_offline(1, "STAYS-1")
        dialog = await program.leave_for(other)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not dialog.isVisible())
        assert program.open.account.id == one.id
        assert len(program.open.shop.operations()) == 1
        with pytest.raises(Stayed):
            await stay(program, other)
        await program.open.shop.discard(program.open.shop.operations()[0].uuid)


async def stay(program: Program, other: Account) -> None:
    """Open another shop as the sign-in page does, and change one's mind."""
    opening = asyncio.get_running_loop().create_task(program.app.open_account(other))
    (await program.dialog("leaveDialog")).reject()
    await opening


async def test_sending_before_leaving_sends_and_then_leaves(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        await program.connect(north)
        uid = await program.edit_offline(8, "SENT-8")
        (edit,) = program.open.shop.operations()
        later = utc_now() + timedelta(minutes=9)
        await program.open.store.outbox.set_state(edit.uuid, OpState.RETRY, retry_at=later)
        program.window.ways.work_offline(False)
        await program.online()
        dialog = await program.leave_for(other)
        QTest.mouseClick(dialog.send, Qt.MouseButton.LeftButton)
        assert dialog.title.text() == "Sending, 1 left"
        await program.switched_to(other)
        assert await shelf_on(north, uid) == "SENT-8"


async def test_the_question_goes_when_nothing_is_left_to_ask_about(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        await program.connect(north)
        uid = await program.edit_offline(2, "SENT-1")
        await program.leave_for(other)
        program.open.shop.work_offline(False)
        await program.switched_to(other)  # it goes out by itself, and the question with it
        assert await shelf_on(north, uid) == "SENT-1"


async def test_a_shop_that_cannot_be_opened_leaves_the_open_one_open(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        one = await program.connect(north)
        held = Store.open(program.app.profile.account_folder(other.id))  # as another window would
        with pytest.raises(InUse):
            await program.app.open_account(other)
        assert program.open.account.id == one.id
        assert program.open.shop.state.kind is Kind.ONLINE
        assert program.app.accounts.last() == one
        await program.an_item(0)
        await held.close()
        await program.app.open_account(other)
        assert program.open.account.id == other.id


@pytest.mark.long
async def test_the_local_shop_is_left_again_before_its_server_answers(run: Run, north: RunningServer) -> None:
    async with run() as program:
        one = await program.connect(north)
        await program.app.open_local(demo=False)
        local = program.open
        assert local.account.id == LOCAL_ID
        assert not program.window.commands.menus["sign_out"].isEnabled()
        await program.app.open_account(one)
        await program.online()
        await until(lambda: not program.app._scope.busy(None))  # pyright: ignore[reportPrivateUsage]
        assert local.server is not None
        assert local.server.pid is None
        assert not program.window.notifier.log.problems
        assert {account.id for account in program.app.accounts.all()} == {LOCAL_ID, one.id}


@pytest.mark.long
async def test_the_local_shop_stands_beside_the_others(run: Run, north: RunningServer) -> None:
    async with run() as program:
        one = await program.connect(north)
        await program.app.open_local(demo=False)
        await program.online()
        await program.app.open_account(one)
        await program.online()


async def test_working_offline_outlives_a_restart(run: Run, north: RunningServer) -> None:
    async with run() as program:
        await program.connect(north)
        program.window.commands.menus["work_offline"].trigger()
    async with run() as program:
        assert program.open.shop.state.manual
        await until(lambda: program.window.status.connection.words == "Working offline")
        program.window.ways.go_likely()
        await program.online()


async def test_the_key_of_the_same_account_can_be_changed(run: Run, north: RunningServer) -> None:
    async with run() as program:
        one = await program.connect(north)
        again = await program.connect(north)
        assert again.id == one.id
        await program.an_item(0)


async def test_a_wrong_key_changes_nothing(run: Run, north: RunningServer, south: RunningServer) -> None:
    async with run() as program:
        one = await program.connect(north)
        with pytest.raises(InsticaError):
            await program.app.connect_to(south.base_url, north.api_key, keep=True)
        assert program.open.account.id == one.id
        assert list(program.keyring.kept.values()) == [f"{north.base_url} {north.api_key}"]


async def test_staying_is_said_as_plain_information(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        other = await program.connect(south)
        await program.connect(north)
        await program.edit_offline(3, "STAYS-2")
        program.app.show_first_run()
        view = program.window.findChild(SignInView)
        assert view is not None
        view.open_account(other)
        (await program.dialog("leaveDialog")).reject()
        said = program.window.notifier.log
        await until(lambda: any(one.words.startswith("You stayed with") for one in said.all), "nothing said")
        assert not said.problems
        assert view.problem.isHidden()
        await program.open.shop.discard(program.open.shop.operations()[0].uuid)


def go_online(program: Program) -> list[QPushButton]:
    """Return the button of an empty list, if it offers to use the network again."""
    buttons = program.window.findChildren(QPushButton, "emptyStateAction")
    return [one for one in buttons if one.isVisible() and one.text() == "Go online"]


async def test_a_shop_opened_while_working_offline_says_so_and_offers_to_go_online(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        await program.connect(south)
        program.window.ways.work_offline(True)
        await program.app.connect_to(north.base_url, north.api_key, keep=True)
        assert program.open.shop.state.manual
        toast = next(one for one in program.window.notifier.toasts.toasts if "Work offline" in one.headline)
        await until(lambda: go_online(program), "not offered in the list")
        toast.acted.emit()
        await program.online()
        assert not program.window.prefs["work_offline"]


async def test_an_empty_list_offers_to_go_online(
    run: Run, north: RunningServer, south: RunningServer
) -> None:
    async with run() as program:
        await program.connect(south)
        program.window.ways.work_offline(True)
        await program.app.connect_to(north.base_url, north.api_key, keep=True)
        await until(lambda: go_online(program))
        QTest.mouseClick(go_online(program)[0], Qt.MouseButton.LeftButton)
        await program.online()
        await program.an_item(0)
        assert not program.window.prefs["work_offline"]


async def test_the_same_shop_opens_offline_without_a_word(run: Run, north: RunningServer) -> None:
    async with run() as program:
        await program.connect(north)
        await program.an_item(0)
        program.window.ways.work_offline(True)
    async with run() as program:
        await until(lambda: program.app.shop is not None)
        assert program.open.shop.state.manual
        assert not [one for one in program.window.notifier.toasts.toasts if "offline" in one.headline]
        program.window.ways.work_offline(False)


async def test_connecting_to_the_open_shop_again_keeps_undo_and_the_place_in_the_list(
    run: Run, north: RunningServer
) -> None:
    async with run() as program:
        await program.connect(north)
        window = program.window
        await until(lambda: window.screens.current() and current_uid(program), "stands on a record")
        screen = window.screens.current()
        assert isinstance(screen, InventoryView)
        await until(lambda: screen.browser.table.table_model.row(5))
        screen.browser.table.go_to(5)
        await until(lambda: current_uid(program) == uid_at(screen, 5))
        uid = current_uid(program)
        context = window.context
        assert context is not None
        before = str((await program.an_item(5)).location or "")
        edited = await program.open.shop.edit(Entity.ITEM, uid, {"location": "KEPT-1"})
        context.did(edit_step(Entity.ITEM, uid, "Kept", edited))
        (photo,) = await program.open.shop.add_photos(uid, [picture("#123456")])
        added = await program.open.shop.gallery.added(uid, [photo.sha256])
        assert added is not None
        context.did(Step(words="photo of Kept", acts=(added,)))
        await until(lambda: not program.open.shop.operations(), "all is sent")
        last = context.undo.next_undo
        assert last is not None

        await program.connect(north)
        assert window.context is not context
        assert window.context is not None
        await until(lambda: current_uid(program) == uid, "stands on the same record")
        assert window.context.undo.next_undo == last
        assert await window.context.undo.undo()
        await until(lambda: not program.open.shop.operations(), "the photo is off again")
        assert program.open.store.blobs.is_held(photo.sha256)  # for Redo
        assert await window.context.undo.undo()
        row = program.open.shop.row(Entity.ITEM, uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        assert (row.data.location or "") == before


def current_uid(program: Program) -> str:
    screen = program.window.screens.current()
    return screen.current_uid() if screen is not None else ""


def uid_at(screen: InventoryView, at: int) -> str:
    row = screen.browser.table.table_model.row(at)
    return row.uid if row is not None else ""
