"""What a seller can do, one act for each kind of operation. A new kind of operation needs its act here."""

import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.query import Query
from instica_desktop.sync import OfferDraft, ShipmentDraft
from tests.faults.shops import FaultyWorld, noise
from tests.sync.world import create

Check = Callable[[], Awaitable[bool]]
"""Tells whether the server has what was wanted, and has it once."""


@dataclass(frozen=True)
class Act:
    """How an operation of a kind comes about: `ready` while online, `do` while offline.

    `writes` is how the request that delivers it begins. `do` is given a number that makes it differ.
    """

    writes: str
    ready: Callable[[FaultyWorld, InventoryItem, int], Awaitable[str]]
    do: Callable[[FaultyWorld, str, int], Awaitable[Check]]


async def _item(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    return item.uid


async def _product(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    assert item.product is not None
    return item.product.uid


async def _order(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    world.shipped = world.shipped or (await world.an_order()).uid
    return world.shipped


async def _new_item(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    """Make an item that may be deleted."""
    fields = {"product": await _product(world, item, number), "condition_item": "nm"}
    made = (await world.admin.inventory.create(fields)).record.data.uid
    await world.shop.refresh(Entity.ITEM, made)
    return made


async def _two_photos(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    while len(world.item(item.uid)[0].assets) < 2:
        await world.shop.add_photos(item.uid, [noise(hash((item.uid, uuid.uuid4().hex)))])
        await world.delivered()
    return item.uid


async def _a_parcel(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    uid = await _order(world, item, number)
    if not world.order(uid).shipments:
        await world.shop.ship(uid, ShipmentDraft(carrier="ups", tracking_number=f"TAKE-BACK-{number}"))
        await world.delivered()
    return uid


async def _update(world: FaultyWorld, uid: str, number: int) -> Check:
    await world.shop.edit(Entity.ITEM, uid, {"location": f"R-{number}"})

    async def holds() -> bool:
        return (await world.on_server(uid)).location == f"R-{number}"

    return holds


async def _create(world: FaultyWorld, product: str, number: int) -> Check:
    fields = {"product": {"uid": product, "title": "A record"}, "condition_item": "nm"}
    made = await create(world.shop, Entity.ITEM, fields, "A record")
    sku = made.payload["fields"]["manual_sku"]

    async def holds() -> bool:
        page = await world.admin.inventory.page(Query(Entity.ITEM, search=sku))
        return [record.data.manual_sku for record in page.records] == [sku]

    return holds


async def _delete(world: FaultyWorld, uid: str, number: int) -> Check:
    name = str(uuid.uuid4())
    now = datetime.now(UTC)
    operation = Operation(uuid=name, entity=Entity.ITEM, uid=uid, kind=OpKind.DELETE, created=now)
    await world.store.outbox.add(operation)

    async def holds() -> bool:
        page = await world.admin.inventory.page(Query(Entity.ITEM, search=uid))
        return uid not in [record.data.uid for record in page.records] and not world.shop.row(
            Entity.ITEM, uid
        )

    return holds


async def _add_photo(world: FaultyWorld, uid: str, number: int) -> Check:
    (added,) = await world.shop.add_photos(uid, [noise(number + 1)])

    async def holds() -> bool:
        there = [asset.sha256 for asset in (await world.on_server(uid)).assets]
        return there.count(added.sha256) == 1

    return holds


async def _remove_photo(world: FaultyWorld, uid: str, number: int) -> Check:
    asset = world.item(uid)[0].assets[0].uid
    await world.shop.remove_photo(uid, asset)

    async def holds() -> bool:
        return asset not in [one.uid for one in (await world.on_server(uid)).assets]

    return holds


async def _order_photos(world: FaultyWorld, uid: str, number: int) -> Check:
    wanted = [asset.uid for asset in reversed(world.item(uid)[0].assets)]
    await world.shop.order_photos(uid, wanted)

    async def holds() -> bool:
        return [asset.uid for asset in (await world.on_server(uid)).assets] == wanted

    return holds


async def _primary_photo(world: FaultyWorld, uid: str, number: int) -> Check:
    wanted = next(asset.uid for asset in world.item(uid)[0].assets if not asset.is_primary)
    await world.shop.primary_photo(uid, wanted)

    async def holds() -> bool:
        there = (await world.on_server(uid)).assets
        return [asset.uid for asset in there if asset.is_primary] == [wanted]

    return holds


async def _add_shipment(world: FaultyWorld, uid: str, number: int) -> Check:
    await world.shop.ship(uid, ShipmentDraft(carrier="ups", tracking_number=f"P-{number}"))

    async def holds() -> bool:
        parcels = (await world.order_on_server(uid)).shipments
        return [one.tracking_number for one in parcels].count(f"P-{number}") == 1

    return holds


async def _remove_shipment(world: FaultyWorld, uid: str, number: int) -> Check:
    parcel = world.order(uid).shipments[0].uid
    await world.shop.unship(uid, parcel)

    async def holds() -> bool:
        return parcel not in [one.uid for one in (await world.order_on_server(uid)).shipments]

    return holds


async def _for_sale(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    """Make an item that may be offered."""
    fields = {
        "product": await _product(world, item, number),
        "manual_sku": f"OFFER-{uuid.uuid4().hex[:8]}",
        "price_item_usd": "30.00",
        "status": "ready-to-sell",
    }
    made = (await world.admin.inventory.create(fields)).record.data.uid
    await world.shop.refresh(Entity.ITEM, made)
    return made


async def _on_offer(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    uid = await _for_sale(world, item, number)
    await world.admin.inventory.add_listing(uid, {"platform": "ebay"})
    await world.shop.refresh(Entity.ITEM, uid)
    return uid


async def _edit_shipment(world: FaultyWorld, uid: str, number: int) -> Check:
    parcel = world.order(uid).shipments[0].uid
    draft = ShipmentDraft(carrier="ups", tracking_number=f"EDITED-{number}")
    await world.shop.parts.edit_parcel(uid, parcel, draft)

    async def holds() -> bool:
        parcels = (await world.order_on_server(uid)).shipments
        return [one.tracking_number for one in parcels if one.uid == parcel] == [f"EDITED-{number}"]

    return holds


async def _offer(world: FaultyWorld, uid: str, number: int) -> Check:
    await world.shop.parts.offer(uid, OfferDraft(platform="ebay", platform_name="eBay"))

    async def holds() -> bool:
        return [one.status for one in await world.admin.inventory.list_listings(uid)] == ["listed"]

    return holds


async def _revise(world: FaultyWorld, uid: str, number: int) -> Check:
    (offer,) = world.item(uid)[0].listings
    price = Decimal(number + 5)
    await world.shop.parts.revise(uid, offer.uid, {"price_usd": price})

    async def holds() -> bool:
        return [one.price_usd for one in await world.admin.inventory.list_listings(uid)] == [price]

    return holds


async def _delist(world: FaultyWorld, uid: str, number: int) -> Check:
    (offer,) = world.item(uid)[0].listings
    await world.shop.parts.take_off(uid, offer.uid)

    async def holds() -> bool:
        return [one.status for one in await world.admin.inventory.list_listings(uid)] == ["inactive"]

    return holds


async def _a_product(world: FaultyWorld, item: InventoryItem, number: int) -> str:
    """Make a product whose picture may be changed."""
    world.fetch_through_proxy()
    made = (await world.admin.products.create({"title": f"Picture {number}"})).record.data.uid
    await world.shop.refresh(Entity.PRODUCT, made)
    return made


async def _product_image(world: FaultyWorld, uid: str, number: int) -> Check:
    await world.shop.covers.set(uid, noise(number))
    (operation,) = world.shop.operations()

    async def holds() -> bool:
        address = (await world.admin.products.get(uid)).record.data.product_image
        content = (await world.admin.fetch(address)).content if address else b""
        return hashlib.sha256(content).hexdigest() == operation.payload["blob"]

    return holds


ACTS: dict[OpKind, Act] = {
    OpKind.UPDATE: Act("PATCH /api/v1/inventory/", _item, _update),
    OpKind.CREATE: Act("POST /api/v1/inventory/", _product, _create),
    OpKind.DELETE: Act("DELETE /api/v1/inventory/", _new_item, _delete),
    OpKind.ADD_PHOTO: Act("POST /api/v1/inventory/", _item, _add_photo),
    OpKind.REMOVE_PHOTO: Act("DELETE /api/v1/inventory/", _two_photos, _remove_photo),
    OpKind.ORDER_PHOTOS: Act("POST /api/v1/inventory/", _two_photos, _order_photos),
    OpKind.PRIMARY_PHOTO: Act("PATCH /api/v1/inventory/", _two_photos, _primary_photo),
    OpKind.ADD_SHIPMENT: Act("POST /api/v1/orders/", _order, _add_shipment),
    OpKind.REMOVE_SHIPMENT: Act("DELETE /api/v1/orders/", _a_parcel, _remove_shipment),
    OpKind.EDIT_SHIPMENT: Act("PATCH /api/v1/orders/", _a_parcel, _edit_shipment),
    OpKind.ADD_LISTING: Act("POST /api/v1/inventory/", _for_sale, _offer),
    OpKind.REVISE_LISTING: Act("PATCH /api/v1/inventory/", _on_offer, _revise),
    OpKind.DELIST: Act("POST /api/v1/inventory/", _on_offer, _delist),
    OpKind.PRODUCT_IMAGE: Act("POST /api/v1/products/", _a_product, _product_image),
}
