"""A full copy: everything once, in spite of changes while it is read, going on where it was broken off."""

import asyncio

import msgspec
import pytest

from instica_desktop.core.errors import Clash, StoreError, Throttled
from instica_desktop.core.models.common import Entity
from instica_desktop.store.mirror import MirrorTables, Progress
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Read, Reader
from instica_desktop.sync.mirror.state import MirrorState
from tests.support.fault_proxy import Fault
from tests.sync.mirror.conftest import here, server_uids, settled, tidied, whole
from tests.sync.world import FAST, World, until

PAGES = "GET /api/v1/inventory/?ordering=created"
SMALL = msgspec.structs.replace(FAST, page=20, mirror_commit=2, mirror_at_once=1)
"""Fourteen pages of items, seven commits."""


async def test_everything_is_copied(world: World) -> None:
    shop = await world.open()
    states: list[MirrorState] = []
    shop.on_state.append(lambda: states.append(shop.mirror.state))
    shop.mirror.start()
    await settled(world)
    await whole(world)
    assert all(shop.mirror.complete(entity) and shop.mirror.fresh(entity) for entity in Entity)
    assert shop.mirror.state.complete
    assert not shop.mirror.state.copying
    assert any(state.copying and state.share is not None and 0 < state.share < 1 for state in states)
    for name in ("account", "platforms", "plan"):
        assert shop.mirror.document(name), name
    await until(lambda: tidied(world) == set(Entity), "the search index was not put in order")


async def test_a_scan_that_was_broken_off_goes_on_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.pace = SMALL
    shop = await world.open()
    world.proxy.fail(f"{PAGES}&page=8&", Fault.RESET, times=999)
    shop.mirror.start()
    await until(lambda: world.proxy.seen(f"{PAGES}&page=8&"))
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages == 7)
    await world.leave()
    world.proxy.heal()
    world.proxy.requests.clear()
    real, failed = MirrorTables.progress, list[Entity]()

    def progress(self: MirrorTables, entity: Entity) -> Progress:
        if not failed:
            failed.append(entity)
            raise StoreError("It could not be read at that moment.")
        return real(self, entity)

    monkeypatch.setattr(MirrorTables, "progress", progress)
    shop = await world.enter()
    assert failed
    shop.mirror.start()
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=7&") == 0
    assert world.proxy.seen(f"{PAGES}&page=8&") == 1
    await whole(world)


async def test_a_copy_that_was_told_to_wait_goes_on_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = Reader.page, list[Entity]()

    async def page(self: Reader, ordering: str, number: int, **more: int) -> Read:
        asked.append(self.entity)
        if len(asked) == 1:
            raise Throttled("Too many requests.", retry_after=0.01)
        return await real(self, ordering, number, **more)

    monkeypatch.setattr(Reader, "page", page)
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: len(asked) > 1)


async def test_records_deleted_and_made_while_paging_are_neither_lost_nor_doubled(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = own_world
    world.pace = msgspec.structs.replace(SMALL, page=7)
    shop = await world.open()
    uids = await server_uids(world, Entity.ITEM)
    product = (await world.on_server(uids[0])).product
    assert product is not None
    oldest = iter(uids[::-1])  # what stands behind them moves up, over pages that were read already
    real, changed = Reader.page, set[int]()

    async def delete_one() -> None:
        try:
            await world.admin.inventory.delete(next(oldest))
        except Clash:  # an order refers to it
            await delete_one()

    async def page(self: Reader, ordering: str, number: int, **more: int) -> Read:
        read = await real(self, ordering, number, **more)
        scans_items = self.entity is Entity.ITEM and ordering == OLDEST_FIRST
        if scans_items and number % 3 == 0 and number not in changed and number <= 15:
            changed.add(number)
            await delete_one()
            if number % 2:  # so that the count sometimes tells nothing
                fields = {"product": product.uid, "manual_sku": f"NEW-{number}"}
                await world.admin.inventory.create(fields)
        return read

    monkeypatch.setattr(Reader, "page", page)
    shop.mirror.start()
    await settled(world)
    assert len(changed) == 5
    await whole(world)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CUT, Fault.DROP_REPLY, Fault.CAPTIVE])
async def test_a_page_that_fails_is_asked_for_again(world: World, fault: Fault) -> None:
    shop = await world.open()
    world.proxy.fail(f"{PAGES}&page=2&", fault, times=2, after=900)
    shop.mirror.start()
    await until(lambda: shop.mirror.complete(Entity.ITEM))
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=2&") >= 2
    await whole(world)


async def _nothing_more_is_asked(world: World) -> None:
    """What was under way when the copy was stopped may still reach the server: here that is one page."""
    seen = world.proxy.seen(PAGES)
    await until(lambda: not any("mirror page" in task.get_name() for task in asyncio.all_tasks()))
    assert world.proxy.seen(PAGES) - seen <= 1


async def test_pausing_asks_for_nothing_more_and_resuming_goes_on(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages >= 4)
    shop.mirror.pause()
    assert shop.mirror.state.paused
    pages = world.store.cache.mirror.progress(Entity.ITEM).pages
    await _nothing_more_is_asked(world)
    shop.mirror.look()
    assert not shop.mirror.state.running
    shop.mirror.resume()
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=1&") == 1
    assert pages < 14
    await whole(world)


async def test_cancelling_keeps_what_came_and_begins_anew_when_resumed(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages >= 4)
    shop.mirror.cancel()
    assert len(await here(world, Entity.ITEM)) >= 80
    assert not shop.mirror.complete(Entity.ITEM)
    shop.mirror.resume()
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=1&") == 2
    await whole(world)


async def test_working_offline_stops_the_copy_and_going_online_takes_it_up(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages >= 2)
    shop.work_offline(True)
    await _nothing_more_is_asked(world)
    assert not shop.mirror.complete(Entity.ITEM)
    shop.work_offline(False)
    await settled(world)
    await whole(world)


async def test_the_share_told_never_falls_and_is_one_of_everything(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    states: list[MirrorState] = []
    shop.on_state.append(lambda: states.append(shop.mirror.state))
    shop.mirror.start()
    await settled(world)
    told = [state for state in states if state.copying and state.share is not None]
    shares = [state.share for state in told]
    assert len(set(shares)) > 5
    assert shares == sorted(shares, key=lambda share: share or 0.0)
    whole = {sum(part.of for part in state.parts.values()) for state in told}
    assert len(whole) == 1  # it is known from the first share on what there is in all


async def test_a_share_goes_on_from_where_a_former_run_left_it(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    world.proxy.fail(f"{PAGES}&page=8&", Fault.RESET, times=999)
    shop.mirror.start()
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages == 7)
    before = shop.mirror.state.share
    await world.leave()
    world.proxy.heal()
    shop = await world.enter()
    states: list[MirrorState] = []
    shop.on_state.append(lambda: states.append(shop.mirror.state))
    shop.mirror.start()
    await settled(world)
    shares = [state.share for state in states if state.copying and state.share is not None]
    assert before is not None
    assert shares[0] is not None
    assert shares[0] >= before
    assert shares == sorted(shares, key=lambda share: share or 0.0)
