"""CSV import: offers of marketplaces as keys of their copies, and rows that stand for several copies."""

from typing import Any

import pytest

from tests.server.imports import counts, imported, items, results, rows_of, table
from tests.server.shop import Shop
from tests.server.test_listings import connect

SALE = {
    "listing_id": "900001",
    "artist": "Bad Company (3)",
    "title": 'Night "Live"',
    "label": "Mill Records (2)",
    "catno": "MR 1, MR 2",
    "format": "LP, Album",
    "release_id": "700001",
    "status": "For Sale",
    "price": "24.5",
    "listed": "2023-02-01 09:10:11",
    "media_condition": "Near Mint (NM or M-)",
    "external_id": "",
    "quantity": "1",
}
DRAFT = {
    **SALE,
    "listing_id": "900003",
    "title": "†",
    "artist": "?",
    "release_id": "700003",
    "status": "Draft",
}
SOLD = {**SALE, "listing_id": "900004", "title": "06:21:03:11", "release_id": "700004", "status": "Sold"}
EXPIRED = {**SALE, "listing_id": "900005", "status": "Expired"}


def discogs(shop: Shop, *rows: dict[str, str], **fields: Any) -> dict[str, Any]:
    return imported(shop, table(*rows), **fields)


def stock(shop: Shop) -> list[dict[str, Any]]:
    """Return the items without what an unchanged record may still differ in."""
    return [{**item, "days_in_inventory": 0} for item in items(shop)]


def test_a_row_for_sale_is_a_listed_item_with_its_offer(shop: Shop) -> None:
    job = discogs(shop, SALE)
    assert counts(job) == ("succeeded", 1, 1, 0, 0), job["errors"]
    (item,) = items(shop)
    (listing,) = item["listings"]
    assert (item["status"], item["listed_at"]) == ("listed", "2023-02-01T09:10:11Z")
    assert (listing["platform"], listing["status"], listing["external_id"]) == ("discogs", "listed", "900001")
    assert listing["url"] == "https://www.discogs.com/sell/item/900001"
    assert (listing["price_usd"], listing["listed_at"]) == ("24.50", "2023-02-01T09:10:11Z")
    assert listing["title"] == 'Bad Company - Night "Live" - NM'
    assert item["product"]["artist"]["name"] == "Bad Company"
    assert item["product"]["label"]["name"] == "Mill Records"
    assert shop.get("inventory/", {"platform": "discogs"}).json()["count"] == 1


def test_what_is_on_offer_there_is_not_offered_again(shop: Shop) -> None:
    from instica_desktop.server.models import SimulatedOffer

    connect(shop, "discogs")
    discogs(shop, SALE)
    (item,) = items(shop)
    response = shop.post(f"inventory/{item['uid']}/listings/", {"platform": "discogs"})
    assert "900001" in shop.errors(response)["platform"][0]
    assert not SimulatedOffer.objects.filter(
        organization=shop.organization
    ).exists()  # nothing was sent there
    listing = item["listings"][0]["uid"]
    assert shop.post(f"inventory/{item['uid']}/listings/{listing}/delist/").json()["status"] == "inactive"
    assert items(shop)[0]["status"] == "ready-to-sell"


def test_a_draft_is_a_draft_listing_that_keeps_its_number(shop: Shop) -> None:
    discogs(shop, DRAFT)
    (item,) = items(shop)
    (listing,) = item["listings"]
    assert (item["status"], listing["status"], listing["external_id"]) == ("draft", "draft", "900003")
    assert listing["listed_at"] is None
    connect(shop, "discogs")
    for status in ("received", "ready-to-sell"):
        shop.patch(f"inventory/{item['uid']}/", {"status": status})
    response = shop.post(f"inventory/{item['uid']}/listings/", {"platform": "discogs"})
    assert response.status_code == 201, response.content
    assert (response.json()["uid"], response.json()["external_id"]) == (listing["uid"], "900003")
    assert response.json()["status"] == "listed"


def test_an_expired_offer_is_an_item_without_one(shop: Shop) -> None:
    discogs(shop, EXPIRED)
    (item,) = items(shop)
    assert (item["status"], item["listings"]) == ("ready-to-sell", [])


@pytest.mark.parametrize("status", ["Sold", "Violation", "Suspended", "Deleted"])
def test_what_is_no_stock_is_skipped_and_counted_with_a_reason(shop: Shop, status: str) -> None:
    job = discogs(shop, SALE, {**SOLD, "status": status})
    assert counts(job) == ("succeeded", 2, 1, 0, 1), job["errors"]
    assert job["error_count"] == 0
    assert job["excluded"] == 1
    (row,) = rows_of(shop, job, "excluded")
    (error,) = row["errors"]
    assert (row["row"], row["item"], error["field"], error["column"]) == (3, None, "status", "status")
    assert status in error["message"]


@pytest.mark.parametrize("mode", ["create", "upsert"])
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_same_file_twice_changes_nothing(shop: Shop, mode: str, dry_run: str) -> None:
    rows = (SALE, {**SALE, "listing_id": "900002", "quantity": "3", "external_id": "K"}, DRAFT, SOLD, EXPIRED)
    discogs(shop, *rows)
    before = stock(shop)
    job = discogs(shop, *rows, mode=mode, dry_run=dry_run)
    assert counts(job) == ("succeeded", 5, 0, 0, 5), job["errors"]
    assert results(shop, job) == ["same", "same", "same", "excluded", "same"]
    assert stock(shop) == before
    assert len(before) == 6


def test_a_number_is_a_key_of_one_shop(shop: Shop, other_shop: Shop) -> None:
    discogs(shop, SALE)
    assert counts(discogs(other_shop, SALE)) == ("succeeded", 1, 1, 0, 0)


def test_a_number_comes_once_in_a_file_too(shop: Shop) -> None:
    job = discogs(shop, SALE, SALE)
    assert results(shop, job) == ["new", "same"]


@pytest.mark.parametrize("other", [{"price": "30.00"}, {"title": "Night"}, {"status": "Sold"}])
def test_a_number_that_comes_twice_for_something_else_is_refused(shop: Shop, other: dict[str, str]) -> None:
    rows = (SALE, DRAFT, {**SALE, **other})
    for mode in ("create", "upsert", "upsert"):
        job = discogs(shop, *rows, mode=mode)
        assert [error["row"] for error in job["errors"]] == [4], mode
        assert "Row 2 " in job["errors"][0]["message"]
        assert [item["price_item_usd"] for item in items(shop)] == ["24.50", "24.50"]


@pytest.mark.parametrize("mode", ["create", "upsert", "update"])
def test_a_copy_added_under_the_uid_of_another_is_refused(shop: Shop, mode: str) -> None:
    uid = shop.item()["uid"]
    row = {"uid": uid, "title": "Kind of Blue", "location": ""}
    job = imported(shop, table(row, {**row, "location": "B"}), mode=mode)
    assert results(shop, job) == ["same", "error"]
    assert [item["location"] for item in items(shop)] == [""]


def test_an_offer_the_shop_made_itself_is_known_by_its_number(shop: Shop) -> None:
    connect(shop, "discogs")
    item = shop.item(status="ready-to-sell", price_item_usd="24.50")
    number = shop.post(f"inventory/{item['uid']}/listings/", {"platform": "discogs"}).json()["external_id"]
    job = discogs(shop, {**SALE, "listing_id": number})
    assert results(shop, job) == ["excluded"]  # it is there, as another record
    assert len(items(shop)) == 1


def test_an_update_brings_item_and_offer_up_to_date(shop: Shop) -> None:
    discogs(shop, SALE)
    job = discogs(shop, {**SALE, "price": "30.00"}, mode="upsert")
    (row,) = rows_of(shop, job)
    assert row["changes"] == [{"field": "price_item_usd", "before": "24.50", "after": "30.00"}]
    (item,) = items(shop)
    assert (item["price_item_usd"], item["listings"][0]["price_usd"]) == ("30.00", "30.00")
    job = discogs(shop, {**SALE, "price": "30.00", "status": "Expired"}, mode="upsert")
    (row,) = rows_of(shop, job)
    assert [change["field"] for change in row["changes"]] == ["status", "listings"]
    (item,) = items(shop)
    assert (item["status"], item["listings"][0]["status"]) == ("ready-to-sell", "inactive")
    discogs(shop, {**SALE, "price": "30.00"}, mode="upsert")
    (item,) = items(shop)
    assert (item["status"], len(item["listings"]), item["listings"][0]["status"]) == ("listed", 1, "listed")


def test_a_copy_known_by_its_sku_gets_the_offer(shop: Shop) -> None:
    shop.item(status="ready-to-sell", price_item_usd="24.50", manual_sku="K")
    row = {**SALE, "external_id": "K"}
    job = discogs(shop, row, mode="upsert")
    assert results(shop, job) == ["changed"]
    (item,) = items(shop)
    assert (item["status"], item["listings"][0]["external_id"]) == ("listed", "900001")
    job = discogs(shop, {**row, "external_id": ""})
    assert [error["field"] for error in rows_of(shop, job)[0]["errors"]][:1] == ["product_title"]


def test_a_copy_that_is_sold_here_is_not_put_on_offer_again(shop: Shop) -> None:
    discogs(shop, SALE)
    (item,) = items(shop)
    assert shop.patch(f"inventory/{item['uid']}/", {"status": "sold"}).status_code == 200
    (row,) = rows_of(shop, discogs(shop, SALE))
    assert (row["result"], [error["field"] for error in row["errors"]]) == ("excluded", ["status"])
    job = discogs(shop, SALE, mode="upsert")
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "status")]
    assert [item["status"] for item in items(shop)] == ["sold"]


@pytest.mark.parametrize("number", ["9.00001E+11", "nine", "x" * 200])
def test_a_number_that_is_none_is_refused(shop: Shop, number: str) -> None:
    job = discogs(shop, {**SALE, "listing_id": number})
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, "listing_id")]
    assert items(shop) == []


def test_an_offer_without_a_price_is_refused_by_the_column_of_the_price(shop: Shop) -> None:
    job = discogs(shop, {**SALE, "price": ""}, DRAFT)
    (row,) = rows_of(shop, job, "error")
    assert [(error["field"], error["column"]) for error in row["errors"]] == [("price_item_usd", "price")]
    assert shop.get("products/").json()["count"] == 1


def _subscribe(shop: Shop, **limits: int | None) -> None:
    from instica_desktop.server.models import Plan, Subscription

    features = [{"name": name, "limit": limit} for name, limit in {"csv_import": None, **limits}.items()]
    plan = Plan.objects.create(name="Test", slug=f"offers-{shop.organization.slug}", features=features)
    Subscription.objects.create(organization=shop.organization, plan=plan)


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_the_plan_limits_offers_and_copies(shop: Shop, dry_run: str) -> None:
    _subscribe(shop, inventory_items=10, listings=2)
    rows = [{**SALE, "listing_id": str(number), "quantity": "3"} for number in range(1, 4)]
    job = discogs(
        shop,
        *rows,
        {**DRAFT, "quantity": "5"},
        {**DRAFT, "quantity": "4", "listing_id": "5"},
        dry_run=dry_run,
    )
    assert results(shop, job) == ["new", "new", "error", "error", "new"]
    assert "2 listings" in job["errors"][0]["message"]
    assert "10 inventory items" in job["errors"][1]["message"]


def test_many_copies_are_made_in_several_transactions(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.jobs import csv_import
    from instica_desktop.server.models import Job, JobRows

    monkeypatch.setattr(csv_import, "_MOST_COPIES", 10)
    rows = [{**SALE, "listing_id": str(number), "quantity": "4"} for number in range(1, 8)]
    job = discogs(shop, *rows, {**SALE, "listing_id": "8", "quantity": "12"})
    assert counts(job) == ("succeeded", 8, 8, 0, 0), job["errors"]
    pieces = JobRows.objects.filter(job=Job.objects.get(uid=job["uid"])).order_by("first")
    assert list(pieces.values_list("made", flat=True)) == [8, 8, 8, 4, 12]
    assert [row["row"] for row in rows_of(shop, job)] == list(range(2, 10))
    assert len(items(shop)) == 40


# ---------------------------------------------------------------- several copies


def test_a_quantity_is_so_many_copies(shop: Shop) -> None:
    job = discogs(shop, {**SALE, "quantity": "4", "external_id": "K"})
    assert counts(job) == ("succeeded", 1, 1, 0, 0), job["errors"]
    found = items(shop)
    assert [item["manual_sku"] for item in found] == ["K", "K-2", "K-3", "K-4"]
    assert len({item["uid"] for item in found}) == 4
    assert {item["status"] for item in found} == {"listed"}
    (listing,) = {item["listings"][0]["uid"] for item in found if len(item["listings"]) == 1}
    for item in found:
        shared = item["listings"][0]
        assert (shared["uid"], shared["external_id"]) == (listing, "900001")
        assert [copy["uid"] for copy in shared["items"]] == [item["uid"] for item in found]
    (product,) = shop.get("products/").json()["results"]
    assert product["total_inventory_count"] == 4
    assert rows_of(shop, job)[0]["item"] == found[0]["uid"]


def test_a_higher_count_makes_the_missing_copies(shop: Shop) -> None:
    row = {**SALE, "external_id": "K"}
    discogs(shop, {**row, "quantity": "2"})
    job = discogs(shop, {**row, "quantity": "4"})
    (told,) = rows_of(shop, job)
    assert (told["result"], told["changes"]) == ("changed", [{"field": "quantity", "before": 2, "after": 4}])
    found = items(shop)
    assert [item["manual_sku"] for item in found] == ["K", "K-2", "K-3", "K-4"]
    assert len({listing["uid"] for item in found for listing in item["listings"]}) == 1
    assert len(found[-1]["listings"][0]["items"]) == 4
    assert results(shop, discogs(shop, {**row, "quantity": "4"}, mode="upsert")) == ["same"]


def test_a_lower_count_takes_nothing_away_and_says_so(shop: Shop) -> None:
    discogs(shop, {**SALE, "quantity": "3"})
    job = discogs(shop, {**SALE, "quantity": "2"}, mode="upsert")
    (told,) = rows_of(shop, job)
    assert (told["result"], told["errors"][0]["column"]) == ("same", "quantity")
    assert "3 are here" in told["errors"][0]["message"]
    assert len(items(shop)) == 3


def test_an_old_file_brings_back_no_copy_that_was_sold(shop: Shop) -> None:
    row = {**SALE, "quantity": "3"}
    discogs(shop, row)
    shop.patch(f"inventory/{items(shop)[0]['uid']}/", {"status": "sold"})
    assert results(shop, discogs(shop, row, mode="upsert")) == ["same"]
    assert results(shop, discogs(shop, {**row, "quantity": "2"}, mode="upsert")) == ["same"]
    assert results(shop, discogs(shop, {**row, "quantity": "4"}, mode="upsert")) == ["changed"]
    assert [item["status"] for item in items(shop)] == ["sold", *["listed"] * 4]


def test_copies_without_an_offer_are_counted_by_their_skus(shop: Shop) -> None:
    row = {"title": "Aja", "sku": "K", "quantity": "3"}
    assert counts(imported(shop, table(row), mode="upsert")) == ("succeeded", 1, 1, 0, 0)
    assert results(shop, imported(shop, table(row), mode="upsert")) == ["same"]
    assert results(shop, imported(shop, table({**row, "quantity": "5"}), mode="upsert")) == ["changed"]
    assert [item["manual_sku"] for item in items(shop)] == ["K", "K-2", "K-3", "K-4", "K-5"]
    job = imported(shop, table({**row, "location": "B"}), mode="upsert")
    assert results(shop, job) == ["changed"]
    assert [item["location"] for item in items(shop)] == ["B", "B", "B", "", ""]


def test_an_update_makes_no_copies_and_says_so(shop: Shop) -> None:
    row = {"title": "Aja", "sku": "K", "quantity": "1"}
    imported(shop, table(row))
    job = imported(shop, table({**row, "quantity": "3"}), mode="update")
    (told,) = rows_of(shop, job)
    assert (told["result"], told["errors"][0]["field"]) == ("same", "quantity")
    assert len(items(shop)) == 1


def test_copies_whose_sku_another_item_has_are_numbered_past_it(shop: Shop) -> None:
    shop.item(manual_sku="K-2")
    imported(shop, table({"title": "Aja", "sku": "K", "quantity": "3"}), mode="upsert")
    assert [item["manual_sku"] for item in items(shop)] == ["K-2", "K", "K-3", "K-4"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "1001"}, "quantity"),
        ({"quantity": "2", "sku": "x" * 99}, "manual_sku"),
    ],
)
def test_a_quantity_that_is_none_is_refused(shop: Shop, fields: dict[str, str], field: str) -> None:
    job = imported(shop, table({"title": "Aja", "sku": "K", **fields}))
    assert [(error["row"], error["field"]) for error in job["errors"]] == [(2, field)]
    assert items(shop) == []


@pytest.mark.parametrize("quantity", ["0", "-2"])
def test_a_row_of_no_copies_is_left_out(shop: Shop, quantity: str) -> None:
    job = imported(shop, table({"title": "Aja", "quantity": quantity}))
    assert counts(job) == ("succeeded", 1, 0, 0, 1)
    assert rows_of(shop, job, "excluded")[0]["errors"][0]["field"] == "quantity"


# ---------------------------------------------------------------- as the import asks


def test_items_are_matched_as_asked(shop: Shop) -> None:
    product = shop.product(title="Aja", barcode="0602445563463", discogs_release_id=9)["uid"]
    item = shop.item(product, manual_sku="K", condition_item="nm")
    shop.item(product, manual_sku="L", condition_item="vg", barcode="074646493519")
    row = {"title": "Aja", "media_condition": "NM", "upc": "602445563463", "release_id": "9", "sku": "K"}
    job = imported(shop, table(row), match="sku")
    assert results(shop, job) == ["same"]
    job = imported(shop, table({**row, "sku": "M"}), match="sku", mode="update")
    assert [error["field"] for error in job["errors"]] == ["manual_sku"]
    for way in ("barcode", "release"):
        job = imported(shop, table({**row, "sku": way}), match=way, mode="update")
        (told,) = rows_of(shop, job)
        assert (told["result"], told["item"]) == ("changed", item["uid"]), told
        job = imported(shop, table({**row, "media_condition": "", "sku": ""}), match=way, mode="update")
        assert results(shop, job) == ["error"]  # two copies, and nothing says which
    job = imported(shop, table({"barcode": "74646493519", "location": "B"}), match="barcode", mode="update")
    assert results(shop, job) == ["changed"]
    assert [found["location"] for found in items(shop)] == ["", "B"]


def test_empty_cells_clear_what_they_stand_for_where_that_is_asked(shop: Shop) -> None:
    fields = {
        "sku": "K",
        "location": "A",
        "media_condition": "NM",
        "price": "5",
        "cost": "1",
        "tags": "a",
        "weight": "1",
    }
    fields |= {"notes": "fine", "acquired_at": "2025-01-02", "status": "received"}
    imported(shop, table({"title": "Aja", **fields}))
    empty = {"title": "Aja", **dict.fromkeys(fields, ""), "sku": "K"}
    other = {"title": "Gaucho", **fields, "sku": "L"}
    job = imported(shop, table(empty, other), mode="upsert")
    assert results(shop, job) == ["same", "new"]
    job = imported(shop, table(empty, other), mode="upsert", empty="clear")
    told = rows_of(shop, job)[0]
    assert told["result"] == "changed"
    assert {"field": "price_item_usd", "before": "5.00", "after": None} in told["changes"]
    item = items(shop)[0]
    assert [item[name] for name in ("location", "condition_item", "condition_notes", "tags")] == [
        "",
        None,
        "",
        [],
    ]
    assert [item[name] for name in ("price_item_usd", "cost_usd", "weight_grams", "acquired_at")] == [
        None
    ] * 4
    assert (item["status"], item["manual_sku"], item["name"]) == ("received", "K", "Aja")
