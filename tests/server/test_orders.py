"""Orders and shipments: what shipping does to order and item."""

from typing import Any

import pytest

from tests.server.shop import Shop


def _item(shop: Shop, order: Any) -> dict[str, Any]:
    return shop.get(f"inventory/{order.listing.item.uid}/").json()


def test_an_order_shows_its_item_and_unknown_fees_as_null(shop: Shop) -> None:
    order = shop.order(sale_price_cents=2000, marketplace_fee_cents=180, shipping_cost_cents=450)
    record = shop.get(f"orders/{order.uid}/").json()
    assert record["sale_price"] == "20.00"
    assert record["platform_fee"] is None
    assert record["net_revenue"] is None
    assert record["platform_name"] == "Discogs"
    assert record["inventory_item_listing"]["price_usd"] == "20.00"
    assert record["inventory_item_listing"]["inventory_item"]["manual_sku"] == "IN-000001"
    assert record["shipment_tracking_number"] is None
    assert record["shipments"] == []


def test_an_order_is_found_by_all_that_its_row_shows(shop: Shop) -> None:
    order = shop.order()
    item = _item(shop, order)

    def found(typed: str) -> int:
        return shop.get("orders/", {"search": typed}).json()["count"]

    shop.patch(f"products/{item['product']['uid']}/", {"artist": {"name": "Tina Brooks"}, "title": "True"})
    assert found("tina brooks") == found("true tina") == found("IN-000001") == 1
    shop.patch(f"products/{item['product']['uid']}/", {"artist": {"name": "Grant Green"}})
    assert (found("tina brooks"), found("grant green")) == (0, 1)
    shop.patch(f"inventory/{item['uid']}/", {"manual_sku": "QQ-7"})
    assert (found("IN-000001"), found("qq7")) == (0, 1)


def test_net_is_what_is_left_once_all_is_known(shop: Shop) -> None:
    order = shop.order(
        sale_price_cents=2000, marketplace_fee_cents=180, platform_fee_cents=70, shipping_cost_cents=2000
    )
    assert shop.get(f"orders/{order.uid}/").json()["net_revenue"] == "-2.50"


def test_shipping_moves_order_and_item_and_undoing_moves_both_back(shop: Shop) -> None:
    order = shop.order()
    body = {"carrier": "dhl", "tracking_number": "JD0001", "weight_grams": 400, "cost_usd": "4.50"}
    made = shop.post(f"orders/{order.uid}/shipments/", body)
    assert made.status_code == 201
    assert made.json()["status"] == "label_created"
    record = shop.get(f"orders/{order.uid}/").json()
    assert record["status"] == "shipped"
    assert (record["shipment_carrier"], record["shipment_tracking_number"]) == ("dhl", "JD0001")
    assert record["shipments"] == [made.json()]
    assert _item(shop, order)["status"] == "shipped"
    assert shop.get("orders/", {"search": "jd00"}).json()["count"] == 1
    assert shop.delete(f"orders/{order.uid}/shipments/{made.json()['uid']}/").status_code == 204
    assert shop.get(f"orders/{order.uid}/").json()["status"] == "awaiting_shipment"
    assert _item(shop, order)["status"] == "sold"
    assert shop.get("orders/", {"search": "jd00"}).json()["count"] == 0


def test_only_the_last_parcel_moves_things_back(shop: Shop) -> None:
    order = shop.order()
    first = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}).json()
    second = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "usps"}).json()
    shop.delete(f"orders/{order.uid}/shipments/{second['uid']}/")
    assert shop.get(f"orders/{order.uid}/").json()["status"] == "shipped"
    assert _item(shop, order)["status"] == "shipped"
    shop.delete(f"orders/{order.uid}/shipments/{first['uid']}/")
    assert _item(shop, order)["status"] == "sold"


def test_what_the_server_moved_a_person_does_not_take_back(shop: Shop) -> None:
    order = shop.order()
    path = f"inventory/{order.listing.item.uid}/"
    assert list(shop.errors(shop.patch(path, {"status": "listed"}))) == ["status"]
    made = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}).json()
    assert list(shop.errors(shop.patch(path, {"status": "sold"}))) == ["status"]
    assert shop.patch(path, {"status": "returned"}).status_code == 200
    shop.delete(f"orders/{order.uid}/shipments/{made['uid']}/")
    assert _item(shop, order)["status"] == "returned"


def test_what_a_person_had_shipped_stays_so_when_the_parcel_goes(shop: Shop) -> None:
    order = shop.order()
    assert shop.patch(f"inventory/{order.listing.item.uid}/", {"status": "shipped"}).status_code == 200
    made = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}).json()
    assert shop.delete(f"orders/{order.uid}/shipments/{made['uid']}/").status_code == 204
    assert shop.get(f"orders/{order.uid}/").json()["status"] == "awaiting_shipment"
    assert _item(shop, order)["status"] == "shipped"


def test_an_order_moves_no_item_that_was_sold_again_since(shop: Shop) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Listing, Order
    from instica_desktop.server.operations.items import move_by_server

    first = shop.order()
    item = first.listing.item
    parcel = shop.post(f"orders/{first.uid}/shipments/", {"carrier": "ups"}).json()
    for status in ("returned", "received", "ready-to-sell", "listed"):
        assert shop.patch(f"inventory/{item.uid}/", {"status": status}).status_code == 200
    item.refresh_from_db()
    move_by_server(item, "sold", "sale")
    listing = Listing.objects.create(item=item, platform="ebay", status="sold", price_cents=2500)
    second = Order.objects.create(
        organization=shop.organization, listing=listing, platform="ebay", sold_at=timezone.now()
    )
    shop.post(f"orders/{first.uid}/shipments/", {"carrier": "ups"})  # another parcel of the former buyer
    assert _item(shop, first)["status"] == "sold"
    shop.post(f"orders/{second.uid}/shipments/", {"carrier": "dhl"})
    for one in shop.get(f"orders/{first.uid}/").json()["shipments"]:
        assert shop.delete(f"orders/{first.uid}/shipments/{one['uid']}/").status_code == 204
    assert parcel["carrier"] == "ups"
    assert _item(shop, first)["status"] == "shipped"


def test_a_parcel_is_changed_in_place(shop: Shop) -> None:
    order = shop.order()
    made = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}).json()
    path = f"orders/{order.uid}/shipments/{made['uid']}/"
    changed = shop.patch(path, {"tracking_number": "1Z999", "status": "in_transit"}).json()
    assert (changed["tracking_number"], changed["carrier"]) == ("1Z999", "ups")
    assert shop.get(path).json() == changed
    assert shop.get(f"orders/{order.uid}/").json()["shipment_status"] == "in_transit"
    assert shop.get(f"orders/{order.uid}/shipments/").json() == [changed]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("carrier", "pigeon"),
        ("carrier", None),
        ("tracking_number", 5),
        ("weight_grams", -5),
        ("cost_usd", "free"),
        ("shipped_at", "soon"),
        ("status", "lost"),
    ],
)
def test_a_bad_parcel_is_refused_at_its_field(shop: Shop, field: str, value: Any) -> None:
    order = shop.order()
    response = shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups", field: value})
    assert list(shop.errors(response)) == [field]
    assert shop.get(f"orders/{order.uid}/").json()["status"] == "awaiting_shipment"


def test_a_cancelled_order_is_not_shipped(shop: Shop) -> None:
    order = shop.order(status="cancelled")
    assert shop.errors(shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}))


def test_only_the_note_is_writable(shop: Shop) -> None:
    order = shop.order()
    tag = shop.get(f"orders/{order.uid}/")["ETag"]
    changed = shop.patch(
        f"orders/{order.uid}/", {"buyer_note": "Ring twice", "status": "completed"}, HTTP_IF_MATCH=tag
    )
    assert (changed.json()["buyer_note"], changed.json()["status"]) == ("Ring twice", "awaiting_shipment")
    assert shop.patch(f"orders/{order.uid}/", {}, HTTP_IF_MATCH=tag).status_code == 412
    assert shop.post("orders/", {}).status_code == 405


def test_a_repeated_shipment_is_made_once(shop: Shop) -> None:
    order = shop.order()
    path = f"orders/{order.uid}/shipments/"
    first = shop.post(path, {"carrier": "ups"}, HTTP_IDEMPOTENCY_KEY="s")
    assert shop.post(path, {"carrier": "ups"}, HTTP_IDEMPOTENCY_KEY="s").json() == first.json()
    assert len(shop.get(path).json()) == 1


def test_orders_of_others_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    order = other_shop.order()
    assert shop.get(f"orders/{order.uid}/").status_code == 404
    assert shop.patch(f"orders/{order.uid}/", {"buyer_note": "x"}).status_code == 404
    assert shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"}).status_code == 404
    assert shop.get("orders/").json()["count"] == 0


def test_orders_are_filtered_and_ordered(shop: Shop) -> None:
    shop.order(order_id="1", sale_price_cents=500)
    shop.order(order_id="2", sale_price_cents=None, platform="ebay", status="refunded")
    shop.order(order_id="3", sale_price_cents=900, buyer_name="Åsa Öberg")

    def ids(**query: str) -> list[str]:
        return [row["order_id"] for row in shop.get("orders/", query).json()["results"]]

    assert ids() == ["3", "2", "1"]
    assert ids(ordering="sale_price") == ["1", "3", "2"]
    assert ids(ordering="-sale_price") == ["3", "1", "2"]
    assert ids(platform="ebay") == ["2"]
    assert ids(status="refunded,awaiting_shipment", ordering="created") == ["1", "2", "3"]
    assert ids(search="asa obe") == ["3"]
    assert ids(search="kind of") == ["3", "2", "1"]
    assert list(shop.errors(shop.get("orders/", {"status": "nonsense"}))) == ["status"]
    assert list(shop.errors(shop.get("orders/", {"platform": "myspace"}))) == ["platform"]
    assert list(shop.errors(shop.get("orders/", {"ordering": "buyer_name"}))) == ["ordering"]
