"""Buyers who come to a simulated marketplace, with addresses and fees of which some are not known yet."""

import random
from datetime import datetime, timedelta
from typing import Any

from instica_desktop.server.models import Listing
from instica_desktop.server.seeding.sales import draw_sale

_LONGEST_AGO = 20 * 60
"""Minutes: a simulated buyer came within the last day."""


def draw_purchase(listing: Listing, now: datetime, rng: random.Random) -> tuple[datetime, dict[str, Any]]:
    """Return when somebody bought this, never before it was listed, and what the marketplace tells of it."""
    earliest = [moment for moment in (listing.listed_at, listing.item.listed_at) if moment is not None]
    sold_at = min(now, max([*earliest, now - timedelta(minutes=rng.randrange(_LONGEST_AGO))]))
    sale = draw_sale(listing.platform, "sold", listing.price_cents or 0, sold_at, now, rng)
    return sold_at, {
        "order_id": sale.order_id,
        "buyer_name": sale.address["full_name"],
        "buyer_note": sale.note,
        "address": sale.address,
        "sale_price_cents": sale.price,
        "marketplace_fee_cents": sale.marketplace_fee,
        "platform_fee_cents": sale.platform_fee,
        "shipping_cost_cents": sale.shipping_cost,
    }
