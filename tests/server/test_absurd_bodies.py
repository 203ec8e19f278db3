"""Bodies nobody can mean: refused at the field they are in, never a fault of the server's."""

from typing import Any

import pytest

from tests.server.shop import Shop

DEPTHS = (65, 950, 100_000)
SPOILT = (
    "1e30",
    "-1e30",
    "1e999999",
    "12345678901234567890",
    "1" + "0" * 4_000,
    "1" + "0" * 6_000,
    r'"\ud800"',
    r'"a\udc00b"',
    r'["\ud800"]',
    r'{"\ud800": 1}',
    *("[" * depth + "]" * depth for depth in DEPTHS),
    *('{"a":' * depth + "1" + "}" * depth for depth in DEPTHS),
)
"""JSON that is of no field's type."""
ITEM = (
    *("condition_item", "condition_container", "status", "price_item_usd", "price_shipping_usd", "cost_usd"),
    *(
        "expected_sale_price_usd",
        "manual_sku",
        "manual_description",
        "condition_notes",
        "location",
        "barcode",
    ),
    *("tags", "weight_grams", "acquired_at", "listed_at", "sold_at", "name"),
)
PRODUCT = (
    *("title", "type", "artist", "label", "catalog_number", "barcode", "year", "format", "country", "genres"),
    *("tags", "marketplace_description", "license_type", "license_notes", "discogs_release_id"),
)


def _send(shop: Shop, method: str, path: str, body: str) -> Any:
    return getattr(shop.client, method)(f"/api/v1/{path}", body, "application/json")


@pytest.mark.parametrize("value", SPOILT, ids=lambda value: f"{value[:12]} ({len(value)})")
def test_no_value_of_an_item_or_a_product_makes_the_server_fail(shop: Shop, value: str) -> None:
    item = shop.item()
    unread = value.startswith(("[" * 64, '{"a":' * 64)) or "0" * 4_300 in value  # the whole body is refused
    for path, fields in (
        (f"inventory/{item['uid']}/", ITEM),
        (f"products/{item['product']['uid']}/", PRODUCT),
    ):
        body = ", ".join(f'"{field}": {value}' for field in (fields[:1] if unread else fields))
        response = _send(shop, "patch", path, f"{{{body}}}")
        assert response.status_code == 400, (value[:40], response.status_code, response.content[:400])
        assert unread or set(fields) == set(shop.errors(response))
    assert shop.get(f"inventory/{item['uid']}/").json() == item


@pytest.mark.parametrize("value", SPOILT, ids=lambda value: f"{value[:12]} ({len(value)})")
def test_no_value_makes_any_other_endpoint_fail(shop: Shop, value: str) -> None:
    item, order = shop.item(status="ready-to-sell", price_item_usd="9.00"), shop.order()
    bodies = [
        ("post", "inventory/", f'{{"product": "{item["product"]["uid"]}", "price_item_usd": {value}}}'),
        ("post", f"inventory/{item['uid']}/listings/", f'{{"platform": "ebay", "price_usd": {value}}}'),
        ("post", f"inventory/{item['uid']}/listings/", f'{{"platform": {value}}}'),
        ("post", f"orders/{order.uid}/shipments/", f'{{"carrier": "ups", "weight_grams": {value}}}'),
        ("post", f"orders/{order.uid}/shipments/", f'{{"carrier": "ups", "cost_usd": {value}}}'),
        ("post", f"orders/{order.uid}/shipments/", f'{{"carrier": {value}}}'),
        ("patch", f"orders/{order.uid}/", f'{{"buyer_note": {value}}}'),
        ("patch", "user/me/", f'{{"preferences": {{"items_per_page": {value}}}}}'),
        ("post", "inventory/bulk/", f'{{"uids": {value}, "action": "update"}}'),
        ("post", "inventory/bulk/", f'{{"uids": ["{item["uid"]}"], "action": {value}}}'),
        ("post", "inventory/bulk/", f'{{"uids": ["{item["uid"]}"], "action": "update", "fields": {value}}}'),
        ("post", "inventory/", value),
        ("patch", f"inventory/{item['uid']}/", f"{{{value}: 1}}" if value.startswith('"') else value),
    ]
    for method, path, body in bodies:
        response = _send(shop, method, path, body)
        assert response.status_code < 500, (path, body[:80], response.status_code)
        assert response.json() is not None
    assert shop.get(f"inventory/{item['uid']}/").json() | {"updated": item["updated"]} == item


def test_no_depth_makes_the_server_fail(shop: Shop) -> None:
    """Where Python can just read a value, it cannot show it any more: which depth that is nobody knows."""
    item = shop.item()
    deep = {"status": ('{"a":', "1", "}"), "condition_item": ('{"a":', "1", "}"), "tags": ("[", "", "]")}
    for depth in range(850, 1000, 7):
        for field, (opens, inner, closes) in deep.items():
            body = f'{{"{field}": {opens * depth}{inner}{closes * depth}}}'
            response = _send(shop, "patch", f"inventory/{item['uid']}/", body)
            assert response.status_code == 400, (field, depth)


def test_json_of_some_depth_is_read(shop: Shop) -> None:
    made = _send(shop, "post", "products/", '{"title": "Deep", "tags": ' + "[" * 60 + "]" * 60 + "}")
    assert "tags" in shop.errors(made)
