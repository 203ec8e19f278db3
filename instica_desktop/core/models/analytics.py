"""Figures of the inventory. Source: api-reference, Inventory, Analytics (assumed)."""

from decimal import Decimal

from instica_desktop.core.models.common import Measured, Whole, Wire


class Sums(Measured, frozen=True, kw_only=True):
    """How many items, and the sums of their prices, costs and expected prices."""

    count: Whole = 0
    value_usd: Decimal | None = None
    cost_usd: Decimal | None = None
    expected_usd: Decimal | None = None


class StatusSums(Sums, frozen=True, kw_only=True):
    """The items of one status."""

    status: str = ""
    status_display: str | None = None


class AgeSums(Sums, frozen=True, kw_only=True):
    """The unsold items of one age; `days` is a range such as `31-90`, or `365+`."""

    days: str = ""


class MonthSales(Measured, frozen=True, kw_only=True):
    """One month (`YYYY-MM`): stock at its beginning, what came and was sold; `rate` is sold of all there."""

    month: str = ""
    stock: Whole = 0
    added: Whole = 0
    sold: Whole = 0
    rate: Decimal | None = None
    sold_value_usd: Decimal | None = None


class PlatformSums(Measured, frozen=True, kw_only=True):
    """One platform: live offers and sales."""

    platform: str = ""
    platform_name: str | None = None
    listed: Whole = 0
    listed_value_usd: Decimal | None = None
    sold: Whole = 0
    revenue_usd: Decimal | None = None


class InventoryAnalytics(Wire, frozen=True, kw_only=True):
    """All figures; `in_stock` and `ageing` are of unsold items."""

    in_stock: Sums | None = None
    by_status: tuple[StatusSums, ...] = ()
    ageing: tuple[AgeSums, ...] = ()
    sell_through: tuple[MonthSales, ...] = ()
    by_platform: tuple[PlatformSums, ...] = ()
