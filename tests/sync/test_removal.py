"""Deleting: gone from the lists at once, taken back while unsent, never by a slip of the hand."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError, NotFound
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Results, needs_number, removal
from instica_desktop.sync.inverses import Interrupted
from instica_desktop.sync.watching import Stopped, Watch
from tests.support.fault_proxy import Answer, Fault
from tests.sync.test_photos import picture
from tests.sync.world import FAST, World, create, until

ITEMS = Query(Entity.ITEM)


async def a_new_item(world: World, sku: str) -> InventoryItem:
    """Return an item that only this test knows, read into the cache."""
    fields = {"product": await world.a_product(), "manual_sku": sku}
    made = (await world.admin.inventory.create(fields)).record.data
    assert await world.shop.refresh(Entity.ITEM, made.uid)
    return made


async def listed(world: World) -> tuple[list[str], int]:
    """Return the uids a list shows now, and how many it counts."""
    rows = await world.seen(ITEMS)
    found = await rows.uids()
    rows.close()
    return found, rows.count or 0


async def is_there(world: World, uid: str) -> bool:
    try:
        await world.on_server(uid)
    except NotFound:
        return False
    return True


async def test_a_deleted_item_leaves_the_lists_at_once_and_the_server_later(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-1")
    shop.work_offline(True)
    before, count = await listed(world)
    open_list = await world.seen(ITEMS)
    assert item.uid in before
    await shop.edit(Entity.ITEM, item.uid, {"location": "NOWHERE"})
    await shop.removal.delete(Entity.ITEM, [item.uid])
    assert open_list.index_of(item.uid) is None
    assert open_list.count == count - 1
    after, fewer = await listed(world)
    assert (item.uid in after, fewer) == (False, count - 1)
    with pytest.raises(InputError, match="being deleted"):
        await shop.edit(Entity.ITEM, item.uid, {"location": "ELSEWHERE"})

    shop.work_offline(False)
    await world.delivered()
    assert not await is_there(world, item.uid)
    assert world.proxy.seen("PATCH ") == 0  # nobody needs a changed record that is deleted
    assert shop.row(Entity.ITEM, item.uid) is None
    assert shop.outgoing.deliveries(1)[0].kind is OpKind.DELETE


async def test_a_deletion_is_taken_back_with_everything_that_waited(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-2")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "KEPT"})
    open_list = await world.seen(ITEMS)
    deleted = await shop.removal.delete(Entity.ITEM, [item.uid])
    assert open_list.index_of(item.uid) is None
    await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    await open_list.settled()
    assert open_list.index_of(item.uid) is not None
    assert world.item(item.uid)[0].location == "KEPT"
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "KEPT"


async def test_dropping_a_deletion_from_the_list_of_changes_brings_the_record_back(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-3")
    shop.work_offline(True)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    open_list = await world.seen(ITEMS)
    await shop.discard(shop.operations()[0].uuid)
    await open_list.settled()
    assert open_list.index_of(item.uid) is not None


async def test_what_was_made_here_and_never_sent_just_goes_and_comes_back_whole(world: World) -> None:
    shop = await world.open()
    product = (await world.an_item(0)).product
    assert product is not None
    shop.work_offline(True)
    fields = {"product": {"uid": product.uid, "title": product.title}, "location": "NEW"}
    made = await create(shop, Entity.ITEM, fields, product.title)
    await shop.add_photos(made.uid, [picture("#314159")])
    deleted = await shop.removal.delete(Entity.ITEM, [made.uid])
    assert shop.operations() == []
    assert shop.row(Entity.ITEM, made.uid) is None
    await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    assert [one.kind for one in shop.operations()] == [OpKind.CREATE, OpKind.ADD_PHOTO]
    shop.work_offline(False)
    await world.delivered()
    row = shop.row(Entity.ITEM, made.uid)
    assert row is not None
    there = await world.on_server(row.uid)
    assert (there.location, len(there.assets)) == ("NEW", 1)
    await shop.removal.delete(Entity.ITEM, [row.uid])
    await world.delivered()


async def test_what_may_have_been_made_all_the_same_is_not_just_dropped(world: World) -> None:
    shop = await world.open()
    product = (await world.an_item(0)).product
    assert product is not None
    assert await shop.refresh(Entity.PRODUCT, product.uid)
    world.proxy.answer("POST /api/v1/inventory/", Answer(500), times=3)
    made = await shop.making.copy({}, of=product.uid)
    await until(lambda: shop.counts().needs_user, "the server failed on it once too often")
    (create,) = shop.operations()
    assert create.attempts
    await shop.removal.delete(Entity.ITEM, [made.uid])
    assert [one.kind for one in shop.operations()] == [OpKind.CREATE, OpKind.DELETE]
    await shop.retry(create.uuid)  # it is found, and then goes
    await world.delivered()
    assert not await is_there(world, shop.real(made.uid))


async def test_many_are_deleted_whole_or_not_at_all(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "AT_ONCE", 20)
    world = own_world
    world.pace = msgspec.structs.replace(FAST, hold=3600.0)
    shop = await world.open()
    uids = await first(world, 70)
    for uid in uids:
        assert await shop.refresh(Entity.ITEM, uid)
    told: list[tuple[int, int]] = []
    watch = Watch()

    def half(done: int, of: int) -> None:
        told.append((done, of))
        if done == 40 and not watch.stopped:
            assert len(shop.operations()) == 40
            watch.stop()

    open_list, phases = await world.seen(ITEMS), list[str]()
    before = open_list.count
    watch.told, watch.named = half, phases.append
    with pytest.raises(Stopped):
        await shop.removal.delete(Entity.ITEM, uids, 70, watch)
    assert shop.operations() == []
    assert told == [(0, 70), (20, 70), (40, 70), (0, 40), (20, 40), (40, 40)]
    assert phases == [removal.BACK]
    await open_list.settled()
    assert open_list.count == before
    assert all(open_list.index_of(uid) is not None for uid in uids)
    assert set(uids) <= set((await listed(world))[0])

    whole = Watch(lambda done, of: told.append((done, of)))
    deleted = await shop.removal.delete(Entity.ITEM, uids, 70, whole)
    assert told[-1] == (70, 70)
    step = Step(words="deleting 70 items", acts=deleted.acts)
    stop_soon = Watch()
    stop_soon.told = lambda done, of: stop_soon.stop() if done == 30 else None
    with pytest.raises(Interrupted) as caught:
        await shop.inverses.undo(step, stop_soon)
    assert (len(caught.value.turned.acts), len(caught.value.left.acts)) == (2, 2)
    assert len(shop.operations()) == 40
    await shop.inverses.undo(caught.value.left)
    assert shop.operations() == []
    assert set(uids) <= set((await listed(world))[0])


async def test_of_very_many_no_photos_are_fetched_and_undo_says_so(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "WITH_PHOTOS", 1)
    world = own_world
    shop = await world.open()
    world.fetch_through_proxy()
    items = [await a_new_item(world, f"MANY-{at}") for at in range(2)]
    for item in items:
        await world.admin.inventory.add_asset(item.uid, picture("#1b1b1b"), "front.jpg", "item")
        assert await shop.refresh(Entity.ITEM, item.uid)
    deleted = await shop.removal.delete(Entity.ITEM, [item.uid for item in items], 2)
    await world.delivered()
    assert world.proxy.seen("GET /media/") == 0
    _, but = await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    assert but == "2 were made again, under new numbers. 2 photos could not be brought back."
    await world.delivered()


@pytest.mark.parametrize("fault", [Fault.DROP_REPLY, Fault.RESET])
async def test_a_delete_whose_reply_was_lost_is_done(world: World, fault: Fault) -> None:
    shop = await world.open()
    item = await a_new_item(world, f"DEL-{fault.name}")
    world.proxy.fail("DELETE ", fault)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.delivered()
    assert not await is_there(world, item.uid)
    once = fault is Fault.DROP_REPLY  # looked for before it is sent again: what is gone is done
    assert world.proxy.seen("DELETE ") == (1 if once else 2)


async def test_a_refused_delete_shows_the_record_again_with_the_reason(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    listing = order.inventory_item_listing
    assert listing is not None
    assert listing.inventory_item is not None
    uid = listing.inventory_item.uid
    assert await shop.refresh(Entity.ITEM, uid)
    await shop.removal.delete(Entity.ITEM, [uid])
    await world.stuck(OpState.REFUSED)
    assert "An order refers to this item" in shop.operations()[0].message
    assert world.proxy.seen("DELETE ") == 1
    assert uid in (await listed(world))[0]
    assert world.item(uid)[1].refused
    await shop.discard(shop.operations()[0].uuid)


async def test_a_deletion_that_is_through_is_taken_back_by_making_the_record_again(world: World) -> None:
    shop = await world.open()
    world.fetch_through_proxy()
    item = await a_new_item(world, "DEL-4")
    await world.admin.inventory.add_asset(item.uid, picture("#271828"), "front.jpg", "item")
    assert await shop.refresh(Entity.ITEM, item.uid)
    deleted = await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.delivered()
    assert not await is_there(world, item.uid)
    _, but = await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    assert but == "It was made again, under a new number."
    await world.delivered()
    there = await world.on_server(shop.real(item.uid))
    assert (there.manual_sku, len(there.assets)) == ("DEL-4", 1)
    assert there.uid != item.uid


async def test_a_deletion_is_held_until_its_message_has_gone_and_over_a_quit(world: World) -> None:
    world.pace = msgspec.structs.replace(FAST, hold=3600.0)
    shop = await world.open()
    item, other = await a_new_item(world, "HELD-1"), await a_new_item(world, "HELD-2")
    held = await shop.removal.delete(Entity.ITEM, [item.uid])
    step = Step(words="deleting", acts=held.acts)
    await shop.edit(Entity.ITEM, other.uid, {"location": "SENT"})
    await until(lambda: len(shop.operations()) == 1, "the edit should have gone out")
    assert await is_there(world, item.uid)
    shop.inverses.hold_on(step)
    shop.inverses.let_go(step)
    await world.delivered()
    assert not await is_there(world, item.uid)

    await shop.removal.delete(Entity.ITEM, [other.uid])
    await world.leave()
    assert await is_there(world, other.uid)
    await world.enter()
    await world.delivered()
    assert not await is_there(world, other.uid)


async def test_photos_that_cannot_be_fetched_now_are_fetched_before_the_record_goes(world: World) -> None:
    shop = await world.open()
    world.fetch_through_proxy()
    item = await a_new_item(world, "HELD-3")
    await world.admin.inventory.add_asset(item.uid, picture("#161803"), "front.jpg", "item")
    assert await shop.refresh(Entity.ITEM, item.uid)
    shop.work_offline(True)
    deleted = await shop.removal.delete(Entity.ITEM, [item.uid])
    step = Step(words="deleting", acts=deleted.acts)
    world.proxy.fail("GET /media/", Fault.RESET, times=3)
    shop.work_offline(False)
    await world.delivered()
    assert not await is_there(world, item.uid)
    (photo,) = deleted.acts[0].photos[1:]
    await world.store.blobs.sweep(set())
    assert world.store.blobs.path(photo).exists()  # a step names it
    await shop.inverses.forget(step)
    await world.store.blobs.sweep(set())
    assert not world.store.blobs.path(photo).exists()


async def first(world: World, number: int) -> list[str]:
    rows: Results = await world.seen(ITEMS)
    found = [row.uid for row in (rows.row(at) for at in range(number)) if row]
    rows.close()
    return found


async def refused(world: World, uids: Sequence[str], typed: int | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        await world.shop.removal.delete(Entity.ITEM, uids, typed)
    assert world.shop.operations() == []
    return caught.value


async def test_several_at_once_need_a_connection_and_many_the_number_typed(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    uids = await first(world, 60)
    assert (await refused(world, uids)).field == "count"
    assert (await refused(world, uids, 59)).field == "count"
    shop.work_offline(True)
    assert "connection" in (await refused(world, uids[:2])).message
    shop.work_offline(False)
    await until(lambda: shop.state.can_send)
    sold = await world.admin.inventory.page(ITEMS.with_filter("status", ["draft", "received"]), 1, 3)
    few = [record.data.uid for record in sold.records]
    for uid in few:
        assert await shop.refresh(Entity.ITEM, uid)
    await shop.removal.delete(Entity.ITEM, few)
    await world.delivered()
    assert [await is_there(world, uid) for uid in few] == [False] * len(few)


async def test_a_product_with_items_and_an_order_are_not_deleted(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    with pytest.raises(InputError, match="marketplace keeps them"):
        await shop.removal.delete(Entity.ORDER, [order.uid])
    item = await world.an_item(0)
    assert item.product is not None
    assert await shop.refresh(Entity.PRODUCT, item.product.uid)
    with pytest.raises(InputError, match="has items"):
        await shop.removal.delete(Entity.PRODUCT, [item.product.uid])
    assert shop.operations() == []


def test_when_the_number_is_asked_for() -> None:
    assert not needs_number(1, 2)
    assert needs_number(2, 9)
    assert not needs_number(50, 1000)
    assert needs_number(51, 100_000)


async def test_a_page_asked_for_before_a_delete_leaves_no_gap(world: World) -> None:
    shop = await world.open()
    results = await world.seen(Query(Entity.ITEM).with_ordering("created"))
    row = results.row(20)
    assert row is not None
    ask, asked, go_on = results._source, asyncio.Event(), asyncio.Event()  # pyright: ignore[reportPrivateUsage]

    async def late(query: Query, page: int, page_size: int) -> Any:
        answer = await ask(query, page, page_size)
        asked.set()
        await go_on.wait()
        return answer

    results._source = late  # pyright: ignore[reportPrivateUsage]
    results.refresh()
    await asked.wait()  # the answer has the record still
    await shop.removal.delete(Entity.ITEM, [row.uid])
    await world.delivered()
    go_on.set()
    await until(lambda: results.count == len(results.ids) and 0 not in results.ids[:100])
    await results.settled()
    first = list(results.ids[:100])
    assert 0 not in first
    assert len(set(first)) == len(first)
    assert [one.uid for one in (results.row(at) for at in range(100)) if one].count(row.uid) == 0
    results.close()
