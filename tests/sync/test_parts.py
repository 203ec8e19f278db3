"""Offers and parcels changed without a network: sent once, compared field by field, ended for sure."""

from contextlib import closing
from decimal import Decimal

import pytest

from instica_desktop.core.errors import DiskFull, InputError
from instica_desktop.core.models import InventoryItem, Listing
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.store.outbox import Outbox
from instica_desktop.sync import OfferDraft, ShipmentDraft
from tests.server.databases import connect
from tests.support.fault_proxy import Fault
from tests.sync.world import World, until

EBAY = OfferDraft(platform="ebay", platform_name="eBay", price_usd=Decimal("31.50"))


async def an_item_for_sale(world: World, sku: str) -> InventoryItem:
    """Return an item of this test alone that may be offered."""
    fields = {"product": await world.a_product(), "manual_sku": sku}
    fields |= {"price_item_usd": "30.00", "status": "ready-to-sell"}
    made = (await world.admin.inventory.create(fields)).record.data
    assert await world.shop.refresh(Entity.ITEM, made.uid)
    return made


async def offers(world: World, uid: str) -> list[Listing]:
    return list(await world.admin.inventory.list_listings(uid))


async def test_an_item_is_offered_offline_shown_as_waiting_and_sent_once(world: World) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, "OFFER-1")
    shop.work_offline(True)
    await shop.parts.offer(item.uid, EBAY)
    shown, mark = world.item(item.uid)
    (waiting,) = shown.listings
    assert (waiting.status, waiting.platform_name, waiting.price_usd) == ("waiting", "eBay", Decimal("31.50"))
    assert shown.status == "ready-to-sell"  # no buyer sees it yet
    assert mark.fields == {"listings"}
    with pytest.raises(InputError, match="on offer there already"):
        await shop.parts.offer(item.uid, EBAY)
    await shop.parts.revise(item.uid, waiting.uid, {"price_usd": Decimal("29.00")})
    assert len(shop.operations()) == 1

    shop.work_offline(False)
    await world.delivered()
    (there,) = await offers(world, item.uid)
    assert (there.status, there.price_usd) == ("listed", Decimal("29.00"))
    assert [one.uid for one in world.item(item.uid)[0].listings] == [there.uid]
    assert world.item(item.uid)[0].status == "listed"


@pytest.mark.parametrize("fault", [Fault.DROP_REPLY, Fault.RESET])
async def test_an_offer_is_never_made_twice(world: World, fault: Fault) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, f"OFFER-{fault.name}")
    world.proxy.fail("POST ", fault)
    await shop.parts.offer(item.uid, EBAY)
    await world.delivered()
    assert [one.status for one in await offers(world, item.uid)] == ["listed"]
    assert world.proxy.seen("POST ") == (1 if fault is Fault.DROP_REPLY else 2)


async def test_what_the_marketplace_refused_is_not_offered_again_by_itself(world: World) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, "OFFER-3")
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    title = "Any [simulate: photo_required]"
    await shop.parts.offer(item.uid, OfferDraft(platform="etsy", title=title))
    await world.delivered()
    (there,) = world.item(item.uid)[0].listings
    assert there.status == "failed"
    assert there.error is not None
    assert world.proxy.seen("POST ") == 1


async def test_an_item_that_is_not_ready_is_not_offered(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(status="draft")
    with pytest.raises(InputError) as caught:
        await shop.parts.offer(item.uid, EBAY)
    assert caught.value.field == "status"
    ready = await an_item_for_sale(world, "OFFER-4")
    for draft, field in (
        (OfferDraft(platform=""), "platform"),
        (OfferDraft(platform="ebay", price_usd=Decimal(0)), "price_usd"),
        (OfferDraft(platform="ebay", title="x" * 1001), "title"),
    ):
        with pytest.raises(InputError) as caught:
            await shop.parts.offer(ready.uid, draft)
        assert caught.value.field == field
    assert shop.operations() == []


async def listed_item(world: World, sku: str) -> tuple[InventoryItem, Listing]:
    item = await an_item_for_sale(world, sku)
    made = await world.admin.inventory.add_listing(item.uid, {"platform": "ebay"})
    assert await world.shop.refresh(Entity.ITEM, item.uid)
    return item, made


async def test_a_revision_is_compared_with_the_server_field_by_field(world: World) -> None:
    shop = await world.open()
    item, offer = await listed_item(world, "OFFER-5")
    shop.work_offline(True)
    changes = {"price_usd": Decimal("25.00"), "title": "Mine"}
    await shop.parts.revise(item.uid, offer.uid, changes)
    await world.admin.inventory.update_listing(item.uid, offer.uid, {"price_usd": "27.00"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    assert operation.theirs == {"price_usd": "27.00"}
    await shop.resolve(operation.uuid, {"price_usd": "mine"})
    await world.delivered()
    (there,) = await offers(world, item.uid)
    assert (there.price_usd, there.title) == (Decimal("25.00"), "Mine")


async def test_a_revision_whose_reply_was_lost_is_read_back(world: World) -> None:
    shop = await world.open()
    item, offer = await listed_item(world, "OFFER-6")
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    await shop.parts.revise(item.uid, offer.uid, {"price_usd": Decimal("25.00")})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 1
    assert (await offers(world, item.uid))[0].price_usd == Decimal("25.00")


async def test_an_offer_that_is_to_end_says_so_until_it_has(world: World) -> None:
    shop = await world.open()
    item, offer = await listed_item(world, "OFFER-7")
    shop.work_offline(True)
    await shop.parts.take_off(item.uid, offer.uid)
    await shop.parts.take_off(item.uid, offer.uid)
    assert len(shop.operations()) == 1
    shown = world.item(item.uid)[0]
    assert (shown.listings[0].status, shown.status) == ("ending", "listed")  # buyers see it still
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    shop.work_offline(False)
    await world.delivered()
    shown = world.item(item.uid)[0]
    assert (shown.listings[0].status, shown.status) == ("inactive", "ready-to-sell")
    assert world.proxy.seen("POST ") == 1


async def test_an_offer_the_marketplace_does_not_end_is_not_taken_for_ended(world: World) -> None:
    shop = await world.open()
    item, offer = await listed_item(world, "OFFER-8")
    title = "Any [simulate: delist_refused]"
    await world.admin.inventory.update_listing(item.uid, offer.uid, {"title": title})
    await shop.parts.take_off(item.uid, offer.uid)
    await world.stuck(OpState.REFUSED)
    (operation,) = shop.operations()
    assert "buyers still see it" in operation.message
    await world.admin.inventory.update_listing(item.uid, offer.uid, {"title": "Any"})
    await shop.retry(operation.uuid)
    await world.delivered()
    assert [one.status for one in await offers(world, item.uid)] == ["inactive"]


async def test_an_offer_never_sent_is_taken_back_without_a_trace(world: World) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, "OFFER-9")
    shop.work_offline(True)
    await shop.parts.offer(item.uid, EBAY)
    await shop.parts.take_off(item.uid, world.item(item.uid)[0].listings[0].uid)
    assert shop.operations() == []
    assert world.item(item.uid)[0].listings == ()


async def test_a_parcel_is_changed_and_read_back_and_compared(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="EDIT-1"))
    await world.delivered()
    parcel = world.order(order.uid).shipments[0].uid
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    corrected = ShipmentDraft(carrier="dhl", tracking_number="EDIT-2", weight_grams=300)
    await shop.parts.edit_parcel(order.uid, parcel, corrected)
    assert world.order(order.uid).shipment_tracking_number == "EDIT-2"
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 1
    there = (await world.order_on_server(order.uid)).shipments[0]
    assert (there.carrier, there.tracking_number, there.weight_grams) == ("dhl", "EDIT-2", 300)

    shop.work_offline(True)
    await shop.parts.edit_parcel(order.uid, parcel, ShipmentDraft(carrier="dhl", tracking_number="EDIT-3"))
    await world.admin.orders.update_shipment(order.uid, parcel, {"tracking_number": "THEIRS-1"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    assert shop.operations()[0].theirs == {"tracking_number": "THEIRS-1"}
    await shop.resolve(shop.operations()[0].uuid, {"tracking_number": "theirs"})
    await world.delivered()
    there = (await world.order_on_server(order.uid)).shipments[0]
    assert (there.tracking_number, there.weight_grams) == ("THEIRS-1", None)


async def test_what_stands_for_a_number_since_long_ago_does_not_keep_the_rest_from_being_changed(
    world: World,
) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    await shop.ship(order.uid, ShipmentDraft(carrier="other", tracking_number="OLD-1"))
    await world.delivered()
    parcel = world.order(order.uid).shipments[0].uid
    with closing(connect(world.server.data_dir)) as database:
        database.execute(f"UPDATE shop_shipment SET tracking_number = 'by hand' WHERE uid = '{parcel}'")
    await shop.refresh(Entity.ORDER, order.uid)
    draft = ShipmentDraft(carrier="other", tracking_number="by hand", service="Signed")
    with pytest.raises(InputError):
        await shop.parts.edit_parcel(order.uid, parcel, draft)
    await shop.parts.edit_parcel(order.uid, parcel, draft, {"service": None})
    await world.delivered()
    there = (await world.order_on_server(order.uid)).shipments[0]
    assert (there.tracking_number, there.service) == ("by hand", "Signed")


async def test_a_parcel_that_was_never_sent_is_sent_as_corrected(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    shop.work_offline(True)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="WRONG-1"))
    parcel = world.order(order.uid).shipments[0].uid
    await shop.parts.edit_parcel(order.uid, parcel, ShipmentDraft(carrier="ups", tracking_number="RIGHT-1"))
    assert len(shop.operations()) == 1
    shop.work_offline(False)
    await world.delivered()
    there = await world.order_on_server(order.uid)
    assert [one.tracking_number for one in there.shipments] == ["RIGHT-1"]


async def test_mine_kept_for_an_offer_is_a_request_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that knows requests by their key would answer the old one again and change nothing."""
    shop = await world.open(silence=0.5)
    item, offer = await listed_item(world, "OFFER-10")
    keys: list[str] = []
    update = world.client.inventory.update_listing

    async def noted(uid: str, listing: str, fields: dict[str, object], key: str = "") -> Listing:
        keys.append(key)
        return await update(uid, listing, fields, key)

    monkeypatch.setattr(world.client.inventory, "update_listing", noted)
    world.proxy.fail("PATCH ", Fault.SILENCE)
    await shop.parts.revise(item.uid, offer.uid, {"price_usd": Decimal("25.00")})
    await until(lambda: world.proxy.seen("PATCH ") == 1)
    while (await offers(world, item.uid))[0].price_usd != Decimal("25.00"):
        pass
    await world.admin.inventory.update_listing(item.uid, offer.uid, {"price_usd": "27.00"})
    world.proxy.heal()
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    await shop.resolve(operation.uuid, {"price_usd": "mine"})
    await world.delivered()
    assert (await offers(world, item.uid))[0].price_usd == Decimal("25.00")
    assert len(set(keys)) == len(keys) == 2
    assert {key.partition(":")[0] for key in keys} == {operation.uuid}


async def test_a_refused_offer_is_corrected_in_one_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between two, the refused and the corrected one would both be there."""
    shop = await world.open()
    item = await an_item_for_sale(world, "OFFER-11")
    await shop.parts.offer(item.uid, OfferDraft(platform="nowhere", price_usd=Decimal("31.50")))
    await world.stuck(OpState.REFUSED)
    shop.work_offline(True)
    (waiting,) = world.item(item.uid)[0].listings
    change, changed = Outbox._change, [0]  # pyright: ignore[reportPrivateUsage]

    async def once(outbox: Outbox, act: object, beside: object = None) -> object:
        changed[0] += 1
        if changed[0] > 1:
            raise DiskFull("There is no room left.")
        return await change(outbox, act, beside)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Outbox, "_change", once)
    await shop.parts.revise(item.uid, waiting.uid, {"price_usd": Decimal("29.00")})
    monkeypatch.undo()
    (operation,) = shop.operations()
    assert (operation.state, operation.payload["price_usd"]) == (OpState.QUEUED, "29.00")
    assert [one.price_usd for one in world.item(item.uid)[0].listings] == [Decimal("29.00")]
    await shop.parts.revise(item.uid, waiting.uid, {"price_usd": Decimal("28.00")})  # by its old name
    assert [one.payload["price_usd"] for one in shop.operations()] == ["28.00"]


async def test_of_a_parcel_only_what_was_changed_is_sent_and_compared_with_what_was_shown(
    world: World,
) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    first = ShipmentDraft(
        carrier="ups", tracking_number="SHOWN-1", service="Ground", cost_usd=Decimal("4.50")
    )
    await shop.ship(order.uid, first)
    await world.delivered()
    parcel = world.order(order.uid).shipments[0].uid
    theirs = {"tracking_number": "THEIRS-1", "cost_usd": "6.20"}
    await world.admin.orders.update_shipment(order.uid, parcel, theirs)
    assert await shop.refresh(Entity.ORDER, order.uid)  # the form is open, and shows what was there before

    draft = ShipmentDraft(carrier="ups", tracking_number="SHOWN-1", service="Air", cost_usd=Decimal("4.50"))
    act = await shop.parts.edit_parcel(order.uid, parcel, draft, {"service": "Ground"})
    assert act is not None
    assert (act.before, act.after) == ({"service": "Ground"}, {"service": "Air"})
    await world.delivered()
    there = (await world.order_on_server(order.uid)).shipments[0]
    assert (there.service, there.tracking_number, there.cost_usd) == ("Air", "THEIRS-1", Decimal("6.20"))

    draft = ShipmentDraft(carrier="ups", tracking_number="MINE-1", service="Air", cost_usd=Decimal("4.50"))
    await shop.parts.edit_parcel(order.uid, parcel, draft, {"tracking_number": "SHOWN-1"})
    await world.stuck(OpState.CONFLICT)
    assert shop.operations()[0].theirs == {"tracking_number": "THEIRS-1"}
    assert (await world.order_on_server(order.uid)).shipments[0].tracking_number == "THEIRS-1"
    await shop.discard(shop.operations()[0].uuid)


async def test_of_an_offer_only_what_was_changed_is_sent_and_compared_with_what_was_shown(
    world: World,
) -> None:
    shop = await world.open()
    item, offer = await listed_item(world, "OFFER-SHOWN")
    price, title = str(offer.price_usd), offer.title or ""
    await world.admin.inventory.update_listing(item.uid, offer.uid, {"price_usd": "27.00"})
    assert await shop.refresh(Entity.ITEM, item.uid)
    both = {"price_usd": offer.price_usd, "title": "Another title"}
    await shop.parts.revise(item.uid, offer.uid, both, {"title": title})
    await world.delivered()
    there = (await offers(world, item.uid))[0]
    assert (there.price_usd, there.title) == (Decimal("27.00"), "Another title")

    await shop.parts.revise(item.uid, offer.uid, {"price_usd": Decimal("25.00")}, {"price_usd": price})
    await world.stuck(OpState.CONFLICT)
    assert (await offers(world, item.uid))[0].price_usd == Decimal("27.00")
    await shop.discard(shop.operations()[0].uuid)
