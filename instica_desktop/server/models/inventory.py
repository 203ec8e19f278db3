"""Items: single copies of a product, their photos and their offers. Source: api contract, Inventory."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row
from instica_desktop.server.models.catalogue import Product


def _index(name: str, *fields: str) -> models.Index:
    return models.Index(fields=["organization", *fields, "uid"], name=f"item_{name}")


_NARROWED_BY = ("status", "product_type", "grade_rank", "updated", "id")


class Item(Row):
    """One copy. Amounts in cents; `start_day` and `end_day` are UTC days since 0001-01-01 (date.toordinal).

    `age_key` orders by age without knowing the day: the higher, the younger, among the unsold (their
    `start_day`) and among the sold (-1 - the days they were held), who lie below zero.

    `status_by` says what made the current status: "" = a person, "sale" or "shipment" = the server, whose
    moves only the act that made them takes back. `status_before_shipment` is what that act restores.
    """

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "items")
    product: Product = columns.belongs_to("Product", "items")
    name: str = columns.text(1000)
    condition_item: str = columns.text(16)
    condition_container: str = columns.text(16)
    status: str = columns.text(16, default="draft")
    status_by: str = columns.text(16)
    status_before_shipment: str = columns.text(16)
    price_item_cents: int | None = columns.cents()
    price_shipping_cents: int | None = columns.cents()
    cost_cents: int | None = columns.cents()
    expected_cents: int | None = columns.cents()
    manual_sku: str = columns.text(100)
    manual_description: str = columns.long_text()
    condition_notes: str = columns.long_text()
    location: str = columns.text(100)
    barcode: str = columns.text(64)
    tags: list[str] = columns.json_list()
    tag_keys: str = columns.long_text()
    weight_grams: int | None = columns.number()
    acquired_at: datetime | None = columns.moment(null=True, default=None)
    listed_at: datetime | None = columns.moment(null=True, default=None)
    sold_at: datetime | None = columns.moment(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now)
    updated: datetime = columns.moment(default=timezone.now)

    product_type: str = columns.text(16)
    price_total_cents: int | None = columns.cents()
    grade_rank: int | None = columns.number()
    is_listed: bool = columns.flag()
    start_day: int = columns.count()
    end_day: int | None = columns.number()
    age_key: int = columns.count()
    sku_key: str | None = columns.found_by()
    location_key: str | None = columns.found_by()
    title_order: str | None = columns.sort_key()
    name_order: str | None = columns.sort_key()
    sku_order: str | None = columns.sort_key()
    location_order: str | None = columns.sort_key()
    artist_order: str | None = columns.sort_key()
    label_order: str | None = columns.sort_key()
    catalog_order: str | None = columns.sort_key()

    own_listings: "list[Listing]"
    shown_shares: "list[ListingCopy]"

    @property
    def shown_listings(self) -> "list[Listing]":
        """The offers it stands in, its own and those it shares, as they were read along with it."""
        if not self.shown_shares:
            return self.own_listings
        offers = [*self.own_listings, *(share.listing for share in self.shown_shares)]
        return sorted(offers, key=lambda offer: (offer.platform, offer.pk))

    class Meta:
        """One index for each ordering and for the filters a seller uses most.

        Those by artist, label, number and shelf differ with the database: migration 0017 makes them.
        """

        indexes = [
            _index("created", "-created"),
            _index("updated", "-updated"),
            _index("title", "title_order"),
            _index("name", "name_order"),
            _index("price", "price_total_cents"),
            _index("status", "status", "-created"),
            _index("type", "product_type", "-created"),
            _index("grade", "grade_rank"),
            _index("sku", "sku_order"),
            _index("listed", "is_listed", "-created"),
            _index("listed_first", "-is_listed", "-created"),
            models.Index(fields=["organization", "sku_key"], name="item_same_sku"),
            _index("shelf", "location_key"),
            # What a list can be narrowed by stands behind the order: all rows may have to be passed over. A
            # whole stock may have come in on one day, so the uids must follow in both directions.
            models.Index(
                fields=["organization", "age_key", "uid", *_NARROWED_BY],
                name="item_age",
            ),
            models.Index(
                fields=["organization", "-age_key", "uid", *_NARROWED_BY],
                name="item_age_down",
            ),
            models.Index(fields=["product", "-created"], name="item_product_newest"),
            models.Index(fields=["organization", "status", "product"], name="item_products_by_status"),
        ]


class Asset(Row):
    """One photo of an item.

    `stem` names an uploaded picture's files below the media folder; empty = the server draws its product's
    sleeve, whose bytes and hash are unknown until drawn and are therefore null.
    """

    uid: str = columns.uid()
    item: Item = columns.part_of("Item", "assets")
    kind: str = columns.text(16, default="item")
    position: int = columns.count()
    is_primary: bool = columns.flag()
    stem: str = columns.text(200, db_index=True)
    suffix: str = columns.text(8)
    width: int | None = columns.number()
    height: int | None = columns.number()
    bytes: int | None = columns.number()
    sha256: str | None = columns.text(64, null=True, default=None)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """The same picture is kept once on one item."""

        constraints = [models.UniqueConstraint(fields=["item", "sha256"], name="asset_once")]


class Listing(Row):
    """An offer on one marketplace, of an item or of several copies that share it: see `ListingCopy`.

    `quantity` is the number of copies its marketplace was told of last. One that is out ended because a
    person sold or archived its last copy: it is offered again once that move is taken back.
    """

    uid: str = columns.uid()
    item: Item = columns.part_of("Item", "listings")
    platform: str = columns.text(32)
    status: str = columns.text(16, default="draft")
    title: str = columns.text(1000)
    price_cents: int | None = columns.cents()
    external_id: str = columns.text(100)
    url: str = columns.text(500)
    error_code: str = columns.text(100)
    error_message: str = columns.text(1000)
    quantity: int = columns.quantity()
    is_out: bool = columns.flag()
    listed_at: datetime | None = columns.moment(null=True, default=None)
    updated: datetime = columns.moment(default=timezone.now)

    shown_copies: "list[ListingCopy]"

    class Meta:
        """Found by item, and by platform for the filter."""

        indexes = [models.Index(fields=["platform", "item"], name="listing_platform")]


class ListingCopy(Row):
    """A further copy in an offer, beside its `item`; one that is out a person has sold or archived."""

    listing: Listing = columns.part_of("Listing", "copies")
    item: Item = columns.part_of("Item", "shares")
    is_out: bool = columns.flag()

    class Meta:
        """A copy stands in an offer once."""

        constraints = [models.UniqueConstraint(fields=["listing", "item"], name="listing_copy_once")]
