"""Copies that share one offer: who they are, and what becomes of the offer when one of them goes.

`Listing.item` is the first copy, `ListingCopy` names the others. What a person moves is `moved`'s; whoever
else goes, goes for good. The last one keeps the offer.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from instica_desktop.server.domain.platforms import is_selling
from instica_desktop.server.models import Item, Listing, ListingCopy
from instica_desktop.server.operations.derived import touch_items
from instica_desktop.server.operations.offers import account_of, active_connection, error_of, is_live, note
from instica_desktop.server.simulation.failures import NOT_CONNECTED, QUANTITY_BY_HAND, Failure, failure

OF_COPY = ("item__product__artist", "item__product__label", "item__organization")
_TAKEN = ("platform", "status", "title", "price_cents", "external_id", "url", "listed_at")
"""What the offer of a sold copy has of the one it shared."""


# ------------------------------------------------------------ who shares


def share(listing: Listing, items: Iterable[Item]) -> None:
    """Let more copies of the same product stand in an offer; those that do already are left.

    Its marketplace is not asked: it is taken to know of them. Errors: `ValueError` for what is no such copy.
    """
    there = {listing.item.pk, *ListingCopy.objects.filter(listing=listing).values_list("item", flat=True)}
    more = [item for item in items if item.pk not in there]
    if any(item.product.pk != listing.item.product.pk for item in more):
        raise ValueError("Only copies of one product can share an offer.")
    ListingCopy.objects.bulk_create([ListingCopy(listing=listing, item=item) for item in more])
    _know(listing, copies_of(listing))


def copies_of(listing: Listing) -> list[Item]:
    """Return the copies that are on offer by a listing, the first one first."""
    return [listing.item, *(copy.item for copy in _others(listing))]


def offers_of(item: Item) -> list[Listing]:
    """Return the offers an item stands in, its own and those it shares, by platform."""
    shared = ListingCopy.objects.filter(item=item, is_out=False).values("listing")
    rows = Listing.objects.filter(Q(item=item) | Q(pk__in=shared)).select_related(*OF_COPY)
    offers = list(rows.order_by("platform", "pk"))
    for listing in offers:
        if listing.item.pk == item.pk:
            listing.item = item  # what is changed on the one is seen on the other
    return offers


def _others(listing: Listing) -> list[ListingCopy]:
    rows = ListingCopy.objects.filter(listing=listing, is_out=False)
    return list(rows.select_related(*OF_COPY).order_by("pk"))


# ------------------------------------------------------------ one is sold, or goes


def for_sale(listing: Listing) -> Item | None:
    """Return the copy that goes to the next buyer: the last that is on offer, None when none is."""
    return next((copy for copy in reversed(copies_of(listing)) if copy.status == "listed"), None)


def take_one(listing: Listing, item: Item | None = None) -> Listing:
    """Return the offer of one copy alone, for its sale: the listing itself, unless others share it.

    Else it is a new one, not yet saved, with the number and the price of the listing, which has one copy
    fewer from now on. Its marketplace has sold it and knows.
    """
    chosen = item or for_sale(listing) or copies_of(listing)[-1]
    if not goes(listing, chosen):
        return listing
    _know(listing, copies_of(listing))
    return Listing(item=chosen, **{name: getattr(listing, name) for name in _TAKEN})


def withdraw(listing: Listing, item: Item) -> bool:
    """Take a copy out of the offer it shares, for good; False when the offer is its alone, and stays."""
    gone = goes(listing, item)
    if gone:
        tell(listing)
    return gone


def leave_out(listing: Listing, item: Item) -> None:
    """Take a copy out of the offer it shares, for now, without a word to its marketplace."""
    goes(listing, item, for_good=False)


def goes(listing: Listing, item: Item, *, for_good: bool = True) -> bool:
    """Take a copy out of the offer it shares; False when nobody else is in it. `tell` it afterwards."""
    others = _others(listing)
    if not others:
        return False
    if listing.item.pk == item.pk:
        put_first(listing, others[0])
        if not for_good:
            ListingCopy.objects.create(listing=listing, item=item, is_out=True)
        return True
    mine = ListingCopy.objects.filter(listing=listing, item=item)
    mine.delete() if for_good else mine.update(is_out=True)
    return True


def put_first(listing: Listing, copy: ListingCopy) -> None:
    """Make a further copy of an offer the one it is of."""
    listing.item = copy.item
    listing.save(update_fields=["item"])
    copy.delete()


# ------------------------------------------------------------ the marketplace knows


def tell(listing: Listing) -> None:
    """Set the number of copies at the marketplace of an offer that buyers see.

    Where that fails the reason stands at the offer, and a synchronization tries again.
    """
    copies = copies_of(listing)
    if not is_live(listing):
        _know(listing, copies)
        return
    refused = _refusal(listing, len(copies))
    kept = error_of(listing) if listing.status == "failed" else None
    note(listing, listing.status, refused or kept)
    touch_items(copies)


def _refusal(listing: Listing, quantity: int) -> Failure | None:
    if not is_selling(listing.platform):
        listing.quantity = quantity
        return failure(QUANTITY_BY_HAND)
    if active_connection(listing.item.organization, listing.platform) is None:
        return failure(NOT_CONNECTED)
    refused = account_of(listing).revise(listing, quantity)
    listing.quantity = listing.quantity if refused else quantity
    return refused


def _know(listing: Listing, copies: list[Item]) -> None:
    listing.quantity, listing.updated = len(copies), timezone.now()
    listing.save(update_fields=["quantity", "updated"])
    touch_items(copies)
