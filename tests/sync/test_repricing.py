"""Offers that follow the price of their item, as one act: those that had it, and no others."""

from decimal import Decimal

import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.sync.repricing import Offer, Repriced
from tests.sync.acts_records import a_copy
from tests.sync.world import World, until

OLD, NEW = Decimal("12.50"), Decimal("15.00")


async def listed(world: World) -> str:
    """Return a copy on offer at its own price on eBay, at another one on Etsy."""
    uid = await a_copy(world, status="ready-to-sell")
    await world.admin.inventory.add_listing(uid, {"platform": "ebay"})
    await world.admin.inventory.add_listing(uid, {"platform": "etsy", "price_usd": "30.00"})
    assert await world.shop.refresh(Entity.ITEM, uid)
    return uid


async def reprice(world: World, uid: str, price: str) -> tuple[Step, Repriced]:
    edited = await world.shop.edit(Entity.ITEM, uid, {"price_item_usd": price})
    repriced = await world.shop.repricing.follow(uid, edited.before)
    edit = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before=edited.before, after=edited.after)
    return Step(words="price", acts=(edit, *repriced.acts)), repriced


async def prices(world: World, uid: str) -> tuple[Decimal | None, dict[str, Decimal | None]]:
    item = await world.on_server(uid)
    return item.price_item_usd, {one.platform: one.price_usd for one in item.listings}


@pytest.mark.parametrize("online", [True, False])
async def test_the_offer_at_the_items_price_follows_and_the_other_stays(world: World, online: bool) -> None:
    shop = await world.open()
    uid = await listed(world)
    shop.work_offline(not online)
    step, repriced = await reprice(world, uid, "15.00")
    assert repriced.follow == (Offer("eBay", NEW),)
    assert repriced.stay == (Offer("Etsy", Decimal("30.00")),)
    here = {one.platform: one.price_usd for one in world.item(uid)[0].listings}
    assert here == {"ebay": NEW, "etsy": Decimal("30.00")}
    shop.work_offline(False)
    await world.delivered()
    assert await prices(world, uid) == (NEW, {"ebay": NEW, "etsy": Decimal("30.00")})
    step, _ = await shop.inverses.undo(step)
    await world.delivered()
    assert await prices(world, uid) == (OLD, {"ebay": OLD, "etsy": Decimal("30.00")})
    await shop.inverses.redo(step)
    await world.delivered()
    assert await prices(world, uid) == (NEW, {"ebay": NEW, "etsy": Decimal("30.00")})


async def test_taken_back_unsent_nothing_is_left(world: World) -> None:
    shop = await world.open()
    uid = await listed(world)
    shop.work_offline(True)
    step, _ = await reprice(world, uid, "15.00")
    await shop.inverses.undo(step)
    assert shop.operations() == []


async def test_an_edit_of_something_else_moves_no_offer(world: World) -> None:
    shop = await world.open()
    uid = await listed(world)
    edited = await shop.edit(Entity.ITEM, uid, {"location": "X-1"})
    assert await shop.repricing.follow(uid, edited.before) == Repriced()
    await world.delivered()


async def test_an_offer_does_not_go_before_its_items_price_is_decided_about(world: World) -> None:
    shop = await world.open()
    uid = await listed(world)
    shop.work_offline(True)
    await reprice(world, uid, "15.00")
    await world.admin.inventory.update(uid, {"price_item_usd": "20.00"})
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user == 1 and not shop.counts().sending)
    assert await prices(world, uid) == (Decimal("20.00"), {"ebay": OLD, "etsy": Decimal("30.00")})
    await shop.resolve(shop.operations()[0].uuid, {"price_item_usd": "mine"})
    await world.delivered()
    assert await prices(world, uid) == (NEW, {"ebay": NEW, "etsy": Decimal("30.00")})
