"""A deletion on its way: out of every list at once, and back in its place when the server says no."""

import uuid
from datetime import UTC, datetime

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.query import Query
from tests.sync.world import World, until


async def test_a_sold_item_the_server_keeps_is_listed_again(world: World) -> None:
    shop = await world.open()
    order = await world.an_order()
    listing = order.inventory_item_listing
    assert listing is not None
    assert listing.inventory_item is not None
    uid = listing.inventory_item.uid

    async def listed() -> bool:
        return uid in await (await world.seen(Query(Entity.ITEM))).uids()

    await shop.refresh(Entity.ITEM, uid)
    shop.work_offline(True)
    known = shop.known(Entity.ITEM)
    assert await listed()

    delete = Operation(
        uuid=str(uuid.uuid4()), entity=Entity.ITEM, uid=uid, kind=OpKind.DELETE, created=datetime.now(UTC)
    )
    await world.store.outbox.add(delete)
    await world.store.cache.reproject(Entity.ITEM, [uid])
    assert not await listed()
    assert shop.known(Entity.ITEM) == known - 1

    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user, "the server should have said no")
    shop.work_offline(True)

    await until(lambda: (world.store.cache.row_id(Entity.ITEM, uid) or 0) > 0, "it should be a row again")
    assert await listed()
    assert world.item(uid)[1].deleted
    await shop.discard(delete.uuid)
    assert await listed()
    assert not world.item(uid)[1].deleted
