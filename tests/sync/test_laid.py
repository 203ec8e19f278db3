"""Records made here while the server is asked: always in its list, once, where the ordering puts them."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from instica_desktop.core.acts import Step
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Results, ResultsEvent, RowsChanged, Shop
from instica_desktop.sync.laid import places_of
from tests.sync.test_results import ITEMS, all_of, through, uids
from tests.sync.world import World, until


async def a_product(shop: Shop) -> str:
    """Return the uid of a product that is here, with an item of which there is a list."""
    results = shop.results(ITEMS)
    results.open()
    row = results.row(0)
    results.close()
    assert row is not None
    assert isinstance(row.data, InventoryItem)
    assert row.data.product is not None
    await shop.refresh(Entity.PRODUCT, row.data.product.uid)
    return row.data.product.uid


async def made(shop: Shop, name: str = "", **fields: Any) -> str:
    """Make a copy of a product, and return its temporary uid."""
    fields = {"name": name, **fields} if name else fields
    return (await shop.making.copy(fields, of=await a_product(shop))).uid


def watched(shop: Shop, results: Results, temporary: str, real: str = "") -> list[int]:
    """Return a list to which each event adds how often a record is among the rows, under either uid."""
    seen: list[int] = []

    def look(event: ResultsEvent | None = None) -> None:
        shown = {row.id: row.uid for at in range(len(results.ids)) if (row := results.row(at))}
        names = [shown[id_] for id_ in results.ids if id_ in shown]
        row = shop.row(Entity.ITEM, temporary)
        seen.append(sum(name in (temporary, real or (row and row.uid)) for name in names))
        assert results.count == len(results.ids) or not results.from_server

    look()
    results.listeners.append(look)
    return seen


async def arrived(world: World, temporary: str) -> None:
    """Wait until all know a record by the server's uid alone."""
    await until(lambda: any(temporary in change.uids and change.gone for change in world.changes))
    await world.delivered()


async def test_what_was_not_sent_stays_in_the_servers_list(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    world.store.outbox.hold_back()
    temporary = await made(shop)
    server = await all_of(world, ITEMS)
    results = await world.seen(ITEMS)
    assert results.from_server
    assert results.count == len(server) + 1
    events, asked = list[ResultsEvent](), world.proxy.seen("GET /api/v1/inventory/?")
    results.listeners.append(events.append)
    results.look(100, 100)  # behind ours it is the last of the server's first page
    await results.settled()
    assert world.proxy.seen("GET /api/v1/inventory/?") == asked
    results.look(101, 101)
    await results.settled()
    assert RowsChanged(101, 200) in events
    assert await through(world, results) == [temporary, *server]
    again = await world.seen(ITEMS)
    assert uids(again) == [temporary, *server]  # the copy is right about what was not fetched
    assert sorted(await results.uids()) == sorted([temporary, *server])
    assert results.index_of(temporary) == 0
    shop.work_offline(True)
    await results.settled()
    assert uids(results) == [temporary, *server]
    shop.work_offline(False)
    await until(lambda: results.from_server)
    assert await through(world, results) == [temporary, *server]


async def test_it_comes_into_a_list_that_is_open_and_leaves_it_when_it_is_dropped(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS)
    count = results.count
    assert count is not None
    world.store.outbox.hold_back()
    temporary = await made(shop)
    assert (results.count, results.index_of(temporary)) == (count + 1, 0)
    asked = world.proxy.seen("GET /api/v1/inventory/?")
    await shop.discard(shop.operations()[0].uuid)
    assert (results.count, results.index_of(temporary)) == (count, None)
    await results.settled()
    assert world.proxy.seen("GET /api/v1/inventory/?") == asked
    assert "" not in uids(results)[:100]


async def test_one_that_is_to_be_deleted_leaves_the_list_and_comes_back(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS)
    count = results.count
    assert count is not None
    world.store.outbox.hold_back()
    temporary = await made(shop)
    await world.store.outbox.set_state(shop.operations()[0].uuid, OpState.RETRY, attempts=1)
    deleted = await shop.removal.delete(Entity.ITEM, [temporary])
    assert (results.count, len(results.ids)) == (count, count)
    await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    await results.settled()
    assert (results.count, results.index_of(temporary)) == (count + 1, 0)


async def test_one_that_is_sent_is_there_all_the_time_and_once(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS)
    world.store.outbox.hold_back()
    temporary = await made(shop)
    before = results.ids[0]
    seen = watched(shop, results, temporary)
    await world.store.outbox.confirm()
    await shop.send_now()
    await arrived(world, temporary)
    await until(lambda: not results.loading)
    await results.settled()
    assert set(seen) == {1}
    server = await all_of(world, ITEMS)
    assert results.became[before] == results.ids[0]
    assert (results.index_of(temporary), results.index_of(server[0])) == (0, 0)
    assert await through(world, results) == server


async def test_a_page_asked_for_before_it_was_sent_does_not_lose_it(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    results = shop.results(ITEMS)
    source, held, asked = results._source, asyncio.Event(), list[int]()  # pyright: ignore[reportPrivateUsage]

    async def late(query: Query, page: int, page_size: int) -> Any:
        answer = await source(query, page, page_size)
        asked.append(page)
        await held.wait()
        return answer

    results._source = late  # pyright: ignore[reportPrivateUsage]
    results.open()
    await until(lambda: asked)
    temporary = await made(shop)
    await arrived(world, temporary)
    await until(lambda: results._pages._timer is None)  # pyright: ignore[reportPrivateUsage]
    seen = watched(shop, results, temporary)
    held.set()
    await until(lambda: not results.loading)
    await results.settled()
    assert set(seen[1:]) == {1}  # it was made after the list was opened
    assert asked == [1, 1]  # once more, as the first answer is older
    assert await through(world, results) == await all_of(world, ITEMS)


async def test_one_whose_answer_was_lost_is_not_there_twice(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    world.store.outbox.hold_back()
    temporary = await made(shop)
    create = shop.operations()[0]
    fields = create.payload["fields"]
    theirs = await world.admin.inventory.create({**fields, "product": fields["product"]["uid"]})
    await world.store.outbox.set_state(create.uuid, OpState.UNKNOWN)
    results = await world.seen(ITEMS)
    server = await all_of(world, ITEMS)
    assert temporary not in await through(world, results)
    assert uids(results) == server
    shop.work_offline(True)
    copy = await world.seen(ITEMS)
    assert (copy.count, uids(copy)) == (len(server), server)
    shop.work_offline(False)
    await until(lambda: shop.state.can_send)
    seen = watched(shop, results, temporary, theirs.record.data.uid)
    await world.store.outbox.confirm()
    await shop.send_now()
    await arrived(world, temporary)
    await results.settled()
    assert set(seen) == {1}
    assert await through(world, results) == server


async def test_only_what_the_query_finds_is_laid_in(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    world.store.outbox.hold_back()
    temporary = await made(shop, "Zanzibar", location="LAID")
    for query, found in (
        (ITEMS.with_search("zanzi"), True),
        (ITEMS.with_search("timbuktu"), False),
        (ITEMS.with_filter("status", ["draft"]), True),
        (ITEMS.with_filter("status", ["sold"]), False),
        (ITEMS.with_filter("location", ["laid"]).with_search("zanzibar"), True),
    ):
        results = await world.seen(query)
        assert results.from_server
        assert (results.index_of(temporary) is not None) is found
        assert results.count == len(await all_of(world, query)) + found
        results.close()


async def test_it_stands_where_the_ordering_puts_it_as_soon_as_that_is_known(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    world.store.outbox.hold_back()
    query = ITEMS.with_ordering("manual_sku")
    server = [record.data async for record in world.admin.inventory.all(query)]
    skus = [one.manual_sku or "" for one in server]
    near = await made(shop, manual_sku=skus[30] + "-a")
    far = await made(shop, manual_sku=skus[180] + "-a")
    expected = [one.uid for one in server]
    expected.insert(181, far)
    expected.insert(31, near)

    results = await world.seen(query)
    assert results.index_of(far) == 0  # nobody knows yet what stands around its place
    assert results.index_of(near) == 32
    assert await through(world, results) == expected
    shop.work_offline(True)
    assert uids(await world.seen(query)) == expected


async def test_one_that_is_sent_far_down_stands_there_alone(world: World) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    world.store.outbox.hold_back()
    query = ITEMS.with_ordering("manual_sku")
    skus = [record.data.manual_sku or "" async for record in world.admin.inventory.all(query)]
    results = await world.seen(query)
    temporary = await made(shop, manual_sku=skus[180] + "-b")
    assert results.index_of(temporary) == 0
    await world.store.outbox.confirm()
    await shop.send_now()
    await arrived(world, temporary)
    await until(lambda: not results.loading)
    await results.settled()
    server = await all_of(world, query)
    assert (results.count, len(results.ids)) == (len(server), len(server))
    assert uids(results)[:100] == server[:100]
    assert await through(world, results) == server


async def test_in_the_copy_one_that_is_sent_keeps_its_place(world: World) -> None:
    shop = await world.open()
    await through(world, await world.seen(ITEMS))
    await a_product(shop)
    shop.work_offline(True)
    before = await world.seen(ITEMS)
    assert before.row(0)
    temporary = await made(shop)
    results = await world.seen(ITEMS)
    assert results.row(0)
    assert results.as_of == before.as_of  # the copy is no younger for what was made here
    results._fresh = lambda: True  # pyright: ignore[reportPrivateUsage]
    results.refresh(quietly=True)
    await results.settled()
    assert results.index_of(temporary) == 0
    seen = watched(shop, results, temporary)
    shop.work_offline(False)
    await arrived(world, temporary)
    assert set(seen) == {1}
    assert results.from_copy
    assert results.index_of(temporary) == 0


def test_places_are_those_of_a_list_that_is_wholly_known() -> None:
    pick = random.Random(11)
    for size in (0, 1, 5, 64, 65, 400):
        every = pick.sample(range(1, 5000), size + 12)
        new, rows = every[:12], sorted(every[12:])
        asked: list[int] = []

        def in_order(ids: Sequence[int], asked: list[int] = asked) -> list[int]:
            asked.append(len(ids))
            return sorted(ids)

        places = places_of(new, rows, in_order)
        assert places == {one: sum(row < one for row in rows) for one in new}
        assert max(asked) <= 64 + 12
        holes = [row if pick.random() < 0.7 else 0 for row in rows]
        for one, place in places_of(new, holes, in_order).items():
            around = holes[max(0, places[one] - 1) : places[one] + 1]
            assert place == (0 if 0 in around else places[one])
