"""What stands in a shop and how it sells, by aggregate queries. Source: api contract, Inventory, Analytics.

Amounts in cents; a sum of nothing is 0. Months and ages are counted in UTC days.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.domain.statuses import GONE, ITEM_STATUSES, UNSOLD
from instica_desktop.server.models import Item, Listing, ListingCopy, Order, Organization

MONTHS = 12
AGES = (("0-30", 30), ("31-90", 90), ("91-180", 180), ("181-365", 365), ("365+", None))
"""Name of each bucket and the most days in it."""

Row = dict[str, Any]


def _sum(column: str, narrow: Q | None = None) -> Any:
    # PostgreSQL sums bigints to numeric; a cast keeps cents whole numbers everywhere.
    return Cast(Coalesce(Sum(column, filter=narrow), Value(0)), BigIntegerField())


def _sums() -> dict[str, Any]:
    return {
        "count": Count("pk"),
        "value_cents": _sum("price_total_cents"),
        "cost_cents": _sum("cost_cents"),
        "expected_cents": _sum("expected_cents"),
    }


def _aliased(rows: Any) -> Any:
    """Name the columns that a sum is named after apart from their sums."""
    return rows.annotate(**{f"{name}_sum": term for name, term in _sums().items()})


def _row(found: Row) -> Row:
    return {name: found.get(f"{name}_sum", 0) for name in _sums()}


def _mine(organization: Organization) -> Any:
    return Item.objects.filter(organization=organization)


def by_status(organization: Organization) -> list[Row]:
    """Return count and sums of each status, those without items too."""
    found = {row["status"]: row for row in _aliased(_mine(organization).order_by().values("status"))}
    return [
        {"status": status, "status_display": label, **_row(found.get(status, {}))}
        for status, label in ITEM_STATUSES.items()
    ]


def in_stock(statuses: list[Row]) -> Row:
    """Return count and sums of all unsold items, from those of the statuses."""
    unsold = [row for row in statuses if row["status"] in UNSOLD]
    return {name: sum(row[name] for row in unsold) for name in _sums()}


def ageing(organization: Organization, today: date) -> list[Row]:
    """Return count and sums of the unsold items by their age in days."""
    first_days = [(name, today.toordinal() - most) for name, most in AGES if most is not None]
    bucket = Case(
        *(When(start_day__gte=first, then=Value(name)) for name, first in first_days),
        default=Value(AGES[-1][0]),
    )
    rows = _mine(organization).filter(status__in=UNSOLD).annotate(bucket=bucket).order_by().values("bucket")
    found = {row["bucket"]: row for row in _aliased(rows)}
    return [{"days": name, **_row(found.get(name, {}))} for name, _ in AGES]


def _months(today: date) -> Iterator[tuple[str, int, int]]:
    """Yield (YYYY-MM, first day, first day after) of the last months, the oldest first."""
    for back in range(MONTHS - 1, -1, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        after_year, after_month = divmod(year * 12 + month + 1, 12)
        first, after = date(year, month + 1, 1), date(after_year, after_month + 1, 1)
        yield f"{year:04d}-{month + 1:02d}", first.toordinal(), after.toordinal()


def sell_through(organization: Organization, today: date) -> list[Row]:
    """Return by month what was there, came, and was sold. `rate` = sold of all that could be, or null."""
    terms: dict[str, Any] = {}
    for month, first, after in _months(today):
        key = month.replace("-", "_")
        unsold: Any = Q(end_day__isnull=True) | Q(end_day__gte=first)
        there = unsold & Q(start_day__lt=first)
        sold = Q(end_day__gte=first, end_day__lt=after, status__in=GONE)
        terms[f"stock_{key}"] = Count("pk", filter=there & ~Q(status="archived"))
        terms[f"added_{key}"] = Count("pk", filter=Q(start_day__gte=first, start_day__lt=after))
        terms[f"sold_{key}"] = Count("pk", filter=sold)
        terms[f"value_{key}"] = _sum("price_total_cents", sold)
    found = _mine(organization).aggregate(**terms)
    return [_month(month, found) for month, _, _ in _months(today)]


def _month(month: str, found: Row) -> Row:
    key = month.replace("-", "_")
    stock, added, sold = (found[f"{name}_{key}"] for name in ("stock", "added", "sold"))
    could = stock + added
    rate = (Decimal(sold) / could).quantize(Decimal("0.0001")) if could else None
    value = found[f"value_{key}"]
    return {
        "month": month,
        "stock": stock,
        "added": added,
        "sold": sold,
        "rate": rate,
        "sold_value_cents": value,
    }


def _further_copies(organization: Organization) -> Any:
    """Return what the copies beside the first one add to the live offers of each platform."""
    copies = ListingCopy.objects.filter(
        listing__item__organization=organization, listing__status="listed", is_out=False
    )
    rows = copies.order_by().values(platform=F("listing__platform"))
    return rows.annotate(listed=Count("pk"), value=_sum("listing__price_cents"))


def by_platform(organization: Organization) -> list[Row]:
    """Return the copies on offer and the sales of each platform that has any."""
    listed = Q(status="listed")
    offers = Listing.objects.filter(item__organization=organization).order_by().values("platform")
    sales = Order.objects.filter(organization=organization).order_by().values("platform")
    found: dict[str, Row] = {}
    for row in offers.annotate(listed=Count("pk", filter=listed), value=_sum("price_cents", listed)):
        found[row["platform"]] = {"listed": row["listed"], "listed_value_cents": row["value"]}
    for row in _further_copies(organization):
        found[row["platform"]]["listed"] += row["listed"]
        found[row["platform"]]["listed_value_cents"] += row["value"]
    for row in sales.annotate(sold=Count("pk"), revenue=_sum("sale_price_cents")):
        found.setdefault(row["platform"], {}).update(sold=row["sold"], revenue_cents=row["revenue"])
    nothing = dict.fromkeys(("listed", "listed_value_cents", "sold", "revenue_cents"), 0)
    return [
        {"platform": slug, "platform_name": platform_name(slug), **nothing, **found[slug]}
        for slug in sorted(found)
    ]
