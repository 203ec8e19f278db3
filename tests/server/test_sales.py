"""Figures about orders, the reports as CSV, and shipping many orders at once."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.server.shop import Shop

KNOWN = {
    "sale_price_cents": 2000,
    "marketplace_fee_cents": 200,
    "platform_fee_cents": 60,
    "shipping_cost_cents": 400,
}
NOTHING = {
    "orders": 0,
    "revenue": "0.00",
    "marketplace_fees": "0.00",
    "platform_fees": "0.00",
    "fees": "0.00",
    "shipping": "0.00",
    "net_revenue": "0.00",
    "net_revenue_known": "0.00",
    "average_sale_price": None,
    "orders_with_unknown_price": 0,
    "orders_with_unknown_fees": 0,
    "orders_with_unknown_shipping": 0,
    "orders_with_unknown_net": 0,
}


def ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rows(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_empty_shop_has_sold_nothing(shop: Shop) -> None:
    stats = shop.get("orders/stats/").json()
    assert stats["count"] == 0
    assert stats["by_status"] == {"awaiting_shipment": 0, "shipped": 0, "completed": 0}
    for period in ("all_time", "today", "last_7_days", "last_30_days", "last_365_days"):
        assert stats[period] == NOTHING


def test_stats_count_by_status_and_period(shop: Shop, other_shop: Shop) -> None:
    shop.order(sold_at=datetime.now(UTC), **KNOWN)
    shop.order(sold_at=ago(6), status="shipped", **{**KNOWN, "sale_price_cents": 1001})
    shop.order(sold_at=ago(20), status="completed", **KNOWN)
    shop.order(sold_at=ago(100), **KNOWN)
    shop.order(sold_at=ago(400), **KNOWN)
    shop.order(sold_at=datetime.now(UTC), status="refunded", **KNOWN)
    other_shop.order(sold_at=datetime.now(UTC), **KNOWN)
    stats = shop.get("orders/stats/").json()
    assert stats["count"] == 6
    assert stats["by_status"] == {"awaiting_shipment": 3, "shipped": 1, "completed": 1, "refunded": 1}
    counted = {
        name: stats[name]["orders"]
        for name in stats
        if isinstance(stats[name], dict) and "orders" in stats[name]
    }
    assert counted == {
        "all_time": 5,
        "today": 1,
        "last_7_days": 2,
        "last_30_days": 3,
        "last_365_days": 4,
    }
    assert stats["last_7_days"] == {
        **NOTHING,
        "orders": 2,
        "revenue": "30.01",
        "marketplace_fees": "4.00",
        "platform_fees": "1.20",
        "fees": "5.20",
        "shipping": "8.00",
        "net_revenue": "16.81",
        "net_revenue_known": "16.81",
        "average_sale_price": "15.01",
    }


@pytest.mark.parametrize(
    ("missing", "counter"),
    [
        ("sale_price_cents", "orders_with_unknown_price"),
        ("marketplace_fee_cents", "orders_with_unknown_fees"),
        ("platform_fee_cents", "orders_with_unknown_fees"),
        ("shipping_cost_cents", "orders_with_unknown_shipping"),
    ],
)
def test_an_unknown_amount_is_never_taken_for_nothing(shop: Shop, missing: str, counter: str) -> None:
    shop.order(**KNOWN)
    shop.order(**{**KNOWN, missing: None})
    sums = shop.get("orders/stats/").json()["all_time"]
    assert (sums["orders"], sums["net_revenue"], sums["net_revenue_known"]) == (2, None, "13.40")
    assert (sums[counter], sums["orders_with_unknown_net"]) == (1, 1)
    assert sums["average_sale_price"] == "20.00"
    point = next(p for p in shop.get("orders/analytics/").json()["series"] if p["orders"])
    assert point["net_revenue"] is None


def test_a_series_has_every_day_of_its_span(shop: Shop) -> None:
    shop.order(sold_at=at("2026-03-01T00:00:00"), **KNOWN)
    shop.order(sold_at=at("2026-03-03T23:59:59"), **KNOWN)
    shop.order(sold_at=at("2026-03-04T00:00:00"), **KNOWN)
    shop.order(sold_at=at("2026-03-02T12:00:00"), status="cancelled", **KNOWN)
    answer = shop.get("orders/analytics/", {"from": "2026-03-01", "to": "2026-03-03"}).json()
    assert (answer["from"], answer["to"]) == ("2026-03-01", "2026-03-03")
    assert (answer["granularity"], answer["platform"]) == ("day", None)
    assert [(point["period"], point["orders"]) for point in answer["series"]] == [
        ("2026-03-01", 1),
        ("2026-03-02", 0),
        ("2026-03-03", 1),
    ]
    assert answer["series"][1] == {"period": "2026-03-02", **NOTHING}
    assert (answer["total"]["orders"], answer["total"]["net_revenue"]) == (2, "26.80")


def test_weeks_begin_on_monday_and_months_on_the_first(shop: Shop) -> None:
    shop.order(sold_at=at("2026-03-01T10:00:00"), **KNOWN)  # a Sunday
    shop.order(sold_at=at("2026-03-02T10:00:00"), platform="ebay", **KNOWN)
    span = {"from": "2026-02-27", "to": "2026-04-02"}

    def points(**query: str) -> list[tuple[str, int]]:
        series = shop.get("orders/analytics/", {**span, **query}).json()["series"]
        return [(point["period"], point["orders"]) for point in series]

    assert points(granularity="week")[:2] == [("2026-02-23", 1), ("2026-03-02", 1)]
    assert points(granularity="month") == [("2026-02-01", 0), ("2026-03-01", 2), ("2026-04-01", 0)]
    assert points(granularity="month", platform="ebay")[1] == ("2026-03-01", 1)


def test_a_series_has_a_span_of_its_own_when_none_is_asked_for(shop: Shop) -> None:
    for granularity, count in (("day", 30), ("week", 27), ("month", 13)):
        answer = shop.get("orders/analytics/", {"granularity": granularity}).json()
        assert date.fromisoformat(answer["to"]) <= datetime.now(UTC).date()
        assert abs(len(answer["series"]) - count) <= 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13-01"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"from": "2190-01-01"}, "from"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"from": "2000-01-01", "to": "2026-01-01"}, "from"),
        ({"granularity": "hour"}, "granularity"),
        ({"platform": "myspace"}, "platform"),
        ({"platform": "\0"}, "platform"),
    ],
)
def test_a_bad_question_is_refused_at_its_field(shop: Shop, query: Any, field: str) -> None:
    assert list(shop.errors(shop.get("orders/analytics/", query))) == [field]


def test_the_plan_may_lack_analytics(shop: Shop) -> None:
    from django.utils.crypto import get_random_string

    from instica_desktop.server.models import Plan, Subscription

    plan = Plan.objects.create(name="Small", slug=get_random_string(12), features=[])
    Subscription.objects.create(organization=shop.organization, plan=plan)
    assert shop.get("orders/analytics/").status_code == 402
    assert shop.get("orders/stats/").status_code == 200


def test_each_report_has_a_row_for_each_order(shop: Shop, other_shop: Shop) -> None:
    from instica_desktop.server.models import Item

    second = shop.order(sold_at=at("2026-03-02T10:00:00"), order_id="2", address={"country": "DE"}, **KNOWN)
    shop.order(sold_at=at("2026-03-01T10:00:00"), order_id="1", sale_price_cents=1500)
    other_shop.order(**KNOWN)
    Item.objects.filter(pk=second.listing.item.pk).update(cost_cents=500)
    shop.post(f"orders/{second.uid}/shipments/", {"carrier": "dhl", "tracking_number": "00340"})
    sales = rows(shop.get("orders/reports/sales/"))
    assert [row["order_id"] for row in sales] == ["1", "2"]
    assert sales[1] == {
        "sold_at": "2026-03-02T10:00:00Z",
        "order_id": "2",
        "platform": "Discogs",
        "status": "shipped",
        "title": "Kind of Blue",
        "sku": "IN-000001",
        "buyer": "",
        "country": "DE",
        "sale_price_usd": "20.00",
    }
    fees = rows(shop.get("orders/reports/fees/"))
    assert [row["fees_usd"] for row in fees] == ["", "2.60"]
    shipping = rows(shop.get("orders/reports/shipping/"))
    assert [(row["parcels"], row["carrier"], row["tracking_number"]) for row in shipping] == [
        ("0", "", ""),
        ("1", "dhl", "00340"),
    ]
    profit = rows(shop.get("orders/reports/profit/"))
    assert [(row["net_revenue_usd"], row["cost_usd"], row["profit_usd"]) for row in profit] == [
        ("", "", ""),
        ("13.40", "5.00", "8.40"),
    ]


def test_a_report_is_of_its_span_and_platform(shop: Shop) -> None:
    shop.order(sold_at=at("2026-03-01T23:59:59"), order_id="1")
    shop.order(sold_at=at("2026-03-02T00:00:00"), order_id="2", platform="ebay")

    def ids(**query: str) -> list[str]:
        return [row["order_id"] for row in rows(shop.get("orders/reports/sales/", query))]

    assert ids(to="2026-03-01") == ["1"]
    assert ids(**{"from": "2026-03-02"}) == ["2"]
    assert ids(platform="ebay") == ["2"]
    assert ids(**{"from": "2026-03-03", "to": "2026-03-04"}) == []
    named = shop.get("orders/reports/fees/", {"from": "2026-03-01", "to": "2026-03-02"})
    assert named["Content-Disposition"] == 'attachment; filename="fees-2026-03-01-2026-03-02.csv"'
    assert list(shop.errors(shop.get("orders/reports/fees/", {"from": "x"}))) == ["from"]
    assert shop.get("orders/reports/taxes/").status_code == 404


def test_a_report_is_safe_and_whole_whatever_it_holds(shop: Shop) -> None:
    names = ["=HYPERLINK(1)", "+49 30 1234x", "@SUM", "-2+3", 'Says "hi", \n twice', "Åsa = 細野", "-5"]
    for number, name in enumerate(names):
        shop.order(buyer_name=name, order_id=str(number), sold_at=at("2026-03-01T10:00:00"))
    found = [row["buyer"] for row in rows(shop.get("orders/reports/sales/"))]
    assert found == ["'=HYPERLINK(1)", "'+49 30 1234x", "'@SUM", "'-2+3", *names[4:]]


def test_a_long_report_misses_and_repeats_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.server.models import Order
    from instica_desktop.server.reports import tables

    monkeypatch.setattr(tables, "_PIECE", 7)
    Order.objects.bulk_create(
        Order(
            organization=shop.organization,
            order_id=str(number),
            platform="ebay",
            sold_at=at("2026-03-01T10:00:00") + timedelta(days=number // 10),
        )
        for number in range(45)
    )
    found = [row["order_id"] for row in rows(shop.get("orders/reports/profit/"))]
    assert found == [str(number) for number in range(45)]


# ------------------------------------------------------------------ bulk shipping


def parcel(order: Any, **fields: Any) -> dict[str, Any]:
    return {"order": order.uid, "carrier": "usps", "tracking_number": "9400", **fields}


def test_many_orders_are_shipped_and_a_bad_one_stops_nobody(shop: Shop, other_shop: Shop) -> None:
    first, second, gone = shop.order(), shop.order(), shop.order(status="cancelled")
    theirs = other_shop.order()
    entries = [
        parcel(first),
        parcel(second, carrier="pigeon"),
        parcel(gone),
        parcel(theirs),
        {"carrier": "usps"},
        "nonsense",
        parcel(first),
        {"order": 5, "carrier": "usps"},
        parcel(second, tracking_number="9401"),
    ]
    answer = shop.post("orders/bulk-ship/", {"shipments": entries})
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [result["ok"] for result in results] == [True, *[False] * 7, True]
    assert results[0]["order"] == first.uid
    assert results[0]["shipment"]["tracking_number"] == "9400"
    assert results[0]["errors"] is None
    assert [list(result["errors"]) for result in results[1:8]] == [
        ["carrier"],
        ["non_field_errors"],
        ["order"],
        ["order"],
        ["non_field_errors"],
        ["order"],
        ["order"],
    ]
    for order in (first, second):
        shown = shop.get(f"orders/{order.uid}/").json()
        assert (shown["status"], len(shown["shipments"])) == ("shipped", 1)
    assert shop.get(f"orders/{gone.uid}/").json()["shipments"] == []
    assert other_shop.get(f"orders/{theirs.uid}/").json()["status"] == "awaiting_shipment"


@pytest.mark.parametrize("junk", ["\ud800", "\0", "x" * 70_000, None, True, 10**40, [], {}, [[]], {"a": {}}])
def test_junk_in_a_parcel_is_an_error_of_that_parcel(shop: Shop, junk: Any) -> None:
    order = shop.order()
    entries = [{**parcel(order), name: junk} for name in ("order", "carrier", "cost_usd", "status")]
    answer = shop.post("orders/bulk-ship/", {"shipments": [junk, *entries]})
    assert answer.status_code == 200, answer.content
    assert not any(result["ok"] for result in answer.json()["results"][:3])


def test_a_repeated_bulk_shipment_ships_once(shop: Shop) -> None:
    order = shop.order()
    body = {"shipments": [parcel(order)]}
    first = shop.post("orders/bulk-ship/", body, HTTP_IDEMPOTENCY_KEY="b")
    assert shop.post("orders/bulk-ship/", body, HTTP_IDEMPOTENCY_KEY="b").json() == first.json()
    assert len(shop.get(f"orders/{order.uid}/shipments/").json()) == 1


@pytest.mark.parametrize("body", [{}, {"shipments": []}, {"shipments": "x"}, {"shipments": [1] * 501}])
def test_a_bulk_shipment_is_a_list_of_some(shop: Shop, body: Any) -> None:
    assert list(shop.errors(shop.post("orders/bulk-ship/", body))) == ["shipments"]
    for wrong in ([], None, "x"):
        assert shop.post("orders/bulk-ship/", wrong).status_code == 400


def test_figures_need_a_key(shop: Shop) -> None:
    for path in ("stats/", "analytics/", "reports/sales/"):
        assert shop.client.get(f"/api/v1/orders/{path}", HTTP_X_API_KEY="").status_code == 401
