"""Importing what a simulated marketplace holds: new items, known ones, refusals, cancelling."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.fixture import CATALOGUE
from tests.server.shop import Shop
from tests.server.test_listings import connect, offer, ready


@pytest.fixture(autouse=True)
def catalogue() -> Iterator[None]:
    """The marketplaces hold releases of the catalogue."""
    from django.test import override_settings

    with override_settings(SHOP_CATALOGUE=CATALOGUE):
        yield


def start(shop: Shop, platform: str = "discogs") -> str:
    response = shop.post("marketplace/import-jobs/", {"platform": platform})
    assert response.status_code == 202, response.content
    assert response.json()["status"] == "queued"
    return response.json()["uid"]


def done(shop: Shop, uid: str) -> dict[str, Any]:
    """Do a job as the server's thread would; return its record."""
    from instica_desktop.server.jobs.run import run_ready

    run_ready("test", uid=uid)
    return shop.get(f"marketplace/import-jobs/{uid}/").json()


def counts(job: dict[str, Any]) -> tuple[int, int, int]:
    return job["created"], job["updated"], job["skipped"]


def hold(shop: Shop, **fields: Any) -> Any:
    """Put an offer on the marketplace by hand; the account then holds nothing else of its own."""
    from instica_desktop.server.models import SimulatedOffer

    facts = {
        "artist": "Miles Davis",
        "title": "Kind of Blue",
        "label": "",
        "catalog_number": "CS 8163",
        "barcode": "",
        "year": 1959,
        "format": "LP",
        "country": "US",
        "genres": ["Jazz"],
        "condition_item": "vg_plus",
        "condition_container": "vg",
    }
    values = {"external_id": "77", "title": "Kind of Blue", "price_cents": 2500, "facts": facts, **fields}
    return SimulatedOffer.objects.create(
        organization=shop.organization, platform="discogs", by_hand=True, **values
    )


def test_what_the_shop_does_not_know_becomes_items(shop: Shop) -> None:
    connect(shop, "discogs")
    uid = start(shop)
    job = done(shop, uid)
    assert (job["status"], job["platform"], job["total"], job["processed"]) == (
        "succeeded",
        "discogs",
        12,
        12,
    )
    assert counts(job) == (12, 0, 0)
    assert job["errors"] == []
    assert job["started_at"] <= job["finished_at"]
    items = shop.get("inventory/", {"page_size": 100}).json()["results"]
    assert len(items) == 12
    for item in items:
        (listing,) = item["listings"]
        assert (item["status"], listing["status"], listing["platform"]) == ("listed", "listed", "discogs")
        assert listing["price_usd"] == item["price_total_usd"]
        assert item["condition_item_display"]
        assert item["product"]["product_image"]
    assert counts(done(shop, start(shop))) == (0, 0, 12)
    assert shop.get("inventory/").json()["count"] == 12


def test_a_known_offer_brings_its_price_and_title(shop: Shop) -> None:
    from instica_desktop.server.models import SimulatedOffer

    connect(shop, "discogs")
    hold(shop)
    uid = ready(shop)
    mine = offer(shop, uid, "discogs")
    SimulatedOffer.objects.filter(external_id=mine["external_id"]).update(price_cents=1234, title="Renamed")
    assert counts(done(shop, start(shop))) == (1, 1, 0)
    (shown,) = shop.get(f"inventory/{uid}/listings/").json()
    assert (shown["uid"], shown["price_usd"], shown["title"]) == (mine["uid"], "12.34", "Renamed")


def test_a_release_the_shop_has_is_not_made_twice(shop: Shop) -> None:
    connect(shop, "discogs")
    product = shop.product(artist={"name": "MILES DAVIS"}, title="Kind of blue", catalog_number="cs-8163")
    hold(shop)
    hold(shop, external_id="78")
    assert counts(done(shop, start(shop))) == (2, 0, 0)
    assert shop.get("products/").json()["count"] == 1
    assert shop.get(f"products/{product['uid']}/").json()["listed_inventory_count"] == 2


def test_an_offer_that_ended_with_its_item_does_not_come_back(shop: Shop) -> None:
    connect(shop, "discogs")
    hold(shop, is_active=False)
    uid = ready(shop, condition_item="nm")
    offer(shop, uid, "discogs")
    assert shop.delete(f"inventory/{uid}/").status_code == 204
    assert counts(done(shop, start(shop))) == (0, 0, 0)
    assert shop.get("inventory/").json()["results"] == []


def test_a_refused_offer_is_told_and_the_others_go_on(shop: Shop) -> None:
    connect(shop, "discogs")
    hold(shop, price_cents=None, title="No price")
    hold(shop, external_id="78")
    job = done(shop, start(shop))
    assert (job["status"], counts(job)) == ("succeeded", (1, 0, 0))
    (error,) = job["errors"]
    assert (error["row"], error["field"]) == (1, "price_total_usd")
    assert error["message"].startswith("No price (77): ")
    assert shop.get("products/").json()["count"] == 1


def test_the_plan_limits_an_import(shop: Shop) -> None:
    from django.utils.crypto import get_random_string

    from instica_desktop.server.models import Plan, Subscription

    connect(shop, "discogs")
    hold(shop)
    hold(shop, external_id="78")
    features = [{"name": "inventory_items", "limit": 1}, {"name": "listings", "limit": None}]
    plan = Plan.objects.create(name="Small", slug=get_random_string(12), features=features)
    Subscription.objects.create(organization=shop.organization, plan=plan)
    job = done(shop, start(shop))
    assert (counts(job), job["processed"], job["error_count"]) == ((1, 0, 0), 2, 1)
    assert "1 inventory items" in job["errors"][0]["message"]


def test_an_import_is_asked_for_once_at_a_time(shop: Shop) -> None:
    connect(shop, "discogs", "ebay")
    uid = start(shop)
    assert shop.post("marketplace/import-jobs/", {"platform": "discogs"}).status_code == 409
    start(shop, "ebay")
    cancelled = shop.post(f"marketplace/import-jobs/{uid}/cancel/")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert shop.post(f"marketplace/import-jobs/{uid}/cancel/").json()["status"] == "cancelled"
    assert done(shop, uid)["processed"] == 0
    start(shop)
    listed = shop.get("marketplace/import-jobs/").json()
    assert listed["count"] == 3
    assert [row["platform"] for row in listed["results"]] == ["discogs", "ebay", "discogs"]


def test_a_repeated_request_starts_one_import(shop: Shop) -> None:
    connect(shop, "discogs")
    body, path = {"platform": "discogs"}, "marketplace/import-jobs/"
    first = shop.post(path, body, HTTP_IDEMPOTENCY_KEY="i")
    assert shop.post(path, body, HTTP_IDEMPOTENCY_KEY="i").json() == first.json()
    assert shop.get(path).json()["count"] == 1


def test_an_import_whose_connection_ended_fails_and_says_why(shop: Shop) -> None:
    connect(shop, "discogs")
    uid = start(shop)
    (connection,) = shop.get("marketplace/connections/").json()
    shop.delete(f"marketplace/connections/{connection['uid']}/")
    job = done(shop, uid)
    assert job["status"] == "failed"
    assert "Discogs" in job["errors"][0]["message"]


@pytest.mark.parametrize(
    "body", [{}, {"platform": "discogs"}, {"platform": 5}, {"platform": "x"}, {"platform": None}]
)
def test_an_import_needs_a_connected_platform(shop: Shop, body: Any) -> None:
    assert list(shop.errors(shop.post("marketplace/import-jobs/", body))) == ["platform"]


def test_imports_of_others_do_not_exist(shop: Shop, other_shop: Shop) -> None:
    connect(shop, "discogs")
    uid = start(shop)
    assert other_shop.get("marketplace/import-jobs/").json()["count"] == 0
    assert other_shop.get(f"marketplace/import-jobs/{uid}/").status_code == 404
    assert other_shop.post(f"marketplace/import-jobs/{uid}/cancel/").status_code == 404
    done(shop, uid)
    assert other_shop.get("inventory/").json()["count"] == 0


def test_marketplace_work_is_done_by_its_kind_only(shop: Shop) -> None:
    from instica_desktop.server.operations.jobs import enqueue

    job = enqueue(shop.organization, "another_kind", {})
    assert shop.get(f"marketplace/import-jobs/{job.uid}/").status_code == 404
    job.delete()
