"""Putting items on offer and taking them off again. Source: api contract, Inventory, Listings.

An offer is *live* while buyers can see it: listed, or failed at being ended. The item is `listed` as long as
one of its offers is live. Copies that share an offer are listed and taken off together. Marketplaces without
an interface (Redbubble and the like) are served by hand: the listing records what the seller did there.
"""

from collections.abc import Container
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import is_selling, platform_name
from instica_desktop.server.domain.statuses import ITEM_STATUSES
from instica_desktop.server.models import Item, Listing, Order, Organization, SourceKey
from instica_desktop.server.operations import entitlements
from instica_desktop.server.operations.derived import item_title, touch_items
from instica_desktop.server.operations.items import update_item
from instica_desktop.server.operations.offers import (
    account_of,
    active_connection,
    count_live,
    end,
    end_for_sold,
    error_of,
    is_live,
    not_connected,
    note,
    note_ended,
    put_up,
)
from instica_desktop.server.operations.recounting import recounting_once
from instica_desktop.server.operations.shared import copies_of, leave_out, offers_of, withdraw
from instica_desktop.server.simulation.failures import Failure
from instica_desktop.server.web.errors import Conflict

_LISTABLE = ("ready-to-sell", "listed")


def _check_listable(item: Item) -> None:
    if item.status not in _LISTABLE:
        names = " or ".join(ITEM_STATUSES[status] for status in _LISTABLE)
        raise ValidationError(
            {"status": [f"An item that is {item.status} cannot be listed. It must be {names} first."]}
        )


def _check_platform(item: Item, platform: str) -> None:
    if is_selling(platform) and active_connection(item.organization, platform) is None:
        raise ValidationError({"platform": [not_connected(item.organization, platform)]})


def _claim(organization: Organization) -> None:
    entitlements.claim(organization, entitlements.LISTINGS, lambda: count_live(organization))


def default_title(item: Item) -> str:
    """Return an offer's title when none is given: artist - product title - grade."""
    title = item_title(item, item.product)
    artist = item.product.artist
    return (f"{artist.name} - {title}" if artist else title)[:1000]


def _row(item: Item, platform: str) -> Listing:
    """Return the listing to use: an earlier one of this item there that no order refers to, or a new one."""
    earlier = [listing for listing in offers_of(item) if listing.platform == platform]
    ordered = set(Order.objects.filter(listing__in=earlier).values_list("listing", flat=True))
    free = [listing for listing in earlier if listing.status != "sold" and listing.pk not in ordered]
    return free[-1] if free else Listing(platform=platform, item=item)


def _fill(listing: Listing, values: dict[str, Any], item: Item) -> None:
    price = values.get("price_cents", listing.price_cents)
    listing.price_cents = item.price_total_cents if price is None else price
    listing.title = values.get("title") or listing.title or default_title(item)
    if not listing.price_cents:
        raise ValidationError({"price_usd": ["Ensure this value is greater than 0."]})


def _brought_as(listing: Listing) -> str:
    """Return by which number an offer that an import brought stands there: its seller knows it by that."""
    brought = SourceKey.objects.filter(item=listing.item, source=listing.platform, number=listing.external_id)
    return f" with the number {listing.external_id}" if brought.exists() else ""


def list_item(item: Item, platform: str, values: dict[str, Any], done: Container[int] = ()) -> Listing:
    """Put an item on offer. A marketplace's refusal is no error here: the listing stays, `failed`, with it.

    An offer that ended comes back for all copies that share it and are for sale. One of those that are `done`
    (keys) is left as it is: this item came along with another.
    Errors: `ValidationError` for an item, platform or price that cannot be listed, `PaymentRequired`.
    """
    _check_listable(item)
    _check_platform(item, platform)
    listing = _row(item, platform)
    if listing.pk in done:
        return listing
    if listing.status == "listed":
        name = platform_name(platform)
        raise ValidationError(
            {"platform": [f"This item is already on offer at {name}{_brought_as(listing)}."]}
        )
    live = is_live(listing)
    if not live:
        listing.title, listing.price_cents = "", None  # an earlier try's price may be long out of date
    _fill(listing, values, item)
    _claim(item.organization)
    if live:
        _revise_live(listing)
    else:
        _offer(listing)
    _after_listing(listing)
    return listing


def _copies_for_sale(listing: Listing) -> list[Item]:
    """Return the copies an offer is made for; those that share it and are not for sale are left out of it."""
    if listing.pk is None:
        return [listing.item]
    for copy in copies_of(listing):
        if copy.status not in _LISTABLE:
            leave_out(listing, copy)
    return copies_of(listing)


def _offer(listing: Listing) -> None:
    listing.is_out = False  # somebody has decided about it since
    put_up(listing, len(_copies_for_sale(listing)))


def _revise(listing: Listing) -> Failure | None:
    """Bring an offer up to date at its marketplace, with the number of its copies; returns why not."""
    if not is_selling(listing.platform):
        return None
    quantity = len(copies_of(listing))
    refused = account_of(listing).revise(listing, quantity)
    listing.quantity = listing.quantity if refused else quantity
    return refused


def _revise_live(listing: Listing) -> None:
    refused = _revise(listing)
    note(listing, "failed" if refused else "listed", refused)


def _after_listing(listing: Listing) -> None:
    with recounting_once():
        for copy in copies_of(listing):
            if listing.status == "listed" and copy.status != "listed":
                update_item(copy, {"status": "listed"})
            else:
                touch_items([copy])


def revise_listing(listing: Listing, values: dict[str, Any]) -> None:
    """Change price or title, at the marketplace too while it is listed there.

    Errors: `Conflict` for a sold one, `ValidationError` for the price.
    """
    if listing.status == "sold":
        raise Conflict("This offer has been sold; it can no longer be changed.")
    _fill(listing, values, listing.item)
    if listing.status == "listed":
        _check_platform(listing.item, listing.platform)
        note(listing, "listed", _revise(listing))  # refused, it stands there as before: see `error`
    else:
        note(listing, listing.status, error_of(listing))
    touch_items(copies_of(listing))


def delist(listing: Listing) -> None:
    """Take an offer off; one that the marketplace does not end stays visible as `failed` until tried again.

    Errors: `Conflict` for a sold one. An inactive one stays as it is.
    """
    if listing.status == "sold":
        raise Conflict("This offer has been sold; it has ended already.")
    if listing.status == "inactive":
        return
    refused = end(listing) if is_live(listing) and is_selling(listing.platform) else None
    note_ended(listing, refused)
    with recounting_once():
        for copy in copies_of(listing):
            _after_delisting(copy)


def delist_all(item: Item, platform: str = "", done: Container[int] = ()) -> list[Listing]:
    """Take an item off one marketplace, or off all; returns the offers that were up.

    Those that are `done` (keys) were ended along with another copy.
    Errors: `ValidationError` when none was up.
    """
    mine = [listing for listing in offers_of(item) if platform in ("", listing.platform)]
    ending = [listing for listing in mine if is_live(listing) and listing.pk not in done]
    if not ending and not any(listing.pk in done for listing in mine):
        raise ValidationError({"platform": ["This item is not on offer there."]})
    for listing in sorted(ending, key=lambda one: one.pk):
        delist(listing)
    return ending


def _after_delisting(item: Item) -> None:
    """Move an item back to ready to sell when nobody can see an offer of it any more."""
    if item.status == "listed" and not any(is_live(listing) for listing in offers_of(item)):
        update_item(item, {"status": "ready-to-sell"})
    else:
        touch_items([item])


def end_others(sold: Listing) -> list[Listing]:
    """Take a sold item off every other marketplace; returns the offers that are still up, now `failed`.

    An offer that other copies share goes on without it.
    """
    open_ones = [one for one in offers_of(sold.item) if one.status in ("listed", "failed")]
    others = [one for one in open_ones if one.pk != sold.pk and not withdraw(one, sold.item)]
    for listing in others:
        end_for_sold(listing)
    return [listing for listing in others if listing.status == "failed"]
