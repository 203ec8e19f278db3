"""Turning what was drawn into rows: products, copies with photos and offers, orders with parcels."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from instica_desktop.server.domain.names import name_key
from instica_desktop.server.domain.statuses import AVAILABLE, UNSOLD
from instica_desktop.server.domain.tracking import number_key
from instica_desktop.server.domain.uids import seeded_uid
from instica_desktop.server.models import (
    Artist,
    Asset,
    Item,
    Label,
    Listing,
    Order,
    Organization,
    Product,
    Shipment,
)
from instica_desktop.server.operations.derived import derive_item, derive_product, item_title
from instica_desktop.server.search import item_words, order_words, product_words
from instica_desktop.server.seeding.copies import Copy
from instica_desktop.server.seeding.facts import Fact
from instica_desktop.server.seeding.offers import Offer, draw_offers
from instica_desktop.server.seeding.sales import Sale, draw_sale
from instica_desktop.server.sleeves.draw import FULL_SIZE, sleeve_key
from instica_desktop.server.storage.inserting import next_key

_SKU_START = 3_000
_TOUCH = timedelta(minutes=10)


@dataclass
class Keys:
    """The next primary key of each table, and the source of uids."""

    rng: random.Random
    following: dict[Any, int] = field(default_factory=dict)

    def new(self, model: Any) -> dict[str, Any]:
        """Return primary key and uid for a new row."""
        key = self.following.get(model) or next_key(model)
        self.following[model] = key + 1
        return {"pk": key, "uid": seeded_uid(self.rng)}


@dataclass
class Batch:
    """Rows to insert together, with their search words."""

    items: list[Item] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    item_words: list[tuple[int, str]] = field(default_factory=list)
    order_words: list[tuple[int, str]] = field(default_factory=list)


class Builder:
    """Makes the rows of one shop; names are found again in the form in which they are compared."""

    def __init__(self, organization: Organization, today: datetime, seed: int) -> None:
        self._organization = organization
        self._today = today
        self._keys = Keys(random.Random(f"{seed}:uids"))
        self._rng = random.Random(f"{seed}:sales")
        self.artists: dict[str, Artist] = {}
        self.labels: dict[str, Label] = {}

    def _named(self, model: Any, known: dict[str, Any], name: str) -> Any:
        key = name_key(name)
        if key not in known:
            forms = model.forms(name)
            known[key] = model(**self._keys.new(model), organization=self._organization, **forms)
        return known[key]

    def product(self, fact: Fact) -> Product:
        """Return a product for a pressing; its times and counts come with its copies."""
        product = Product(
            **self._keys.new(Product),
            organization=self._organization,
            artist=self._named(Artist, self.artists, fact.artist),
            label=self._named(Label, self.labels, fact.label) if fact.label else None,
            title=fact.title,
            catalog_number=fact.catalogue_number,
            barcode=fact.barcode,
            year=fact.year,
            format=fact.format,
            country=fact.country,
            genres=list(fact.genres),
            tags=[genre.lower() for genre in fact.genres],
            discogs_release_id=fact.discogs_release_id,
            sleeve=sleeve_key(fact.artist, fact.title),
        )
        derive_product(product)
        return product

    def _item(self, product: Product, copy: Copy, number: int) -> Item:
        life = copy.life
        made_by = {"sold": "sale", "shipped": "shipment"}.get(copy.status, "")
        item = Item(
            **self._keys.new(Item),
            organization=self._organization,
            product=product,
            name=product.title,
            condition_item=copy.grade,
            condition_container=copy.sleeve_grade,
            status=copy.status,
            status_by=made_by,
            status_before_shipment="sold" if copy.status == "shipped" else "",
            price_item_cents=copy.price,
            price_shipping_cents=copy.shipping,
            cost_cents=copy.cost,
            expected_cents=copy.expected,
            manual_sku=f"IN-{_SKU_START + number:06d}",
            condition_notes=copy.notes,
            location=copy.location,
            tags=copy.tags,
            weight_grams=copy.grams,
            acquired_at=life.acquired,
            listed_at=life.listed,
            sold_at=life.sold,
            created=life.created,
            updated=life.updated,
        )
        derive_item(item, product)
        return item

    def _sleeve_photo(self, item: Item) -> Asset:
        return Asset(
            **self._keys.new(Asset),
            item=item,
            kind="container",
            is_primary=True,
            width=FULL_SIZE,
            height=FULL_SIZE,
            created=item.created,
        )

    def _listing(self, item: Item, offer: Offer) -> Listing:
        code, message = offer.error or ("", "")
        return Listing(
            **self._keys.new(Listing),
            item=item,
            platform=offer.platform,
            status=offer.status,
            title=f"{item.product.artist.name} - {item_title(item, item.product)}",  # pyright: ignore[reportOptionalMemberAccess]
            price_cents=item.price_total_cents,
            external_id=offer.external_id,
            url=offer.url,
            error_code=code,
            error_message=message,
            listed_at=None if offer.error else item.listed_at,
            updated=item.updated,
        )

    def _order(self, item: Item, listing: Listing, sale: Sale) -> Order:
        sold = item.sold_at or self._today
        return Order(
            **self._keys.new(Order),
            organization=self._organization,
            listing=listing,
            order_id=sale.order_id,
            status=sale.status,
            status_before_shipment="awaiting_shipment" if sale.parcel else "",
            platform=listing.platform,
            buyer_name=sale.address["full_name"],
            buyer_note=sale.note,
            sale_price_cents=sale.price,
            marketplace_fee_cents=sale.marketplace_fee,
            platform_fee_cents=sale.platform_fee,
            shipping_cost_cents=sale.shipping_cost,
            address=sale.address,
            sold_at=sold,
            created=sold + _TOUCH,
            updated=max(sold + _TOUCH, sale.parcel.shipped if sale.parcel else sold),
        )

    def _shipment(self, order: Order, sale: Sale, grams: int | None) -> Shipment | None:
        parcel = sale.parcel
        if parcel is None:
            return None
        return Shipment(
            **self._keys.new(Shipment),
            order=order,
            carrier=parcel.carrier,
            service=parcel.service,
            tracking_number=parcel.tracking,
            number_key=number_key(order.organization.pk, parcel.tracking),
            status=parcel.status,
            weight_grams=(grams or 0) + 150,
            cost_cents=parcel.cost,
            shipped_at=parcel.shipped,
            created=parcel.shipped,
            updated=parcel.shipped,
        )

    def _sell(self, item: Item, listing: Listing, batch: Batch) -> None:
        price, sold = item.price_total_cents or 0, item.sold_at or self._today
        sale = draw_sale(listing.platform, item.status, price, sold, self._today, self._rng)
        order = self._order(item, listing, sale)
        shipment = self._shipment(order, sale, item.weight_grams)
        batch.orders.append(order)
        if shipment is not None:
            batch.shipments.append(shipment)
        numbers = [shipment.tracking_number] if shipment else []
        batch.order_words.append((order.pk, order_words(order, item_title(item, item.product), numbers)))

    def copies(self, drawn: Iterable[tuple[Product, Copy, int]]) -> Batch:
        """Return the rows of drawn copies, given as (product, copy, running number).

        Counts go to the products.
        """
        batch = Batch()
        for product, copy, number in drawn:
            item = self._item(product, copy, number)
            batch.items.append(item)
            batch.assets.append(self._sleeve_photo(item))
            batch.item_words.append((item.pk, item_words(item, product)))
            offers = [self._listing(item, offer) for offer in draw_offers(copy.status, self._rng)]
            batch.listings.extend(offers)
            if copy.status in ("sold", "shipped", "returned"):
                self._sell(item, offers[0], batch)
            count_in(product, item)
        return batch


def count_in(product: Product, item: Item) -> None:
    """Add an item to its product's stored counts, bounds and times."""
    product.updated = max(product.updated, item.updated)
    if item.status not in UNSOLD:
        return
    product.total_count += 1
    product.listed_count += item.status == "listed"
    product.available_count += item.status in AVAILABLE
    product.has_listed = product.listed_count > 0
    price = item.price_total_cents
    if price is not None:
        low, high = product.price_min_cents, product.price_max_cents
        product.price_min_cents = price if low is None else min(low, price)
        product.price_max_cents = price if high is None else max(high, price)


def words_of(product: Product, skus: Sequence[str]) -> tuple[int, str]:
    """Return a product's entry in the search index."""
    return product.pk, product_words(product, skus, ())
