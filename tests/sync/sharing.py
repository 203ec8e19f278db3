"""Copies that share an offer on the server of a world."""

from typing import Any

from instica_desktop.core.models.common import Entity
from tests.support.sharing import join
from tests.sync.acts_records import a_copy
from tests.sync.world import World


async def sharing_copies(world: World, number: int = 3, **offer: Any) -> tuple[list[str], str]:
    """Return the uids of new copies at 12.50 that share an offer on eBay, known here, and the offer's uid."""
    product = await world.a_product()
    uids = [await a_copy(world, product=product, status="ready-to-sell") for _ in range(number)]
    made = await world.admin.inventory.add_listing(uids[0], {"platform": "ebay", **offer})
    for uid in uids[1:]:
        await world.admin.inventory.update(uid, {"status": "listed"})
    join(world.server.data_dir, made.uid, uids[1:])
    for uid in uids:
        assert await world.shop.refresh(Entity.ITEM, uid)
    return uids, made.uid
