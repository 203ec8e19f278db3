"""What becomes of an item's offers when a person moves it: sells or archives it, or takes that back.

Selling by hand is a sale: the offers of the item end everywhere, and of copies that share one the others
stay on offer, one fewer. What goes is *out*: it is offered again, at its old price and with its old title,
once the item is back on offer. An item that goes another way (returned, received) is not what was offered
any more.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from instica_desktop.server.domain.platforms import is_selling
from instica_desktop.server.domain.statuses import GONE
from instica_desktop.server.models import Item, Listing, ListingCopy
from instica_desktop.server.operations.derived import touch_items
from instica_desktop.server.operations.entitlements import LISTINGS, allowance
from instica_desktop.server.operations.offers import (
    active_connection,
    count_live,
    end_for_sold,
    is_live,
    not_up,
    note,
    put_up,
)
from instica_desktop.server.operations.shared import OF_COPY, goes, put_first, tell
from instica_desktop.server.simulation.failures import LIST_BY_HAND, NOT_CONNECTED, PLAN_LIMIT, failure

_LEFT = (*GONE, "archived")
"""Statuses that take an item off all offers."""
_OPEN = ("listed", "failed")


def follow(items: Iterable[Item]) -> None:
    """Let the offers of items follow what persons made of their statuses."""
    moved = {item.pk: item for item in items}
    if not moved:
        return
    copies: dict[int, set[int]] = {}
    shares = ListingCopy.objects.filter(Q(item__in=moved) | Q(listing__item__in=moved))
    for listing_key, item_key in shares.values_list("listing", "item"):
        copies.setdefault(listing_key, set()).add(item_key)
    left = [key for key, item in moved.items() if item.status in _LEFT]
    own: Any = Q(item__in=moved, is_out=True) | Q(item__in=left, status__in=_OPEN)
    listings = Listing.objects.filter(own | Q(pk__in=copies)).select_related(*OF_COPY)
    for listing in listings.order_by("pk"):
        concerned = {listing.item.pk, *copies.get(listing.pk, ())}
        followed = [_follows(listing, item) for key, item in moved.items() if key in concerned]
        if any(followed):
            tell(listing)


def _follows(listing: Listing, item: Item) -> bool:
    """Let one copy go, or come back; returns whether others are on offer along with it."""
    mine = ListingCopy.objects.filter(listing=listing, item=item).first()
    if mine is None and listing.item.pk != item.pk:
        return False
    if mine is None and listing.is_out:
        return item.status not in _LEFT and _returns(listing, item)
    if mine is not None and mine.is_out:
        return item.status not in _LEFT and _joins(listing, mine, item)
    return item.status in _LEFT and not item.status_by and _leaves(listing, item)


def _leaves(listing: Listing, item: Item) -> bool:
    if is_live(listing) and goes(listing, item, for_good=False):
        return True
    if listing.item.pk == item.pk and listing.status in _OPEN:
        listing.is_out = is_live(listing)
        end_for_sold(listing)
        touch_items([listing.item])
    return False


def _returns(listing: Listing, item: Item) -> bool:
    """Offer again what ended along with its last copy; the others that are out still are."""
    listing.is_out = False
    listing.save(update_fields=["is_out"])
    if item.status == "listed":
        _offer_again(listing)
        touch_items([listing.item])
    return False


def _joins(listing: Listing, mine: ListingCopy, item: Item) -> bool:
    """Put a copy back among the others; the offer may have ended with the last of them."""
    if item.status != "listed" or not (is_live(listing) or listing.is_out):
        mine.delete()
        return False
    if not listing.is_out:
        ListingCopy.objects.filter(pk=mine.pk).update(is_out=False)
        return True
    last = listing.item
    put_first(listing, mine)
    ListingCopy.objects.create(listing=listing, item=last, is_out=True)
    return _returns(listing, item)


def _offer_again(listing: Listing) -> None:
    """Offer one copy as it was offered; where that cannot be, the reason stands at the offer."""
    organization = listing.item.organization
    allowed = allowance(organization, LISTINGS)
    if is_live(listing):
        note(listing, "listed")  # its end had not come about: it stands there still
    elif not is_selling(listing.platform):
        not_up(listing, failure(LIST_BY_HAND))
    elif active_connection(organization, listing.platform) is None:
        not_up(listing, failure(NOT_CONNECTED))
    elif allowed is not None and count_live(organization) >= allowed:
        not_up(listing, failure(PLAN_LIMIT))
    else:
        put_up(listing, 1)
