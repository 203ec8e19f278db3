"""The copy emptied while it is whole, and while it is being made: both begin from nothing."""

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.mirror import Progress
from tests.sync.mirror.conftest import server_uids, settled, whole
from tests.sync.mirror.test_scan import PAGES, SMALL
from tests.sync.world import World, until


async def test_a_whole_copy_that_is_emptied_is_made_again_unless_it_is_paused(world: World) -> None:
    shop = await world.open()
    shop.mirror.start()
    await settled(world)
    results = await world.seen(Query(Entity.ITEM))
    assert results.from_copy
    world.proxy.requests.clear()
    shop.work_offline(True)
    shop.mirror.pause()
    assert await shop.care.reset()
    assert not shop.mirror.state.running
    assert not shop.mirror.complete(Entity.ITEM)
    assert not shop.mirror.fresh(Entity.ITEM)
    assert shop.mirror.checked(Entity.ITEM) is None
    assert world.store.cache.mirror.progress(Entity.ITEM) == Progress()
    await results.settled()
    assert results.count == 0
    shop.work_offline(False)
    shop.mirror.resume()
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=1&") == 1  # all of it was read, not what changed
    await whole(world)
    assert shop.mirror.complete(Entity.ITEM)
    results.begin_anew()
    await results.settled()
    assert results.count == len(await server_uids(world, Entity.ITEM))


async def test_emptying_begins_no_copy_where_none_is_wanted(world: World) -> None:
    shop = await world.open()
    shop.mirror.start()
    shop.mirror.stop()
    assert await shop.care.reset()
    assert not shop.mirror.state.running


async def test_a_copy_that_is_emptied_while_it_is_made_begins_with_the_first_page(world: World) -> None:
    world.pace = msgspec.structs.replace(SMALL, mirror_commit=1)
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages >= 4)
    assert await shop.care.reset()
    await settled(world)
    assert world.proxy.seen(f"{PAGES}&page=1&") == 2
    await whole(world)
