"""Accounts on marketplaces: connecting, synchronizing. Source: api contract, Marketplace & import."""

import random
from typing import Any

from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import is_selling, platform_name
from instica_desktop.server.models import Connection, Listing, ListingCopy, Order, Organization
from instica_desktop.server.operations.listings import delist
from instica_desktop.server.operations.offers import is_live
from instica_desktop.server.operations.sales import record_sale
from instica_desktop.server.operations.shared import copies_of, for_sale, tell
from instica_desktop.server.simulation.buyers import draw_purchase
from instica_desktop.server.simulation.failures import Failure, account_failure, wants_buyer
from instica_desktop.server.web.errors import Conflict


def connect(organization: Organization, platform: str, account_name: str = "") -> Connection:
    """Make or renew the organization's connection, once the person has agreed at the marketplace.

    Errors: `ValidationError` for a marketplace without an interface to connect to.
    """
    if not is_selling(platform):
        name = platform_name(platform)[:100]
        raise ValidationError(
            {"platform": [f"{name} has no accounts to connect to; offers are made by hand."]}
        )
    values = {
        "account_name": account_name or f"{organization.slug or 'shop'} (simulated)",
        "status": "connected",
        "error_code": "",
        "error_message": "",
        "connected_at": timezone.now(),
    }
    return Connection.objects.update_or_create(organization=organization, platform=platform, defaults=values)[
        0
    ]


def _offers(connection: Connection, *terms: Any, **narrowed: object) -> list[Listing]:
    related = ("item__product__artist", "item__product__label", "item__organization")
    offers = Listing.objects.filter(
        *terms, item__organization=connection.organization, platform=connection.platform, **narrowed
    )
    return list(offers.select_related(*related).order_by("pk"))


def _fetch_orders(connection: Connection) -> list[Order]:
    now, orders = timezone.now(), list[Order]()
    marked = _offers(connection, status="listed", title__icontains="[simulate:")
    for key in [listing.pk for listing in marked if wants_buyer(listing.title)]:
        for listing in _offers(connection, pk=key, status="listed"):  # anew: a sale may have ended it
            if for_sale(listing) is not None:
                sold_at, values = draw_purchase(listing, now, random.Random(listing.uid))
                orders.append(record_sale(listing, sold_at, values))
    return orders


def _retry_delisting(connection: Connection) -> None:
    """End what should not be on offer any more: its item is sold, or was taken off sale."""
    for listing in _offers(connection, status="failed"):
        if is_live(listing) and for_sale(listing) is None:
            delist(listing)


def _retry_quantities(connection: Connection) -> None:
    """Set the numbers of copies that could not be set."""
    shared = ListingCopy.objects.filter(is_out=False).values("listing")
    for listing in _offers(connection, Q(quantity__gt=1) | Q(pk__in=shared), status="listed"):
        if listing.quantity != len(copies_of(listing)):
            tell(listing)


def synchronize(connection: Connection) -> list[Order]:
    """Fetch new orders from a marketplace and try again what could not be done there; returns the orders.

    A marketplace that does not answer leaves the connection in `error` until it does.
    Errors: `Conflict` when the connection must be renewed first.
    """
    if connection.status == "expired":
        name = platform_name(connection.platform)
        raise Conflict(f"The connection to {name} has ended. Connect the account again, then synchronize.")
    refused = account_failure(connection.account_name)
    _note(connection, refused)
    if refused is not None:
        return []
    orders = _fetch_orders(connection)
    _retry_delisting(connection)
    _retry_quantities(connection)
    Connection.objects.filter(pk=connection.pk).update(last_synced=timezone.now())
    connection.refresh_from_db()
    return orders


def _note(connection: Connection, refused: Failure | None) -> None:
    connection.status = "error" if refused else "connected"
    connection.error_code, connection.error_message = refused or ("", "")
    connection.save()
