"""An act on a record that somebody else has changed meanwhile is never carried out unasked."""

from decimal import Decimal

import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import OfferDraft, ShipmentDraft
from tests.sync.test_parts import an_item_for_sale
from tests.sync.world import World, until

THEIRS = {"carrier": "dhl", "tracking_number": "THEIRS-1"}


def mine(number: str = "MINE-1") -> ShipmentDraft:
    return ShipmentDraft(carrier="usps", tracking_number=number)


def numbers(parcels: tuple[Shipment, ...]) -> list[str | None]:
    return [parcel.tracking_number for parcel in parcels]


async def test_an_order_shipped_by_somebody_else_gets_no_second_parcel_unasked(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, mine())
    await world.admin.orders.add_shipment(uid, THEIRS)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    (parcel,) = operation.theirs["shipments"]
    assert (parcel["tracking_number"], operation.theirs["status"]) == ("THEIRS-1", "shipped")
    assert numbers((await world.order_on_server(uid)).shipments) == ["THEIRS-1"]

    await shop.discard(operation.uuid)
    assert numbers(world.order(uid).shipments) == ["THEIRS-1"]
    assert shop.operations() == []


async def test_a_second_parcel_goes_out_once_the_user_wants_it(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, mine("MINE-2"))
    await world.admin.orders.add_shipment(uid, THEIRS)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await shop.do_anyway(shop.operations()[0].uuid)
    await world.delivered()
    assert sorted(map(str, numbers((await world.order_on_server(uid)).shipments))) == ["MINE-2", "THEIRS-1"]


async def test_a_choice_by_field_does_not_drop_a_parcel_that_is_asked_about(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, mine("MINE-4"))
    await world.admin.orders.add_shipment(uid, THEIRS)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    with pytest.raises(InputError, match="no field to choose"):
        await shop.resolve(operation.uuid, {"shipments": "mine"})
    assert shop.operations() == [operation]


async def test_what_came_while_it_was_decided_is_asked_about_again(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, mine("MINE-3"))
    await world.admin.orders.add_shipment(uid, THEIRS)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await world.admin.orders.add_shipment(uid, {"carrier": "ups", "tracking_number": "THEIRS-2"})
    await shop.do_anyway(shop.operations()[0].uuid)
    await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
    (parcel,) = shop.operations()[0].theirs["shipments"]
    assert parcel["tracking_number"] == "THEIRS-2"
    await shop.discard(shop.operations()[0].uuid)


async def test_several_parcels_of_our_own_are_no_news(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, mine("OWN-1"))
    await shop.ship(uid, mine("OWN-2"))
    shop.work_offline(False)
    await world.delivered()
    await shop.ship(uid, mine("OWN-3"))
    await world.delivered()
    assert numbers((await world.order_on_server(uid)).shipments) == ["OWN-1", "OWN-2", "OWN-3"]


async def test_a_parcel_with_the_number_somebody_else_noted_is_the_same(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, ShipmentDraft(carrier="dhl", tracking_number="THEIRS-1"))
    await world.admin.orders.add_shipment(uid, THEIRS)
    shop.work_offline(False)
    await world.delivered()
    assert numbers((await world.order_on_server(uid)).shipments) == ["THEIRS-1"]


async def test_an_item_that_is_sold_meanwhile_is_neither_repriced_nor_deleted_unasked(
    own_world: World,
) -> None:
    world = own_world
    shop = await world.open()
    item = await an_item_for_sale(world, "MEAN-SOLD")
    other = await an_item_for_sale(world, "MEAN-SOLD-2")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": "44.00"})
    await shop.removal.delete(Entity.ITEM, [other.uid])
    for one in (item, other):
        await sell(world, one)
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user == 2)
    reprice, delete = sorted(shop.operations(), key=lambda one: one.kind is OpKind.DELETE)
    assert (reprice.state, reprice.theirs) == (OpState.CONFLICT, {"status": "sold"})
    assert delete.theirs["status"] == "sold"
    assert (await world.on_server(item.uid)).price_item_usd == item.price_item_usd
    assert (await world.on_server(other.uid)).status == "sold"

    await shop.do_anyway(reprice.uuid)
    await shop.discard(delete.uuid)
    await world.delivered()
    assert (await world.on_server(item.uid)).price_item_usd == Decimal("44.00")


async def test_an_item_put_on_offer_elsewhere_is_neither_repriced_nor_deleted_unasked(world: World) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, "MEAN-OFFER")
    other = await an_item_for_sale(world, "MEAN-OFFER-2")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": "44.00"})
    await shop.removal.delete(Entity.ITEM, [other.uid])
    for one in (item, other):
        await world.admin.inventory.add_listing(one.uid, {"platform": "discogs", "price_usd": "30.00"})
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user == 2)
    for operation in shop.operations():
        assert operation.theirs["listings"][0]["platform"] == "discogs"
        await shop.discard(operation.uuid)
    assert (await world.on_server(item.uid)).price_item_usd == item.price_item_usd


async def test_our_own_offer_is_no_news_to_our_own_price(world: World) -> None:
    shop = await world.open()
    item = await an_item_for_sale(world, "MEAN-OWN")
    shop.work_offline(True)
    await shop.parts.offer(item.uid, OfferDraft(platform="discogs"))
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": "44.00"})
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).price_item_usd == Decimal("44.00")
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": "45.00"})
    await world.delivered()
    assert (await world.on_server(item.uid)).price_item_usd == Decimal("45.00")


async def test_other_fields_of_what_was_sold_meanwhile_are_saved(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    item = await an_item_for_sale(world, "MEAN-NOTES")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "M-1"})
    await sell(world, item)
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "M-1"


async def sell(world: World, item: InventoryItem) -> None:
    """Sell an item as somebody else: through the statuses that lead there."""
    for status in ("listed", "sold"):
        await world.admin.inventory.update(item.uid, {"status": status})
