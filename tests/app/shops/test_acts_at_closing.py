"""Acts begun in a screen just before its shop closes are carried out; questions left open hold up nobody."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.storage.view import StorageView
from instica_desktop.qtkit import tasks
from instica_desktop.store.care import Care
from instica_desktop.store.store import Store
from instica_desktop.sync.removal import Removal
from tests.app.shops.conftest import Run
from tests.app.shops.test_leaving import press
from tests.features.conftest import until
from tests.server.fixture import RunningServer

Began = Callable[[type, str], asyncio.Event]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Began:
    """Return what makes a method take its time before it does anything; the event says that it began."""

    def slowed(owner: type, name: str) -> asyncio.Event:
        began, real = asyncio.Event(), getattr(owner, name)

        async def slowly(self: object, *arguments: Any, **more: Any) -> Any:
            began.set()
            await asyncio.sleep(0.3)
            return await real(self, *arguments, **more)

        monkeypatch.setattr(owner, name, slowly)
        return began

    return slowed


async def test_a_delete_begun_before_quitting_waits_for_the_next_start(
    run: Run, shop: RunningServer, slow: Began
) -> None:
    async with run() as program:
        account = await program.connect(shop)
        item = await program.an_item(0)
        program.window.ways.work_offline(True)
        folder = program.app.profile.account_folder(account.id)
        program.window.show_screen("inventory", item.uid)
        screen = program.window.screens.current()
        assert isinstance(screen, InventoryView)
        await until(lambda: screen.current_uid() == item.uid)
        screen.browser.table.select_current()
        screen.removing.remove()
        began = slow(Removal, "delete")
        press(await program.dialog("askDialog"), "ask_act")
        await began.wait()
        program.window.close()
    assert [one.kind for one in await waiting(folder)] == [OpKind.DELETE]


@pytest.mark.parametrize("act", ["restore", "reset"])
async def test_care_of_the_copy_begun_before_the_shop_closes_is_carried_out(
    run: Run, shop: RunningServer, south: RunningServer, slow: Began, act: str
) -> None:
    async with run() as program:
        other = await program.connect(south)
        account = await program.connect(shop)
        uid = await program.edit_offline(0, "IN-BACKUP")
        await program.open.shop.care.back_up()
        folder = program.app.profile.account_folder(account.id)
        (edit,) = program.open.shop.operations()
        await program.open.shop.discard(edit.uuid)
        program.window.go("storage")
        screen = program.window.screens.current()
        assert isinstance(screen, StorageView)
        (backup,) = [one for one in await program.open.shop.care.backups() if one.edits]
        began = slow(Care, act)
        screen.restore(backup) if act == "restore" else screen.reset()
        press(await program.dialog("askDialog"), "ask_act")
        await began.wait()
        program.window.account_chosen.emit(other)
        if act == "restore":  # it is carried out first, and what it brought is asked about
            press(await program.dialog("leaveDialog"), "leaveKeep")
        await program.switched_to(other)
    assert [one.uid for one in await waiting(folder)] == ([uid] if act == "restore" else [])
    store = Store.open(folder)
    assert bool(store.cache.known(Entity.ITEM)) == (act == "restore")
    await store.close()


async def test_a_question_left_open_holds_up_nobody_who_quits(run: Run, shop: RunningServer) -> None:
    async with run() as program:
        account = await program.connect(shop)
        item = await program.an_item(0)
        folder = program.app.profile.account_folder(account.id)
        program.window.show_screen("inventory", item.uid)
        screen = program.window.screens.current()
        assert isinstance(screen, InventoryView)
        await until(lambda: screen.current_uid() == item.uid)
        screen.browser.table.select_current()
        screen.removing.remove()
        await program.dialog("askDialog")
        began = asyncio.get_running_loop().time()
        await tasks.acts_ended(60)
        assert asyncio.get_running_loop().time() - began < 30
        program.window.close()
    assert await waiting(folder) == []


async def waiting(folder: Path) -> list[Operation]:
    """Return what waits in a closed shop."""
    store = Store.open(folder)
    found = store.outbox.all()
    await store.close()
    return found
