"""A record that somebody else deleted while edits of it waited: undone, they go; made again, it is whole."""

from decimal import Decimal

import pytest

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import OfferDraft, ShipmentDraft
from tests.sync.acts_records import a_copy
from tests.sync.test_photos import picture
from tests.sync.test_taking_back import step, three
from tests.sync.world import World, until

KINDS = ("added", "ordered", "offered", "taken off", "revised")


async def gone(world: World, uid: str) -> None:
    """Let somebody else delete a record, then try to send what waits for it."""

    def _all_stuck() -> bool:
        states = {one.state for one in world.shop.operations()}
        return states == {OpState.CONFLICT} or (OpState.CONFLICT in states and world.shop.outgoing.stuck())

    await world.admin.inventory.delete(uid)
    world.shop.work_offline(False)
    await until(_all_stuck, lambda: str(world.shop.operations()))


async def dropped_photos(world: World, uid: str, *colours: str) -> tuple[Step, list[str]]:
    """Add photos; return the step and their digests."""
    results = await world.shop.add_photos(uid, [picture(colour) for colour in colours])
    digests = [one.sha256 for one in results]
    return step(await world.shop.gallery.added(uid, digests)), digests


async def an_act(world: World, kind: str) -> tuple[str, Act | None]:
    """Do one thing to a part of a copy, offline; return the copy's uid and the act."""
    shop = world.shop
    if kind in ("added", "ordered"):
        uid, (one, two, three_) = await three(world)
        shop.work_offline(True)
        if kind == "added":
            return uid, (await dropped_photos(world, uid, "#aa1100", "#aa2200", "#aa3300"))[0].acts[0]
        return uid, await shop.gallery.arrange(uid, [three_, one, two])
    uid = await a_copy(world, status="ready-to-sell")
    if kind != "offered":
        await world.admin.inventory.add_listing(uid, {"platform": "ebay", "price_usd": "30.00", "title": "O"})
        assert await shop.refresh(Entity.ITEM, uid)
    shop.work_offline(True)
    if kind == "offered":
        return uid, await shop.parts.offer(uid, OfferDraft(platform="ebay", price_usd=Decimal("31.50")))
    (offer,) = world.item(uid)[0].listings
    if kind == "taken off":
        return uid, await shop.parts.take_off(uid, offer.uid)
    return uid, await shop.parts.revise(uid, offer.uid, {"price_usd": Decimal("25.00")})


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_done_to_a_part_of_a_record_that_is_gone_just_goes(kind: str, world: World) -> None:
    shop = await world.open()
    uid, act = await an_act(world, kind)
    await gone(world, uid)
    await shop.inverses.undo(step(act))
    assert shop.operations() == []


async def test_of_two_orders_of_photos_only_the_later_is_taken_back(world: World) -> None:
    shop = await world.open()
    uid, (one, two, three_) = await three(world)
    shop.work_offline(True)
    first = step(await shop.gallery.arrange(uid, [three_, one, two]))
    await gone(world, uid)
    shop.work_offline(True)
    second = step(await shop.gallery.arrange(uid, [two, three_, one]))
    await shop.inverses.undo(second)
    assert [asset.uid for asset in world.item(uid)[0].assets] == [three_, one, two]
    await shop.inverses.undo(first)
    assert shop.operations() == []
    assert [asset.uid for asset in world.item(uid)[0].assets] == [one, two, three_]


# -------------------------------------------------------------------- made again


async def kept(world: World, uid: str) -> list[str]:
    """Have the pictures of an item on this computer; returns the digests of its photos, in their order."""
    world.fetch_through_proxy()
    for asset in world.item(uid)[0].assets:
        assert await world.shop.image(world.through_proxy(asset.image or ""))
        content = (await world.admin.fetch(asset.image or "")).content
        await world.store.cache.put_image(asset.image or "", content)
    return [asset.sha256 or "" for asset in world.item(uid)[0].assets]


async def photos_of_the_new_one(world: World, uid: str) -> tuple[list[str], str]:
    """Make a record again and send all; returns its photos in their order, and the one that stands for it."""
    await world.shop.recreate(world.shop.operations()[0].uuid)
    await world.delivered()
    row = world.shop.row(Entity.ITEM, uid)
    assert row is not None
    photos = (await world.on_server(row.uid)).assets
    return [str(one.sha256) for one in photos], next(str(one.sha256) for one in photos if one.is_primary)


async def test_waiting_photos_come_behind_those_of_the_record_made_again_in_their_order(world: World) -> None:
    shop = await world.open()
    uid, (_, second, _) = await three(world)
    await world.admin.inventory.update_asset(uid, second, {"is_primary": True})
    assert await shop.refresh(Entity.ITEM, uid)
    own = await kept(world, uid)
    primary = next(one.sha256 for one in world.item(uid)[0].assets if one.is_primary)
    shop.work_offline(True)
    _, dropped = await dropped_photos(world, uid, "#bb1100", "#bb2200", "#bb3300")
    await gone(world, uid)
    assert await photos_of_the_new_one(world, uid) == ([*own, *dropped], primary)


async def test_a_waiting_order_of_photos_and_the_first_chosen_hold_for_the_record_made_again(
    world: World,
) -> None:
    shop = await world.open()
    uid, old = await three(world)
    own = await kept(world, uid)
    shop.work_offline(True)
    _, (new,) = await dropped_photos(world, uid, "#cc1100")
    (fresh,) = [asset.uid for asset in world.item(uid)[0].assets if asset.sha256 == new]
    ordered = step(await shop.gallery.arrange(uid, [old[2], fresh, old[0], old[1]]))
    assert ordered.acts
    await gone(world, uid)
    shop.work_offline(True)
    await shop.recreate(shop.operations()[0].uuid)
    wanted = [own[2], new, own[0], own[1]]
    assert [asset.sha256 for asset in world.item(uid)[0].assets] == wanted
    await shop.inverses.undo(ordered)  # it still knows the photos, which go by other names
    assert [asset.sha256 for asset in world.item(uid)[0].assets] == [*own, new]
    await shop.inverses.redo(ordered)
    shop.work_offline(False)
    await world.delivered()
    row = shop.row(Entity.ITEM, uid)
    assert row is not None
    photos = (await world.on_server(row.uid)).assets
    assert [one.sha256 for one in photos] == wanted
    assert [one.sha256 for one in photos if one.is_primary] == wanted[:1]


async def test_what_was_undone_is_not_sent_with_the_record_made_again(world: World) -> None:
    shop = await world.open()
    uid, _ = await three(world)
    own = await kept(world, uid)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, uid, {"location": "AGAIN-9"})
    added, _ = await dropped_photos(world, uid, "#dd1100", "#dd2200")
    await gone(world, uid)
    await shop.inverses.undo(added)
    assert [one.kind for one in shop.operations()] == [OpKind.UPDATE]
    assert (await photos_of_the_new_one(world, uid))[0] == own


async def test_an_overtaken_parcel_that_is_taken_back_just_goes(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    shop.work_offline(True)
    shipped = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="MINE-7")))
    await world.admin.orders.add_shipment(order.uid, {"carrier": "ups", "tracking_number": "THEIRS-7"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await shop.inverses.undo(shipped)
    assert shop.operations() == []
    assert [one.tracking_number for one in (await world.order_on_server(order.uid)).shipments] == ["THEIRS-7"]


async def test_a_record_that_is_gone_is_marked_so_until_the_server_sends_it(world: World) -> None:
    shop = await world.open()
    uid, _ = await three(world)
    shop.work_offline(True)
    added, _ = await dropped_photos(world, uid, "#ee1100")
    assert not world.item(uid)[1].gone
    read = world.shop.row(Entity.ITEM, uid)
    await gone(world, uid)
    await shop.inverses.undo(added)
    row = shop.row(Entity.ITEM, uid)
    assert row is not None
    assert read is not None
    assert (row.mark.gone, row.mark.pending, row.fetched_at) == (True, 0, read.fetched_at)
    await world.store.cache.upsert(Entity.ITEM, [Record(read.data, row.raw)])
    assert not world.item(uid)[1].gone
