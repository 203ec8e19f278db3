"""A SKU is of one copy: no import makes a second one with it, and who says otherwise is told by the row."""

from typing import Any

import pytest

from tests.server.imports import imported, items, results, rows_of, table
from tests.server.shop import Shop

STOCK = "sku,title,artist,price\nAP-1,Aja,Steely Dan,12.50\nAP-2,Blue Train,John Coltrane,20\n"


def told(shop: Shop, job: dict[str, Any], row: int = 2) -> dict[str, str]:
    """Return what is said of a row, by the field in the API."""
    (found,) = (one for one in rows_of(shop, job) if one["row"] == row)
    return {error["field"]: error["message"] for error in found["errors"]}


@pytest.mark.parametrize("piece", [1, 200])
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_same_file_twice_doubles_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, piece: int, dry_run: str
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", piece)
    assert imported(shop, STOCK)["created"] == 2
    job = imported(shop, STOCK, dry_run=dry_run)
    assert (results(shop, job), job["created"], job["skipped"], job["excluded"]) == (["same"] * 2, 0, 2, 0)
    assert rows_of(shop, job)[0]["item"] == items(shop)[0]["uid"]
    assert imported(shop, STOCK, mode="upsert")["skipped"] == 2
    assert len(items(shop)) == 2


def test_a_copy_that_is_there_with_other_values_is_left_and_told(shop: Shop) -> None:
    imported(shop, STOCK)
    shop.patch(f"inventory/{items(shop)[0]['uid']}/", {"price_item_usd": "24.50", "location": "B"})
    job = imported(shop, STOCK)
    assert (results(shop, job), job["skipped"], job["excluded"]) == (["excluded", "same"], 2, 1)
    assert told(shop, job) == {
        "price_item_usd": "24.50 here; an import that only creates leaves it so. "
        "Use the mode `upsert` to change it."
    }
    assert items(shop)[0]["price_item_usd"] == "24.50"


def test_a_sku_of_another_record_is_refused(shop: Shop) -> None:
    imported(shop, STOCK)
    job = imported(shop, "sku,title,artist\nAP-1,Giant Steps,John Coltrane\n")
    assert results(shop, job) == ["error"]
    assert "Aja" in told(shop, job)["manual_sku"]
    assert len(items(shop)) == 2


@pytest.mark.parametrize("match", ["listing_id", "barcode", "release"])
@pytest.mark.parametrize("mode", ["create", "upsert"])
def test_whatever_finds_copies_again_a_sku_is_not_given_twice(shop: Shop, match: str, mode: str) -> None:
    imported(shop, STOCK)
    job = imported(shop, STOCK, match=match, mode=mode)
    if mode == "create":
        assert results(shop, job) == ["error"] * 2
        assert "Aja" in told(shop, job)["manual_sku"]
    assert len(items(shop)) == 2


def test_a_cell_that_cannot_be_read_is_told_of_a_copy_that_is_there(shop: Shop) -> None:
    imported(shop, STOCK)
    job = imported(shop, STOCK.replace("20", "2O"))
    assert results(shop, job) == ["same", "error"]


@pytest.mark.parametrize("mode", ["create", "upsert"])
@pytest.mark.parametrize("piece", [1, 200])
@pytest.mark.parametrize(
    "second", ["AP-1,Blue Train,John Coltrane,20", "AP-1,Aja,Steely Dan,30", " AP-1 ,Aja,,12.50"]
)
def test_one_sku_for_two_rows_is_refused_by_its_line(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, mode: str, piece: int, second: str
) -> None:
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", piece)
    job = imported(shop, STOCK + second + "\n", mode=mode)
    assert results(shop, job) == ["new", "new", "error"]
    assert job["errors"][0]["row"] == 4
    assert "Row 2 of this file has the same SKU" in job["errors"][0]["message"]


def test_offers_with_one_sku_are_not_one_copy(shop: Shop) -> None:
    row = {
        "listing_id": "1",
        "title": "Aja",
        "sku": "K",
        "release_id": "9",
        "status": "For Sale",
        "price": "5",
    }
    other = row | {"listing_id": "2", "title": "Gaucho", "release_id": "10"}
    job = imported(shop, table(row, other), mode="upsert")
    assert results(shop, job) == ["new", "error"]


@pytest.mark.parametrize("nothing", ["-", "n/a", "none", ""])
def test_who_has_no_sku_is_not_the_same(shop: Shop, nothing: str) -> None:
    job = imported(shop, f"sku,title\n{nothing},Aja\n{nothing},Gaucho\n")
    assert (job["created"], [item["manual_sku"] for item in items(shop)]) == (2, ["", ""])


def test_a_row_that_is_left_out_holds_no_sku(shop: Shop) -> None:
    job = imported(shop, STOCK + "AP-1,Giant Steps,John Coltrane,20\n", exclude="[2]")
    assert results(shop, job) == ["excluded", "new", "new"]


def test_copies_that_have_one_sku_are_named_with_what_mends_them(shop: Shop) -> None:
    found = [shop.item(manual_sku="AP-1", condition_item=grade) for grade in ("vg", "nm")]
    for mode in ("create", "update", "upsert"):
        job = imported(shop, STOCK, mode=mode)
        message = told(shop, job)["manual_sku"]
        assert all(item["uid"] in message and item["title"] in message for item in found)
        assert "SKU of its own" in message


def test_an_export_with_doubles_comes_whole_into_another_shop(shop: Shop, other_shop: Shop) -> None:
    for grade in ("vg", "nm", "nm"):
        shop.item(manual_sku="AP-1", condition_item=grade)
    text = b"".join(shop.get("inventory/export/").streaming_content).decode()
    for mode, made in (("create", 3), ("create", 0), ("upsert", 0)):
        job = imported(other_shop, text, mode=mode)
        assert (job["created"], job["errors"]) == (made, [])
    assert [item["condition_item"] for item in items(other_shop)].count("nm") == 2


@pytest.mark.parametrize("mode", ["create", "upsert"])
@pytest.mark.parametrize("other", [None, "K-2", "K-3"])
def test_copies_of_one_sku_are_counted_whatever_their_numbers(
    shop: Shop, mode: str, other: str | None
) -> None:
    shop.item(manual_sku=other or "")
    row = {"title": "Aja", "sku": "K", "quantity": "3"}
    for _ in range(3):
        imported(shop, table(row), mode=mode)
        assert len(items(shop)) == 4
    imported(shop, table(row | {"quantity": "4"}), mode=mode)
    assert len(items(shop)) == 5


@pytest.mark.parametrize("mode", ["create", "upsert"])
def test_the_number_of_copies_counts_those_sold_since(shop: Shop, mode: str) -> None:
    row = {
        "listing_id": "1",
        "title": "Aja",
        "release_id": "9",
        "status": "For Sale",
        "price": "5",
        "quantity": "5",
    }
    imported(shop, table(row), mode=mode)
    _sell(shop, 2)
    assert imported(shop, table(row), mode=mode)["skipped"] == 1
    assert _unsold(shop) == 3
    imported(shop, table(row | {"quantity": "6"}), mode=mode)
    assert _unsold(shop) == 4
    for _ in range(2):
        assert imported(shop, table(row | {"quantity": "4"}), mode=mode)["errors"] == []
        assert _unsold(shop) == 4
    job = imported(shop, table(row | {"quantity": "5"}), mode=mode)
    assert (_unsold(shop), _of_quantity(shop, job)) == (5, [])
    job = imported(shop, table(row | {"quantity": "2"}), mode=mode)
    assert (_unsold(shop), len(_of_quantity(shop, job))) == (5, 1)
    imported(shop, table(row | {"quantity": "5"}), mode=mode)
    assert _unsold(shop) == 5


def _sell(shop: Shop, count: int) -> None:
    from instica_desktop.server.models import Item

    for item in items(shop)[:count]:
        Item.objects.filter(uid=item["uid"]).update(status="sold")


def _unsold(shop: Shop) -> int:
    return sum(item["status"] != "sold" for item in items(shop))


def _of_quantity(shop: Shop, job: dict[str, Any]) -> list[str]:
    return [error["message"] for row in rows_of(shop, job) for error in row["errors"]]
