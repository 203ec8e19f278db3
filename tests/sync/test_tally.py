"""The number of a query: asked for while an edit is on its way, it holds that edit once and never twice."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.database import Writer
from instica_desktop.sync import Results, ShipmentDraft
from instica_desktop.sync import results as results_module
from instica_desktop.sync.tally import Tally
from tests.sync.test_removal import a_new_item
from tests.sync.world import FAST, World, create, until

TO_SHIP = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
SHIPPED = Query(Entity.ORDER).with_filter("status", ["shipped"])
ITEMS = Query(Entity.ITEM)
PAGES = msgspec.structs.replace(FAST, page=1)
"""Lists of several pages, of which the first is known."""


@pytest.fixture(autouse=True)
def first_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a list ask for no more than its first page."""
    monkeypatch.setattr(results_module, "FIRST", 1)


class Gate:
    """Holds back the answers to one call: the server has done it, and nobody here knows."""

    def __init__(self, section: Any, name: str) -> None:
        self.done, self._open = asyncio.Event(), asyncio.Event()
        self._call: Callable[..., Awaitable[Any]] = getattr(section, name)
        setattr(section, name, self._held)

    async def _held(self, *args: Any, **more: Any) -> Any:
        answer = await self._call(*args, **more)
        self.done.set()
        await self._open.wait()
        return answer

    def open(self) -> None:
        """Let the answers through."""
        self._open.set()


class Said:
    """Writes down every number a list says that is the server's."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.numbers: list[int | None] = []
        results.listeners.append(self._told)

    def _told(self, _event: object) -> None:
        if self.results.from_server:
            self.numbers.append(self.results.number)

    @property
    def different(self) -> list[int]:
        """Each number once, as they followed each other."""
        known = [number for number in self.numbers if number is not None]
        return [number for at, number in enumerate(known) if not at or known[at - 1] != number]


async def asked_anew(world: World, query: Query) -> Said:
    """Open a list of a query; its number may be unknown until nothing is on its way."""
    results = world.shop.results(query)
    said = Said(results)
    results.open()
    await results.settled()
    assert results.from_server
    return said


async def last_to_ship(world: World) -> str:
    """Return an order that stands on a page nobody has looked at, now on this computer."""
    uids = [one.data.uid async for one in world.admin.orders.all(TO_SHIP)]
    assert len(uids) > 2 * PAGES.page
    await world.know(Entity.ORDER, uids[-1])
    return uids[-1]


async def number(world: World, query: Query) -> int:
    """Return the server's own number."""
    section: Any = world.admin.orders if query.entity is Entity.ORDER else world.admin.inventory
    return (await section.page(query, 1, 1)).count


@pytest.mark.parametrize("query", [TO_SHIP, SHIPPED, TO_SHIP.with_ordering("sold_at")])
async def test_a_number_asked_for_while_a_shipment_is_being_sent_holds_it_once(
    own_world: World, query: Query
) -> None:
    world = own_world
    world.pace = PAGES
    shop = await world.open()
    uid = await last_to_ship(world)
    open_before = await asked_anew(world, query)
    before = await number(world, query)
    after = before + (1 if query == SHIPPED else -1)
    post = Gate(world.client.orders, "add_shipment")
    await shop.ship(uid, ShipmentDraft(carrier="usps", tracking_number="TALLY-1"))
    assert open_before.results.number == after
    await until(post.done.is_set)
    assert await number(world, query) == after  # the server has it, and has not said so
    open_before.results.refresh()
    await open_before.results.settled()
    opened_meanwhile = await asked_anew(world, query)
    post.open()
    await world.delivered()
    await until(lambda: opened_meanwhile.results.number == open_before.results.number == after)
    for said in (open_before, opened_meanwhile):
        said.results.refresh()
        await said.results.settled()
    assert open_before.different == [before, after]
    assert set(opened_meanwhile.different) == {after}


@pytest.mark.parametrize("query", [TO_SHIP, SHIPPED])
async def test_a_number_that_was_on_its_way_before_the_shipment_holds_it_once(
    own_world: World, query: Query
) -> None:
    world = own_world
    world.pace = PAGES
    shop = await world.open()
    uid = await last_to_ship(world)
    said = await asked_anew(world, query)
    before = await number(world, query)
    after = before + (1 if query == SHIPPED else -1)
    pages = Gate(world.client.orders, "page")
    said.results.refresh()
    await until(pages.done.is_set)
    await shop.ship(uid, ShipmentDraft(carrier="usps", tracking_number="TALLY-2"))
    await world.delivered()
    assert said.results.number == after
    pages.open()
    await said.results.settled()
    said.results.refresh()
    await said.results.settled()
    assert said.different == [before, after]


async def test_an_answer_that_was_overtaken_by_a_newer_one_says_no_number(own_world: World) -> None:
    world = own_world
    world.pace = PAGES
    await world.open()
    said = await asked_anew(world, TO_SHIP)
    before = await number(world, TO_SHIP)
    uid = await last_to_ship(world)
    call, late = world.client.orders.page, Gate(world.client.orders, "page")
    said.results.look(1, 1)
    await until(late.done.is_set)
    world.client.orders.page = call
    await world.admin.orders.add_shipment(uid, {"carrier": "dhl", "tracking_number": "TALLY-3"})
    newer = await asked_anew(world, TO_SHIP)
    assert newer.results.number == before - 1
    late.open()
    await said.results.settled()
    await newer.results.settled()
    assert said.different == newer.different == [before, before - 1] or newer.different == [before - 1]
    assert said.different == [before, before - 1]


async def test_an_item_that_is_being_made_counts_once(own_world: World) -> None:
    world = own_world
    world.pace = PAGES
    shop = await world.open()
    oldest_first = ITEMS.with_ordering("created")  # the new one stands on a page nobody looks at
    said = await asked_anew(world, oldest_first)
    before = await number(world, ITEMS)
    post = Gate(world.client.inventory, "create")
    product = await world.a_product()
    await create(shop, Entity.ITEM, {"product": product, "manual_sku": "TALLY-MADE"}, "made")
    assert said.results.number == before + 1
    await until(post.done.is_set)
    said.results.refresh()
    await said.results.settled()
    meanwhile = await asked_anew(world, ITEMS.with_ordering("created"))
    post.open()
    await world.delivered()
    await until(lambda: meanwhile.results.number == said.results.number == before + 1)
    assert said.different == [before, before + 1]
    assert set(meanwhile.different) == {before + 1}


async def test_an_item_that_is_being_deleted_counts_no_more(own_world: World) -> None:
    world = own_world
    world.pace = PAGES
    shop = await world.open()
    uid = (await a_new_item(world, "TALLY-GONE")).uid
    said = await asked_anew(world, ITEMS.with_ordering("created"))
    newest = await asked_anew(world, ITEMS)
    before = await number(world, ITEMS)
    world.store.outbox.hold_back()
    delete = Gate(world.client.inventory, "delete")
    await shop.removal.delete(Entity.ITEM, [uid])
    for one in (said, newest):
        assert one.results.number == before - 1
        one.results.refresh()
        await one.results.settled()
        assert one.results.number == before - 1
    assert newest.results.index_of(uid) is None
    await world.store.outbox.confirm()
    shop._added()  # pyright: ignore[reportPrivateUsage]
    await until(delete.done.is_set)
    for one in (said, newest):
        one.results.refresh()
        await one.results.settled()
    delete.open()
    await world.delivered()
    for one in (said, newest):
        one.results.refresh()
        await one.results.settled()
        assert one.different == [before, before - 1]


async def test_lists_of_one_query_always_say_the_same_number(own_world: World) -> None:
    world = own_world
    world.pace = PAGES
    await world.open()
    waiting = [await asked_anew(world, TO_SHIP), await asked_anew(world, TO_SHIP.with_ordering("sold_at"))]
    first, second = (said.results for said in waiting)
    before = await number(world, TO_SHIP)
    seen: list[tuple[int | None, int | None]] = []
    for results in (first, second):
        results.listeners.append(lambda _event: seen.append((first.number, second.number)))
    uid = await last_to_ship(world)
    await world.admin.orders.add_shipment(uid, {"carrier": "dhl", "tracking_number": "TALLY-4"})
    second.refresh()
    await second.settled()
    assert first.number == second.number == before - 1
    assert all(one == other for one, other in seen)
    assert waiting[0].different == waiting[1].different == [before, before - 1]


async def test_a_commit_while_a_change_is_told_does_not_part_a_list_from_its_number(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    shop = await world.open()
    said = await asked_anew(world, TO_SHIP)
    before, row = said.results.number, said.results.row(0)
    assert before is not None
    assert row is not None
    cache, begun, may_commit, committed = world.store.cache, *(threading.Event() for _ in range(3))
    perform, learn = Writer._perform, Tally.learn  # pyright: ignore[reportPrivateUsage]

    def held(writer: Writer, task: Any) -> Any:
        if writer is not cache._writer:  # pyright: ignore[reportPrivateUsage]
            return perform(writer, task)
        begun.set()
        assert may_commit.wait(10)
        try:
            return perform(writer, task)
        finally:
            committed.set()

    def committed_meanwhile(tally: Tally, changes: Changes) -> None:
        learn(tally, changes)
        may_commit.set()
        assert committed.wait(10)

    monkeypatch.setattr(Writer, "_perform", held)
    monkeypatch.setattr(Tally, "learn", committed_meanwhile)
    world.store.outbox.hold_back()
    shipping = asyncio.create_task(shop.ship(row.uid, ShipmentDraft(carrier="usps", tracking_number="AT-1")))
    await until(begun.is_set)
    world.store.publish(Changes(Entity.ORDER, frozenset({row.id}), frozenset({row.uid}), origin=Origin.LOCAL))
    assert (said.results.number, said.results.count) == (before, before)  # as both were before the commit
    await shipping
    assert (said.results.number, said.results.count) == (before - 1, before - 1)


async def test_a_shipment_that_is_seen_by_a_page_before_it_is_shown_counts_once(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    shop = await world.open()
    said = await asked_anew(world, TO_SHIP)
    before, row = said.results.number, said.results.row(0)
    assert before is not None
    assert row is not None
    show, may_show = world.store.cache.reproject, asyncio.Event()

    async def later(*args: Any, **more: Any) -> Any:
        await may_show.wait()
        return await show(*args, **more)

    monkeypatch.setattr(world.store.cache, "reproject", later)
    world.store.outbox.hold_back()
    shipping = asyncio.create_task(
        shop.ship(row.uid, ShipmentDraft(carrier="usps", tracking_number="ONCE-1"))
    )
    await until(shop.operations)
    await world.know(Entity.ORDER, row.uid)
    assert (said.results.number, said.results.count) == (before - 1, before - 1)
    may_show.set()
    await shipping
    assert (said.results.number, said.results.count) == (before - 1, before - 1)


class Counted:
    """A list with so many rows."""

    def __init__(self, count: int) -> None:
        self.count, self.heard = count, 0

    def number_changed(self) -> None:
        self.heard += 1

    def ask_number(self) -> bool:
        return False


async def test_every_list_hears_when_one_reads_its_rows_anew_or_leaves(own_world: World) -> None:
    await own_world.open()
    tally = Tally(TO_SHIP, own_world.store.cache, lambda entity: True)
    first, other = Counted(9), Counted(10)
    tally.join(first)
    tally.join(other)
    tally.read(first)
    assert (tally.number, other.heard) == (9, 1)
    first.count = 10
    tally.read(first)
    assert (tally.number, other.heard) == (10, 2)
    first.count = 8
    tally.moved(first)
    tally.leave(first)
    assert (tally.number, other.heard) == (10, 4)


@pytest.mark.parametrize("query", [TO_SHIP, SHIPPED])
async def test_what_is_sent_and_taken_back_before_the_next_answer_counts_as_before(
    own_world: World, query: Query
) -> None:
    world = own_world
    world.pace = PAGES
    shop = await world.open()
    uid = await last_to_ship(world)
    said = await asked_anew(world, query)
    before = await number(world, query)
    after = before + (1 if query == SHIPPED else -1)
    for numbered in ("TALLY-8", "TALLY-9"):
        await shop.ship(uid, ShipmentDraft(carrier="usps", tracking_number=numbered))
        await world.delivered()
        assert said.results.number == await number(world, query) == after
        (parcel,) = await world.admin.orders.list_shipments(uid)
        await shop.unship(uid, parcel.uid)
        assert said.results.number == before
        await world.delivered()
        assert said.results.number == await number(world, query) == before
    said.results.refresh()
    await said.results.settled()
    assert said.results.number == before
