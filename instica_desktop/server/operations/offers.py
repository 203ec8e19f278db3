"""Putting an item on offer at a marketplace and taking it off again. Source: api contract, Listings."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.models import Item, Listing
from instica_desktop.server.operations import entitlements
from instica_desktop.server.operations.derived import item_title, touch_item
from instica_desktop.server.operations.items import update_item

_LISTABLE = ("ready-to-sell", "listed")


def put_on_offer(item: Item, platform: str, values: dict[str, Any]) -> Listing:
    """Offer an item on a platform. `values` may hold `price_cents` and `title`.

    Errors: `ValidationError` for an item that cannot be listed or is on offer there, `PaymentRequired`.
    """
    if item.status not in _LISTABLE:
        raise ValidationError({"status": [f"An item that is {item.status} cannot be listed."]})
    mine = Listing.objects.filter(item=item, platform=platform)
    if mine.filter(status="listed").exists():
        raise ValidationError({"platform": [f"This item is already on offer at {platform_name(platform)}."]})
    live = Listing.objects.filter(item__organization=item.organization, status="listed")
    entitlements.claim(item.organization, entitlements.LISTINGS, live.count)
    now = timezone.now()
    listing = mine.exclude(status="sold").order_by("-pk").first() or Listing(item=item, platform=platform)
    listing.title = values.get("title") or item_title(item, item.product)
    listing.price_cents = values.get("price_cents") or item.price_total_cents
    listing.status, listing.listed_at, listing.updated = "listed", now, now
    listing.save()
    if item.status == "listed":
        touch_item(item)
    else:
        update_item(item, {"status": "listed"})
    return listing


def take_off_offer(item: Item, platform: str = "") -> list[Listing]:
    """End an item's offers, all or those on one platform; without any left the item is ready to sell again.

    Errors: `ValidationError` when there is none to end.
    """
    mine = Listing.objects.filter(item=item, status="listed")
    ending = list(mine.filter(platform=platform) if platform else mine)
    if not ending:
        raise ValidationError({"platform": ["This item is not on offer there."]})
    for listing in ending:
        listing.status, listing.updated = "inactive", timezone.now()
        listing.save()
    if item.status == "listed" and not mine.all().exists():  # asked anew
        update_item(item, {"status": "ready-to-sell"})
    else:
        touch_item(item)
    return ending
