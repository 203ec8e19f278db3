"""Files spoilt on the disk, while the shop is closed and while it is open: edits live on."""

import os
import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import cast

import apsw
import pytest

from instica_desktop.core.errors import InputError, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, ShipmentDraft
from tests.faults.shops import QUICK, FaultyWorld, noise
from tests.sync.world import create, until


def _spoil(path: Path, chance: random.Random, places: int) -> None:
    """Overwrite bytes at random places."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for _ in range(places):
            file.seek(chance.randrange(100, size))
            file.write(chance.randbytes(chance.choice((1, 8, 64, 4096))))


async def _use(world: FaultyWorld) -> None:
    """Look at things as a screen does; only errors of the store may come out."""
    for query in (
        Query(Entity.ITEM),
        Query(Entity.ITEM, search="a"),
        Query(Entity.PRODUCT),
        Query(Entity.ITEM).with_ordering("price_high_low"),
    ):
        results = world.shop.results(query)
        try:
            results.open()
            for at in range(40):
                results.row(at)
            await results.settled()
        except StoreError:
            pass
        finally:
            results.close()


async def _damaged(world: FaultyWorld, block: int, seed: int, *, running: bool) -> None:
    chance = random.Random(seed)
    item = (await world.some_items(block))[seed % 10]
    name = f"{seed} {running}"
    (await world.seen(Query(Entity.PRODUCT))).close()
    (await world.seen(Query(Entity.ITEM))).close()
    world.shop.work_offline(True)
    await world.shop.edit(Entity.ITEM, item.uid, {"location": f"BEFORE-{name}"})
    if not running:
        await world.leave()
    _spoil(world.folder / "cache.db", chance, chance.choice((1, 3, 40)))
    if not running:
        await world.enter(online=False)
    await _use(world)
    try:
        await world.shop.edit(Entity.ITEM, item.uid, {"condition_notes": f"AFTER-{name}"})
        saved = True
    except (StoreError, InputError):
        saved = False  # the record cannot be read, or was lost with the copy: nothing was promised
    wanted = {"location"} | ({"condition_notes"} if saved else set())
    kept = {edit.field for one in world.shop.operations() for edit in one.edits}
    assert kept >= wanted, f"seed {seed}: kept {kept}"
    world.shop.work_offline(False)
    await until(lambda: not world.shop.operations(), f"seed {seed}: {world.shop.operations()}")
    await _use(world)
    there = await world.on_server(item.uid)
    assert there.location == f"BEFORE-{name}", f"seed {seed}"
    assert not saved or there.condition_notes == f"AFTER-{name}", f"seed {seed}"
    await world.leave()
    await world.enter()
    with suppress(StoreError):  # what is met now is mended by the next start
        await _whole(world, seed)
    await world.leave()
    await world.enter()
    await _whole(world, seed)


async def _whole(world: FaultyWorld, seed: int) -> None:
    """Read whole lists."""
    for query in (Query(Entity.ITEM), Query(Entity.PRODUCT)):
        results = world.shop.results(query)
        results.open()
        uids = await results.uids()
        assert len(uids) == (results.count or 0) > 0, f"seed {seed}"
        results.close()


MANY = pytest.mark.parametrize("seed", range(40))
RUNNING = pytest.mark.parametrize("running", [False, True], ids=["closed", "running"])


@pytest.mark.parametrize(("seed", "running"), [(0, True), (1, False)], ids=["running", "closed"])
async def test_a_spoilt_copy_of_the_shop_costs_no_edit(world: FaultyWorld, seed: int, running: bool) -> None:
    world.pace = QUICK
    await world.open()
    await _damaged(world, 16, seed, running=running)
    world.counting.assert_once(f"seed {seed}")


@pytest.mark.long
@RUNNING
@MANY
async def test_many_spoilt_copies(world: FaultyWorld, seed: int, running: bool) -> None:
    world.pace = QUICK
    await world.open()
    await _damaged(world, 17, seed, running=running)
    world.counting.assert_once(f"seed {seed}")


async def test_a_record_that_is_no_record_any_more_is_damage_and_fetched_anew(world: FaultyWorld) -> None:
    """SQLite sees nothing wrong with bytes inside a value."""
    world.pace = QUICK
    shop = await world.open()
    item, other = (await world.some_items(18))[:2]
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "STAYS"})
    await world.leave()
    connection = apsw.Connection(str(world.folder / "cache.db"))
    connection.execute("UPDATE inventory_raw SET raw = x'7b2275ff00ee'")
    connection.close()
    shop = await world.enter(online=False)

    def begun_anew() -> bool:
        try:
            return shop.row(Entity.ITEM, other.uid) is None
        except StoreError:
            return False

    await until(begun_anew, "the copy was not mended")  # while it is open
    with pytest.raises(InputError):
        await shop.edit(Entity.ITEM, other.uid, {"location": "NOT SAVED"})
    assert [one.uid for one in shop.operations()] == [item.uid]
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "STAYS"
    await world.leave()
    shop = await world.enter()
    (await world.seen(Query(Entity.ITEM))).close()
    await shop.refresh(Entity.ITEM, other.uid)
    assert world.item(other.uid)[0].uid == other.uid


async def test_a_damaged_outbox_is_restored_and_sends_nothing_before_the_user_agrees(
    world: FaultyWorld,
) -> None:
    world.pace = QUICK
    shop = await world.open()
    items = (await world.some_items(19))[:4]
    order = await world.an_order()
    shop.work_offline(True)
    for item in items[:3]:
        await shop.edit(Entity.ITEM, item.uid, {"location": f"KEPT-{item.uid}"})
    await shop.add_photos(items[0].uid, [noise(19)])
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="RESTORED-1"))
    product = items[0].product
    assert product is not None
    fields = {"product": {"uid": product.uid, "title": "?"}, "condition_item": "nm", "manual_sku": "RESTORED"}
    await create(shop, Entity.ITEM, fields, "A record")
    copied = shop.operations()
    await world.store.back_up()
    blobs = world.folder / "blobs"
    shutil.copytree(blobs, world.folder / "blobs-then")
    shop.work_offline(False)
    await world.delivered()  # all of it is sent, and the copy does not know
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, items[3].uid, {"location": "AFTER THE COPY"})
    await world.leave()
    _spoil_table(world.folder / "outbox.db")

    shop = await world.enter()
    assert [one.uuid for one in shop.operations()] == [one.uuid for one in copied]
    assert world.store.outbox.needs_confirmation
    assert list(world.folder.glob("outbox-damaged-*.db"))
    before = len(world.counting.applied())
    await shop.edit(Entity.ITEM, items[3].uid, {"location": "SAVED MEANWHILE"})
    await shop.send_now()
    for item in items:
        assert await shop.refresh(Entity.ITEM, item.uid)  # reading goes on meanwhile
    assert len(world.counting.applied()) == before
    assert {one.state for one in shop.operations()} <= {OpState.QUEUED, OpState.UNKNOWN}
    await world.store.outbox.confirm()
    await shop.send_now()
    await world.settled([OpState.REFUSED, OpState.CONFLICT])
    assert not [one for one in shop.operations() if one.uid == items[3].uid]
    assert (await world.on_server(items[3].uid)).location == "SAVED MEANWHILE"
    assert shop.operations() == []
    assert shop.state.kind is Kind.ONLINE
    assert [world.counting.times(one) for one in copied] == [1] * len(copied)


def _spoil_table(path: Path) -> None:
    connection = apsw.Connection(str(path))
    sql = "SELECT rootpage FROM sqlite_schema WHERE name='operations'"
    ((page,),) = cast("list[tuple[int]]", connection.execute(sql).fetchall())
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(os.urandom(4096))
