"""Files destroyed while the shop is open and at work: mended on the spot, and every edit lives on."""

import asyncio
from pathlib import Path

import pytest

from instica_desktop.core.errors import Damaged, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.store import store as store_module
from instica_desktop.store.care import Care
from instica_desktop.store.store import CACHE_DAMAGED, Store
from instica_desktop.sync.mending import (
    COPY_RENEWED,
    COPY_SPOILT,
    COPY_STAYS,
    EDITS_IN_MEMORY,
    EDITS_RENEWED,
    MOST,
    Mending,
)
from tests.store.test_mending import spoil
from tests.sync.mirror.conftest import server_uids, settled, whole
from tests.sync.world import FAST, World, until

ITEM = Entity.ITEM


async def _opened(world: World) -> list[str]:
    """Open the shop, and return what it says to the user from now on."""
    said: list[str] = []
    shop = await world.open()
    shop.on_words = said.append
    return said


async def test_a_copy_destroyed_while_it_is_used_begins_anew_by_itself(world: World) -> None:
    said = await _opened(world)
    shop = world.shop
    shop.mirror.start()
    await settled(world)
    item = await world.an_item(40)
    results = await world.seen(Query(ITEM))
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "MENDED-1"})
    spoil(world.folder / "cache.db")
    shop.work_offline(False)
    for _ in range(200):  # as long as memory has all that is asked for, nothing is noticed
        if said:
            break
        try:
            await world.store.cache.set_meta("touched", "so that other connections read anew")
            shop.row(ITEM, item.uid)
        except StoreError:
            await until(lambda: said)
    assert said == [COPY_RENEWED]
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "MENDED-1"
    await settled(world)
    await whole(world)
    assert shop.mirror.complete(ITEM)
    await results.settled()
    assert results.count == len(await server_uids(world, ITEM))
    assert shop.care.restored is None


async def test_a_disk_that_spoils_every_copy_is_told_of_and_not_fought_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, said = Store.open(tmp_path / "account"), list[str]()
    care = Care(store)
    mending = Mending(store, lambda: care, FAST, said.append)

    async def damaged() -> None:
        (store.folder / CACHE_DAMAGED).touch()
        store.on_damage("cache")
        await asyncio.sleep(0)
        await mending.settled()

    def refused(*_: object) -> None:
        raise StoreError("The folder cannot be written.")

    for _ in range(MOST - 1):
        await damaged()
    monkeypatch.setattr(store_module, "fresh_cache", refused)
    await damaged()
    await damaged()
    await damaged()
    assert said == [*[COPY_RENEWED] * (MOST - 1), COPY_STAYS, COPY_SPOILT]
    assert (store.folder / CACHE_DAMAGED).exists()  # the next start begins it anew
    await mending.close()
    care.close()
    await store.close()


async def test_edits_whose_file_is_destroyed_are_held_back_and_sent_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await _opened(world)
    shop = world.shop
    items = [await world.an_item(at) for at in (41, 42)]
    shop.work_offline(True)
    await shop.edit(ITEM, items[0].uid, {"location": "MENDED-2"})
    await shop.edit(ITEM, items[1].uid, {"location": "MENDED-3"})
    waiting = shop.operations()
    spoil(world.folder / "outbox.db")
    real = store_module.fresh_outbox

    def full(*_: object) -> None:
        raise StoreError("The disk takes nothing.")

    monkeypatch.setattr(store_module, "fresh_outbox", full)
    with pytest.raises(Damaged):
        await world.store.back_up()
    shop.work_offline(False)
    await until(lambda: said)
    assert said == [EDITS_IN_MEMORY]
    assert [one.uuid for one in shop.operations()] == [one.uuid for one in waiting]
    monkeypatch.setattr(store_module, "fresh_outbox", real)
    await until(lambda: len(said) == 2)
    assert said[1] == EDITS_RENEWED

    assert [one.uuid for one in shop.operations()] == [one.uuid for one in waiting]
    assert {one.state for one in shop.operations()} <= {OpState.QUEUED, OpState.UNKNOWN}
    restored = shop.care.restored
    assert restored is not None
    assert restored.running
    writes = world.proxy.seen("PATCH ")
    await shop.send_now()
    assert await shop.refresh(ITEM, items[0].uid)  # reading goes on meanwhile
    await shop.care.confirm()
    await world.delivered()
    assert world.proxy.seen("PATCH ") - writes == 2
    for item, location in zip(items, ("MENDED-2", "MENDED-3"), strict=True):
        assert (await world.on_server(item.uid)).location == location
