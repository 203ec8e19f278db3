"""Keeping the copy fresh: what changed comes with few requests, and wrong counts are noticed."""

from datetime import timedelta

import msgspec
import pytest

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.values import EPOCH
from instica_desktop.sync.mirror import missing
from instica_desktop.sync.mirror.delta import AUDIT_EVERY
from instica_desktop.sync.mirror.keeper import TWICE
from instica_desktop.sync.mirror.reading import Read, Reader
from tests.support.fault_proxy import Fault
from tests.sync.mirror.conftest import here, look, sections, server_uids, settled, whole
from tests.sync.world import FAST, World

SMALL = msgspec.structs.replace(FAST, page=20)


async def copied(world: World) -> list[str]:
    """Copy the shop, wait out the overlap by the clock, and return its items."""
    await world.open()
    world.shop.mirror.start()
    await settled(world)
    later(world, 600)
    await look(world)
    world.proxy.requests.clear()
    return await server_uids(world, Entity.ITEM)


def later(world: World, seconds: float) -> None:
    """Let the clock of the copy go ahead."""
    world.shop.mirror._clock = lambda: utc_now() + timedelta(seconds=seconds)  # pyright: ignore[reportPrivateUsage]


async def unsold(world: World) -> list[str]:
    """Return items that may be deleted: no order refers to them."""
    drafts = Query(Entity.ITEM).with_filter("status", ["draft", "ready-to-sell"])
    return [record.data.uid async for record in world.admin.inventory.all(drafts)]


def lists(world: World) -> int:
    """Return how many list requests the copy sent."""
    return world.proxy.seen("GET /api/v1/inventory/?") + sum(
        world.proxy.seen(f"GET /api/v1/{entity}/?") for entity in ("products", "orders")
    )


async def test_changes_come_with_a_request_for_each_kind_and_one_for_each_page(own_world: World) -> None:
    world = own_world
    world.pace = SMALL
    uids = await copied(world)
    for uid in uids[5:27]:
        await world.admin.inventory.update(uid, {"location": "MOVED"})
    pages = 0
    for entity, section in sections(world).items():
        floor = world.store.cache.mirror.progress(entity).floor
        since = (EPOCH + timedelta(microseconds=floor)).isoformat()
        changed = await section.page(Query(entity), updated_after=since)
        pages += -(-changed.count // SMALL.page)
    assert pages >= 3
    await look(world)
    assert lists(world) <= 3 + pages
    for uid in uids[5:27]:
        item = world.shop.row(Entity.ITEM, uid)
        assert item is not None
        assert isinstance(item.data, InventoryItem)
        assert item.data.location == "MOVED"
    await whole(world)


async def test_nothing_changed_costs_three_small_requests(own_world: World) -> None:
    world = own_world
    await copied(world)
    world.changes.clear()
    await look(world)
    assert lists(world) == 3
    assert world.proxy.seen("GET ") == 3
    assert world.changes == []


async def test_when_nothing_changed_a_look_takes_three_requests_and_every_fifth_one_more(
    own_world: World,
) -> None:
    world = own_world
    await copied(world)
    taken: list[int] = []
    for _ in range(2 * AUDIT_EVERY):
        world.proxy.requests.clear()
        await look(world)
        taken.append(lists(world))
    assert sorted(taken) == [3] * (2 * AUDIT_EVERY - 2) + [4, 4]


async def test_a_record_made_elsewhere_comes(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    product = (await world.on_server(uids[0])).product
    assert product is not None
    made = (await world.admin.inventory.create({"product": product.uid})).record.data.uid
    await look(world)
    assert (await here(world, Entity.ITEM))[0] == made


async def test_what_was_deleted_elsewhere_is_gone_at_the_next_look(own_world: World) -> None:
    world = own_world
    world.pace = SMALL
    uids = await copied(world)
    before = world.store.cache.mirror.progress(Entity.ITEM).generation
    first, *others, last = await unsold(world)
    gone, edited = [first, last], others[len(others) // 2]
    for uid in gone:
        await world.admin.inventory.delete(uid)
    await look(world)
    assert await here(world, Entity.ITEM) == [uid for uid in uids if uid not in gone]
    await whole(world)
    after = world.store.cache.mirror.progress(Entity.ITEM)
    assert (after.generation, after.differing) == (before, 0)  # without reading everything
    pages = -(-len(uids) // SMALL.page)
    assert lists(world) <= 3 + len(gone) * (pages.bit_length() + 1)
    assert [world.proxy.seen(f"GET /api/v1/inventory/{uid}/") for uid in gone] == [1, 1]
    world.proxy.fail("PATCH ", Fault.RESET, times=999)
    await world.shop.edit(Entity.ITEM, edited, {"location": "KEPT"})
    await world.admin.inventory.delete(edited)
    await look(world)
    assert edited in await here(world, Entity.ITEM)  # it has an unsent edit


async def test_a_record_made_while_we_look_is_not_searched_for(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    world.pace = SMALL
    uids = await copied(world)
    product = (await world.on_server(uids[0])).product
    assert product is not None
    real, made = Reader.store, list[str]()

    async def store(self: Reader, read: Read) -> None:
        await real(self, read)
        if self.entity is Entity.ITEM and not made:  # behind the glance
            made.append((await world.admin.inventory.create({"product": product.uid})).record.data.uid)
            assert await world.shop.refresh(Entity.ITEM, made[0])

    monkeypatch.setattr(Reader, "store", store)
    await look(world)
    assert lists(world) == 3
    assert world.store.cache.mirror.progress(Entity.ITEM).differing == 0
    await world.admin.inventory.delete(made[0])  # the newest of all, which no page shows any more
    await look(world)
    assert await here(world, Entity.ITEM) == uids


async def test_when_many_are_missing_everything_is_read_again(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    monkeypatch.setattr(missing, "MOST", 1)
    await copied(world)
    gone = (await unsold(world))[:3]
    for uid in gone:
        await world.admin.inventory.delete(uid)
    await look(world)
    assert set(gone) <= set(await here(world, Entity.ITEM))
    await look(world, TWICE)
    await whole(world)
    assert world.store.cache.mirror.progress(Entity.ITEM).differing == 0


async def test_the_floor_rises_only_to_what_was_seen_two_minutes_ago(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    before = world.store.cache.mirror.progress(Entity.ITEM)
    await world.admin.inventory.update(uids[0], {"location": "FLOOR"})
    await look(world)
    seen = world.store.cache.mirror.progress(Entity.ITEM)
    assert seen.floor == before.floor
    later(world, 600 + 130)
    await look(world)
    risen = world.store.cache.mirror.progress(Entity.ITEM)
    assert risen.floor == seen.heads[-1][0] > before.floor
    assert risen.heads == ()


async def test_the_age_of_the_copy_is_that_of_the_last_look_not_of_the_last_record(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    checked = world.shop.mirror.checked(Entity.ITEM)
    assert checked is not None
    assert world.shop.as_of(Entity.ITEM) == checked
    await world.shop.refresh(Entity.ITEM, uids[0])
    assert world.shop.as_of(Entity.ITEM) == checked


async def test_every_look_brings_the_changes_of_orders(own_world: World) -> None:
    world = own_world
    await copied(world)
    uid = (await world.an_order()).uid
    for number in range(AUDIT_EVERY):
        parcel = {"carrier": "dhl", "tracking_number": f"LOOK-{number}"}
        if number % 2:
            await world.admin.orders.delete_shipment(uid, world.order(uid).shipments[0].uid)
        else:
            await world.admin.orders.add_shipment(uid, parcel)
        await look(world)
        assert world.order(uid).status == ("awaiting_shipment" if number % 2 else "shipped"), number
        checked = world.shop.mirror.checked(Entity.ORDER)
        assert checked is not None
        assert checked > utc_now() + timedelta(seconds=500), "the age is that of this look"
        later(world, 700 + 100 * number)


async def test_what_stays_for_its_unsent_edits_neither_hides_a_deletion_nor_has_all_read_again(
    own_world: World,
) -> None:
    world = own_world
    world.pace = SMALL
    await copied(world)
    kept, *others = await unsold(world)
    world.proxy.fail("PATCH ", Fault.RESET, times=999)
    await world.shop.edit(Entity.ITEM, kept, {"location": "KEPT"})
    await world.admin.inventory.delete(kept)
    await look(world, TWICE + 1)
    before = world.store.cache.mirror.progress(Entity.ITEM)
    await look(world, TWICE + 1)
    after = world.store.cache.mirror.progress(Entity.ITEM)
    assert (after.generation, after.differing) == (before.generation, 0)
    await world.admin.inventory.delete(others[0])
    await look(world)
    there = await here(world, Entity.ITEM)
    assert kept in there
    assert others[0] not in there
