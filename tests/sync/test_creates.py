"""Products made offline: never twice, although they carry no reference of their own."""

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.query import Query
from tests.support.fault_proxy import Answer, Fault
from tests.sync.world import World, create


async def with_title(world: World, title: str) -> list[str]:
    page = await world.admin.products.page(Query(Entity.PRODUCT, search=title))
    return [record.data.uid for record in page.records if record.data.title == title]


@pytest.mark.parametrize("fault", [Fault.DROP_REPLY, Fault.RESET])
async def test_a_product_whose_reply_was_lost_is_found_and_not_made_again(world: World, fault: Fault) -> None:
    shop = await world.open()
    title = f"Unheard {fault.name.lower()}"
    world.proxy.fail("POST ", fault)
    fields = {"title": title, "artist": {"name": "Nobody Yet"}, "year": 1971}
    made = await create(shop, Entity.PRODUCT, fields, title)
    await world.delivered()
    (uid,) = await with_title(world, title)
    row = shop.row(Entity.PRODUCT, made.uid)
    assert row is not None
    assert row.uid == uid
    assert world.proxy.seen("POST ") == (1 if fault is Fault.DROP_REPLY else 2)


async def test_of_two_that_are_alike_the_user_chooses(world: World) -> None:
    shop = await world.open()
    title = "Heard Twice"
    fields = {"title": title, "year": 1972}
    await world.admin.products.create(fields)
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    await create(shop, Entity.PRODUCT, fields, title)
    await world.stuck(OpState.CONFLICT)
    assert "several" in shop.operations()[0].message
    assert len(await with_title(world, title)) == 2


async def test_one_that_differs_is_not_taken_for_ours(world: World) -> None:
    shop = await world.open()
    title = "Heard Otherwise"
    await world.admin.products.create({"title": title, "year": 1973})
    world.proxy.fail("POST ", Fault.RESET)
    await create(shop, Entity.PRODUCT, {"title": title, "year": 1974}, title)
    await world.delivered()
    assert len(await with_title(world, title)) == 2


async def test_one_the_server_failed_on_to_the_last_is_looked_for_before_a_corrected_one_goes_out(
    world: World,
) -> None:
    shop = await world.open()
    title = "Heard At Last"
    world.proxy.answer("POST ", Answer(500), times=2)
    world.proxy.answer("POST ", Answer(500), done=True)  # it is made, and nobody says so
    made = await create(shop, Entity.PRODUCT, {"title": title, "year": 1975}, title)
    await world.stuck(OpState.REFUSED)
    await shop.edit(Entity.PRODUCT, made.uid, {"year": 1976})
    stuck, waiting = shop.operations()
    assert (stuck.state, stuck.uuid, waiting.kind) == (OpState.REFUSED, made.uuid, OpKind.UPDATE)
    await shop.retry(stuck.uuid)
    await world.delivered()
    (uid,) = await with_title(world, title)
    assert (await world.admin.products.get(uid)).record.data.year == 1976
    assert world.proxy.seen("POST ") == 3


async def test_one_that_was_refused_after_its_answer_was_lost_goes_out_corrected(world: World) -> None:
    shop = await world.open()
    title = "Heard Wrong"
    world.proxy.fail("POST ", Fault.RESET)
    made = await create(shop, Entity.PRODUCT, {"title": title, "year": 3000}, title)
    await world.stuck(OpState.REFUSED)
    assert shop.operations()[0].attempts == 0  # it is certainly not there
    await shop.edit(Entity.PRODUCT, made.uid, {"year": 1977})
    await world.delivered()
    assert len(await with_title(world, title)) == 1
