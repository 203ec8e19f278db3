"""Products: making, changing, deleting; stored counts and bounds; pictures."""

from typing import Any

import pytest

from tests.server.shop import Shop, picture


def test_artist_and_label_are_found_by_folded_name_or_made(shop: Shop) -> None:
    first = shop.product(artist={"name": "Björk"}, label={"name": "One Little Indian"})
    second = shop.product(artist={"name": "BJORK"}, label=None)
    assert second["artist"] == first["artist"]
    assert second["label"] is None
    third = shop.product(artist={"uid": first["artist"]["uid"]})
    assert third["artist"] == first["artist"]


def test_all_writable_fields_come_back(shop: Shop) -> None:
    body = {
        "title": "Ágætis byrjun",
        "type": "digital",
        "catalog_number": "SM 1",
        "barcode": "5690538000321",
        "year": 1999,
        "format": "2×LP",
        "country": "IS",
        "genres": ["Rock", "Post Rock"],
        "tags": ["ambient"],
        "marketplace_description": "Second pressing.",
        "license_type": "none",
        "license_notes": "-",
        "discogs_release_id": 123,
        "uploadable_to_redbubble": True,
    }
    product = shop.product()
    changed = shop.patch(f"products/{product['uid']}/", body)
    assert {name: changed.json()[name] for name in body} == body
    assert changed.json() == shop.get(f"products/{product['uid']}/").json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", None),
        ("title", 5),
        ("type", "shellac"),
        ("artist", "Björk"),
        ("artist", {}),
        ("artist", {"uid": "nobody"}),
        ("artist", {"name": ""}),
        ("label", {"name": 5}),
        ("year", 1066),
        ("genres", {"a": 1}),
        ("discogs_release_id", 0),
        ("uploadable_to_redbubble", "perhaps"),
    ],
)
def test_a_bad_value_is_reported_at_its_field(shop: Shop, field: str, value: Any) -> None:
    assert list(shop.errors(shop.post("products/", {"title": "x", field: value}))) == [field]


def test_an_artist_of_another_organization_is_unknown(shop: Shop, other_shop: Shop) -> None:
    theirs = other_shop.product(artist={"name": "Nico"})["artist"]["uid"]
    assert list(shop.errors(shop.post("products/", {"title": "x", "artist": {"uid": theirs}}))) == ["artist"]


def test_counts_and_bounds_follow_the_items(shop: Shop) -> None:
    uid = shop.product()["uid"]
    shop.item(uid, status="received")
    listed = shop.item(uid, status="listed", price_item_usd="30")
    shop.item(uid, status="ready-to-sell", price_item_usd="10", price_shipping_usd="2")
    shop.item(uid, status="archived", price_item_usd="99")
    product = shop.get(f"products/{uid}/").json()
    assert product["total_inventory_count"] == 3
    assert product["listed_inventory_count"] == 1
    assert product["available_inventory_count"] == 2
    assert (product["price_min_usd"], product["price_max_usd"]) == ("12.00", "30.00")
    assert len(product["inventory_items"]) == 4
    shop.patch(f"inventory/{listed['uid']}/", {"status": "sold"})
    after = shop.get(f"products/{uid}/").json()
    assert (after["total_inventory_count"], after["listed_inventory_count"]) == (2, 0)
    assert after["price_max_usd"] == "12.00"
    assert after["updated"] > product["updated"]


def test_deleting_waits_for_the_items(shop: Shop) -> None:
    item = shop.item()
    uid = item["product"]["uid"]
    assert shop.delete(f"products/{uid}/").status_code == 409
    shop.delete(f"inventory/{item['uid']}/")
    assert shop.get(f"products/{uid}/").json()["total_inventory_count"] == 0
    assert shop.delete(f"products/{uid}/").status_code == 204
    assert shop.get(f"products/{uid}/").status_code == 404


def test_a_product_nests_its_newest_hundred_items(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Product

    uid = shop.product()["uid"]
    product = Product.objects.get(uid=uid)
    Item.objects.bulk_create(
        Item(organization=shop.organization, product=product, manual_sku=f"{n}") for n in range(103)
    )
    nested = shop.get(f"products/{uid}/").json()["inventory_items"]
    assert len(nested) == 100
    assert {row["manual_sku"] for row in nested}.isdisjoint({"0", "1", "2"})


def test_presences_tell_where_it_is_on_offer(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Listing

    record = shop.item(status="listed", price_item_usd="10")
    item = Item.objects.get(uid=record["uid"])
    Listing.objects.create(item=item, platform="ebay", status="listed", external_id="7")
    Listing.objects.create(item=item, platform="etsy", status="inactive")
    uid = record["product"]["uid"]
    (presence,) = shop.get(f"products/{uid}/presences/").json()
    assert presence["platform_name"] == "eBay"
    assert presence["external_id"] == "7"
    assert shop.get(f"products/{uid}/").json()["marketplace_presences"] == [presence]
    product = item.product
    Item.objects.bulk_create(Item(organization=shop.organization, product=product) for _ in range(101))
    assert shop.get(f"products/{uid}/presences/").json() == [presence]


def test_a_picture_replaces_the_one_before(shop: Shop) -> None:
    uid = shop.product()["uid"]
    assert shop.get(f"products/{uid}/").json()["product_image"] is None
    first = shop.upload(f"products/{uid}/image/", picture("PNG")).json()["product_image"]
    assert first.startswith("http://127.0.0.1:8000/media/uploads/")
    assert shop.client.get(first).status_code == 200
    second = shop.upload(f"products/{uid}/image/", picture("JPEG", shade=5)).json()["product_image"]
    assert shop.client.get(second)["Content-Type"] == "image/jpeg"
    assert shop.client.get(first).status_code == 404
    thumbnail = shop.get(f"products/{uid}/").json()["product_image_thumbnail"]
    assert shop.client.get(thumbnail)["Content-Type"] == "image/jpeg"
    assert shop.delete(f"products/{uid}/image/").status_code == 204
    assert shop.get(f"products/{uid}/").json()["product_image"] is None
    assert list(shop.errors(shop.upload(f"products/{uid}/image/", b"text"))) == ["image"]


def test_guards_and_scope_hold_for_products(shop: Shop, other_shop: Shop) -> None:
    uid = shop.product()["uid"]
    tag = shop.get(f"products/{uid}/")["ETag"]
    shop.item(uid)
    assert shop.patch(f"products/{uid}/", {"title": "x"}, HTTP_IF_MATCH=tag).status_code == 412
    assert other_shop.get(f"products/{uid}/").status_code == 404
    assert other_shop.patch(f"products/{uid}/", {"title": "x"}).status_code == 404
    assert other_shop.upload(f"products/{uid}/image/", picture()).status_code == 404
