"""Accounts on simulated marketplaces: connecting, sales that end other offers, synchronizing."""

import json
from typing import Any

import pytest

from tests.server.browser import Browser, code_in, exchange_body, login_path
from tests.server.shop import Shop
from tests.server.test_listings import connect, offer, ready, status


def listings(shop: Shop, uid: str) -> dict[str, dict[str, Any]]:
    return {row["platform"]: row for row in shop.get(f"inventory/{uid}/listings/").json()}


def sync(shop: Shop, platform: str = "ebay") -> Any:
    rows = {row["platform"]: row["uid"] for row in shop.get("marketplace/connections/").json()}
    return shop.post(f"marketplace/connections/{rows[platform]}/sync/")


def test_connections_are_shown_and_ended(shop: Shop, other_shop: Shop) -> None:
    assert shop.get("marketplace/connections/").json() == []
    connect(shop, "ebay", "discogs")
    shown = shop.get("marketplace/connections/").json()
    assert [row["platform"] for row in shown] == ["discogs", "ebay"]
    assert (shown[1]["platform_name"], shown[1]["status"], shown[1]["error"]) == ("eBay", "connected", None)
    assert shown[1]["is_simulated"] is True
    assert "(simulated)" in shown[1]["account_name"]
    path = f"marketplace/connections/{shown[1]['uid']}/"
    assert shop.get(path).json() == shown[1]
    for wrong in (other_shop.get(path), other_shop.delete(path), other_shop.post(f"{path}sync/")):
        assert wrong.status_code == 404
    assert shop.post("marketplace/connections/", {}).status_code == 405
    assert shop.delete(path).status_code == 204
    assert shop.delete(path).status_code == 404


def test_connecting_again_renews(shop: Shop) -> None:
    connect(shop, "ebay")
    (first,) = shop.get("marketplace/connections/").json()
    connect(shop, "ebay")
    (again,) = shop.get("marketplace/connections/").json()
    assert again["uid"] == first["uid"]
    assert again["connected_at"] > first["connected_at"]


def test_there_is_nothing_to_connect_to_without_an_interface(shop: Shop) -> None:
    from rest_framework.exceptions import ValidationError

    with pytest.raises(ValidationError):
        connect(shop, "redbubble")
    urls = {row["slug"]: row["connection_url"] for row in shop.get("platforms/").json()}
    assert urls["ebay"] == "http://127.0.0.1:8000/accounts/ebay/login/"
    assert urls["redbubble"] is None


def test_a_sale_ends_every_other_offer(shop: Shop) -> None:
    connect(shop, "ebay", "discogs", "etsy")
    uid = ready(shop)
    offer(shop, uid, "ebay", title="Blue Train [simulate: sold]")
    offer(shop, uid, "discogs")
    offer(shop, uid, "etsy", title="[simulate: delist_refused]")
    offer(shop, uid, "redbubble")
    answer = sync(shop)
    assert answer.status_code == 200
    assert answer.json()["last_synced"] is not None
    (order,) = shop.get("orders/").json()["results"]
    assert (order["platform"], order["status"], order["sale_price"]) == ("ebay", "awaiting_shipment", "20.00")
    assert order["shipment_address"]["full_name"] == order["buyer_name"]
    assert order["shipping_cost"] is None
    assert order["net_revenue"] is None
    assert order["inventory_item_listing"]["inventory_item"]["uid"] == uid
    after = listings(shop, uid)
    assert {name: row["status"] for name, row in after.items()} == {
        "ebay": "sold",
        "discogs": "inactive",
        "etsy": "failed",
        "redbubble": "failed",
    }
    assert after["etsy"]["error"]["code"] == "delist_refused"
    assert after["redbubble"]["error"]["code"] == "manual_delist_needed"
    assert status(shop, uid) == "sold"
    item = shop.get(f"inventory/{uid}/").json()
    assert item["sold_at"] == order["sold_at"]
    assert item["sold_at"] >= item["listed_at"]
    sold = f"inventory/{uid}/listings/{after['ebay']['uid']}/"
    assert shop.post(f"{sold}delist/").status_code == 409
    assert shop.patch(sold, {"title": "x"}).status_code == 409
    sync(shop)
    assert shop.get("orders/").json()["count"] == 1


def test_what_did_not_end_after_a_sale_is_tried_again(shop: Shop) -> None:
    connect(shop, "ebay", "etsy")
    uid = ready(shop)
    offer(shop, uid, "ebay", title="[simulate: sold]")
    offer(shop, uid, "etsy", title="[simulate: platform_unavailable]")  # it does not even take the offer
    failed = offer(shop, uid, "etsy", title="[simulate: delist_refused]")
    sync(shop)
    sync(shop, "etsy")
    assert listings(shop, uid)["etsy"]["status"] == "failed"
    shop.patch(f"inventory/{uid}/listings/{failed['uid']}/", {"title": "Blue Train"})
    sync(shop, "etsy")
    assert (listings(shop, uid)["etsy"]["status"], status(shop, uid)) == ("inactive", "sold")


def test_a_sale_takes_an_offer_that_never_came_about_away(shop: Shop) -> None:
    connect(shop, "ebay", "etsy")
    uid = ready(shop)
    offer(shop, uid, "ebay", title="[simulate: sold]")
    offer(shop, uid, "etsy", title="[simulate: photo_required]")
    sync(shop)
    assert listings(shop, uid)["etsy"]["status"] == "inactive"


def test_a_synchronization_without_news_changes_nothing(shop: Shop) -> None:
    connect(shop, "ebay")
    uid = ready(shop)
    made = offer(shop, uid)
    assert sync(shop).status_code == 200
    assert listings(shop, uid)["ebay"] == made
    assert shop.get("orders/").json()["count"] == 0


def test_presences_follow_the_offers(shop: Shop) -> None:
    connect(shop, "ebay", "discogs")
    product = shop.product()["uid"]
    first = shop.item(product, status="ready-to-sell", price_item_usd="5")["uid"]
    second = shop.item(product, status="ready-to-sell", price_item_usd="6")["uid"]
    offer(shop, first)
    newer = offer(shop, second)
    offer(shop, second, "discogs")
    shown = shop.get(f"products/{product}/presences/").json()
    assert [row["platform"] for row in shown] == ["discogs", "ebay"]
    assert shown[1]["uid"] == newer["uid"]
    shop.post(f"inventory/{second}/listings/{newer['uid']}/delist/")
    assert shop.get(f"products/{product}/presences/").json()[1]["url"].startswith("https://ebay.example/")


def exchange(shop: Shop, platform: str, body: Any, **headers: str) -> Any:
    return shop.client.post(f"/api/auth/{platform}/", json.dumps(body), "application/json", **headers)


def agreed(platform: str) -> str:
    """Return the code of a person who agreed in the browser."""
    return code_in(Browser().answer(login_path(platform), account_name="Northside"))


def test_a_person_connects_a_shop_in_the_browser(shop: Shop, other_shop: Shop) -> None:
    page = Browser().open(login_path("ebay")).content.decode()
    assert "stands in for eBay" in page
    code = agreed("ebay")
    assert exchange(shop, "ebay", exchange_body(code), HTTP_X_API_KEY="").status_code == 401
    made = exchange(shop, "ebay", exchange_body(agreed("ebay")))
    assert made.status_code == 200, made.content
    assert made.json()["account_name"] == "Northside (simulated)"
    assert shop.get("marketplace/connections/").json() == [made.json()]
    assert other_shop.get("marketplace/connections/").json() == []
    uid = ready(shop)
    assert offer(shop, uid)["status"] == "listed"


def test_a_code_connects_once_and_only_where_it_was_made_for(shop: Shop) -> None:
    code = agreed("ebay")
    assert list(shop.errors(exchange(shop, "discogs", exchange_body(code)))) == ["code"]
    code = agreed("ebay")
    assert exchange(shop, "ebay", exchange_body(code)).status_code == 200
    assert list(shop.errors(exchange(shop, "ebay", exchange_body(code)))) == ["code"]
    wrong = exchange_body(agreed("ebay"), code_verifier="w" * 43)
    assert list(shop.errors(exchange(shop, "ebay", wrong))) == ["code"]
    assert exchange(shop, "redbubble", exchange_body(code)).status_code == 404
    assert Browser().open(login_path("redbubble")).status_code == 404


def test_an_expired_connection_is_renewed_in_the_browser(shop: Shop) -> None:
    connect(shop, "etsy")
    uid = ready(shop)
    offer(shop, uid, "etsy", title="[simulate: connection_expired]")
    renewed = exchange(shop, "etsy", exchange_body(agreed("etsy"))).json()
    assert (renewed["status"], renewed["error"]) == ("connected", None)
    assert len(shop.get("marketplace/connections/").json()) == 1


def test_a_marketplace_that_does_not_answer_is_asked_again(shop: Shop) -> None:
    from instica_desktop.server.models import Connection

    page = login_path("ebay")
    code = code_in(Browser().answer(page, account_name="Northside [simulate: platform_unavailable]"))
    exchange(shop, "ebay", exchange_body(code))
    uid = ready(shop)
    offer(shop, uid, title="[simulate: sold]")
    for _ in range(2):
        failed = sync(shop).json()
        assert (failed["status"], failed["error"]["code"]) == ("error", "platform_unavailable")
        assert failed["last_synced"] is None
    assert shop.get("orders/").json()["count"] == 0
    refused = shop.post(f"inventory/{ready(shop)}/listings/", {"platform": "ebay"})
    assert "does not work" in shop.errors(refused)["platform"][0]
    Connection.objects.filter(organization=shop.organization).update(account_name="Northside")
    answered = sync(shop).json()
    assert (answered["status"], answered["error"]) == ("connected", None)
    assert answered["last_synced"] is not None
    assert shop.get("orders/").json()["count"] == 1
