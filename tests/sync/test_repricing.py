"""Offers that follow the price of their item, as one act: those that had it, and no others."""

from decimal import Decimal

import pytest

from instica_desktop.core import steps
from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.decided import Decided, after
from instica_desktop.core.models.common import Entity
from instica_desktop.sync.conflicts import Choice, Own
from instica_desktop.sync.parts import OfferDraft
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
    edited, repriced = await world.shop.repricing.edit(uid, {"price_item_usd": price})
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


class Killed(BaseException):
    """The program ends right here."""


async def test_a_kill_between_a_price_and_its_offer_leaves_both_at_one_price(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    uid = await listed(world)
    shop.work_offline(True)

    def kill(step: str) -> None:
        if step == "operation kept":
            raise Killed

    monkeypatch.setattr(steps, "listener", kill)
    with pytest.raises(Killed):
        await reprice(world, uid, "15.00")
    monkeypatch.setattr(steps, "listener", None)
    await world.leave()
    await world.enter()
    await world.delivered()
    assert await prices(world, uid) == (NEW, {"ebay": NEW, "etsy": Decimal("30.00")})


async def test_an_edit_of_something_else_moves_no_offer(world: World) -> None:
    shop = await world.open()
    uid = await listed(world)
    assert (await shop.repricing.edit(uid, {"location": "X-1"}))[1] == Repriced()
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


FIELD = "price_item_usd"
STAYS = {"ebay": OLD, "etsy": Decimal("30.00")}
MOVED = {"ebay": NEW, "etsy": Decimal("30.00")}
THEIRS = Decimal("77.00")


async def in_conflict(world: World, way: str, online: bool) -> tuple[str, Step]:
    """Return a copy the price of which somebody else changed before it was repriced, or turned back."""
    shop = world.shop
    uid = await listed(world)
    step = Step(words="price", acts=())
    if way != "forward":
        step, _ = await reprice(world, uid, "15.00")
        await world.delivered()
    if way == "redo":
        step, _ = await shop.inverses.undo(step)
        await world.delivered()
    shop.work_offline(not online)
    await world.admin.inventory.update(uid, {"price_item_usd": "77.00"})
    if way == "forward":
        step, _ = await reprice(world, uid, "15.00")
    else:
        step, _ = await (shop.inverses.undo(step) if way == "undo" else shop.inverses.redo(step))
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user == 1 and not shop.counts().sending)
    return uid, step


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize("way", ["forward", "undo", "redo"])
async def test_an_offer_waits_for_its_items_price_and_stays_where_theirs_is_kept(
    world: World, way: str, online: bool
) -> None:
    shop = await world.open()
    uid, _ = await in_conflict(world, way, online)
    stood = MOVED if way == "undo" else STAYS
    assert await prices(world, uid) == (THEIRS, stood)
    (stuck,) = [one for one in shop.operations() if one.theirs]
    await shop.resolve(stuck.uuid, {"price_item_usd": "theirs"})
    await world.delivered()
    assert await prices(world, uid) == (THEIRS, stood)
    assert {one.platform: one.price_usd for one in world.item(uid)[0].listings} == stood


@pytest.mark.parametrize("way", ["forward", "undo", "redo"])
async def test_an_offer_goes_out_with_the_price_that_is_chosen(world: World, way: str) -> None:
    shop = await world.open()
    uid, _ = await in_conflict(world, way, False)
    (stuck,) = [one for one in shop.operations() if one.theirs]
    await shop.resolve(stuck.uuid, {"price_item_usd": "mine"})
    await world.delivered()
    chosen = OLD if way == "undo" else NEW
    assert await prices(world, uid) == (chosen, STAYS if way == "undo" else MOVED)


async def test_an_offer_follows_a_price_that_is_written_instead(world: World) -> None:
    shop = await world.open()
    uid, _ = await in_conflict(world, "forward", False)
    (stuck,) = [one for one in shop.operations() if one.theirs]
    await shop.resolve(stuck.uuid, {"price_item_usd": Own("18.00")})
    await world.delivered()
    own = Decimal("18.00")
    assert await prices(world, uid) == (own, {"ebay": own, "etsy": Decimal("30.00")})


async def test_with_a_dropped_price_goes_what_its_offers_were_to_ask(world: World) -> None:
    shop = await world.open()
    uid, _ = await in_conflict(world, "forward", False)
    (stuck,) = [one for one in shop.operations() if one.theirs]
    await shop.discard(stuck.uuid)
    await world.delivered()
    assert await prices(world, uid) == (THEIRS, STAYS)


@pytest.mark.parametrize("way", ["undo", "redo"])
async def test_turned_back_once_more_while_it_waits_nothing_is_sent(world: World, way: str) -> None:
    shop = await world.open()
    uid, step = await in_conflict(world, way, True)
    await (shop.inverses.redo(step) if way == "undo" else shop.inverses.undo(step))
    await world.delivered()
    assert await prices(world, uid) == (THEIRS, MOVED if way == "undo" else STAYS)


@pytest.mark.parametrize(
    ("choice", "asked"), [("mine", NEW), ("theirs", THEIRS), (Own("18.00"), Decimal("18.00")), (None, THEIRS)]
)
async def test_an_offer_never_sent_asks_what_its_item_costs_in_the_end(
    world: World, choice: Choice | None, asked: Decimal
) -> None:
    shop = await world.open()
    uid = await a_copy(world, status="ready-to-sell")
    shop.work_offline(True)
    await reprice(world, uid, "13.00")
    await shop.parts.offer(uid, OfferDraft(platform="ebay", price_usd=Decimal("13.00")))
    step, repriced = await reprice(world, uid, "15.00")
    assert repriced.follow == (Offer("ebay", NEW),)
    told: list[Decided] = []
    shop.on_decided.append(told.append)
    await world.admin.inventory.update(uid, {"price_item_usd": "77.00"})
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user == 1 and not shop.counts().sending)
    (stuck,) = [one for one in shop.operations() if one.theirs]
    if choice is None:
        await shop.discard(stuck.uuid)
    else:
        assert await shop.resolve(stuck.uuid, {FIELD: choice}) == ""  # no offer stays behind
    done = [step]
    for what in told:
        done, _ = after(done, [], what, shop.real)
    await world.delivered()
    assert await prices(world, uid) == (THEIRS if choice is None else asked, {"ebay": asked})
    for left in done:
        await shop.inverses.undo(left)
    await world.delivered()
    item, offers = await prices(world, uid)
    assert offers == {"ebay": item}  # never at two prices, whatever was taken back
