"""Letting buyers come to a whole shop: orders on its live offers, for whoever wants to see a busy day."""

import random

from django.db.models import Exists, OuterRef
from django.utils import timezone

from instica_desktop.server.domain.platforms import SELLING
from instica_desktop.server.models import Connection, Listing
from instica_desktop.server.operations.sales import record_sale
from instica_desktop.server.operations.shared import for_sale
from instica_desktop.server.shop import ensure_owner
from instica_desktop.server.simulation.buyers import draw_purchase
from instica_desktop.server.storage.transactions import writing


def _offers(orders: int, rng: random.Random) -> list[int]:
    """Return as many live offers of different items as there are to be orders, or all there are."""
    owner = ensure_owner()
    account = Connection.objects.filter(
        organization=owner.organization, platform=OuterRef("platform"), status="connected"
    )
    offers = Listing.objects.filter(
        Exists(account),
        item__organization=owner.organization,
        item__status="listed",
        platform__in=SELLING,
        status="listed",
        price_cents__gt=0,
    )
    by_item: dict[int, list[int]] = {}
    for key, item in offers.order_by("pk").values_list("pk", "item_id"):
        by_item.setdefault(item, []).append(key)
    items = rng.sample(sorted(by_item), min(orders, len(by_item)))
    return [rng.choice(by_item[item]) for item in items]


def trade(orders: int, seed: int) -> int:
    """Sell at most `orders` listed items in one transaction; returns how many. Same seed, same sales."""
    rng, now, sold = random.Random(f"{seed}:trade"), timezone.now(), 0
    related = ("item__product__artist", "item__product__label", "item__organization")
    with writing():
        chosen = _offers(orders, rng)
        for key in chosen:
            listing = Listing.objects.select_related(*related).get(pk=key)
            if listing.status != "listed" or for_sale(listing) is None:
                continue  # the sale of a copy that shares another offer ended it
            sold_at, values = draw_purchase(listing, now, rng)
            record_sale(listing, sold_at, values)
            sold += 1
    return sold
