"""The contract against the real server: figures about orders, reports, shipping many at once."""

import csv
import io
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from instica_desktop.api.sections.orders import REPORTS
from instica_desktop.core import errors
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.api.test_contract_writes import connected
from tests.server.fixture import RunningServer


async def test_stats_agree_with_the_orders(seeded: RunningServer) -> None:
    async with connected(seeded) as client:
        orders = [record.data async for record in client.orders.all(Query(Entity.ORDER))]
        stats = await client.orders.stats()
        assert stats.count == len(orders) == sum(stats.by_status.values())
        sums = stats.all_time
        assert sums is not None
        assert sums.orders == len(orders)
        assert sums.revenue == sum((order.sale_price or Decimal() for order in orders), Decimal())
        known = [order.net_revenue for order in orders if order.net_revenue is not None]
        assert sums.net_revenue_known == sum(known, Decimal())
        assert sums.orders_with_unknown_net == len(orders) - len(known)
        assert sums.net_revenue is None
        unknown = [o for o in orders if o.marketplace_fee is None or o.platform_fee is None]
        assert sums.orders_with_unknown_fees == len(unknown)
        assert stats.last_365_days is not None
        assert stats.last_365_days.orders <= sums.orders


async def test_a_series_adds_up(seeded: RunningServer) -> None:
    async with connected(seeded) as client:
        today = datetime.now(UTC).date()
        for granularity in ("day", "week", "month"):
            series = await client.orders.analytics(today - timedelta(days=365), today, granularity)
            assert (series.first, series.last) == (today - timedelta(days=365), today)
            assert series.total is not None
            assert sum(point.orders for point in series.series) == series.total.orders
            periods = [point.period for point in series.series]
            assert periods == sorted(set(periods), key=lambda period: period or date.min)
        ebay = await client.orders.analytics(granularity="month", platform="ebay")
        assert ebay.platform == "ebay"
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.orders.analytics(date(2000, 1, 1), today)
        assert "from" in caught.value.fields


async def whole(stream: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in stream])


async def test_each_report_has_every_order(seeded: RunningServer) -> None:
    async with connected(seeded) as client:
        count = (await client.orders.page(Query(Entity.ORDER))).count
        for name in REPORTS:
            table = (await whole(client.orders.report(name))).decode()
            assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == count
        nothing = await whole(client.orders.report("profit", date(1999, 1, 1), date(1999, 1, 2), "ebay"))
        assert nothing.decode().startswith("sold_at,order_id,")
        assert nothing.count(b"\n") == 1
        with pytest.raises(errors.NotOffered):
            await whole(client.orders.report("taxes"))


async def test_many_orders_are_shipped_at_once(shop: RunningServer) -> None:
    async with connected(shop) as client:
        query = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
        waiting = [record.data.uid for record in (await client.orders.page(query)).records][-2:]
        entries = [{"order": uid, "carrier": "ups", "tracking_number": uuid4().hex} for uid in waiting]
        key = str(uuid4())
        sent = [entries[0], {"order": "nobody", "carrier": "ups"}, entries[1]]
        results = await client.orders.bulk_ship(sent, key)
        assert [(result.order, result.ok) for result in results] == [
            (waiting[0], True),
            ("nobody", False),
            (waiting[1], True),
        ]
        assert results[1].errors == {"order": ("Not found.",)}
        assert results[0].shipment is not None
        assert results[0].shipment.tracking_number == entries[0]["tracking_number"]
        assert await client.orders.bulk_ship(sent, key) == results
        for uid in waiting:
            assert (await client.orders.get(uid)).record.data.status == "shipped"


async def test_a_number_on_orders_to_other_addresses_is_asked_about(shop: RunningServer) -> None:
    async with connected(shop) as client:
        query = Query(Entity.ORDER).with_filter("status", ["shipped", "completed"])
        first, second, third = [one.data for one in (await client.orders.page(query)).records][:3]
        parcel = {"carrier": "ups", "tracking_number": uuid4().hex}
        sent = [{"order": order.uid, **parcel} for order in (first, second)]
        done, asked = await client.orders.bulk_ship(sent)
        assert (done.ok, done.also_on, asked.ok) == (True, None, False)
        assert asked.also_on is not None
        assert [(one.uid, one.order_id, one.address) for one in asked.also_on] == [
            (first.uid, first.order_id, "other")
        ]
        (again,) = await client.orders.bulk_ship([{**sent[1], "confirm": True}])
        assert again.ok

        with pytest.raises(errors.Clash) as caught:
            await client.orders.add_shipment(third.uid, parcel)
        assert [one["uid"] for one in caught.value.more["also_on"]] == [second.uid, first.uid]
        made = await client.orders.add_shipment(third.uid, {**parcel, "tracking_number": uuid4().hex})
        with pytest.raises(errors.Clash):
            await client.orders.update_shipment(third.uid, made.uid, parcel)
        changed = await client.orders.update_shipment(third.uid, made.uid, {**parcel, "confirm": True})
        assert changed.tracking_number == parcel["tracking_number"]
