"""Parts of records taken back: only one's own, where they stood, and with what was done to them since."""

from decimal import Decimal

import msgspec
import pytest

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import OfferDraft, ShipmentDraft
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.inverses.parcels import CHANGED_SINCE, STILL_SHIPPED
from instica_desktop.sync.parts import parcel_fields
from tests.support.fault_proxy import Answer
from tests.sync.acts_records import a_copy
from tests.sync.test_photos import picture
from tests.sync.world import World, until


def step(act: Act | None) -> Step:
    assert act is not None
    return Step(words="act", acts=(act,))


async def undo(world: World, what: Step) -> Step:
    what, _ = await world.shop.inverses.undo(what)
    await world.delivered()
    return what


async def redo(world: World, what: Step) -> Step:
    what, _ = await world.shop.inverses.redo(what)
    await world.delivered()
    return what


# -------------------------------------------------------------------- parcels


async def numbers(world: World, uid: str) -> list[str]:
    return sorted(one.tracking_number or "" for one in (await world.order_on_server(uid)).shipments)


async def test_undoing_a_shipment_leaves_a_colleagues_parcel_where_it_is(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    ours = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="OURS-1")))
    await world.delivered()
    await world.admin.orders.add_shipment(order.uid, {"carrier": "dhl", "tracking_number": "COLLEAGUE-1"})
    assert await shop.refresh(Entity.ORDER, order.uid)

    ours = await undo(world, ours)
    assert await numbers(world, order.uid) == ["COLLEAGUE-1"]
    assert (await world.order_on_server(order.uid)).status == "shipped"
    assert world.order(order.uid).status == "shipped"
    ours = await redo(world, ours)
    assert await numbers(world, order.uid) == ["COLLEAGUE-1", "OURS-1"]
    await undo(world, ours)
    assert await numbers(world, order.uid) == ["COLLEAGUE-1"]


async def test_redo_adds_no_second_parcel_where_a_colleague_shipped_meanwhile(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    ours = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="OURS-1")))
    await world.delivered()
    ours = await undo(world, ours)
    await world.admin.orders.add_shipment(order.uid, {"carrier": "dhl", "tracking_number": "COLLEAGUE-1"})
    assert await shop.refresh(Entity.ORDER, order.uid)
    with pytest.raises(InputError, match="COLLEAGUE-1"):
        await shop.inverses.redo(ours)
    assert shop.operations() == []
    assert await numbers(world, order.uid) == ["COLLEAGUE-1"]


@pytest.mark.parametrize("online", [True, False])
async def test_a_corrected_number_is_a_step_of_its_own_however_far_one_goes_back(
    world: World, online: bool
) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    shop.work_offline(not online)
    shipped = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="WRONG-1")))
    if online:
        await world.delivered()
    parcel = world.order(order.uid).shipments[-1].uid
    draft = ShipmentDraft(carrier="ups", tracking_number="RIGHT-1")
    corrected = step(await shop.parts.edit_parcel(order.uid, parcel, draft))

    async def settled(number: str | None) -> None:
        if online:
            await world.delivered()
            assert await numbers(world, order.uid) == ([number] if number else [])
        assert [one.tracking_number for one in world.order(order.uid).shipments] == (
            [number] if number else []
        )

    await settled("RIGHT-1")
    corrected, _ = await shop.inverses.undo(corrected)
    await settled("WRONG-1")
    shipped, _ = await shop.inverses.undo(shipped)
    await settled(None)
    assert online or shop.operations() == []
    shipped, _ = await shop.inverses.redo(shipped)
    await settled("WRONG-1")
    corrected, _ = await shop.inverses.redo(corrected)  # the parcel goes by another uid by now
    await settled("RIGHT-1")
    await shop.inverses.undo(corrected)
    await settled("WRONG-1")
    shop.work_offline(False)
    await world.delivered()


async def test_redo_ships_with_what_a_colleague_corrected(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    ours = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="WRONG-1")))
    await world.delivered()
    (parcel,) = (await world.order_on_server(order.uid)).shipments
    await world.admin.orders.update_shipment(order.uid, parcel.uid, {"tracking_number": "RIGHT-1"})
    assert await shop.refresh(Entity.ORDER, order.uid)
    ours, words = await shop.inverses.undo(ours)
    assert words == CHANGED_SINCE
    await world.delivered()
    await redo(world, ours)
    assert await numbers(world, order.uid) == ["RIGHT-1"]


async def test_a_parcel_somebody_changes_is_not_removed_without_a_word(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="ONE-1"))
    await world.delivered()
    (parcel,) = (await world.order_on_server(order.uid)).shipments
    shop.work_offline(True)
    await shop.unship(order.uid, parcel.uid)
    await world.admin.orders.update_shipment(order.uid, parcel.uid, {"tracking_number": "TWO-1"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    assert "changed on the server since" in shop.operations()[0].message
    assert await numbers(world, order.uid) == ["TWO-1"]
    await shop.discard(shop.operations()[0].uuid)
    assert world.order(order.uid).shipments[0].tracking_number == "TWO-1"


async def test_a_parcel_corrected_here_and_unsent_is_removed_without_a_question(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="ONE-1"))
    await world.delivered()
    parcel = world.order(order.uid).shipments[0].uid
    shop.work_offline(True)
    await shop.parts.edit_parcel(order.uid, parcel, ShipmentDraft(carrier="ups", tracking_number="TWO-1"))
    removed = step(await shop.unship(order.uid, parcel))
    shop.work_offline(False)
    await world.delivered()
    assert await numbers(world, order.uid) == []
    await undo(world, removed)
    assert await numbers(world, order.uid) == ["TWO-1"]


# -------------------------------------------------------------------- photos


async def three(world: World) -> tuple[str, list[str]]:
    """Return a copy with three photos, and their uids."""
    uid = await a_copy(world)
    for colour in ("#203040", "#304050"):
        await world.admin.inventory.add_asset(uid, picture(colour), "more.jpg", "item")
    assert await world.shop.refresh(Entity.ITEM, uid)
    return uid, [asset.uid for asset in world.item(uid)[0].assets]


async def order_there(world: World, uid: str) -> list[str]:
    return [asset.uid for asset in (await world.on_server(uid)).assets]


async def test_an_order_taken_back_keeps_what_came_since_in_a_sensible_place(world: World) -> None:
    shop = await world.open()
    uid, (one, two, three_) = await three(world)
    ordered = step(await shop.gallery.arrange(uid, [three_, one, two]))
    await world.delivered()
    new = (await world.admin.inventory.add_asset(uid, picture("#909090"), "new.jpg", "item")).uid
    assert await shop.refresh(Entity.ITEM, uid)
    ordered = await undo(world, ordered)
    assert await order_there(world, uid) == [one, two, three_, new]
    await world.admin.inventory.reorder_assets(uid, [one, new, two, three_])
    assert await shop.refresh(Entity.ITEM, uid)
    await redo(world, ordered)
    assert await order_there(world, uid) == [three_, one, new, two]
    assert [asset.uid for asset in (await world.on_server(uid)).assets if asset.is_primary] == [three_]


async def test_photos_somebody_else_moved_are_not_moved_back(world: World) -> None:
    shop = await world.open()
    uid, (one, two, three_) = await three(world)
    ordered = step(await shop.gallery.arrange(uid, [three_, one, two]))
    await world.delivered()
    await world.admin.inventory.reorder_assets(uid, [two, three_, one])
    assert await shop.refresh(Entity.ITEM, uid)
    with pytest.raises(InputError, match="another order since"):
        await shop.inverses.undo(ordered)
    assert await order_there(world, uid) == [two, three_, one]


async def test_photos_put_in_order_unsent_leave_no_trace_when_taken_back(world: World) -> None:
    shop = await world.open()
    uid, (one, two, three_) = await three(world)
    shop.work_offline(True)
    first = step(await shop.gallery.arrange(uid, [three_, one, two]))
    second = step(await shop.gallery.arrange(uid, [two, three_, one]))
    await shop.inverses.undo(second)
    assert [asset.uid for asset in world.item(uid)[0].assets] == [three_, one, two]
    await shop.inverses.undo(first)
    assert shop.operations() == []
    assert [asset.uid for asset in world.item(uid)[0].assets] == [one, two, three_]


async def test_a_removed_photo_comes_back_to_its_place_and_earlier_steps_still_know_it(world: World) -> None:
    shop = await world.open()
    world.fetch_through_proxy()
    uid, _ = await three(world)
    results = await shop.add_photos(uid, [picture("#aa5500"), picture("#aa6600")])
    added = step(await shop.gallery.added(uid, [one.sha256 for one in results]))
    await world.delivered()
    ours, last = (asset.uid for asset in world.item(uid)[0].assets[-2:])
    old = [asset.uid for asset in world.item(uid)[0].assets[:-2]]
    ordered = step(await shop.gallery.arrange(uid, [old[0], ours, *old[1:], last]))
    await world.delivered()
    before = [asset.sha256 for asset in (await world.on_server(uid)).assets]
    kept = await shop.gallery.keep(uid, ours)
    removed = step(await shop.gallery.remove(uid, ours, kept))
    await world.delivered()
    removed = await undo(world, removed)
    assert [asset.sha256 for asset in (await world.on_server(uid)).assets] == before
    ordered = await undo(world, ordered)
    assert [asset.sha256 for asset in (await world.on_server(uid)).assets][-2:] == [
        one.sha256 for one in results
    ]
    added = await undo(world, added)
    assert await order_there(world, uid) == old
    added = await redo(world, added)
    await redo(world, ordered)
    assert [asset.sha256 for asset in (await world.on_server(uid)).assets] == before
    await redo(world, removed)
    assert len(await order_there(world, uid)) == 4


async def test_undoing_an_upload_leaves_the_photos_of_others(world: World) -> None:
    shop = await world.open()
    uid, old = await three(world)
    results = await shop.add_photos(uid, [picture("#bb5500")])
    added = step(await shop.gallery.added(uid, [one.sha256 for one in results]))
    await world.delivered()
    theirs = (await world.admin.inventory.add_asset(uid, picture("#bb7700"), "t.jpg", "item")).uid
    await undo(world, added)
    assert await order_there(world, uid) == [*old, theirs]


async def test_a_photo_whose_file_is_not_to_be_had_is_known_before_it_goes(world: World) -> None:
    shop = await world.open()
    uid, (_, two, _) = await three(world)
    shop.work_offline(True)
    kept = await shop.gallery.keep(uid, two)
    assert kept == ""  # so the question says that it will not come back
    removed = step(await shop.gallery.remove(uid, two, kept))
    removed, _ = await shop.inverses.undo(removed)
    assert shop.operations() == []  # nothing was sent, so nothing is lost
    removed, _ = await shop.inverses.redo(removed)
    shop.work_offline(False)
    await world.delivered()
    with pytest.raises(Irreversible, match="no longer on this computer"):
        await shop.inverses.undo(removed)


async def test_files_kept_for_undo_outlive_the_sweep_and_the_delivery(world: World) -> None:
    shop = await world.open()
    uid, _ = await three(world)
    (result,) = await shop.add_photos(uid, [picture("#cc5500")])
    added = step(await shop.gallery.added(uid, [result.sha256]))
    await world.delivered()
    await world.store.blobs.sweep(set())
    assert added.acts[0].photos == (result.sha256,)
    assert world.store.blobs.path(result.sha256).exists()
    await shop.inverses.forget(added)
    await world.store.blobs.sweep(set())
    assert not world.store.blobs.path(result.sha256).exists()


# -------------------------------------------------------------------- offers


async def test_an_offer_taken_off_is_listed_again_as_it_was_but_for_its_number(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world, status="ready-to-sell")
    offer = {"platform": "ebay", "price_usd": "33.00", "title": "As it was"}
    made = await world.admin.inventory.add_listing(uid, offer)
    assert await shop.refresh(Entity.ITEM, uid)
    off = step(await shop.parts.take_off(uid, made.uid))
    await world.delivered()
    off, words = await shop.inverses.undo(off)
    assert made.external_id
    assert made.external_id in words
    await world.delivered()
    there = (await world.on_server(uid)).listings[-1]
    assert (there.status, there.price_usd, there.title) == ("listed", Decimal("33.00"), "As it was")
    assert there.external_id != made.external_id
    await redo(world, off)
    assert (await world.on_server(uid)).listings[-1].status == "inactive"


async def test_what_was_sold_since_is_not_offered_again(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world, status="ready-to-sell")
    made = await world.admin.inventory.add_listing(uid, {"platform": "ebay", "price_usd": "33.00"})
    assert await shop.refresh(Entity.ITEM, uid)
    off = step(await shop.parts.take_off(uid, made.uid))
    await world.delivered()
    await world.admin.inventory.update(uid, {"status": "archived"})
    assert await shop.refresh(Entity.ITEM, uid)
    with pytest.raises(InputError, match="ready to sell"):
        await shop.inverses.undo(off)
    assert shop.operations() == []


async def test_a_changed_offer_goes_back_step_by_step_over_taking_it_off(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world, status="ready-to-sell")
    draft = OfferDraft(platform="ebay", platform_name="eBay", price_usd=Decimal("20.00"))
    offered = step(await shop.parts.offer(uid, draft))
    await world.delivered()
    listing = world.item(uid)[0].listings[-1].uid
    revised = step(await shop.parts.revise(uid, listing, {"price_usd": Decimal("25.00")}))
    await world.delivered()
    off = step(await shop.parts.take_off(uid, listing))
    await world.delivered()
    await undo(world, off)
    revised = await undo(world, revised)
    assert (await world.on_server(uid)).listings[-1].price_usd == Decimal("20.00")
    offered = await undo(world, offered)
    assert (await world.on_server(uid)).listings[-1].status == "inactive"
    await redo(world, offered)
    await redo(world, revised)
    there = (await world.on_server(uid)).listings[-1]
    assert (there.status, there.price_usd) == ("listed", Decimal("25.00"))


# -------------------------------------------------------------------- dropped edits


async def test_a_dropped_edit_is_made_again_with_all_that_stood_on_it(world: World) -> None:
    shop = await world.open()
    uid, old = await three(world)
    shop.work_offline(True)
    (result,) = await shop.add_photos(uid, [picture("#dd5500")])
    new = world.item(uid)[0].assets[-1].uid
    await shop.gallery.arrange(uid, [new, *old])
    waiting = shop.operations()
    assert [one.kind for one in waiting] == [OpKind.ADD_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO]
    dropped = step(await shop.discard(waiting[0].uuid))
    assert [asset.uid for asset in world.item(uid)[0].assets] == old
    await world.store.blobs.sweep(set())
    dropped, _ = await shop.inverses.undo(dropped)
    assert shop.operations() == waiting
    dropped, _ = await shop.inverses.redo(dropped)
    assert [asset.uid for asset in world.item(uid)[0].assets] == old
    await shop.inverses.undo(dropped)
    shop.work_offline(False)
    await world.delivered()
    there = (await world.on_server(uid)).assets
    assert [asset.sha256 for asset in there if asset.is_primary] == [result.sha256]
    assert there[0].sha256 == result.sha256


async def test_a_dropped_edit_made_again_is_compared_like_every_edit(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, uid, {"location": "MINE"})
    dropped = step(await shop.discard(shop.operations()[0].uuid))
    await world.admin.inventory.update(uid, {"location": "THEIRS-1"})
    shop.work_offline(False)
    await until(lambda: shop.state.can_read)
    assert await shop.refresh(Entity.ITEM, uid)
    await shop.inverses.undo(dropped)
    await world.stuck(OpState.CONFLICT)
    assert (await world.on_server(uid)).location == "THEIRS-1"
    dropped, _ = await shop.inverses.redo(dropped)
    assert shop.operations() == []


async def test_a_dropped_edit_is_not_put_over_a_later_one(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, uid, {"location": "FIRST"})
    dropped = step(await shop.discard(shop.operations()[0].uuid))
    await shop.edit(Entity.ITEM, uid, {"location": "SECOND"})
    with pytest.raises(InputError, match="edited again since"):
        await shop.inverses.undo(dropped)
    assert world.item(uid)[0].location == "SECOND"


async def test_a_refused_edit_comes_back_as_it_stood(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world)
    world.proxy.answer("PATCH ", Answer(400, body=b'{"location": ["This cannot be."]}'))
    await shop.edit(Entity.ITEM, uid, {"location": "MINE"})
    await world.stuck(OpState.REFUSED)
    waiting = shop.operations()
    dropped = step(await shop.discard(waiting[0].uuid))
    dropped, _ = await shop.inverses.undo(dropped)
    assert shop.operations() == waiting
    await shop.retry(waiting[0].uuid)
    await world.delivered()
    assert (await world.on_server(uid)).location == "MINE"
    with pytest.raises(Irreversible, match="sent meanwhile"):
        await shop.inverses.redo(dropped)


async def test_a_parcel_is_removed_as_it_was_seen_and_not_as_it_came_to_be(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="SEEN-1"))
    await world.delivered()
    (parcel,) = world.order(order.uid).shipments
    seen = parcel_fields(msgspec.to_builtins(parcel))
    await world.admin.orders.update_shipment(order.uid, parcel.uid, {"tracking_number": "THEIRS-1"})
    assert await shop.refresh(Entity.ORDER, order.uid)  # it lands while the question is open
    await shop.unship(order.uid, parcel.uid, seen)
    await world.stuck(OpState.CONFLICT)
    assert await numbers(world, order.uid) == ["THEIRS-1"]
    await shop.discard(shop.operations()[0].uuid)


async def test_nothing_is_said_of_a_shipment_taken_back_that_nobody_touched(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    draft = ShipmentDraft(
        carrier="ups",
        tracking_number="PLAIN-1",
        service="Ground",
        weight_grams=400,
        cost_usd=Decimal("4.50"),
        shipped_at=utc_now(),
    )
    ours = step(await shop.ship(order.uid, draft))
    await world.delivered()
    assert await shop.refresh(Entity.ORDER, order.uid)
    ours, words = await shop.inverses.undo(ours)
    assert words == ""
    await world.delivered()


async def test_a_shipment_taken_back_says_that_another_parcel_keeps_the_order_shipped(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    ours = step(await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="OURS-1")))
    await world.delivered()
    await world.admin.orders.add_shipment(order.uid, {"carrier": "dhl", "tracking_number": "COLLEAGUE-1"})
    assert await shop.refresh(Entity.ORDER, order.uid)
    _, words = await shop.inverses.undo(ours)
    assert words == STILL_SHIPPED.format(parcel="DHL COLLEAGUE-1")
    await world.delivered()
