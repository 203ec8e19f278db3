"""Items: making, changing, deleting; prices, statuses, tags, guards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.shop import Shop


def test_a_new_item_is_a_draft_without_grades_and_price(shop: Shop) -> None:
    item = shop.item(shop.product(title="Aja", artist={"name": "Steely Dan"})["uid"])
    assert item["status"] == "draft"
    assert item["status_display"] == "Draft"
    assert item["title"] == item["name"] == "Aja"
    assert item["condition_item"] is None
    assert item["condition_item_display"] is None
    assert item["price_total_usd"] is None
    assert item["days_in_inventory"] == 0
    assert item["product"]["artist"]["name"] == "Steely Dan"
    assert item["organization"]["uid"] == shop.organization.uid
    assert item["assets"] == item["listings"] == []


def test_title_shows_the_grade_and_total_adds_shipping(shop: Shop) -> None:
    item = shop.item(condition_item="vg_plus", price_item_usd="36.00", price_shipping_usd=6)
    assert item["title"] == "Kind of Blue - VG+"
    assert item["condition_item_display"] == "VG+"
    assert item["price_total_usd"] == "42.00"
    changed = shop.patch(f"inventory/{item['uid']}/", {"price_shipping_usd": None, "condition_item": None})
    assert changed.json()["price_total_usd"] == "36.00"
    assert changed.json()["title"] == "Kind of Blue"


def test_all_writable_fields_come_back(shop: Shop) -> None:
    body = {
        "name": "Copy with the misprint",
        "condition_item": "nm",
        "condition_container": "generic",
        "price_item_usd": "10.50",
        "price_shipping_usd": "4.00",
        "cost_usd": "3.20",
        "expected_sale_price_usd": "12.00",
        "manual_sku": "IN-003704",
        "manual_description": "Six-eye label.",
        "condition_notes": "Light hairlines.",
        "location": "A-01-09",
        "barcode": "5099749522428",
        "tags": ["modal jazz", "six-eye"],
        "weight_grams": 290,
        "acquired_at": "2026-01-02T00:00:00Z",
        "listed_at": "2026-01-03T10:00:00Z",
        "sold_at": None,
    }
    item = shop.item()
    changed = shop.patch(f"inventory/{item['uid']}/", body)
    assert changed.status_code == 200
    again = shop.get(f"inventory/{item['uid']}/").json()
    assert {name: again[name] for name in body} == body
    assert again == changed.json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_item_usd", "abc"),
        ("price_item_usd", "-1"),
        ("price_item_usd", "1.234,56"),
        ("price_item_usd", "1.999"),
        ("price_item_usd", "1e3"),
        ("price_item_usd", "١٢"),
        ("price_item_usd", "NaN"),
        ("price_item_usd", True),
        ("price_item_usd", []),
        ("price_item_usd", "9" * 60),
        ("price_item_usd", 10**12),
        ("cost_usd", {}),
        ("manual_sku", 5),
        ("manual_sku", "a\x00b"),
        ("manual_sku", "\udc80"),
        ("manual_sku", "x" * 101),
        ("location", ["A"]),
        ("condition_item", "generic"),
        ("condition_item", "excellent"),
        ("condition_container", 3),
        ("status", "gone"),
        ("status", None),
        ("tags", "jazz"),
        ("tags", ["jazz", 5]),
        ("tags", [""]),
        ("tags", [str(number) for number in range(101)]),
        ("weight_grams", -1),
        ("weight_grams", 10**20),
        ("weight_grams", "heavy"),
        ("acquired_at", "yesterday"),
        ("acquired_at", "0001-01-01T00:00:00+14:00"),
        ("sold_at", 5),
    ],
)
def test_a_bad_value_is_reported_at_its_field(shop: Shop, field: str, value: Any) -> None:
    item = shop.item()
    assert list(shop.errors(shop.patch(f"inventory/{item['uid']}/", {field: value}))) == [field]
    assert shop.get(f"inventory/{item['uid']}/").json() == item


def test_all_errors_come_at_once(shop: Shop) -> None:
    body = {"price_item_usd": "x", "location": 1, "status": "gone"}
    errors = shop.errors(shop.patch(f"inventory/{shop.item()['uid']}/", body))
    assert set(errors) == set(body)


def test_text_is_stripped_and_composed(shop: Shop) -> None:
    item = shop.item(location="  A-01-09\n", name="Cafe\u0301")
    assert item["location"] == "A-01-09"
    assert item["name"] == "Café"
    assert shop.patch(f"inventory/{item['uid']}/", {"location": None}).json()["location"] == ""


def test_computed_and_unknown_fields_are_ignored(shop: Shop) -> None:
    item = shop.item(price_total_usd="99.00", days_in_inventory=7, colour="blue", uid="mine")
    assert item["price_total_usd"] is None
    assert item["uid"] != "mine"
    assert "colour" not in item


@pytest.mark.parametrize("status", ["ready-to-sell", "listed", "sold", "shipped", "returned"])
def test_from_ready_to_sell_on_a_price_is_needed(shop: Shop, status: str) -> None:
    response = shop.post("inventory/", {"product": shop.product()["uid"], "status": status})
    assert shop.errors(response) == {"price_total_usd": ["Ensure this value is greater than 0."]}


def test_a_total_of_nothing_is_refused_even_on_a_draft(shop: Shop) -> None:
    response = shop.patch(f"inventory/{shop.item()['uid']}/", {"price_item_usd": "0.00"})
    assert shop.errors(response) == {"price_total_usd": ["Ensure this value is greater than 0."]}


def test_a_listed_item_cannot_lose_its_price(shop: Shop) -> None:
    item = shop.item(status="listed", price_item_usd="10")
    assert "price_total_usd" in shop.errors(shop.patch(f"inventory/{item['uid']}/", {"price_item_usd": None}))


def test_the_whole_chain_of_statuses_and_its_times(shop: Shop) -> None:
    item = shop.item(price_item_usd="10")
    for status in ["received", "ready-to-sell", "listed", "sold"]:
        item = shop.patch(f"inventory/{item['uid']}/", {"status": status}).json()
        assert item["status"] == status
    assert item["listed_at"] is not None
    assert item["sold_at"] is not None
    back = shop.patch(f"inventory/{item['uid']}/", {"status": "listed"}).json()
    assert back["sold_at"] is None
    assert back["listed_at"] == item["listed_at"]


def test_an_illegal_move_names_the_legal_ones(shop: Shop) -> None:
    item = shop.item(status="listed", price_item_usd="10")
    (message,) = shop.errors(shop.patch(f"inventory/{item['uid']}/", {"status": "draft"}))["status"]
    assert "ready-to-sell" in message
    assert "sold" in message
    assert "archived" in message


def test_the_same_status_again_is_no_move(shop: Shop) -> None:
    item = shop.item(status="listed", price_item_usd="10")
    assert shop.patch(f"inventory/{item['uid']}/", {"status": "listed", "location": "B"}).status_code == 200


def test_age_counts_utc_days_until_the_sale(shop: Shop) -> None:
    now = datetime.now(UTC)
    item = shop.item(status="listed", price_item_usd="10", acquired_at=(now - timedelta(days=30)).isoformat())
    assert item["days_in_inventory"] == 30
    sold = shop.patch(
        f"inventory/{item['uid']}/",
        {"status": "sold", "sold_at": (now - timedelta(days=10)).isoformat()},
    )
    assert sold.json()["days_in_inventory"] == 20


def test_a_product_is_needed_and_must_be_ours(shop: Shop, other_shop: Shop) -> None:
    assert list(shop.errors(shop.post("inventory/", {}))) == ["product"]
    theirs = other_shop.product()["uid"]
    assert list(shop.errors(shop.post("inventory/", {"product": theirs}))) == ["product"]
    assert list(shop.errors(shop.post("inventory/", {"product": None}))) == ["product"]


def test_items_of_others_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    uid = other_shop.item()["uid"]
    assert shop.get(f"inventory/{uid}/").status_code == 404
    assert shop.patch(f"inventory/{uid}/", {"location": "X"}).status_code == 404
    assert shop.delete(f"inventory/{uid}/").status_code == 404
    assert shop.get(f"inventory/{uid}/assets/").status_code == 404
    assert shop.get("inventory/").json()["count"] == 0


def test_a_change_is_guarded_by_the_tag(shop: Shop) -> None:
    uid = shop.item()["uid"]
    tag = shop.get(f"inventory/{uid}/")["ETag"]
    changed = shop.patch(f"inventory/{uid}/", {"location": "A"}, HTTP_IF_MATCH=tag)
    assert changed.status_code == 200
    assert changed["ETag"] == shop.get(f"inventory/{uid}/")["ETag"] != tag
    stale = shop.patch(f"inventory/{uid}/", {"location": "B"}, HTTP_IF_MATCH=tag)
    assert stale.status_code == 412
    assert "detail" in stale.json()
    assert shop.delete(f"inventory/{uid}/", HTTP_IF_MATCH=tag).status_code == 412
    assert shop.get(f"inventory/{uid}/").json()["location"] == "A"
    assert shop.delete(f"inventory/{uid}/", HTTP_IF_MATCH=f'"x", {changed["ETag"]}').status_code == 204
    assert shop.get(f"inventory/{uid}/").status_code == 404


def test_a_change_of_the_product_changes_the_tag_of_its_items(shop: Shop) -> None:
    item = shop.item()
    tag = shop.get(f"inventory/{item['uid']}/")["ETag"]
    shop.patch(f"products/{item['product']['uid']}/", {"title": "So What"})
    after = shop.get(f"inventory/{item['uid']}/")
    assert after["ETag"] != tag
    assert after.json()["title"] == "So What"
    assert after.json()["updated"] > item["updated"]


def test_an_item_of_an_order_is_not_deleted(shop: Shop) -> None:
    order = shop.order()
    response = shop.delete(f"inventory/{order.listing.item.uid}/")
    assert response.status_code == 409
    assert "detail" in response.json()


def test_a_repeated_post_makes_one_item(shop: Shop) -> None:
    body = {"product": shop.product()["uid"], "manual_sku": "IN-1"}
    first = shop.post("inventory/", body, HTTP_IDEMPOTENCY_KEY="abc")
    again = shop.post("inventory/", dict(reversed(body.items())), HTTP_IDEMPOTENCY_KEY="abc")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    other = shop.post("inventory/", {**body, "manual_sku": "IN-2"}, HTTP_IDEMPOTENCY_KEY="abc")
    assert other.status_code == 409
    assert shop.post("products/", {"title": "x"}, HTTP_IDEMPOTENCY_KEY="abc").status_code == 409
    assert shop.get("inventory/").json()["count"] == 1


def test_a_refused_post_may_be_corrected_under_its_key(shop: Shop) -> None:
    shop.errors(shop.post("products/", {"title": ""}, HTTP_IDEMPOTENCY_KEY="k"))
    assert shop.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 201


def test_an_answer_is_forgotten_after_a_day(shop: Shop) -> None:
    from instica_desktop.server.models import IdempotencyRecord

    shop.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="k")
    rows = IdempotencyRecord.objects.filter(user=shop.user)
    rows.update(created=datetime.now(UTC) - timedelta(hours=24, seconds=1))
    assert shop.post("products/", {"title": "Other"}, HTTP_IDEMPOTENCY_KEY="k").status_code == 201


def test_keys_of_two_users_do_not_meet(shop: Shop, other_shop: Shop) -> None:
    ours = shop.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="k").json()
    theirs = other_shop.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="k").json()
    assert ours["uid"] != theirs["uid"]
    assert list(shop.errors(shop.post("products/", {}, HTTP_IDEMPOTENCY_KEY="x" * 256))) == [
        "non_field_errors"
    ]


def test_shelves_are_found_whole_and_several_at_a_time(shop: Shop) -> None:
    for shelf in ("B, left", "B", "\u00c9-1", ""):
        shop.item(location=shelf, name=shelf or "none")
    assert shop.titles("inventory/", location="b, LEFT") == ["Kind of Blue"]
    found = shop.get("inventory/", {"location": ["B, left", "e\u0301-1", " "], "ordering": "name"}).json()
    assert [item["location"] for item in found["results"]] == ["B, left", "\u00c9-1"]
    assert shop.get("inventory/", {"location": " "}).json()["count"] == 4


def test_an_order_is_found_by_the_new_grade_of_its_item(shop: Shop) -> None:
    order = shop.order()
    shop.patch(f"inventory/{order.listing.item.uid}/", {"condition_item": "ex"})
    assert shop.get("orders/", {"search": "blue ex"}).json()["count"] == 1
