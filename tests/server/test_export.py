"""CSV export: the list's own query, streamed, and read back to the same records."""

import csv
import io
import tracemalloc
from typing import Any

import pytest

from tests.server.imports import counts, imported, items
from tests.server.shop import Shop


def exported(shop: Shop, **query: Any) -> str:
    response = shop.get("inventory/export/", query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(response.streaming_content).decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def fill(shop: Shop) -> None:
    """Make items with everything that could get lost on the way."""
    odd = shop.product(
        title='=Best "Of", Vol. 2',
        artist={"name": "Björk (2)"},
        label={"name": "One Little Indian"},
        catalog_number="none",
        barcode="0602445563463",
        year=1993,
        genres=["electronic, pop", "art"],
        discogs_release_id=4711,
    )["uid"]
    shop.item(
        odd,
        condition_item="vg_plus",
        condition_container="no_cover",
        status="received",
        price_item_usd="1234.50",
        price_shipping_usd="0.00",
        cost_usd="3.20",
        expected_sale_price_usd="1300.00",
        manual_sku="007",
        manual_description='Line one\r\nline two\n\n"quoted" 12\'',
        condition_notes="+ clean\ttabbed; 🎷 坂本",
        location="-A-01",
        barcode="0001234",
        tags=["a, b", '7"', "@c"],
        weight_grams=290,
        acquired_at="2025-03-04T05:06:07.891Z",
    )
    shop.item(odd)
    shop.item(
        shop.product(title="None")["uid"], name="NaN", status="sold", price_item_usd="5", location="None"
    )


def same(item: dict[str, Any]) -> dict[str, Any]:
    """Return what a copy of an item shares with it."""
    own = ("uid", "created", "updated", "organization", "product", "days_in_inventory")
    product = {name: value for name, value in item["product"].items() if name != "uid"}
    for named in ("artist", "label"):
        product[named] = product[named] and product[named]["name"]
    return {name: value for name, value in item.items() if name not in own} | {"product": product}


def test_it_reads_back_as_it_is(shop: Shop) -> None:
    fill(shop)
    before, text = items(shop), exported(shop)
    assert counts(imported(shop, text, mode="upsert")) == ("succeeded", 3, 0, 0, 3)
    assert counts(imported(shop, text, mode="create")) == ("succeeded", 3, 0, 0, 3)
    assert items(shop) == before


def test_it_reads_back_what_was_changed_meanwhile(shop: Shop) -> None:
    fill(shop)
    before, text = items(shop), exported(shop)
    for item in before:
        shop.patch(f"inventory/{item['uid']}/", {"location": "elsewhere", "price_item_usd": "9.99"})
    assert counts(imported(shop, text, mode="update"))[:2] == ("succeeded", 3)
    now = items(shop)
    assert [item["price_item_usd"] for item in now][::2] == [item["price_item_usd"] for item in before][::2]
    assert now[0]["location"] == before[0]["location"]


def test_another_shop_gets_the_same_records(shop: Shop, other_shop: Shop) -> None:
    fill(shop)
    text = exported(shop, ordering="created")
    assert counts(imported(other_shop, text)) == ("succeeded", 3, 3, 0, 0)
    copies = items(other_shop)
    assert [same(item) for item in copies] == [same(item) for item in items(shop)]
    assert copies[0]["product"]["uid"] == copies[1]["product"]["uid"]
    again = exported(other_shop, ordering="created")
    unique = ("uid", "product", "created", "updated")
    for first, second in zip(rows(text), rows(again), strict=True):
        assert {k: v for k, v in first.items() if k not in unique} == {
            k: v for k, v in second.items() if k not in unique
        }


def test_the_query_is_that_of_the_list(shop: Shop) -> None:
    for number in range(5):
        shop.item(manual_sku=f"S{number}", location="A" if number % 2 else "B")
    query = {"location": "B", "ordering": "-manual_sku"}
    assert [row["manual_sku"] for row in rows(exported(shop, **query))] == ["S4", "S2", "S0"]
    assert rows(exported(shop, search="nothing like it")) == []
    assert list(shop.errors(shop.get("inventory/export/", {"status": "gone"}))) == ["status"]
    assert list(shop.errors(shop.get("inventory/export/", {"ordering": "colour"}))) == ["ordering"]


def test_only_the_own_items(shop: Shop, other_shop: Shop) -> None:
    other_shop.item()
    assert rows(exported(shop)) == []


def test_an_item_deleted_meanwhile_is_left_out(shop: Shop) -> None:
    uids = [shop.item()["uid"] for _ in range(3)]
    response = shop.get("inventory/export/", {"ordering": "created"})
    shop.delete(f"inventory/{uids[1]}/")
    text = b"".join(response.streaming_content).decode()
    assert [row["uid"] for row in rows(text)] == [uids[0], uids[2]]


@pytest.mark.timeout(120)
def test_memory_stays_flat(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Product

    product = Product.objects.get(uid=shop.product()["uid"])
    Item.objects.bulk_create(
        [
            Item(organization=shop.organization, product=product, manual_description="x" * 5000)
            for _ in range(3000)
        ],
        batch_size=500,
    )
    tracemalloc.start()
    try:
        response = shop.get("inventory/export/")
        size = sum(len(chunk) for chunk in response.streaming_content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 15_000_000
    assert peak < 5_000_000
