"""Keeping the copy fresh: what changed comes with few requests, and wrong counts are noticed."""

from datetime import timedelta

import msgspec

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.values import EPOCH
from instica_desktop.sync.mirror.delta import AUDIT_EVERY
from instica_desktop.sync.mirror.keeper import TWICE
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


async def test_no_look_ever_takes_more_than_three_requests_when_nothing_changed(own_world: World) -> None:
    world = own_world
    await copied(world)
    for _ in range(2 * AUDIT_EVERY):
        world.proxy.requests.clear()
        await look(world)
        assert lists(world) == 3


async def test_a_record_made_elsewhere_comes(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    product = (await world.on_server(uids[0])).product
    assert product is not None
    made = (await world.admin.inventory.create({"product": product.uid})).record.data.uid
    await look(world)
    assert (await here(world, Entity.ITEM))[0] == made


async def test_a_record_deleted_elsewhere_is_noticed_by_the_counts(own_world: World) -> None:
    world = own_world
    uids = await copied(world)
    await world.admin.inventory.delete(uids[7])
    await look(world, AUDIT_EVERY + TWICE)
    assert uids[7] not in await here(world, Entity.ITEM)
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
