"""Putting items on offer and taking them off again. Source: api contract, Inventory, Listings.

An offer is *live* while buyers can see it: listed, or failed at being ended. The item is `listed` as long as
one of its offers is live. Marketplaces without an interface (Redbubble and the like) are served by hand: the
listing records what the seller did there.
"""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import is_selling, platform_name
from instica_desktop.server.domain.statuses import ITEM_STATUSES
from instica_desktop.server.models import Connection, Item, Listing, Organization, SourceKey
from instica_desktop.server.operations import entitlements
from instica_desktop.server.operations.derived import item_title, touch_item
from instica_desktop.server.operations.items import update_item
from instica_desktop.server.simulation.failures import BY_HAND, EXPIRED, NOT_CONNECTED, Failure, failure
from instica_desktop.server.simulation.marketplace import Accepted, SimulatedMarketplace
from instica_desktop.server.web.errors import Conflict

_LISTABLE = ("ready-to-sell", "listed")


def is_live(listing: Listing) -> bool:
    """Tell whether buyers can see an offer, as far as we know."""
    return listing.status == "listed" or (listing.status == "failed" and listing.listed_at is not None)


def active_connection(organization: Organization, platform: str) -> Connection | None:
    """Return the organization's working connection to a marketplace."""
    return Connection.objects.filter(organization=organization, platform=platform, status="connected").first()


def _account(listing: Listing) -> SimulatedMarketplace:
    return SimulatedMarketplace(listing.item.organization, listing.platform)


def _expire(listing: Listing, refused: Failure) -> None:
    """Mark the connection itself when the marketplace no longer accepts it."""
    if refused.code == EXPIRED:
        Connection.objects.filter(organization=listing.item.organization, platform=listing.platform).update(
            status="expired", error_code=refused.code, error_message=refused.message
        )


def _save(listing: Listing, status: str, refused: Failure | None = None) -> None:
    listing.status = status
    listing.error_code, listing.error_message = refused or ("", "")
    listing.updated = timezone.now()
    listing.save()
    if refused is not None:
        _expire(listing, refused)


def _check_listable(item: Item) -> None:
    if item.status not in _LISTABLE:
        names = " or ".join(ITEM_STATUSES[status] for status in _LISTABLE)
        raise ValidationError(
            {"status": [f"An item that is {item.status} cannot be listed. It must be {names} first."]}
        )


def _check_platform(item: Item, platform: str) -> None:
    if is_selling(platform) and active_connection(item.organization, platform) is None:
        raise ValidationError({"platform": [not_connected(item.organization, platform)]})


def not_connected(organization: Organization, platform: str) -> str:
    """Return what to do about a connection that is missing or does not work."""
    name = platform_name(platform)
    if Connection.objects.filter(organization=organization, platform=platform).exists():
        return f"The connection to {name} does not work. Synchronize it, or connect the account again."
    return f"Connect the shop to {name} first."


def _claim(organization: Organization) -> None:
    live = Listing.objects.filter(item__organization=organization, status="listed")
    entitlements.claim(organization, entitlements.LISTINGS, live.count)


def default_title(item: Item) -> str:
    """Return an offer's title when none is given: artist - product title - grade."""
    title = item_title(item, item.product)
    artist = item.product.artist
    return (f"{artist.name} - {title}" if artist else title)[:1000]


def _row(item: Item, platform: str) -> Listing:
    """Return the listing to use: an earlier one of this item there that no order refers to, or a new one."""
    earlier = Listing.objects.filter(item=item, platform=platform, orders__isnull=True).exclude(status="sold")
    found = earlier.order_by("-pk").first()
    listing = found or Listing(platform=platform)
    listing.item = item
    return listing


def _fill(listing: Listing, values: dict[str, Any]) -> None:
    price = values.get("price_cents", listing.price_cents)
    listing.price_cents = listing.item.price_total_cents if price is None else price
    listing.title = values.get("title") or listing.title or default_title(listing.item)
    if not listing.price_cents:
        raise ValidationError({"price_usd": ["Ensure this value is greater than 0."]})


def _brought_as(listing: Listing) -> str:
    """Return by which number an offer that an import brought stands there: its seller knows it by that."""
    brought = SourceKey.objects.filter(item=listing.item, source=listing.platform, number=listing.external_id)
    return f" with the number {listing.external_id}" if brought.exists() else ""


def list_item(item: Item, platform: str, values: dict[str, Any]) -> Listing:
    """Put an item on offer. A marketplace's refusal is no error here: the listing stays, `failed`, with it.

    Errors: `ValidationError` for an item, platform or price that cannot be listed, `PaymentRequired`.
    """
    _check_listable(item)
    _check_platform(item, platform)
    listing = _row(item, platform)
    if listing.status == "listed":
        name = platform_name(platform)
        raise ValidationError(
            {"platform": [f"This item is already on offer at {name}{_brought_as(listing)}."]}
        )
    live = is_live(listing)
    if not live:
        listing.title, listing.price_cents = "", None  # an earlier try's price may be long out of date
    _fill(listing, values)
    _claim(item.organization)
    if live:
        _revise_live(listing)
    else:
        _offer(listing)
    _after_listing(listing)
    return listing


def _offer(listing: Listing) -> None:
    answer: Accepted | Failure = (
        _account(listing).offer(listing) if is_selling(listing.platform) else Accepted("", "")
    )
    if isinstance(answer, Failure):
        listing.external_id = listing.url = ""
        listing.listed_at = None
        _save(listing, "failed", answer)
        return
    listing.external_id, listing.url = answer
    listing.listed_at = timezone.now()
    _save(listing, "listed")


def _revise_live(listing: Listing) -> None:
    refused = _account(listing).revise(listing) if is_selling(listing.platform) else None
    _save(listing, "failed" if refused else "listed", refused)


def _after_listing(listing: Listing) -> None:
    if listing.status == "listed" and listing.item.status != "listed":
        update_item(listing.item, {"status": "listed"})
    else:
        touch_item(listing.item)


def revise_listing(listing: Listing, values: dict[str, Any]) -> None:
    """Change price or title, at the marketplace too while it is listed there.

    Errors: `Conflict` for a sold one, `ValidationError` for the price.
    """
    if listing.status == "sold":
        raise Conflict("This offer has been sold; it can no longer be changed.")
    _fill(listing, values)
    if listing.status == "listed":
        _check_platform(listing.item, listing.platform)
        _revise_listed(listing)
    else:
        _save(listing, listing.status, _error_of(listing))
    touch_item(listing.item)


def _error_of(listing: Listing) -> Failure | None:
    return Failure(listing.error_code, listing.error_message) if listing.error_code else None


def _revise_listed(listing: Listing) -> None:
    """Change a listed offer; where the marketplace refuses, it stands there as before: see `error`."""
    if not is_selling(listing.platform):
        _save(listing, "listed")
        return
    refused = _account(listing).revise(listing)
    _save(listing, "listed", refused)


def _end(listing: Listing) -> Failure | None:
    """End an offer at its marketplace; returns why not."""
    if active_connection(listing.item.organization, listing.platform) is None:
        return failure(NOT_CONNECTED)
    return _account(listing).end(listing)


def delist(listing: Listing) -> None:
    """Take an offer off; one that the marketplace does not end stays visible as `failed` until tried again.

    Errors: `Conflict` for a sold one. An inactive one stays as it is.
    """
    if listing.status == "sold":
        raise Conflict("This offer has been sold; it has ended already.")
    if listing.status == "inactive":
        return
    refused = _end(listing) if is_live(listing) and is_selling(listing.platform) else None
    _save_ended(listing, refused)
    _after_delisting(listing.item)


def delist_all(item: Item, platform: str = "") -> list[Listing]:
    """Take an item off one marketplace, or off all; returns the offers that were up.

    Errors: `ValidationError` when none was.
    """
    mine = Listing.objects.filter(item=item, status__in=("listed", "failed"))
    live = [listing for listing in mine.order_by("pk") if is_live(listing)]
    ending = [listing for listing in live if platform in ("", listing.platform)]
    if not ending:
        raise ValidationError({"platform": ["This item is not on offer there."]})
    for listing in ending:
        listing.item = item
        delist(listing)
    return ending


def _save_ended(listing: Listing, refused: Failure | None) -> None:
    if refused is not None:
        listing.listed_at = listing.listed_at or timezone.now()  # it is live still: see `is_live`
    _save(listing, "failed" if refused else "inactive", refused)


def _after_delisting(item: Item) -> None:
    """Move an item back to ready to sell when nobody can see an offer of it any more."""
    still = Listing.objects.filter(item=item, status__in=("listed", "failed"))
    if item.status == "listed" and not any(is_live(listing) for listing in still):
        update_item(item, {"status": "ready-to-sell"})
    else:
        touch_item(item)


def end_others(sold: Listing) -> list[Listing]:
    """Take a sold item off every other marketplace; returns the offers that are still up, now `failed`."""
    others = Listing.objects.filter(item=sold.item, status__in=("listed", "failed")).exclude(pk=sold.pk)
    for listing in others:
        listing.item = sold.item
        if not is_live(listing):
            _save(listing, "inactive")
        elif is_selling(listing.platform):
            _save_ended(listing, _end(listing))
        else:
            _save_ended(listing, failure(BY_HAND))
    return [listing for listing in others if listing.status == "failed"]
