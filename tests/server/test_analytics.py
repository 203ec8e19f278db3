"""Figures of the inventory, counted again by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.server.shop import Shop


def figures(shop: Shop) -> dict[str, Any]:
    response = shop.get("inventory/analytics/")
    assert response.status_code == 200, response.content
    return response.json()


def days_ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def test_an_empty_shop(shop: Shop) -> None:
    found = figures(shop)
    assert found["in_stock"] == {
        "count": 0,
        "value_usd": "0.00",
        "cost_usd": "0.00",
        "expected_usd": "0.00",
    }
    assert len(found["by_status"]) == 8
    assert [row["days"] for row in found["ageing"]] == ["0-30", "31-90", "91-180", "181-365", "365+"]
    assert len(found["sell_through"]) == 12
    assert all(row["rate"] is None and row["sold"] == 0 for row in found["sell_through"])
    assert found["by_platform"] == []


def test_counts_and_sums_by_status(shop: Shop) -> None:
    shop.item(status="ready-to-sell", price_item_usd="10.00", price_shipping_usd="2.00", cost_usd="4.00")
    shop.item(status="ready-to-sell", price_item_usd="5.50", expected_sale_price_usd="6.00")
    shop.item()
    shop.item(status="archived", price_item_usd="99.00")
    found = figures(shop)
    rows = {row["status"]: row for row in found["by_status"]}
    ready = rows["ready-to-sell"]
    assert (ready["count"], ready["value_usd"], ready["cost_usd"]) == (2, "17.50", "4.00")
    assert (ready["expected_usd"], ready["status_display"]) == ("6.00", "Ready to sell")
    assert (rows["draft"]["count"], rows["draft"]["value_usd"]) == (1, "0.00")
    assert found["in_stock"] == {
        "count": 3,
        "value_usd": "17.50",
        "cost_usd": "4.00",
        "expected_usd": "6.00",
    }


def test_ages_at_the_edges_of_the_buckets(shop: Shop) -> None:
    for days in (0, 30, 31, 90, 91, 180, 181, 365, 366, 5000):
        shop.item(acquired_at=days_ago(days), price_item_usd="1.00")
    shop.item(status="sold", price_item_usd="1.00", acquired_at=days_ago(10))
    assert [row["count"] for row in figures(shop)["ageing"]] == [2, 2, 2, 2, 2]
    assert {row["value_usd"] for row in figures(shop)["ageing"]} == {"2.00"}


def test_sell_through_by_month(shop: Shop) -> None:
    now = datetime.now(UTC)
    this = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (this - timedelta(days=1)).replace(day=1)
    long_ago = (this - timedelta(days=200)).isoformat()
    for _ in range(3):
        shop.item(acquired_at=long_ago)
    sold = {"status": "sold", "price_item_usd": "8.00", "acquired_at": long_ago}
    shop.item(**sold, sold_at=last.isoformat())
    shop.item(**sold, sold_at=this.isoformat())
    shop.item(acquired_at=this.isoformat())
    *_, before, present = figures(shop)["sell_through"]
    assert (before["month"], present["month"]) == (f"{last:%Y-%m}", f"{this:%Y-%m}")
    assert (before["stock"], before["added"], before["sold"], before["rate"]) == (5, 0, 1, "0.2000")
    assert (present["stock"], present["added"], present["sold"], present["rate"]) == (4, 1, 1, "0.2000")
    assert (before["sold_value_usd"], present["sold_value_usd"]) == ("8.00", "8.00")


def test_platforms(shop: Shop, other_shop: Shop) -> None:
    shop.order(sale_price_cents=1250)
    other_shop.order(sale_price_cents=999)
    item = shop.item(status="ready-to-sell", price_item_usd="5.00")["uid"]
    shop.post("inventory/bulk/", {"action": "list", "uids": [item], "changes": {"platform": "redbubble"}})
    assert figures(shop)["by_platform"] == [
        {
            "platform": "discogs",
            "platform_name": "Discogs",
            "listed": 0,
            "listed_value_usd": "0.00",
            "sold": 1,
            "revenue_usd": "12.50",
        },
        {
            "platform": "redbubble",
            "platform_name": "Redbubble",
            "listed": 1,
            "listed_value_usd": "5.00",
            "sold": 0,
            "revenue_usd": "0.00",
        },
    ]


def test_the_number_of_queries_does_not_grow_with_the_shop(shop: Shop) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            figures(shop)
        return len(captured)

    shop.order()
    few = queries()
    for _ in range(5):
        shop.order()
    assert queries() == few
