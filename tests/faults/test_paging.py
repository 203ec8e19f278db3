"""Records made, changed and deleted while a list is read page by page."""

import asyncio
import random

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.faults.shops import QUICK, FaultyWorld


async def _others_at_work(world: FaultyWorld, chance: random.Random, product: str, acts: int) -> list[str]:
    """Make, change and delete items as other people do, until the acts are done; return what is left."""
    made: list[str] = []
    for number in range(acts):
        if made and chance.random() < 0.4:
            await world.admin.inventory.delete(made.pop(chance.randrange(len(made))))
        elif made and chance.random() < 0.3:
            await world.admin.inventory.update(chance.choice(made), {"location": f"PAGING-{number}"})
        else:
            fields = {"product": product, "condition_item": "nm", "manual_sku": f"PAGING-{number}"}
            made.append((await world.admin.inventory.create(fields)).record.data.uid)
    return made


async def _read_while_others_work(world: FaultyWorld, query: Query, page: int, acts: int) -> None:
    seed = len(query.ordering)
    world.pace = msgspec.structs.replace(QUICK, page=page, pages_at_once=2)
    shop = await world.open()
    product = (await world.some_items(23))[0].product
    assert product is not None
    results = shop.results(query)
    results.open()
    others = asyncio.create_task(_others_at_work(world, random.Random(seed), product.uid, acts))
    while not others.done():
        await results.uids()
        results.refresh()
        await results.settled()
    made = await others
    known = shop.known(Entity.ITEM)
    results.refresh()
    await results.settled()
    shown = await results.uids()
    there = [record.data.uid async for record in world.admin.inventory.all(query)]
    assert shown == there, f"seed {seed}"
    assert set(made) <= set(shown), f"seed {seed}"
    assert len(set(shown)) == len(shown) == results.count, f"seed {seed}"
    assert shop.known(Entity.ITEM) >= known  # nothing is taken for deleted because a page did not show it
    for uid in made:
        await world.admin.inventory.delete(uid)


ORDERINGS = pytest.mark.parametrize("ordering", ["-created", "price_high_low"])


@ORDERINGS
async def test_a_list_read_while_others_work_is_the_servers_in_the_end(
    world: FaultyWorld, ordering: str
) -> None:
    drafts = Query(Entity.ITEM).with_filter("status", ["draft"])  # what is made is a draft, too
    await _read_while_others_work(world, drafts.with_ordering(ordering), page=5, acts=12)


@pytest.mark.long
@pytest.mark.timeout(300)
@ORDERINGS
async def test_a_long_list_read_while_others_work_for_long(world: FaultyWorld, ordering: str) -> None:
    await _read_while_others_work(world, Query(Entity.ITEM).with_ordering(ordering), page=20, acts=60)
