"""Sums over orders, by the database. Source: api contract, Orders & sales, stats and analytics.

An unknown amount is never taken for 0: the sums are over what is known, beside each stands how many orders
lack it, and the net revenue is null as long as any part of it is unknown. Cancelled and refunded orders are
counted by their status and sum up to nothing.
"""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek

from instica_desktop.server.domain.spans import Span, buckets, last_days
from instica_desktop.server.domain.statuses import ORDER_STATUSES
from instica_desktop.server.models import Order, Organization

_TRUNC = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
_REVERSED = ("cancelled", "canceled", "refunded")
_NO_PRICE: Any = Q(sale_price_cents=None)
_NO_FEES: Any = Q(marketplace_fee_cents=None) | Q(platform_fee_cents=None)
_NO_SHIPPING: Any = Q(shipping_cost_cents=None)
_UNKNOWN_NET = _NO_PRICE | _NO_FEES | _NO_SHIPPING
_NET = F("sale_price_cents") - F("marketplace_fee_cents") - F("platform_fee_cents") - F("shipping_cost_cents")


def _sums() -> dict[str, Any]:
    return {
        "orders": Count("pk"),
        "revenue_cents": Sum("sale_price_cents", default=0),
        "marketplace_fees": Sum("marketplace_fee_cents", default=0),
        "platform_fees": Sum("platform_fee_cents", default=0),
        "shipping_cents": Sum("shipping_cost_cents", default=0),
        "known_net_cents": Sum(_NET, filter=~_UNKNOWN_NET, default=0),
        "unknown_prices": Count("pk", filter=_NO_PRICE),
        "unknown_fees": Count("pk", filter=_NO_FEES),
        "unknown_shipping": Count("pk", filter=_NO_SHIPPING),
        "unknown_net": Count("pk", filter=_UNKNOWN_NET),
    }


_EMPTY: dict[str, Any] = dict.fromkeys(_sums(), 0)


def _finished(sums: dict[str, Any]) -> dict[str, Any]:
    """Return sums with what follows from them."""
    priced = sums["orders"] - sums["unknown_prices"]
    return {
        **sums,
        "fees_cents": sums["marketplace_fees"] + sums["platform_fees"],
        "net_cents": None if sums["unknown_net"] else sums["known_net_cents"],
        "average_cents": (2 * sums["revenue_cents"] + priced) // (2 * priced) if priced else None,
    }


def orders_in(organization: Organization, span: Span | None, platform: str = "") -> Any:
    """Return the organization's orders that were sold in a span (None: ever), on a platform or on all."""
    orders = Order.objects.filter(organization=organization)
    if span is not None:
        orders = orders.filter(sold_at__gte=span.start, sold_at__lt=span.end)
    return orders.filter(platform=platform) if platform else orders


def summed(orders: Any) -> dict[str, Any]:
    """Return the sums over orders."""
    return _finished(orders.exclude(status__in=_REVERSED).aggregate(**_sums()))


def _by_status(organization: Organization) -> dict[str, int]:
    rows = Order.objects.filter(organization=organization).order_by().values_list("status")
    return dict.fromkeys(ORDER_STATUSES, 0) | dict(rows.annotate(count=Count("pk")))


def stats(organization: Organization, today: date) -> dict[str, Any]:
    """Return counts by status, and sums over all time and over the days up to today."""
    periods = {"today": 1, "last_7_days": 7, "last_30_days": 30, "last_365_days": 365}
    sums = {name: summed(orders_in(organization, last_days(today, days))) for name, days in periods.items()}
    by_status = _by_status(organization)
    total = summed(orders_in(organization, None))
    return {"count": sum(by_status.values()), "by_status": by_status, "all_time": total, **sums}


def series(orders: Any, span: Span, granularity: str) -> list[dict[str, Any]]:
    """Return the sums for each day, week or month of a span, those without a sale too."""
    rows = (
        orders.exclude(status__in=_REVERSED)
        .order_by()
        .annotate(bucket=_TRUNC[granularity]("sold_at"))
        .values("bucket")
        .annotate(**_sums())
    )
    found = {row.pop("bucket").date(): row for row in rows}
    return [
        {"period": bucket, **_finished(found.get(bucket, _EMPTY))} for bucket in buckets(span, granularity)
    ]
