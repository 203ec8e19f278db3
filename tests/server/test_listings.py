"""Offers: putting items on marketplaces, changing them, taking them off, and every way that can fail."""

from typing import Any

import pytest

from tests.server.shop import Shop


@pytest.fixture
def connected(shop: Shop) -> Shop:
    """A shop with an account on each marketplace that has an interface."""
    connect(shop, "ebay", "discogs", "etsy", "shopify")
    return shop


def connect(shop: Shop, *platforms: str) -> None:
    from instica_desktop.server.operations.connections import connect as make

    for platform in platforms:
        make(shop.organization, platform)


def ready(shop: Shop, **fields: Any) -> str:
    """Return the uid of an item that may be listed."""
    return shop.item(status="ready-to-sell", price_item_usd="20.00", **fields)["uid"]


def offer(shop: Shop, uid: str, platform: str = "ebay", **fields: Any) -> dict[str, Any]:
    response = shop.post(f"inventory/{uid}/listings/", {"platform": platform, **fields})
    assert response.status_code == 201, response.content
    return response.json()


def delist(shop: Shop, uid: str, listing: str) -> dict[str, Any]:
    response = shop.post(f"inventory/{uid}/listings/{listing}/delist/")
    assert response.status_code == 200, response.content
    return response.json()


def status(shop: Shop, uid: str) -> str:
    return shop.get(f"inventory/{uid}/").json()["status"]


def test_an_item_goes_on_offer_and_off_again(connected: Shop) -> None:
    uid = ready(connected, condition_item="vg_plus")
    made = offer(connected, uid)
    assert (made["status"], made["platform_name"], made["error"]) == ("listed", "eBay", None)
    assert (made["title"], made["price_usd"]) == ("Kind of Blue - VG+", "20.00")
    assert made["url"] == f"https://ebay.example/item/{made['external_id']}"
    assert status(connected, uid) == "listed"
    second = offer(connected, uid, "discogs", price_usd="18.50", title="Kind of Blue, first pressing")
    assert (second["price_usd"], second["title"]) == ("18.50", "Kind of Blue, first pressing")
    path = f"inventory/{uid}/listings/"
    assert [row["platform"] for row in connected.get(path).json()] == ["discogs", "ebay"]
    assert connected.get(f"{path}{made['uid']}/").json() == made
    assert delist(connected, uid, made["uid"])["status"] == "inactive"
    assert status(connected, uid) == "listed"
    assert delist(connected, uid, second["uid"])["status"] == "inactive"
    assert status(connected, uid) == "ready-to-sell"
    assert delist(connected, uid, second["uid"])["status"] == "inactive"


def test_an_offer_made_again_is_the_same_offer_with_a_new_number(connected: Shop) -> None:
    uid = ready(connected)
    first = offer(connected, uid, price_usd="99.00")
    delist(connected, uid, first["uid"])
    again = offer(connected, uid)
    assert again["uid"] == first["uid"]
    assert again["external_id"] != first["external_id"]
    assert again["price_usd"] == "20.00"


def test_the_same_platform_twice_is_refused(connected: Shop) -> None:
    uid = ready(connected)
    offer(connected, uid)
    again = connected.post(f"inventory/{uid}/listings/", {"platform": "ebay"})
    assert connected.errors(again) == {"platform": ["This item is already on offer at eBay."]}


def test_a_platform_needs_a_connection_that_works(shop: Shop) -> None:
    from instica_desktop.server.models import Connection

    uid = ready(shop)
    body = {"platform": "ebay"}
    assert list(shop.errors(shop.post(f"inventory/{uid}/listings/", body))) == ["platform"]
    connect(shop, "ebay")
    Connection.objects.filter(organization=shop.organization).update(status="expired")
    assert list(shop.errors(shop.post(f"inventory/{uid}/listings/", body))) == ["platform"]
    assert shop.get(f"inventory/{uid}/listings/").json() == []


@pytest.mark.parametrize("wrong", ["draft", "received", "archived", "sold"])
def test_only_what_is_for_sale_is_listed(connected: Shop, wrong: str) -> None:
    uid = connected.item(status=wrong, price_item_usd="10")["uid"]
    refused = connected.post(f"inventory/{uid}/listings/", {"platform": "ebay"})
    assert list(connected.errors(refused)) == ["status"]
    assert status(connected, uid) == wrong


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("platform", None),
        ("platform", "myspace"),
        ("platform", 7),
        ("platform", "\0"),
        ("platform", "\ud800"),
        ("price_usd", "0"),
        ("price_usd", "-1"),
        ("price_usd", "cheap"),
        ("price_usd", None),
        ("price_usd", {}),
        ("title", 5),
        ("title", "x" * 1001),
        ("title", "a\0b"),
    ],
)
def test_a_bad_offer_is_refused_at_its_field(connected: Shop, field: str, value: Any) -> None:
    uid = ready(connected)
    body = {"platform": "ebay", field: value}
    assert list(connected.errors(connected.post(f"inventory/{uid}/listings/", body))) == [field]
    for wrong in ([], "x", 5, None):
        assert connected.post(f"inventory/{uid}/listings/", wrong).status_code == 400
    assert status(connected, uid) == "ready-to-sell"


@pytest.mark.parametrize(
    "code",
    ["shipping_policy_missing", "photo_required", "release_not_found", "title_too_long", "rate_limited"],
)
def test_a_refusal_stays_visible_until_it_is_tried_again(connected: Shop, code: str) -> None:
    uid = ready(connected)
    failed = offer(connected, uid, title=f"Blue Train [simulate: {code}]")
    assert failed["status"] == "failed"
    assert failed["error"]["code"] == code
    assert failed["error"]["message"]
    assert failed["external_id"] is None
    assert status(connected, uid) == "ready-to-sell"
    shown = connected.get(f"inventory/{uid}/").json()["listings"]
    assert shown == [failed]
    again = offer(connected, uid, title="Blue Train")
    assert (again["uid"], again["status"], again["error"]) == (failed["uid"], "listed", None)


def test_a_failed_offer_can_be_given_up(connected: Shop) -> None:
    uid = ready(connected)
    failed = offer(connected, uid, title="[simulate: photo_required]")
    given_up = delist(connected, uid, failed["uid"])
    assert (given_up["status"], given_up["error"]) == ("inactive", None)
    assert status(connected, uid) == "ready-to-sell"


def test_an_offer_that_does_not_end_stays_failed_until_retried(connected: Shop) -> None:
    uid = ready(connected)
    made = offer(connected, uid, title="Blue Train [simulate: delist_refused]")
    path = f"inventory/{uid}/listings/{made['uid']}/"
    for _ in range(2):
        failed = delist(connected, uid, made["uid"])
        assert (failed["status"], failed["error"]["code"]) == ("failed", "delist_refused")
        assert status(connected, uid) == "listed"
    changed = connected.patch(path, {"title": "Blue Train"}).json()
    assert (changed["title"], changed["status"]) == ("Blue Train", "failed")
    ended = delist(connected, uid, made["uid"])
    assert (ended["status"], ended["error"]) == ("inactive", None)
    assert status(connected, uid) == "ready-to-sell"


def test_an_offer_that_did_not_end_may_simply_stay(connected: Shop) -> None:
    uid = ready(connected)
    made = offer(connected, uid, title="Blue Train [simulate: delist_refused]")
    delist(connected, uid, made["uid"])
    kept = offer(connected, uid, price_usd="15.00")
    assert (kept["uid"], kept["external_id"]) == (made["uid"], made["external_id"])
    assert (kept["status"], kept["price_usd"], kept["error"]) == ("listed", "15.00", None)


def test_a_connection_that_expires_says_so(connected: Shop) -> None:
    uid = ready(connected)
    failed = offer(connected, uid, title="[simulate: connection_expired]")
    assert failed["error"]["code"] == "connection_expired"
    rows = {row["platform"]: row for row in connected.get("marketplace/connections/").json()}
    assert (rows["ebay"]["status"], rows["ebay"]["error"]["code"]) == ("expired", "connection_expired")
    assert rows["etsy"]["status"] == "connected"
    refused = connected.post(f"marketplace/connections/{rows['ebay']['uid']}/sync/")
    assert refused.status_code == 409
    connect(connected, "ebay")
    assert offer(connected, uid, title="Fine")["status"] == "listed"


def test_price_and_title_are_revised(connected: Shop) -> None:
    from instica_desktop.server.models import SimulatedOffer

    uid = ready(connected)
    made = offer(connected, uid)
    path = f"inventory/{uid}/listings/{made['uid']}/"
    changed = connected.patch(path, {"price_usd": "17.00"}).json()
    assert (changed["price_usd"], changed["title"], changed["status"]) == ("17.00", made["title"], "listed")
    held = SimulatedOffer.objects.get(organization=connected.organization)
    assert (held.external_id, held.price_cents) == (made["external_id"], 1700)
    refused = connected.patch(path, {"title": "[simulate: rate_limited]"}).json()
    assert (refused["status"], refused["error"]["code"]) == ("listed", "rate_limited")
    assert connected.patch(path, {"title": "Better"}).json()["error"] is None
    for body, field in (({"price_usd": "0"}, "price_usd"), ({"title": []}, "title")):
        assert list(connected.errors(connected.patch(path, body))) == [field]


def test_platforms_without_an_interface_are_served_by_hand(shop: Shop) -> None:
    uid = ready(shop)
    made = offer(shop, uid, "redbubble")
    assert (made["status"], made["external_id"], made["url"]) == ("listed", None, None)
    assert status(shop, uid) == "listed"
    path = f"inventory/{uid}/listings/{made['uid']}/"
    assert shop.patch(path, {"price_usd": "5.00"}).json()["price_usd"] == "5.00"
    assert delist(shop, uid, made["uid"])["status"] == "inactive"


def test_a_lost_connection_keeps_an_offer_from_ending(connected: Shop) -> None:
    uid = ready(connected)
    made = offer(connected, uid)
    rows = {row["platform"]: row for row in connected.get("marketplace/connections/").json()}
    assert connected.delete(f"marketplace/connections/{rows['ebay']['uid']}/").status_code == 204
    failed = delist(connected, uid, made["uid"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "not_connected")
    connect(connected, "ebay")
    assert delist(connected, uid, made["uid"])["status"] == "inactive"


def test_the_plan_limits_offers(connected: Shop) -> None:
    from django.utils.crypto import get_random_string

    from instica_desktop.server.models import Plan, Subscription

    features = [{"name": "listings", "limit": 1}, {"name": "inventory_items", "limit": None}]
    plan = Plan.objects.create(name="Small", slug=get_random_string(12), features=features)
    Subscription.objects.create(organization=connected.organization, plan=plan)
    uid = ready(connected)
    made = offer(connected, uid)
    refused = connected.post(f"inventory/{uid}/listings/", {"platform": "etsy"})
    assert refused.status_code == 402
    assert "1 listings" in refused.json()["detail"]
    delist(connected, uid, made["uid"])
    offer(connected, uid, "etsy")


def test_a_repeated_request_makes_one_offer(connected: Shop) -> None:
    uid = ready(connected)
    path = f"inventory/{uid}/listings/"
    first = connected.post(path, {"platform": "ebay"}, HTTP_IDEMPOTENCY_KEY="a")
    again = connected.post(path, {"platform": "ebay"}, HTTP_IDEMPOTENCY_KEY="a")
    assert again.json() == first.json()
    assert connected.post(path, {"platform": "etsy"}, HTTP_IDEMPOTENCY_KEY="a").status_code == 409
    assert len(connected.get(path).json()) == 1


def test_offers_of_others_do_not_exist(connected: Shop, other_shop: Shop) -> None:
    uid = ready(connected)
    made = offer(connected, uid)
    path = f"inventory/{uid}/listings/"
    assert other_shop.get(path).status_code == 404
    assert other_shop.post(path, {"platform": "redbubble"}).status_code == 404
    assert other_shop.get(f"{path}{made['uid']}/").status_code == 404
    assert other_shop.patch(f"{path}{made['uid']}/", {}).status_code == 404
    assert other_shop.post(f"{path}{made['uid']}/delist/").status_code == 404
    mine = ready(other_shop)
    assert other_shop.post(f"inventory/{mine}/listings/{made['uid']}/delist/").status_code == 404
    assert connected.post(f"{path}nobody/delist/").status_code == 404


def test_many_items_are_listed_and_delisted_by_the_same_rules(connected: Shop) -> None:
    good, bad, stuck = ready(connected), connected.item()["uid"], ready(connected)

    def bulk(action: str, *uids: str, **changes: str) -> list[dict[str, Any]]:
        body = {"action": action, "uids": list(uids), "changes": changes}
        return connected.post("inventory/bulk/", body).json()["results"]

    assert [row["ok"] for row in bulk("list", good, bad, platform="ebay")] == [True, False]
    bulk("list", stuck, platform="ebay", title="[simulate: delist_refused]")
    [failed] = bulk("list", good, platform="etsy", title="[simulate: photo_required]")
    assert failed["ok"] is False
    assert list(failed["errors"]) == ["platform"]
    ended, kept = bulk("delist", good, stuck)
    assert (ended["ok"], kept["ok"]) == (True, False)
    assert [status(connected, uid) for uid in (good, stuck)] == ["ready-to-sell", "listed"]
    by_platform = {row["platform"]: row for row in connected.get(f"inventory/{good}/listings/").json()}
    assert by_platform["ebay"]["status"] == "inactive"
    assert by_platform["etsy"]["status"] == "failed"
