"""Acts on many items: each all or nothing, with what was before and after."""

from pathlib import Path
from typing import Any

import pytest

from tests.server.shop import Shop, picture


def bulk(shop: Shop, action: str, uids: list[str], changes: Any = None, **more: Any) -> list[dict[str, Any]]:
    """Do an act; return its results."""
    body = {"action": action, "uids": uids, **({} if changes is None else {"changes": changes}), **more}
    response = shop.post("inventory/bulk/", body)
    assert response.status_code == 200, response.content
    return response.json()["results"]


def read(shop: Shop, uid: str) -> dict[str, Any]:
    return shop.get(f"inventory/{uid}/").json()


def test_an_update_says_what_was_and_what_is(shop: Shop) -> None:
    items = [shop.item(location=place)["uid"] for place in ("A", "B", "C")]
    results = bulk(shop, "update", items, {"location": "Z-9", "tags": ["sale"]})
    assert [result["uid"] for result in results] == items
    assert all(result["ok"] and result["errors"] == {} for result in results)
    assert [result["before"]["location"] for result in results] == ["A", "B", "C"]
    assert {result["after"]["location"] for result in results} == {"Z-9"}
    assert {read(shop, uid)["location"] for uid in items} == {"Z-9"}


def test_before_brings_an_item_back(shop: Shop) -> None:
    item = shop.item(location="A", price_item_usd="5.00", tags=["x"], acquired_at="2026-01-02T03:04:05Z")
    before = bulk(shop, "update", [item["uid"]], {"location": "B", "price_item_usd": "7"})[0]["before"]
    assert shop.patch(f"inventory/{item['uid']}/", before).status_code == 200
    assert {**read(shop, item["uid"]), "updated": 0} == {**item, "updated": 0}


def test_statuses_move_where_they_may(shop: Shop) -> None:
    draft, priced = shop.item()["uid"], shop.item(status="received", price_item_usd="5.00")["uid"]
    first, second = bulk(shop, "set_status", [draft, priced], {"status": "ready-to-sell"})
    assert not first["ok"]
    assert list(first["errors"]) == ["status"]
    assert first["after"] is None
    assert second["ok"]
    assert (second["before"]["status"], second["after"]["status"]) == ("received", "ready-to-sell")
    assert read(shop, draft)["status"] == "draft"


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"percent": "-10"}, "9.05"),
        ({"percent": 10}, "11.06"),
        ({"percent": "0.5"}, "10.10"),
        ({"amount_usd": "1.00"}, "11.05"),
        ({"amount_usd": "-10.04"}, "0.01"),
        ({"amount_usd": "-10.05"}, None),
        ({"amount_usd": "-20"}, None),
    ],
)
def test_prices_are_adjusted_to_the_cent(shop: Shop, changes: dict[str, Any], price: str | None) -> None:
    item = shop.item(price_item_usd="10.05", price_shipping_usd="30.00")["uid"]
    [result] = bulk(shop, "adjust_price", [item], changes)
    assert result["ok"] is (price is not None)
    assert read(shop, item)["price_item_usd"] == (price or "10.05")


def test_an_item_without_price_has_none_to_adjust(shop: Shop) -> None:
    [result] = bulk(shop, "adjust_price", [shop.item()["uid"]], {"percent": 5})
    assert list(result["errors"]) == ["price_item_usd"]


def test_listing_and_delisting(shop: Shop) -> None:
    item = shop.item(status="ready-to-sell", price_item_usd="5.00")["uid"]
    draft = shop.item()["uid"]
    listed, refused = bulk(shop, "list", [item, draft], {"platform": "redbubble", "price_usd": "9.99"})
    assert listed["ok"]
    assert listed["after"]["status"] == "listed"
    assert [offer["price_usd"] for offer in listed["after"]["listings"]] == ["9.99"]
    assert list(refused["errors"]) == ["status"]
    [again] = bulk(shop, "list", [item], {"platform": "redbubble"})
    assert list(again["errors"]) == ["platform"]
    [ended] = bulk(shop, "delist", [item], {})
    assert ended["after"]["status"] == "ready-to-sell"
    assert [offer["status"] for offer in ended["after"]["listings"]] == ["inactive"]
    [none] = bulk(shop, "delist", [item], {"platform": "redbubble"})
    assert not none["ok"]


def test_deleting_takes_the_photos_along(shop: Shop, data_dir: Path) -> None:
    item = shop.item()
    shop.upload(f"inventory/{item['uid']}/assets/", picture())
    stem = shop.get(f"inventory/{item['uid']}/").json()["assets"][0]["image"].partition("uploads/")[2]
    [trial] = bulk(shop, "delete", [item["uid"]], dry_run=True)
    assert trial["ok"]
    assert (data_dir / "media" / stem).exists()
    sold = shop.order().listing.item.uid
    gone, kept = bulk(shop, "delete", [item["uid"], sold])
    assert (gone["ok"], gone["after"]) == (True, None)
    assert gone["before"]["status"] == "draft"
    assert list(kept["errors"]) == ["non_field_errors"]
    assert not (data_dir / "media" / stem).exists()
    assert shop.get(f"inventory/{item['uid']}/").status_code == 404


def test_a_trial_changes_nothing(shop: Shop) -> None:
    item = shop.item(location="A")
    [result] = bulk(shop, "update", [item["uid"]], {"location": "B"}, dry_run=True)
    assert result["after"]["location"] == "B"
    assert read(shop, item["uid"]) == item


def test_products_are_recounted(shop: Shop) -> None:
    product = shop.product()["uid"]
    items = [shop.item(product, price_item_usd="5.00", status="received")["uid"] for _ in range(4)]
    bulk(shop, "delete", items[:1])
    bulk(shop, "adjust_price", items, {"percent": 100})
    bulk(shop, "update", items[1:2], {"manual_sku": "FOUND-ME"})
    record = shop.get(f"products/{product}/").json()
    assert (record["total_inventory_count"], record["price_max_usd"]) == (3, "10.00")
    assert shop.get("products/", {"search": "found-me"}).json()["count"] == 1


def test_unknown_and_foreign_items_are_not_found(shop: Shop, other_shop: Shop) -> None:
    mine, theirs = shop.item()["uid"], other_shop.item()
    results = bulk(shop, "update", [theirs["uid"], "none", mine, mine], {"location": "Z"})
    assert [result["ok"] for result in results] == [False, False, True]
    assert results[0]["before"] is None
    assert read(other_shop, theirs["uid"]) == theirs


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "explode", "uids": ["a"]}, "action"),
        ({"uids": ["a"]}, "action"),
        ({"action": "delete"}, "uids"),
        ({"action": "delete", "uids": []}, "uids"),
        ({"action": "delete", "uids": "a"}, "uids"),
        ({"action": "delete", "uids": [5]}, "uids"),
        ({"action": "delete", "uids": ["a\x00"]}, "uids"),
        ({"action": "delete", "uids": [str(number) for number in range(501)]}, "uids"),
        ({"action": "delete", "uids": ["a"], "dry_run": "perhaps"}, "dry_run"),
        ({"action": "update", "uids": ["a"]}, "changes"),
        ({"action": "update", "uids": ["a"], "changes": []}, "changes"),
        ({"action": "update", "uids": ["a"], "changes": {"colour": "blue"}}, "changes"),
        ({"action": "update", "uids": ["a"], "changes": {"price_item_usd": "x"}}, "changes"),
        ({"action": "set_status", "uids": ["a"], "changes": {"status": "gone"}}, "changes"),
        ({"action": "set_status", "uids": ["a"], "changes": {}}, "changes"),
        ({"action": "adjust_price", "uids": ["a"], "changes": {}}, "changes"),
        ({"action": "adjust_price", "uids": ["a"], "changes": {"percent": 1, "amount_usd": 1}}, "changes"),
        ({"action": "adjust_price", "uids": ["a"], "changes": {"percent": "NaN"}}, "changes"),
        ({"action": "adjust_price", "uids": ["a"], "changes": {"percent": -100}}, "changes"),
        ({"action": "adjust_price", "uids": ["a"], "changes": {"amount_usd": "1e400"}}, "changes"),
        ({"action": "list", "uids": ["a"], "changes": {}}, "changes"),
        ({"action": "list", "uids": ["a"], "changes": {"platform": "moon"}}, "changes"),
        ([], "non_field_errors"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, body: Any, field: str) -> None:
    assert list(shop.errors(shop.post("inventory/bulk/", body))) == [field]


def test_sending_twice_with_one_key_acts_once(shop: Shop) -> None:
    item = shop.item(price_item_usd="10.00")["uid"]
    body = {"action": "adjust_price", "uids": [item], "changes": {"percent": 10}}
    answers = [shop.post("inventory/bulk/", body, HTTP_IDEMPOTENCY_KEY="bulk-1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert read(shop, item)["price_item_usd"] == "11.00"


def test_a_plan_without_it_forbids_it(shop: Shop) -> None:
    from instica_desktop.server.models import Plan, Subscription

    plan = Plan.objects.create(name="Small", slug=f"small-{shop.organization.slug}", features=[])
    Subscription.objects.create(organization=shop.organization, plan=plan)
    assert shop.post("inventory/bulk/", {"action": "delete", "uids": ["a"]}).status_code == 402
