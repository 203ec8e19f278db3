"""CSV import of Shopify's products: several rows for one product, variants, pictures."""

from typing import Any

import pytest

from tests.server.imports import counts, imported, items, results, rows_of
from tests.server.shop import Shop

MAPPING = {
    "handle": "Handle",
    "product_title": "Title",
    "label": "Vendor",
    "format": "Type",
    "tags": "Tags",
    "manual_sku": "Variant SKU",
    "weight_grams": "Variant Grams",
    "quantity": "Variant Inventory Qty",
    "price_item_usd": "Variant Price",
    "status": "Status",
}
HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Status\r\n"
)
BLUE = (
    'blue-signal,Blue Signal,<p>LP</p>,Mill,LP,"jazz, rare",true,Title,Default Title,BS-1,9000.0,3,24.00,'
    "https://example.com/1.jpg,active\r\n"
    "blue-signal,,,,,,,,,,,,,https://example.com/2.jpg,\r\n"
    "blue-signal,,,,,,,,,,,,,https://example.com/3.jpg,\r\n"
)
RED = (
    'red-line,Red Line,<p>7"</p>,Mill,"7""",,true,Grade,VG,RL-VG,120.0,1,6.00,https://example.com/4.jpg,unlisted\r\n'
    "red-line,,,,,,,,NM,RL-NM,120.0,1,9.00,,\r\n"
)


def shopify(shop: Shop, text: str, **fields: Any) -> dict[str, Any]:
    return imported(shop, HEADER + text, MAPPING, **fields)


def test_rows_of_one_handle_are_one_product(shop: Shop) -> None:
    job = shopify(shop, BLUE + RED)
    assert counts(job) == ("succeeded", 5, 3, 0, 2), job["errors"]
    assert results(shop, job) == ["new", "excluded", "excluded", "new", "new"]
    found = {item["manual_sku"]: item for item in items(shop)}
    assert list(found) == ["BS-1", "BS-1-2", "BS-1-3", "RL-VG", "RL-NM"]
    assert {item["product"]["title"] for item in found.values()} == {"Blue Signal", "Red Line"}
    assert shop.get("products/").json()["count"] == 2
    blue, grade = found["BS-1"], found["RL-NM"]
    assert (blue["weight_grams"], blue["price_item_usd"], blue["tags"]) == (9000, "24.00", ["jazz", "rare"])
    assert (grade["product"]["label"]["name"], grade["product"]["format"]) == ("Mill", '7"')
    assert (grade["condition_item"], grade["price_item_usd"]) == ("nm", "9.00")
    assert found["RL-VG"]["condition_item"] == "vg"


def test_what_is_active_there_is_on_offer_there(shop: Shop) -> None:
    shopify(shop, BLUE + RED)
    for item in items(shop):
        assert item["status"] == "listed"
        (listing,) = item["listings"]
        assert (listing["platform"], listing["status"]) == ("shopify", "listed")
        assert listing["listed_at"] is not None
        assert len(listing["items"]) == (3 if item["manual_sku"].startswith("BS-1") else 1)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("draft", "draft"), ("archived", "archived"), ("unlisted", "listed"), ("Active", "listed")],
)
def test_its_statuses_are_understood(shop: Shop, status: str, expected: str) -> None:
    job = shopify(shop, RED.replace("unlisted", status))
    assert job["errors"] == []
    assert {item["status"] for item in items(shop)} == {expected}
    wanted = {"draft": ["draft"] * 2, "archived": [], "listed": ["listed"] * 2}[expected]
    assert [listing["status"] for item in items(shop) for listing in item["listings"]] == wanted


@pytest.mark.parametrize("mode", ["create", "upsert"])
def test_the_same_file_twice_changes_nothing(shop: Shop, mode: str) -> None:
    shopify(shop, BLUE + RED)
    before = items(shop)
    job = shopify(shop, BLUE + RED, mode=mode)
    assert results(shop, job) == ["same", "excluded", "excluded", "same", "same"]
    assert items(shop) == before


def test_a_variant_far_from_the_first_row_of_its_product_knows_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", 2)
    variants = [f"red-line,,,,,,,,Side {number},RL-{number},120.0,1,9.00,,\r\n" for number in range(7)]
    job = shopify(shop, RED + "".join(variants))
    assert counts(job) == ("succeeded", 9, 9, 0, 0), job["errors"]
    assert shop.get("products/").json()["count"] == 1
    assert len({row["row"] for row in rows_of(shop, job)}) == 9


def refused(job: dict[str, Any]) -> list[int]:
    return [error["row"] for error in job["errors"]]


OWN_TITLE = 'red-line,Red Line Live,,Mill,7",,true,Grade,VG,RL-LIVE,120.0,1,7.00,,active\r\n'
SAME_OPTION = "red-line,,,,,,,,NM,RL-NM-B,120.0,1,8.00,,\r\n"


@pytest.mark.parametrize("piece", [2, 200])
@pytest.mark.parametrize("mode", ["create", "upsert"])
@pytest.mark.parametrize("other", [OWN_TITLE, SAME_OPTION])
def test_a_second_row_of_one_handle_and_option_is_refused_by_its_line(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, piece: int, mode: str, other: str
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", piece)
    job = shopify(shop, BLUE + RED + other, mode=mode)
    assert (results(shop, job)[-1], refused(job)) == ("error", [7]), job["errors"]
    first = 5 if other is OWN_TITLE else 6
    assert f"Row {first} " in job["errors"][0]["message"]
    assert [item["manual_sku"] for item in items(shop)][-2:] == ["RL-VG", "RL-NM"]
    before = items(shop)
    again = shopify(shop, BLUE + RED + other, mode=mode)
    assert (again["created"], again["updated"], refused(again)) == (0, 0, [7])
    assert items(shop) == before
    alone = shopify(shop, BLUE + RED + other, mode=mode, exclude=f"[{first}]")
    assert refused(alone) == []  # whoever keeps the second one leaves the first one out


def test_the_very_same_row_twice_is_the_same(shop: Shop) -> None:
    twice = RED.splitlines(keepends=True)[0]
    job = shopify(shop, RED + twice.replace("4.jpg", "5.jpg"))
    assert (results(shop, job), job["errors"]) == (["new", "new", "same"], [])


def test_a_correction_can_make_a_row_one_of_its_own_or_not(shop: Shop) -> None:
    other = OWN_TITLE.replace("red-line", "red-live")
    assert refused(shopify(shop, RED + other, fixes='{"4": {"handle": "red-line"}}')) == [4]
    assert refused(shopify(shop, RED + OWN_TITLE, fixes='{"4": {"handle": "red-live"}}')) == []


def test_handles_too_long_for_a_key_are_told_apart(shop: Shop) -> None:
    rows = "".join(
        RED.splitlines(keepends=True)[0].replace("red-line", "red-" * 30 + end).replace("RL-VG", end)
        for end in ("one", "two")
    )
    assert shopify(shop, rows)["created"] == 2
    assert shopify(shop, rows)["skipped"] == 2
