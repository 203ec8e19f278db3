"""Taking over what a marketplace holds and the shop does not know. Source: api contract, Import jobs.

An offer the shop knows by its number brings its title and price; an unknown one becomes an item that is
listed there.
"""

from typing import Any

from django.utils import timezone

from instica_desktop.server.domain.names import name_fold
from instica_desktop.server.domain.text import compact, fold
from instica_desktop.server.models import Item, Listing, Organization, Product, SimulatedOffer
from instica_desktop.server.operations import entitlements
from instica_desktop.server.operations.derived import touch_items
from instica_desktop.server.operations.items import create_item
from instica_desktop.server.operations.products import create_product
from instica_desktop.server.operations.shared import copies_of
from instica_desktop.server.simulation.holdings import address_of
from instica_desktop.server.sleeves.draw import sleeve_key

CREATED, UPDATED, SKIPPED = "created", "updated", "skipped"
_PRODUCT_FIELDS = ("title", "catalog_number", "barcode", "year", "format", "country", "genres")


def _same_release(organization: Organization, facts: dict[str, Any]) -> Product | None:
    """Return the shop's product for a release: same artist, title and catalogue number, however written."""
    related = ("artist", "label", "organization")
    rows = Product.objects.select_related(*related).filter(
        organization=organization, title_key=fold(facts["title"])
    )
    artist = name_fold(facts["artist"])
    rows = rows.filter(artist__folded=artist) if artist else rows.filter(artist=None)
    number = compact(facts["catalog_number"])
    return next((row for row in rows.order_by("pk") if compact(row.catalog_number) == number), None)


def _product(organization: Organization, facts: dict[str, Any]) -> Product:
    found = _same_release(organization, facts)
    if found is not None:
        return found
    values = {name: facts[name] for name in _PRODUCT_FIELDS}
    values |= {name: {"name": facts[name]} for name in ("artist", "label") if facts[name]}
    values["sleeve"] = sleeve_key(facts["artist"], facts["title"])
    return create_product(organization, values)


def _claim(organization: Organization) -> None:
    items = Item.objects.filter(organization=organization)
    live = Listing.objects.filter(item__organization=organization, status="listed")
    entitlements.claim(organization, entitlements.INVENTORY_ITEMS, items.count)
    entitlements.claim(organization, entitlements.LISTINGS, live.count)


def _take_over(organization: Organization, offer: SimulatedOffer) -> str:
    _claim(organization)
    facts = offer.facts
    item = create_item(
        organization,
        {
            "product": _product(organization, facts),
            "status": "listed",
            "price_item_cents": offer.price_cents,
            "condition_item": facts["condition_item"],
            "condition_container": facts["condition_container"],
        },
    )
    external, url = address_of(offer)
    Listing.objects.create(
        item=item,
        platform=offer.platform,
        status="listed",
        title=offer.title,
        price_cents=offer.price_cents,
        external_id=external,
        url=url,
        listed_at=timezone.now(),
    )
    return CREATED


def _bring_up_to_date(listing: Listing, offer: SimulatedOffer) -> str:
    same = (listing.title, listing.price_cents) == (offer.title, offer.price_cents)
    if listing.status != "listed" or same:
        return SKIPPED
    listing.title, listing.price_cents = offer.title, offer.price_cents
    listing.error_code = listing.error_message = ""
    listing.updated = timezone.now()
    listing.save()
    touch_items(copies_of(listing))
    return UPDATED


def import_offer(organization: Organization, offer: SimulatedOffer) -> str:
    """Take one offer over; returns whether an item was `created`, `updated` or `skipped`.

    Errors: `ValidationError` for one that makes no item of ours, `PaymentRequired`.
    """
    rows = Listing.objects.select_related("item__product").filter(item__organization=organization)
    known = rows.filter(platform=offer.platform, external_id=offer.external_id).order_by("pk")
    if known:  # one that was sold of several has the number of the others
        return _bring_up_to_date(max(known, key=lambda one: (one.status != "sold", one.pk)), offer)
    return _take_over(organization, offer)
