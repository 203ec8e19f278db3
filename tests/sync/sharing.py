"""Copies that share an offer, on a real server: made by its API, joined in its database as an import does."""

from typing import Any

from instica_desktop.core.models.common import Entity
from tests.server.databases import connect
from tests.sync.acts_records import a_copy
from tests.sync.world import World

_JOIN = """
    INSERT INTO shop_listingcopy(listing_id, item_id, is_out)
    SELECT l.id, i.id, FALSE FROM shop_listing AS l CROSS JOIN shop_item AS i
    WHERE l.uid = '{offer}' AND i.uid = '{item}'"""
_COUNT = "UPDATE shop_listing SET quantity = {number} WHERE uid = '{offer}'"


async def sharing_copies(world: World, number: int = 3, **offer: Any) -> tuple[list[str], str]:
    """Return the uids of new copies at 12.50 that share an offer on eBay, known here, and the offer's uid."""
    uids = [await a_copy(world, status="ready-to-sell") for _ in range(number)]
    made = await world.admin.inventory.add_listing(uids[0], {"platform": "ebay", **offer})
    for uid in uids[1:]:
        await world.admin.inventory.update(uid, {"status": "listed"})
    database = connect(world.server.data_dir)
    for uid in uids[1:]:
        database.execute(_JOIN.format(offer=made.uid, item=uid))
    database.execute(_COUNT.format(number=number, offer=made.uid))
    database.close()
    for uid in uids:
        assert await world.shop.refresh(Entity.ITEM, uid)
    return uids, made.uid
