"""Offers that copies share: changed and ended by one of them, for all; followed by prices only together."""

from decimal import Decimal

import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.sync import OfferDraft
from instica_desktop.sync.repricing import Offer, Repriced
from tests.sync.sharing import sharing_copies
from tests.sync.world import World

OLD, NEW = Decimal("12.50"), Decimal("15.00")


def here(world: World, uids: list[str]) -> list[tuple[str, str, Decimal | None]]:
    """Return of each copy its status, and status and price of its one offer, as the user sees them."""
    items = [world.item(uid)[0] for uid in uids]
    return [(item.status, *next((one.status, one.price_usd) for one in item.listings)) for item in items]


async def there(world: World, uids: list[str]) -> list[tuple[str, str, Decimal | None]]:
    """Return the same as the server has it."""
    items = [await world.on_server(uid) for uid in uids]
    return [(item.status, *next((one.status, one.price_usd) for one in item.listings)) for item in items]


async def test_each_copy_knows_with_whom_it_shares(world: World) -> None:
    await world.open()
    uids, offer = await sharing_copies(world)
    for uid in uids:
        (shown,) = world.item(uid)[0].listings
        assert shown.uid == offer
        assert [copy.uid for copy in shown.items] == uids


async def test_a_change_is_seen_at_all_copies_before_and_after_it_is_sent(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world)
    shop.work_offline(True)
    world.changes.clear()
    await shop.parts.revise(uids[1], offer, {"price_usd": NEW})
    assert here(world, uids) == [("listed", "listed", NEW)] * 3
    assert {uid for one in world.changes for uid in one.uids} >= set(uids), "all are painted anew"
    shop.work_offline(False)
    await world.delivered()
    assert here(world, uids) == await there(world, uids) == [("listed", "listed", NEW)] * 3


async def test_changes_by_two_copies_are_one_and_no_conflict(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world)
    shop.work_offline(True)
    await shop.parts.revise(uids[0], offer, {"price_usd": NEW})
    await shop.parts.revise(uids[2], offer, {"price_usd": Decimal("16.00")})
    (waiting,) = shop.operations()
    assert [(edit.base, edit.new) for edit in waiting.edits] == [("12.50", "16.00")]
    shop.work_offline(False)
    await world.delivered()
    assert await there(world, uids) == [("listed", "listed", Decimal("16.00"))] * 3


async def test_an_end_is_for_all_and_said_at_all(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world)
    shop.work_offline(True)
    act = await shop.parts.take_off(uids[2], offer)
    assert act is not None
    assert here(world, uids) == [("listed", "ending", OLD)] * 3
    assert await shop.parts.take_off(uids[0], offer) is None
    assert len(shop.operations()) == 1
    shop.work_offline(False)
    await world.delivered()
    assert here(world, uids) == await there(world, uids) == [("ready-to-sell", "inactive", OLD)] * 3

    shop.work_offline(True)
    await shop.inverses.undo(Step(words="end", acts=(act,)))
    assert [status for _, status, _ in here(world, uids)] == ["waiting"] * 3
    with pytest.raises(InputError, match="on offer there already"):
        await shop.parts.offer(uids[1], OfferDraft(platform="ebay"))
    shop.work_offline(False)
    await world.delivered()
    assert here(world, uids) == await there(world, uids) == [("listed", "listed", OLD)] * 3
    assert [len(world.item(uid)[0].listings[0].items) for uid in uids] == [3] * 3


async def test_an_end_reaches_the_others_when_the_copy_it_was_begun_on_was_sold(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world)
    shop.work_offline(True)
    await shop.parts.take_off(uids[0], offer)
    await world.admin.inventory.update(uids[0], {"status": "sold"})
    shop.work_offline(False)
    await world.delivered()
    assert await there(world, uids[1:]) == [("ready-to-sell", "inactive", OLD)] * 2
    assert here(world, uids[1:]) == [("ready-to-sell", "inactive", OLD)] * 2


async def test_an_end_reaches_the_others_when_the_copy_it_was_begun_on_was_deleted(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world)
    shop.work_offline(True)
    await shop.parts.take_off(uids[0], offer)
    await world.admin.inventory.delete(uids[0])
    shop.work_offline(False)
    await world.delivered()
    assert await there(world, uids[1:]) == [("ready-to-sell", "inactive", OLD)] * 2


@pytest.mark.parametrize("way", ["sold", "archived", "deleted"])
async def test_a_copy_that_goes_is_gone_from_the_offer_at_the_others(world: World, way: str) -> None:
    shop = await world.open()
    uids, _ = await sharing_copies(world)
    if way == "deleted":
        await shop.removal.delete(Entity.ITEM, [uids[0]])
    else:
        await shop.edit(Entity.ITEM, uids[0], {"status": way})
    await world.delivered()
    for uid in uids[1:]:
        (offer,) = world.item(uid)[0].listings
        assert [copy.uid for copy in offer.items] == uids[1:]
    if way != "deleted":
        assert world.item(uids[0])[0].listings == ()
        await shop.edit(Entity.ITEM, uids[0], {"status": "listed"})
        await world.delivered()
        assert {len(world.item(uid)[0].listings[0].items) for uid in uids} == {3}


# ------------------------------------------------------------ prices


async def reprice(world: World, uid: str, price: str) -> tuple[tuple[Act, ...], Repriced]:
    edited, repriced = await world.shop.repricing.edit(uid, {"price_item_usd": price})
    edit = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before=edited.before, after=edited.after)
    return (edit, *repriced.acts), repriced


async def prices(world: World, uids: list[str]) -> tuple[set[Decimal | None], set[Decimal | None]]:
    items = [await world.on_server(uid) for uid in uids]
    return {item.price_item_usd for item in items}, {one.price_usd for item in items for one in item.listings}


@pytest.mark.parametrize("online", [True, False])
async def test_an_offer_stays_where_some_copies_are_repriced_and_follows_all_once(
    world: World, online: bool
) -> None:
    shop = await world.open()
    uids, _ = await sharing_copies(world)
    shop.work_offline(not online)
    acts: tuple[Act, ...] = ()
    for uid in uids[:2]:
        done, repriced = await reprice(world, uid, "15.00")
        assert repriced == Repriced((), (), (Offer("eBay", OLD, 3),))
        acts += done
    assert {price for _, _, price in here(world, uids)} == {OLD}
    done, repriced = await reprice(world, uids[2], "15.00")
    assert repriced.follow == (Offer("eBay", NEW),)
    assert [act.kind for act in repriced.acts] == [ActKind.REVISED]
    assert {price for _, _, price in here(world, uids)} == {NEW}
    shop.work_offline(False)
    await world.delivered()
    assert await prices(world, uids) == ({NEW}, {NEW})
    step, _ = await shop.inverses.undo(Step(words="prices", acts=(*acts, *done)))
    await world.delivered()
    assert await prices(world, uids) == ({OLD}, {OLD})
    await shop.inverses.redo(step)
    await world.delivered()
    assert await prices(world, uids) == ({NEW}, {NEW})


async def test_an_offer_whose_own_price_waits_at_another_copy_is_left_to_that(world: World) -> None:
    shop = await world.open()
    uids, offer = await sharing_copies(world, number=2)
    shop.work_offline(True)
    await shop.parts.revise(uids[0], offer, {"title": "Two of them"})
    await reprice(world, uids[0], "15.00")
    _, repriced = await reprice(world, uids[1], "15.00")
    assert repriced.stay == (Offer("eBay", OLD, 2),)
    shop.work_offline(False)
    await world.delivered()
    assert await prices(world, uids) == ({NEW}, {OLD})
