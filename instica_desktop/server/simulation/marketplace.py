"""A simulated marketplace: takes offers, revises and ends them, and remembers them in the database.

It answers at once, so it may be asked inside a transaction; a real one would be asked outside of it.
"""

import secrets
from typing import Any, NamedTuple

from instica_desktop.server.models import Item, Listing, Organization, SimulatedOffer
from instica_desktop.server.simulation.failures import Failure, delist_failure, list_failure


class Accepted(NamedTuple):
    """What a marketplace answers to a new offer. The address ends in .example: it leads nowhere."""

    external_id: str
    url: str


def new_external_id() -> str:
    """Return a number of the length marketplaces use; a second offer of the same item gets another."""
    return str(10**11 + secrets.randbelow(9 * 10**11))


def facts_of(item: Item) -> dict[str, Any]:
    """Return what an offer tells of its item: the release and the grades."""
    product = item.product
    return {
        "artist": product.artist.name if product.artist else "",
        "title": product.title,
        "label": product.label.name if product.label else "",
        "catalog_number": product.catalog_number,
        "barcode": product.barcode,
        "year": product.year,
        "format": product.format,
        "country": product.country,
        "genres": product.genres,
        "condition_item": item.condition_item,
        "condition_container": item.condition_container,
    }


class SimulatedMarketplace:
    """One organization's account on one simulated marketplace."""

    def __init__(self, organization: Organization, platform: str) -> None:
        self._organization = organization
        self._platform = platform

    def _offers(self, external_id: str) -> Any:
        return SimulatedOffer.objects.filter(
            organization=self._organization, platform=self._platform, external_id=external_id
        )

    def offer(self, listing: Listing, quantity: int) -> Accepted | Failure:
        """Put copies of an item on offer. A draft that stands there already keeps its number."""
        refused = list_failure(listing.title)
        if refused is not None:
            return refused
        known_draft = listing.status == "draft" and listing.external_id
        external = listing.external_id if known_draft else new_external_id()
        SimulatedOffer.objects.update_or_create(
            organization=self._organization,
            platform=self._platform,
            external_id=external,
            defaults={
                "title": listing.title,
                "price_cents": listing.price_cents,
                "quantity": quantity,
                "facts": facts_of(listing.item),
                "is_active": True,
            },
        )
        address = f"https://{self._platform}.example/item/{external}"
        return Accepted(external, (known_draft and listing.url) or address)

    def revise(self, listing: Listing, quantity: int) -> Failure | None:
        """Change title, price and quantity of an offer; returns why not, None when it is done."""
        refused = list_failure(listing.title)
        if refused is None:
            self._offers(listing.external_id).update(
                title=listing.title, price_cents=listing.price_cents, quantity=quantity
            )
        return refused

    def end(self, listing: Listing) -> Failure | None:
        """End an offer; returns why not, None when it is done. One that has ended already is no failure."""
        refused = delist_failure(listing.title)
        if refused is None:
            self._offers(listing.external_id).update(is_active=False)
        return refused

    def sold(self, listing: Listing, left: int) -> None:
        """Note that a copy was bought, and how many are left; the offer ends with the last one."""
        self._offers(listing.external_id).update(quantity=left, is_active=left > 0)
