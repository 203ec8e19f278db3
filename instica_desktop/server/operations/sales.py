"""A sale, as a marketplace reports it. Source: api contract, Marketplace & import; Orders & sales."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from instica_desktop.server.models import Listing, Order
from instica_desktop.server.operations.derived import order_changed
from instica_desktop.server.operations.items import move_by_server
from instica_desktop.server.operations.listings import end_others
from instica_desktop.server.operations.shared import copies_of, take_one
from instica_desktop.server.simulation.marketplace import SimulatedMarketplace


def record_sale(listing: Listing, sold_at: datetime, values: dict[str, Any]) -> Order:
    """Turn a live offer into an order: the item is sold, and its other offers are ended.

    Of copies that share the offer one is sold; the offer goes on with the others.
    `values` are the order's own columns. An amount the marketplace does not tell stays null.
    """
    sold = take_one(listing)
    left = 0 if sold is listing else len(copies_of(listing))
    item = sold.item
    sold.status, sold.error_code, sold.error_message = "sold", "", ""
    sold.updated = timezone.now()
    sold.save()
    order = Order(
        organization=item.organization, listing=sold, platform=sold.platform, sold_at=sold_at, **values
    )
    SimulatedMarketplace(item.organization, sold.platform).sold(sold, left)
    end_others(sold)
    item.sold_at = sold_at
    move_by_server(item, "sold", "sale")
    order_changed(order)
    return order
