"""What a table is told is enough to know all rows: a list kept by the events alone is the list itself."""

from typing import Any

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import CountChanged, Reset, Results, ResultsEvent, RowsChanged
from tests.sync.test_laid import made
from tests.sync.test_results import ITEMS, through
from tests.sync.world import World, until

NEWEST_FIRST = ITEMS.with_ordering("-updated")


class Told:
    """A list of ids that is kept by what is told, and by nothing else."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.kinds: list[str] = []
        self.ids = list(results.ids)
        results.listeners.append(self._hear)

    def _hear(self, event: ResultsEvent) -> None:
        self.kinds.append(type(event).__name__)
        ids = self.results.ids
        for at, id_ in enumerate(ids[:120]):
            row = self.results.row(at)
            assert row is None or row.id == id_, "a row that is another record than its id"
        if isinstance(event, Reset):
            self.ids = list(ids)
        elif isinstance(event, RowsChanged):
            self.ids[event.first : event.last + 1] = ids[event.first : event.last + 1]
        elif isinstance(event, CountChanged):
            self.ids = [*self.ids[: event.count], *ids[len(self.ids) : event.count]]

    def agrees(self) -> None:
        """Fail where the list kept differs from the list itself."""
        assert self.ids == list(self.results.ids)
        assert self.results.count in (len(self.ids), None)


async def test_what_left_and_what_follows_without_a_server_is_told(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    results = await world.seen(NEWEST_FIRST)
    told = Told(results)
    await through(world, results)
    told.agrees()
    for at in (150, 220):
        row = results.row(at)
        assert row is not None
        await world.admin.inventory.update(row.uid, {"location": "MOVED"})
        await shop.refresh(Entity.ITEM, row.uid)  # it stands first in the copy now, and not yet in the list
    shop.work_offline(True)
    await results.settled()
    told.agrees()
    shop.work_offline(False)
    await until(lambda: results.from_server)
    await through(world, results)
    told.agrees()
    last = results.row((results.count or 0) - 1)
    assert last is not None
    await world.admin.inventory.delete(last.uid)
    results.refresh()
    await results.settled()
    told.agrees()
    await shop.refresh(Entity.ITEM, last.uid)
    await results.settled()
    told.agrees()
    assert "Reset" in told.kinds


async def test_the_copys_own_order_is_told_when_the_server_goes(own_world: World) -> None:
    """Of the list one page is known; the copy has another record first."""
    world = own_world
    shop = await world.open()
    results = await world.seen(NEWEST_FIRST)
    assert 0 in results.ids
    told = Told(results)
    row = results.row(30)
    assert row is not None
    await world.admin.inventory.update(row.uid, {"location": "MOVED"})
    await shop.refresh(Entity.ITEM, row.uid)
    shop.work_offline(True)
    await results.settled()
    assert results.ids[0] == row.id
    told.agrees()


async def test_without_a_server_a_record_that_goes_takes_its_place_with_it(world: World) -> None:
    shop = await world.open()
    await through(world, await world.seen(ITEMS))
    world.store.outbox.hold_back()
    await made(shop)
    shop.work_offline(True)
    results = await world.seen(ITEMS)
    told = Told(results)
    count = results.count
    assert count is not None
    await shop.discard(shop.operations()[0].uuid)
    assert results.count == count - 1
    told.agrees()


async def test_what_comes_above_is_told_with_its_rows(own_world: World) -> None:
    world = own_world
    await world.open()
    results = await world.seen(ITEMS)
    told = Told(results)
    first = results.row(0)
    assert first is not None
    product = (await world.on_server(first.uid)).product
    assert product is not None
    for sku in ("IN-91", "IN-92"):
        await world.admin.inventory.create({"product": product.uid, "manual_sku": sku})
    results.refresh()
    await results.settled()
    assert "CountChanged" in told.kinds
    assert results.index_of(first.uid) == 2
    told.agrees()


async def test_an_order_that_is_the_servers_alone_resets_what_was_guessed(world: World) -> None:
    """The copy holds one page; in another order the server's first page is another one."""
    await world.open()
    await world.seen(ITEMS)
    results = world.shop.results(Query(Entity.ITEM).with_ordering("-price_total_usd"))
    results.open()
    told = Told(results)
    await results.settled()
    told.agrees()
    assert results.from_server


async def test_what_is_laid_in_and_taken_out_is_told(world: World) -> None:
    shop = await world.open()
    results = await world.seen(ITEMS)
    told = Told(results)
    world.store.outbox.hold_back()
    await made(shop)
    told.agrees()
    await shop.discard(shop.operations()[0].uuid)
    told.agrees()


async def test_a_first_answer_that_agrees_with_the_copy_moves_nothing(world: World) -> None:
    """Records made here are in the copy and not in the answer: they are no difference."""
    shop = await world.open()
    await through(world, await world.seen(ITEMS))
    world.store.outbox.hold_back()
    await made(shop)
    results = shop.results(ITEMS)
    seen: list[Any] = []
    real = results._resize  # pyright: ignore[reportPrivateUsage]

    def resize(count: int, page: int) -> ResultsEvent | None:
        seen.append(real(count, page))
        return seen[-1]

    results._resize = resize  # type: ignore[method-assign]  # pyright: ignore[reportPrivateUsage]
    results.open()
    await until(lambda: results.count is not None)
    await results.settled()
    assert results.from_server
    assert seen[0] is None
