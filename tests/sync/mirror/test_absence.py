"""What is gone from the server leaves this computer on proof only."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.sync.mirror import absence
from tests.support.fault_proxy import Answer
from tests.sync.mirror.conftest import check, here, look, server_uids, settled
from tests.sync.world import KeyedServer, World


async def copied(world: World) -> list[str]:
    """Copy the shop and return its items."""
    await world.open()
    world.shop.mirror.start()
    await settled(world)
    return await server_uids(world, Entity.ITEM)


async def test_a_record_the_server_itself_says_to_be_gone_leaves(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    await world.admin.inventory.delete(uids[3])
    assert uids[3] in await here(world, Entity.ITEM)
    await check(world)
    assert await here(world, Entity.ITEM) == [uid for uid in uids if uid != uids[3]]
    assert world.proxy.seen(f"GET /api/v1/inventory/{uids[3]}/") == 1


async def test_of_many_missing_ones_two_scans_have_to_agree(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    monkeypatch.setattr(absence, "ASKED_SINGLY", 2)
    uids = await copied(world)
    before = world.store.cache.mirror.progress(Entity.ITEM).generation
    for uid in uids[:5]:
        await world.admin.inventory.delete(uid)
    held: list[tuple[int, int]] = []
    world.shop.on_state.append(
        lambda: held.append(
            (
                world.store.cache.mirror.progress(Entity.ITEM).generation - before,
                world.store.cache.known(Entity.ITEM),
            )
        )
    )
    await check(world)
    assert (1, len(uids)) in held  # the first scan removed nothing
    assert (1, len(uids) - 5) not in held
    assert await here(world, Entity.ITEM) == uids[5:]
    assert not any(uid in line for uid in uids[:5] for line in world.proxy.requests if line.startswith("GET"))


@pytest.mark.parametrize("status", [404, 405])
async def test_where_no_record_can_be_asked_for_two_scans_have_to_agree(
    own_world: World, status: int
) -> None:
    world = own_world
    uids = await copied(world)
    detail = "/api/v1/inventory/{uid}/"
    world.proxy.lack("GET", detail, Answer(status, body=b'{"detail": "Not found."}'))
    before = world.store.cache.mirror.progress(Entity.ITEM).generation
    await world.admin.inventory.delete(uids[2])
    await look(world)
    assert uids[2] in await here(world, Entity.ITEM)  # the counts differ, which proves nothing
    await check(world)
    assert await here(world, Entity.ITEM) == [uid for uid in uids if uid != uids[2]]
    assert world.store.cache.mirror.progress(Entity.ITEM).generation == before + 2
    assert world.proxy.asked("GET", detail) <= 3  # it, and two others


async def test_a_missing_record_with_an_unsent_edit_stays(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    world.shop.work_offline(True)
    await world.shop.edit(Entity.ITEM, uids[1], {"location": "KEPT"})
    await world.admin.inventory.delete(uids[1])
    progress = world.store.cache.mirror.progress(Entity.ITEM)
    absent = await world.store.cache.mirror.absent(Entity.ITEM, progress.generation + 1, 1 << 60)
    assert uids[1] not in absent
    assert set(uids) - set(absent) == {uids[1]}


async def test_an_empty_answer_of_a_full_shop_is_asked_about(own_world: World, tmp_path: Path) -> None:
    world = own_world
    uids = await copied(world)
    await world.leave()
    with KeyedServer(tmp_path / "empty") as empty:
        empty.start()
        world.proxy.upstream = empty.port
        with closing(sqlite3.connect(world.folder / "outbox.db", isolation_level=None)) as outbox:
            outbox.execute("DELETE FROM meta WHERE key = 'owner'")  # the same people, another database
        shop = await world.enter()
        shop.mirror.start()
        await check(world)
        assert shop.mirror.state.asks == [Entity.ITEM, Entity.PRODUCT, Entity.ORDER]
        assert await here(world, Entity.ITEM) == uids
        assert not shop.mirror.fresh(Entity.ITEM)
        await check(world)  # asking again changes nothing
        assert await here(world, Entity.ITEM) == uids

        shop.mirror.accept_empty(Entity.ITEM)
        await settled(world)
        assert shop.mirror.state.asks == [Entity.PRODUCT, Entity.ORDER]
        assert await here(world, Entity.ITEM) == []
        assert shop.mirror.complete(Entity.ITEM)
