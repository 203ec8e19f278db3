"""What is said of an item's age moves with today."""

from datetime import timedelta

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.features.inventory.facts import days_of, money_facts


def test_the_days_in_stock_are_those_of_today_not_of_the_day_it_was_read() -> None:
    now = utc_now()
    item = InventoryItem(uid="i", created=now - timedelta(days=40), days_in_inventory=3)
    assert days_of(item) == 40
    assert ("In stock", "40 d") in money_facts(item)
    bought = InventoryItem(uid="i", created=now, acquired_at=now - timedelta(days=7))
    assert days_of(bought) == 7


def test_they_end_with_the_sale_and_are_never_below_zero() -> None:
    now = utc_now()
    sold = InventoryItem(uid="i", created=now - timedelta(days=40), sold_at=now - timedelta(days=30))
    assert days_of(sold) == 10
    assert days_of(InventoryItem(uid="i", created=now, sold_at=now - timedelta(days=3))) == 0
    assert days_of(InventoryItem(uid="i", acquired_at=now + timedelta(days=3))) == 0


def test_without_dates_the_server_is_believed() -> None:
    assert days_of(InventoryItem(uid="i", days_in_inventory=3)) == 3
    assert days_of(InventoryItem(uid="i")) is None
