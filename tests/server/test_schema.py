"""The OpenAPI schema describes what the server really sends."""

import json
import os
from typing import Any

import pytest

from tests.server.billing_pages import buy
from tests.server.fixture import ROOT
from tests.server.shop import Shop, picture

PUBLISHED = ROOT / "docs" / "openapi.json"


@pytest.fixture
def schema(shop: Shop) -> dict[str, Any]:
    return shop.client.get("/api/schema/").json()


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    for branch in ("oneOf", "anyOf", "allOf"):
        if branch in node:
            return next((found for part in node[branch] if (found := _resolved(schema, part))), {})
    return node


def _compare(schema: dict[str, Any], node: dict[str, Any], value: Any, path: str) -> None:
    node = _resolved(schema, node)
    if isinstance(value, dict) and "properties" in node:
        assert set(value) == set(node["properties"]), path
        for name, inner in value.items():
            _compare(schema, node["properties"][name], inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        _compare(schema, node["items"], value[0], f"{path}[]")
    elif isinstance(value, str):
        assert "string" in str(node.get("type")) or "enum" in node, path


@pytest.mark.parametrize("kind", ["inventory", "products", "orders"])
def test_records_have_exactly_the_fields_described(shop: Shop, schema: dict[str, Any], kind: str) -> None:
    order = shop.order(address=None, sale_price_cents=100)
    shop.upload(f"inventory/{order.listing.item.uid}/assets/", picture())
    shop.post(f"orders/{order.uid}/shipments/", {"carrier": "ups"})
    record = shop.get(f"{kind}/").json()["results"][0]
    answer = schema["paths"][f"/api/v1/{kind}/{{uid}}/"]["get"]["responses"]["200"]
    _compare(schema, answer["content"]["application/json"]["schema"], record, kind)


@pytest.mark.parametrize("kind", ["", "team/", "addresses/", "invites/"])
def test_the_organization_is_described_as_it_is(shop: Shop, schema: dict[str, Any], kind: str) -> None:
    root = f"organization/{shop.organization.uid}/"
    address = {"full_name": "A", "line1": "B", "city": "C", "country": "DE"}
    assert shop.post(f"{root}addresses/", address).status_code == 201
    assert shop.post(f"{root}invites/", {"email": "a@example.com", "role": "admin"}).status_code == 201
    answer = schema["paths"][f"/api/v1/organization/{{uid}}/{kind}"]["get"]["responses"]["200"]
    record = shop.get(f"{root}{kind}").json()
    _compare(schema, answer["content"]["application/json"]["schema"], record, kind)


@pytest.mark.parametrize("kind", ["plans", "status", "invoices", "payment-methods"])
def test_the_subscription_is_described_as_it_is(shop: Shop, schema: dict[str, Any], kind: str) -> None:
    buy(shop)
    answer = schema["paths"][f"/api/v1/subscriptions/{kind}/"]["get"]["responses"]["200"]
    record = shop.get(f"subscriptions/{kind}/").json()
    _compare(schema, answer["content"]["application/json"]["schema"], record, kind)


def test_every_parameter_is_described(schema: dict[str, Any]) -> None:
    names = {entry["name"] for entry in schema["paths"]["/api/v1/inventory/"]["get"]["parameters"]}
    assert names == {
        "search",
        "status",
        "product",
        "type",
        "platform",
        "tags",
        "condition_item",
        "location",
        "updated_after",
        "ordering",
        "page",
        "page_size",
    }


def test_generating_it_warns_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    from drf_spectacular.generators import SchemaGenerator

    SchemaGenerator().get_schema(request=None, public=True)
    assert capsys.readouterr().err == ""


def test_the_description_in_the_docs_is_the_true_one(schema: dict[str, Any]) -> None:
    """A change of the API shows in `docs/openapi.json`, which UPDATE_SCHEMA=1 writes anew."""
    page = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SCHEMA"):
        PUBLISHED.write_text(page, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == page
