"""A record deleted elsewhere is made again on two computers: it is there once, unless both are wanted."""

from pathlib import Path

import pytest

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, Operation, OpKind, OpState
from instica_desktop.core.query import Query
from tests.sync.test_photos import picture
from tests.sync.test_settling import history
from tests.sync.world import KeyedServer, World, create, until


@pytest.fixture
def other(tmp_path: Path, common_server: KeyedServer) -> World:
    """Another computer at the same shop."""
    return World(tmp_path / "other", common_server)


async def an_item(world: World, other: World, sku: str, at: int) -> InventoryItem:
    """Return an item that both computers know."""
    await world.open()
    await other.open()
    item = await world.an_item(at, status="ready-to-sell")
    await world.admin.inventory.update(item.uid, {"manual_sku": sku})
    for one in (world, other):
        await one.know(Entity.ITEM, item.uid)
    return item


async def stuck(world: World, uid: str, **edit: str) -> Operation:
    """Edit what is gone; return the edit once it is stuck."""
    await world.shop.edit(Entity.ITEM, uid, edit)
    await world.stuck(OpState.CONFLICT)
    return world.shop.operations()[0]


async def asked(world: World) -> Operation:
    """Wait until a record is not made again because it is there; return the create."""

    def is_asked() -> bool:
        creates = [one for one in world.shop.operations() if one.kind is OpKind.CREATE]
        return [one.state for one in creates] == [OpState.CONFLICT]

    await until(is_asked, lambda: str(world.shop.operations()))
    return next(one for one in world.shop.operations() if one.kind is OpKind.CREATE)


async def like(world: World, item: InventoryItem, sku: str | None = None) -> list[str]:
    """Return the copies of an item's product that have a SKU, all of them without one."""
    assert item.product is not None
    query = Query(Entity.ITEM).with_filter("product", [item.product.uid])
    found = [record.data async for record in world.admin.inventory.all(query)]
    return [one.uid for one in found if sku in (None, one.manual_sku)]


async def made_again_on_both(world: World, other: World, item: InventoryItem) -> tuple[str, Operation]:
    """Make a record again on one computer, then on the other; return the one made, and what is asked."""
    await world.admin.inventory.delete(item.uid)
    mine = await stuck(world, item.uid, location="ONE")
    theirs = await stuck(other, item.uid, barcode="4006381333931")
    (added,) = await other.shop.add_photos(item.uid, [picture("#123456")])
    assert added.error is None
    await until(lambda: len(other.shop.operations()) == 2)
    await world.shop.recreate(mine.uuid)
    await world.delivered()
    await other.shop.recreate(theirs.uuid)
    row = world.shop.row(Entity.ITEM, item.uid)
    assert row is not None
    return row.uid, await asked(other)


@pytest.mark.parametrize("sku", ["TWICE-1", ""], ids=["a SKU", "none"])
async def test_the_second_computer_asks_and_its_edits_go_to_the_one_that_is_there(
    world: World, other: World, sku: str
) -> None:
    item = await an_item(world, other, sku, 60 if sku else 61)
    before = set(await like(world, item))
    try:
        made, create_ = await made_again_on_both(world, other, item)
        assert create_.theirs[AGAIN]["uid"] == made
        assert set(await like(world, item)) - before == {made}
        await other.shop.settle_again(create_.uuid, use=True)
        await other.delivered()
        assert set(await like(world, item)) - before == {made}
        there = await world.on_server(made)
        assert (there.location, there.barcode) == ("ONE", "4006381333931")
        assert len(there.assets) == 1
        row = other.shop.row(Entity.ITEM, item.uid)
        assert row is not None
        assert row.uid == made
        assert ("barcode", "4006381333931", "delivered") in history(other, item.uid)
        everywhere = await other.seen(Query(Entity.ITEM, search="4006381333931"))
        assert other.shop.uids(Entity.ITEM, list(everywhere.ids)).count(made) <= 1
        everywhere.close()
    finally:
        await other.close()


async def test_who_wants_it_twice_has_it_twice(world: World, other: World) -> None:
    item = await an_item(world, other, "TWICE-2", 62)
    try:
        made, create_ = await made_again_on_both(world, other, item)
        await other.shop.settle_again(create_.uuid, use=False)
        await other.delivered()
        both = await like(world, item, "TWICE-2")
        assert len(both) == 2
        assert made in both
        second = await world.on_server(next(uid for uid in both if uid != made))
        assert second.barcode == "4006381333931"
        assert ("barcode", "4006381333931", "delivered") in history(other, item.uid)
    finally:
        await other.close()


async def test_a_copy_that_was_there_all_along_is_not_taken_for_the_one_made_again(
    world: World, other: World
) -> None:
    """The seller has two of one record in the same grades, and neither has a SKU of its own."""
    item = await an_item(world, other, "", 63)
    try:
        for at in range(70, 90):
            item = await world.an_item(at, status="ready-to-sell")
            twins = [uid for uid in await like(world, item) if uid != item.uid]
            if twins:
                break
        grades = {"condition_item": "vg", "condition_container": "vg"}
        await world.admin.inventory.update(twins[0], {**grades, "manual_sku": "ID-0123ABCD"})
        await world.admin.inventory.update(item.uid, {**grades, "manual_sku": ""})
        assert await world.shop.refresh(Entity.ITEM, item.uid)
        await world.admin.inventory.delete(item.uid)
        one = await stuck(world, item.uid, location="ALONE")
        await world.shop.recreate(one.uuid)
        await world.delivered()
        row = world.shop.row(Entity.ITEM, item.uid)
        assert row is not None
        assert row.uid not in twins
        assert (await world.on_server(row.uid)).location == "ALONE"
    finally:
        await other.close()


async def test_a_product_made_again_elsewhere_is_asked_about(world: World, other: World) -> None:
    shop = await world.open()
    await other.open()
    made = await create(shop, Entity.PRODUCT, {"title": "Twice Made", "catalog_number": "TM-1"}, "Twice Made")
    await world.delivered()
    row = shop.row(Entity.PRODUCT, made.uid)
    assert row is not None
    try:
        assert await other.shop.refresh(Entity.PRODUCT, row.uid)
        await world.admin.products.delete(row.uid)
        for one, country in ((world, "DE"), (other, "FR")):
            await one.shop.edit(Entity.PRODUCT, row.uid, {"country": country})
            await one.stuck(OpState.CONFLICT)
        await shop.recreate(shop.operations()[0].uuid)
        await world.delivered()
        await other.shop.recreate(other.shop.operations()[0].uuid)
        question = await asked(other)
        await other.shop.settle_again(question.uuid, use=True)
        await other.stuck(OpState.CONFLICT)  # both wrote the country: that is a question of its own
        (clash,) = other.shop.operations()
        assert clash.theirs == {"country": "DE"}
        page = await world.admin.products.page(Query(Entity.PRODUCT, search="Twice Made"))
        assert len(page.records) == 1
        await other.shop.discard(clash.uuid)
    finally:
        await other.close()


# -------------------------------------------------------------------- what has nothing to compare


async def test_of_several_that_may_be_ours_one_is_kept_and_the_rest_is_looked_for_again(world: World) -> None:
    from tests.support.fault_proxy import Fault

    shop = await world.open()
    product = await world.a_product()
    world.proxy.fail("POST /api/v1/inventory/", Fault.DROP_REPLY)
    shop.work_offline(True)
    made = await create(shop, Entity.ITEM, {"product": product, "manual_sku": "SEVERAL-1"}, "Several")
    second = await world.admin.inventory.create({"product": product, "manual_sku": "SEVERAL-1"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await world.admin.inventory.delete(second.record.data.uid)
    posts = world.proxy.seen("POST /api/v1/inventory/")
    await shop.retry(made.uuid)
    await world.delivered()
    assert world.proxy.seen("POST /api/v1/inventory/") == posts
    page = await world.admin.inventory.page(Query(Entity.ITEM, search="SEVERAL-1"))
    assert len(page.records) == 1


# -------------------------------------------------------------------- news


async def test_a_conflict_follows_what_is_read_of_its_record(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(64)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS-1"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    assert shop.operations()[0].theirs == {"location": "THEIRS-1"}
    await world.admin.inventory.update(item.uid, {"location": "THEIRS-2"})
    assert await shop.refresh(Entity.ITEM, item.uid)  # as any list, or the copy, reads it
    await until(lambda: shop.operations()[0].theirs == {"location": "THEIRS-2"}, "the card follows")
    await world.admin.inventory.update(item.uid, {"location": item.location or ""})
    assert await shop.refresh(Entity.ITEM, item.uid)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "MINE"
