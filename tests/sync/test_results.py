"""The rows of a query: the cache's at once, the server's where one looks, the same ones without a network."""

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import CountChanged, Reset, Results, ResultsEvent, RowsChanged
from instica_desktop.sync.watching import Stopped, Watch
from tests.support.fault_proxy import Fault
from tests.sync.world import FAST, World, until

ITEMS = Query(Entity.ITEM)


def uids(results: Results) -> list[str]:
    """Return the uids of all rows, as a table that scrolls through all of it would see them."""
    assert results.count is not None
    found = [results.row(at) for at in range(results.count)]
    return [row.uid if row else "" for row in found]


async def through(world: World, results: Results) -> list[str]:
    """Scroll to the end, page by page, and return the uids of all rows."""
    await results.settled()
    for first in range(0, results.count or 0, 50):
        results.look(first, first + 49)
        await results.settled()
    return uids(results)


async def all_of(world: World, query: Query) -> list[str]:
    """Return the server's own answer."""
    section = {
        Entity.ITEM: world.admin.inventory,
        Entity.PRODUCT: world.admin.products,
        Entity.ORDER: world.admin.orders,
    }
    return [record.data.uid async for record in section[query.entity].all(query)]


QUERIES = [
    ITEMS,
    ITEMS.with_ordering("-price_total_usd"),
    ITEMS.with_ordering("listed_first"),
    ITEMS.with_search("a"),
    ITEMS.with_filter("status", ["listed", "draft"]).with_ordering("title"),
    Query(Entity.PRODUCT).with_ordering("most_inventory"),
    Query(Entity.ORDER),
]


@pytest.mark.parametrize(
    "query", QUERIES, ids=lambda query: "&".join("=".join(pair) for pair in query.params())
)
async def test_rows_are_the_servers_and_the_same_without_it(world: World, query: Query) -> None:
    shop = await world.open()
    online = shop.results(query)
    online.open()
    expected = await all_of(world, query)
    assert await through(world, online) == expected
    assert online.from_server
    assert online.as_of is not None

    shop.work_offline(True)
    offline = await world.seen(query)
    assert uids(offline) == expected
    assert not offline.from_server
    assert offline.as_of is not None
    assert await offline.uids() == expected


async def test_the_first_window_is_there_before_anything_is_awaited(world: World) -> None:
    shop = await world.open()
    await through(world, await world.seen(ITEMS))
    world.proxy.fail("GET /api/v1/inventory", Fault.SILENCE, times=99)
    results = shop.results(ITEMS)
    results.open()
    row = results.row(0)
    assert row is not None
    assert row.uid == (await all_of(world, ITEMS))[0]
    results.close()


async def test_only_what_is_looked_at_is_fetched(world: World) -> None:
    await world.open()
    results = await world.seen(ITEMS)
    assert results.count == len(await all_of(world, ITEMS))
    assert world.proxy.seen("GET /api/v1/inventory/?") == 1
    assert results.row(150) is None
    results.look(205, 240)
    await results.settled()
    assert results.row(210) is not None
    assert results.row(150) is None
    assert world.proxy.seen("GET /api/v1/inventory/?") == 2
    assert results.index_of(results.row(210).uid) == 210  # pyright: ignore[reportOptionalMemberAccess]


async def test_all_rows_can_be_had_without_looking(world: World) -> None:
    await world.open()
    results = await world.seen(ITEMS)
    assert await results.uids() == await all_of(world, ITEMS)


async def test_rows_inserted_while_paging_are_neither_skipped_nor_doubled(own_world: World) -> None:
    world = own_world
    await world.open()
    results = await world.seen(ITEMS)
    first = results.row(0)
    assert first is not None
    product = (await world.on_server(first.uid)).product
    assert product is not None
    for turn in range(6):
        await world.admin.inventory.create({"product": product.uid, "manual_sku": f"IN-{turn}"})
        results.look(turn * 40, turn * 40 + 45)
        await results.settled()
    expected = await all_of(world, ITEMS)
    results.refresh()
    assert await through(world, results) == expected
    assert results.count == 266


async def test_an_edit_repaints_its_row_and_leaves_it_in_its_place(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS.with_ordering("title"))
    row = results.row(3)
    assert row is not None
    before = uids(results)[:60]
    events: list[ResultsEvent] = []
    results.listeners.append(events.append)
    await shop.edit(Entity.ITEM, row.uid, {"name": "ZZZ the last", "condition_item": "p"})
    assert RowsChanged(3, 3) in events
    await world.delivered()
    await results.settled()
    assert uids(results)[:60] == before
    assert not any(isinstance(event, Reset | CountChanged) for event in events)
    changed = results.row(3)
    assert changed is not None
    assert changed.data.name == "ZZZ the last"  # pyright: ignore[reportAttributeAccessIssue]


async def test_a_quiet_refresh_leaves_rows_alone_that_were_just_edited(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS.with_ordering("title"))
    row = results.row(3)
    assert row is not None
    await shop.edit(Entity.ITEM, row.uid, {"location": "QUIET"})
    await world.delivered()
    asked = world.proxy.seen("GET /api/v1/inventory/?")
    results.refresh(quietly=True)
    await results.settled()
    assert world.proxy.seen("GET /api/v1/inventory/?") == asked
    results.refresh()
    await results.settled()
    assert world.proxy.seen("GET /api/v1/inventory/?") == asked + 1


async def test_a_record_that_is_gone_leaves_the_table(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS.with_filter("status", ["archived"]))
    row, count = results.row(1), results.count
    assert row is not None
    assert count is not None
    events: list[ResultsEvent] = []
    results.listeners.append(events.append)
    await world.admin.inventory.delete(row.uid)
    await shop.refresh(Entity.ITEM, row.uid)
    assert Reset() in events
    await until(lambda: results.count == count - 1)
    assert row.uid not in uids(results)
    assert results.index_of(row.uid) is None


async def test_losing_and_finding_the_server_again_shows_what_is_new(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    results = await world.seen(ITEMS)
    row = results.row(0)
    assert row is not None
    shop.work_offline(True)
    await results.settled()
    await world.admin.inventory.update(row.uid, {"location": "ELSEWHERE"})
    assert world.item(row.uid)[0].location != "ELSEWHERE"
    shop.work_offline(False)
    await until(lambda: world.item(row.uid)[0].location == "ELSEWHERE")


async def test_offline_the_cache_fills_what_was_not_fetched(world: World) -> None:
    shop = await world.open()
    await through(world, await world.seen(ITEMS.with_ordering("title")))
    results = await world.seen(ITEMS.with_ordering("-updated"))
    shop.work_offline(True)
    await results.settled()
    assert "" not in uids(results)
    assert sorted(uids(results)) == sorted(await all_of(world, ITEMS))


async def test_rows_that_came_between_their_number_and_their_ids_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    pages = await world.admin.inventory.page(ITEMS)
    shop.work_offline(True)
    cache, events = world.store.cache, list[ResultsEvent]()
    real = cache.count

    async def count(query: Query) -> int:
        await cache.upsert(Entity.ITEM, pages.records)  # the page that another list asked for
        return await real(query)

    monkeypatch.setattr(cache, "count", count)
    results = shop.results(ITEMS)
    results.listeners.append(events.append)
    results.open()
    assert not results.ids
    await results.settled()
    last = len(pages.records) - 1
    assert len(results.ids) == results.count == last + 1
    assert RowsChanged(0, last) in events  # they were counted before they could be shown


async def test_a_failing_server_leaves_the_rows_and_says_so(world: World) -> None:
    shop = await world.open()
    await through(world, await world.seen(ITEMS))
    world.proxy.fail("GET /api/v1/inventory/?", Fault.CAPTIVE, times=1)
    results = shop.results(ITEMS)
    results.open()
    await until(lambda: results.error is not None or results.from_server)
    assert results.row(0) is not None
    await until(lambda: results.from_server, "it did not ask again after the connection came back")
    assert results.error is None


async def test_closed_rows_tell_nobody_anything(world: World) -> None:
    shop = await world.open()
    events: list[ResultsEvent] = []
    results = shop.results(ITEMS)
    results.listeners.append(events.append)
    results.open()
    results.close()
    again = await world.seen(ITEMS)
    assert again.count
    assert events == []


async def test_looking_up_every_row_ends_as_soon_as_it_is_to_stop(world: World) -> None:
    shop = await world.open()
    watch = Watch()
    watch.stop()
    results = shop.results(ITEMS)
    results.open()
    await until(lambda: results.count)
    asked = world.proxy.seen("GET /api/v1/inventory/?")
    with pytest.raises(Stopped):
        await results.uids(watch.tell)
    assert world.proxy.seen("GET /api/v1/inventory/?") <= asked + 2  # what was on its way
    results.close()


async def test_looking_up_every_row_says_how_far_it_is(world: World) -> None:
    shop = await world.open()
    results = shop.results(ITEMS)
    results.open()
    await results.settled()
    told: list[tuple[int, int]] = []
    uids = await results.uids(lambda done, of: told.append((done, of)))
    number = len(uids)
    assert number > FAST.page
    assert told[0][0] < number
    assert {of for _, of in told} == {number}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (number, number)
    results.close()


async def test_what_the_copy_does_not_have_is_sought_on_the_server_though_it_seems_whole(
    world: World,
) -> None:
    shop = await world.open()
    await world.seen(ITEMS)
    product = await world.admin.products.create({"title": "Zyxomma Suite"})
    made = await world.admin.inventory.create({"product": product.record.data.uid})
    results = shop.results(ITEMS.with_search("zyxomma"))
    results._fresh = lambda: True  # pyright: ignore[reportPrivateUsage]
    results.open()
    assert results.guesses
    await until(lambda: results.from_server)
    assert uids(results) == [made.record.data.uid]
    results.close()


async def test_looking_up_every_row_ends_once_the_copy_stands_for_the_server(world: World) -> None:
    shop = await world.open()
    everything = await (await world.seen(ITEMS)).uids()
    results = shop.results(ITEMS)
    results.open()
    await until(lambda: results.from_server)
    asked = world.proxy.seen("GET /api/v1/inventory/?")
    results._fresh = lambda: True  # pyright: ignore[reportPrivateUsage]
    assert await results.uids() == everything
    assert world.proxy.seen("GET /api/v1/inventory/?") == asked
    results.close()
