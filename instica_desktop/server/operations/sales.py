"""A sale, as a marketplace reports it. Source: api contract, Marketplace & import; Orders & sales."""

from datetime import datetime
from typing import Any

from instica_desktop.server.models import Listing, Order
from instica_desktop.server.operations.derived import order_changed
from instica_desktop.server.operations.items import move_by_server
from instica_desktop.server.operations.listings import end_others
from instica_desktop.server.simulation.marketplace import SimulatedMarketplace


def record_sale(listing: Listing, sold_at: datetime, values: dict[str, Any]) -> Order:
    """Turn a live offer into an order: the item is sold, and its other offers are ended.

    `values` are the order's own columns. An amount the marketplace does not tell stays null.
    """
    item = listing.item
    order = Order(
        organization=item.organization, listing=listing, platform=listing.platform, sold_at=sold_at, **values
    )
    listing.status, listing.error_code, listing.error_message = "sold", "", ""
    listing.updated = order.created
    listing.save()
    SimulatedMarketplace(item.organization, listing.platform).sold(listing)
    end_others(listing)
    item.sold_at = sold_at
    move_by_server(item, "sold", "sale")
    order_changed(order)
    return order
