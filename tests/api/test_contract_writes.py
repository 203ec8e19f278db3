"""The contract against the real server: records, versions, photos, shipments, account, keys, refusals."""

import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from instica_desktop.api import InsticaClient
from instica_desktop.core import errors
from instica_desktop.core.models import Asset, InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.core.statuses import ITEM_STATUSES
from tests.server.fixture import RunningServer


@asynccontextmanager
async def connected(server: RunningServer, key: str | None = "") -> AsyncIterator[InsticaClient]:
    client = InsticaClient(server.base_url, server.api_key if key == "" else key)
    try:
        yield client
    finally:
        await client.aclose()


def photo(width: int = 40, height: int = 30, kind: str = "JPEG") -> bytes:
    """Return a picture unlike any other."""
    image = Image.frombytes("RGB", (width, height), uuid4().bytes * (width * height * 3 // 16 + 1))
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


async def new_product(client: InsticaClient, title: str = "Blue Train") -> Product:
    made = await client.products.create({"title": title, "artist": {"name": "John Coltrane"}})
    return made.record.data


async def new_item(client: InsticaClient, **fields: Any) -> InventoryItem:
    product = await new_product(client)
    return (await client.inventory.create({"product": product.uid, **fields})).record.data


async def waiting_order(client: InsticaClient) -> Any:
    page = await client.orders.page(Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"]))
    return page.records[0].data


async def test_health_needs_no_key(shop: RunningServer) -> None:
    async with connected(shop, None) as client:
        assert (await client.health.check()).status == "ok"
        with pytest.raises(errors.SignedOut) as caught:
            await client.account.me()
        assert "key" in caught.value.message


async def test_a_wrong_key_is_signed_out(shop: RunningServer) -> None:
    async with connected(shop, "ik_wrong_key_0123456789") as client:
        with pytest.raises(errors.SignedOut):
            await client.inventory.page(Query(Entity.ITEM))


async def test_platforms(shop: RunningServer) -> None:
    async with connected(shop) as client:
        platforms = {platform.slug: platform for platform in await client.platforms.list()}
        assert {"ebay", "discogs", "etsy", "shopify", "redbubble", "teepublic", "society6"} <= set(platforms)
        assert platforms["ebay"].name == "eBay"


async def test_the_account_and_its_names(shop: RunningServer) -> None:
    async with connected(shop) as client:
        before = (await client.account.me()).record.data
        assert before.organization is not None
        assert before.listing_eligibility is not None
        changed = await client.account.update({"first_name": "Ida", "preferences": {"date_format": "dmy"}})
        assert changed.record.data.first_name == "Ida"
        after = (await client.account.me()).record.data
        assert after.preferences is not None
        assert before.preferences is not None
        assert after.preferences.date_format == "dmy"
        assert after.preferences.items_per_page == before.preferences.items_per_page
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.account.update({"preferences": {"date_format": "stardate"}})
        assert "preferences" in caught.value.fields


async def test_a_key_lives_from_its_making_to_its_end(shop: RunningServer) -> None:
    async with connected(shop) as client:
        made = await client.keys.create("Market stall")
        assert made.key
        listed = {key.id: key for key in await client.keys.list()}
        assert listed[made.id].name == "Market stall"
        assert listed[made.id].key is None
        assert (await client.keys.get(made.id)).key is None
        rotated = await client.keys.rotate(made.id)
        assert rotated.key
        async with connected(shop, made.key) as old, connected(shop, rotated.key) as new:
            with pytest.raises(errors.SignedOut):
                await old.account.me()
            await new.account.me()
            await client.keys.delete(made.id)
            with pytest.raises(errors.SignedOut):
                await new.account.me()
        with pytest.raises(errors.NotFound):
            await client.keys.get(made.id)


async def test_a_key_says_what_it_opens_and_an_owner_sees_all(shop: RunningServer) -> None:
    async with connected(shop) as client:
        me, made = (await client.account.me()).record.data, await client.keys.create("Till")
        assert made.key
        async with connected(shop, made.key) as till:
            own = await till.keys.current()
        assert (own.id, own.organization, own.user and own.user.uid) == (made.id, me.organization, me.uid)
        assert made.id in {key.id for key in await client.keys.list(everybody=True)}
        await client.keys.delete(made.id, everybody=True)
        with pytest.raises(errors.NotFound):
            await client.keys.get(made.id)


async def test_a_product_from_its_making_to_its_end(shop: RunningServer) -> None:
    async with connected(shop) as client:
        made = await client.products.create(
            {"title": "Ágætis byrjun", "artist": {"name": "Sigur Rós"}, "tags": ["post-rock"], "year": 1999}
        )
        uid = made.record.data.uid
        read = await client.products.get(uid)
        assert read.etag
        assert (read.record.data.title, read.record.data.year) == ("Ágætis byrjun", 1999)
        changed = await client.products.update(uid, {"catalog_number": "SMEKK 15"}, read.etag)
        assert changed.record.data.catalog_number == "SMEKK 15"
        with pytest.raises(errors.Clash):
            await client.products.update(uid, {"year": 2000}, read.etag)
        assert await client.products.presences(uid) == ()
        await client.products.delete(uid)
        for gone in (client.products.get(uid), client.products.delete(uid), client.products.presences(uid)):
            with pytest.raises(errors.NotFound):
                await gone


async def test_a_product_needs_a_title_and_no_items_to_go(shop: RunningServer) -> None:
    async with connected(shop) as client:
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.products.create({})
        assert "title" in caught.value.fields
        item = await new_item(client)
        assert item.product is not None
        with pytest.raises(errors.Clash):
            await client.products.delete(item.product.uid)


async def test_a_product_s_picture(shop: RunningServer) -> None:
    async with connected(shop) as client:
        product = await new_product(client)
        with_picture = (await client.products.upload_image(product.uid, photo(), "a.jpg")).record.data
        assert with_picture.product_image
        file = await client.fetch(with_picture.product_image)
        assert file.content_type == "image/jpeg"
        assert Image.open(io.BytesIO(file.content)).size == (40, 30)
        await client.products.delete_image(product.uid)
        assert (
            await client.products.get(product.uid)
        ).record.data.product_image != with_picture.product_image


async def test_an_item_from_its_making_to_its_end(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(
            client, condition_item="vg_plus", price_item_usd=Decimal("20.00"), tags=["jazz"]
        )
        assert (item.status, item.title) == ("draft", "Blue Train - VG+")
        fields = {"price_shipping_usd": "5.50", "location": "A-1", "condition_container": "no_cover"}
        changed = (await client.inventory.update(item.uid, fields)).record.data
        assert (changed.price_total_usd, changed.location) == (Decimal("25.50"), "A-1")
        assert changed.condition_container_display
        assert (await client.inventory.get(item.uid)).record.data == changed
        await client.inventory.delete(item.uid)
        with pytest.raises(errors.NotFound):
            await client.inventory.get(item.uid)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"price_item_usd": "-1"}, "price_item_usd"),
        ({"price_item_usd": "abc"}, "price_item_usd"),
        ({"price_item_usd": "1.234,56"}, "price_item_usd"),
        ({"status": "in-orbit"}, "status"),
        ({"status": "sold"}, "status"),
        ({"status": "ready-to-sell"}, "status"),
        ({"condition_item": "no_cover"}, "condition_item"),
        ({"weight_grams": "heavy"}, "weight_grams"),
    ],
)
async def test_a_refusal_names_its_field(shop: RunningServer, fields: dict[str, Any], named: str) -> None:
    async with connected(shop) as client:
        item = await new_item(client)
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.update(item.uid, fields)
        assert named in caught.value.fields, caught.value.fields
        assert (await client.inventory.get(item.uid)).record.data == item


async def test_what_is_for_sale_needs_a_price(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(client, status="received")
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.update(item.uid, {"status": "ready-to-sell"})
        assert caught.value.fields.keys() & {"price_total_usd", "price_item_usd"}
        fields = {"status": "ready-to-sell", "price_item_usd": "12.00"}
        assert (await client.inventory.update(item.uid, fields)).record.data.status == "ready-to-sell"


async def test_a_way_through_all_moves_and_back(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(client, price_item_usd="9.00")
        way = ["received", "ready-to-sell", "listed", "ready-to-sell", "archived", "received", "draft"]
        for status in way:
            shown = (await client.inventory.update(item.uid, {"status": status})).record.data
            assert shown.status == status
            assert shown.status_display in {known.label for known in ITEM_STATUSES}


async def test_versions_keep_two_editors_apart(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(client)
        first = await client.inventory.get(item.uid)
        second = await client.inventory.update(item.uid, {"location": "B-2"}, first.etag)
        assert second.etag not in (None, first.etag)
        for late in (
            client.inventory.update(item.uid, {"location": "C-3"}, first.etag),
            client.inventory.delete(item.uid, first.etag),
        ):
            with pytest.raises(errors.Clash):
                await late
        assert (await client.inventory.get(item.uid)).record.data.location == "B-2"


async def test_the_same_key_makes_one_item(shop: RunningServer) -> None:
    async with connected(shop) as client:
        product, key = await new_product(client), str(uuid4())
        fields = {"product": product.uid, "manual_sku": f"S-{key[:8]}"}
        first = await client.inventory.create(fields, key)
        again = await client.inventory.create(fields, key)
        assert first.record.data.uid == again.record.data.uid
        with pytest.raises(errors.Clash):
            await client.inventory.create({**fields, "location": "A-1"}, key)
        assert (await client.inventory.page(Query(Entity.ITEM, search=fields["manual_sku"]))).count == 1


async def test_an_item_of_no_product_is_refused(shop: RunningServer) -> None:
    async with connected(shop) as client:
        for fields in ({}, {"product": "nobody"}):
            with pytest.raises(errors.ValidationFailed) as caught:
                await client.inventory.create(fields)
            assert "product" in caught.value.fields


async def test_photos_from_upload_to_removal(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(client)
        pictures = [photo(), photo(kind="PNG"), photo(kind="WEBP")]
        told: list[tuple[int, int]] = []
        assets: list[Asset] = []
        for number, content in enumerate(pictures):
            assets.append(
                await client.inventory.add_asset(
                    item.uid,
                    content,
                    f"{number} ü.jpg",
                    "container",
                    str(uuid4()),
                    lambda sent, total: told.append((sent, total)),
                )
            )
        assert [asset.position for asset in assets] == [0, 1, 2]
        assert [asset.is_primary for asset in assets] == [True, False, False]
        assert {(asset.kind, asset.width, asset.height) for asset in assets} == {("container", 40, 30)}
        assert told[-1] == (len(pictures[-1]), len(pictures[-1]))

        again = await client.inventory.add_asset(item.uid, pictures[0], "copy.jpg")
        assert again.uid == assets[0].uid

        order = [assets[2].uid, assets[0].uid, assets[1].uid]
        await client.inventory.reorder_assets(item.uid, order)
        assert [asset.uid for asset in await client.inventory.list_assets(item.uid)] == order

        primary = await client.inventory.update_asset(
            item.uid, assets[1].uid, {"is_primary": True, "kind": "label"}
        )
        assert (primary.is_primary, primary.kind) == (True, "label")
        assert sum(asset.is_primary for asset in await client.inventory.list_assets(item.uid)) == 1

        assert primary.image is not None
        assert primary.thumbnail is not None
        assert (await client.fetch(primary.image)).content_type == "image/png"
        assert (await client.fetch(primary.thumbnail)).content

        await client.inventory.delete_asset(item.uid, assets[1].uid)
        with pytest.raises(errors.NotFound):
            await client.inventory.delete_asset(item.uid, assets[1].uid)
        left = (await client.inventory.get(item.uid)).record.data.assets
        assert [asset.uid for asset in left] == [assets[2].uid, assets[0].uid]
        assert left[0].is_primary or left[1].is_primary


async def test_a_photo_arrives_byte_for_byte(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item, content = await new_item(client), photo(300, 200)
        asset = await client.inventory.add_asset(item.uid, content, "a.jpg")
        assert (asset.sha256, asset.bytes) == (hashlib.sha256(content).hexdigest(), len(content))


async def test_what_is_no_photo_is_refused_at_the_photo(shop: RunningServer) -> None:
    async with connected(shop) as client:
        item = await new_item(client)
        for content in (b"Just a text.", b"", photo(kind="GIF"), photo()[:200]):
            with pytest.raises(errors.ValidationFailed) as caught:
                await client.inventory.add_asset(item.uid, content, "holiday.jpg")
            assert "image" in caught.value.fields
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.add_asset(item.uid, photo(), "a.jpg", "selfie")
        assert "kind" in caught.value.fields
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.reorder_assets(item.uid, ["nobody"])
        assert "order" in caught.value.fields
        with pytest.raises(errors.NotFound):
            await client.inventory.add_asset("nobody", photo(), "a.jpg")


async def test_a_shipment_moves_order_and_item_and_its_end_moves_them_back(shop: RunningServer) -> None:
    async with connected(shop) as client:
        order = await waiting_order(client)
        key, fields = (
            str(uuid4()),
            {"carrier": "royal_mail", "tracking_number": "RM 1 GB", "weight_grams": 450},
        )
        parcel = await client.orders.add_shipment(order.uid, fields, key)
        again = await client.orders.add_shipment(order.uid, fields, key)
        assert (parcel.uid, parcel.carrier) == (again.uid, "royal_mail")
        shipped = (await client.orders.get(order.uid)).record.data
        assert (shipped.status, shipped.shipment_carrier) == ("shipped", "royal_mail")
        assert shipped.shipment_tracking_number == "RM 1 GB"
        item_uid = order.inventory_item_listing.inventory_item.uid
        assert (await client.inventory.get(item_uid)).record.data.status == "shipped"

        changed = await client.orders.update_shipment(order.uid, parcel.uid, {"cost_usd": "4.20"})
        assert changed.cost_usd == Decimal("4.20")
        assert [one.uid for one in await client.orders.list_shipments(order.uid)] == [parcel.uid]

        await client.orders.delete_shipment(order.uid, parcel.uid)
        with pytest.raises(errors.NotFound):
            await client.orders.delete_shipment(order.uid, parcel.uid)
        back = (await client.orders.get(order.uid)).record.data
        assert (back.status, back.shipments, back.shipment_carrier) == ("awaiting_shipment", (), None)
        assert (await client.inventory.get(item_uid)).record.data.status == "sold"


async def test_a_shipment_needs_a_carrier_there_is(shop: RunningServer) -> None:
    async with connected(shop) as client:
        order = await waiting_order(client)
        for fields in ({}, {"carrier": "pigeon"}):
            with pytest.raises(errors.ValidationFailed) as caught:
                await client.orders.add_shipment(order.uid, fields)
            assert "carrier" in caught.value.fields


async def test_a_note_on_an_order(shop: RunningServer) -> None:
    async with connected(shop) as client:
        order = await waiting_order(client)
        seen = await client.orders.get(order.uid)
        noted = await client.orders.update(order.uid, {"buyer_note": "Gift wrap"}, seen.etag)
        assert noted.record.data.buyer_note == "Gift wrap"
        with pytest.raises(errors.Clash):
            await client.orders.update(order.uid, {"buyer_note": "No"}, seen.etag)


async def test_what_this_server_lacks_says_so(shop: RunningServer) -> None:
    async with connected(shop) as client:
        for lacking in (
            client.orders.create({}),
            client.orders.delete("o"),
        ):
            with pytest.raises(errors.NotOffered) as caught:
                await lacking
            assert "does not offer" in caught.value.message


async def test_a_base_address_that_leads_elsewhere_is_no_instica(shop: RunningServer) -> None:
    client = InsticaClient(f"{shop.base_url}/shop", shop.api_key)
    for call in (client.health.check(), client.account.me(), client.inventory.page(Query(Entity.ITEM))):
        with pytest.raises(errors.NotInstica) as caught:
            await call
        assert "check the address" in caught.value.message
    await client.aclose()
