"""What can be said of an item's money and age, for the pane."""

from decimal import Decimal

from instica_desktop.core.ages import days_held, utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.money import format_money

UNKNOWN = "Unknown"


def days_of(item: InventoryItem) -> int | None:
    """Return the days an item has been here: as they are today, not as they were when it was read."""
    days = days_held(item.acquired_at or item.created, item.sold_at or utc_now())
    return item.days_in_inventory if days is None else days


def money_facts(item: InventoryItem) -> tuple[tuple[str, str], ...]:
    """Return (name, value) pairs: profit before fees, margin, days in stock."""
    price, cost = item.price_item_usd, item.cost_usd
    profit = None if price is None or cost is None else price - cost
    margin = None if profit is None or not price else profit / price * 100
    days = days_of(item)
    return (
        ("Before fees", format_money(profit, unknown=UNKNOWN)),
        ("Margin", UNKNOWN if margin is None else f"{margin.quantize(Decimal('0.1'))} %".replace("-", "−")),
        ("In stock", UNKNOWN if days is None else f"{days:,} d"),
    )
