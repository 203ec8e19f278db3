"""`/api/v1/inventory/`. Source: api contract, Inventory."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from instica_desktop.server.filters import inventory as filters
from instica_desktop.server.models import Asset, Item, Listing, ListingCopy
from instica_desktop.server.operations.items import create_item, delete_item, update_item
from instica_desktop.server.serializers.inventory import ItemCreateForm, ItemForm, ItemRecord
from instica_desktop.server.storage.pictures import drop_pictures
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, IF_MATCH, RecordViewSet, list_parameters, write

PAGE_SIZE = 10


def _with_photos(rows: Any) -> Any:
    """Read photos along, as plain lists: a query set for each item costs more than they do."""
    photos = Prefetch("assets", Asset.objects.order_by("position", "pk"), to_attr="shown_assets")
    return rows.prefetch_related(photos)


def read_offers(items: Sequence[Item]) -> None:
    """Read the offers of items along, their own and those they share, with the copies that share them."""
    offers = Listing.objects.order_by("platform", "pk")
    prefetch_related_objects(items, Prefetch("listings", offers, to_attr="own_listings"))
    listings = [listing for item in items for listing in item.own_listings]
    others = ListingCopy.objects.filter(is_out=False)
    if not others.filter(Q(item__in=items) | Q(listing__in=listings)).exists():  # on nearly every page
        for row in items:
            row.shown_shares = []
        for listing in listings:
            listing.shown_copies = []
        return
    copies = Prefetch("copies", others.prefetch_related("item").order_by("pk"), to_attr="shown_copies")
    shared = offers.prefetch_related(copies, "item")
    prefetch_related_objects(listings, copies)
    prefetch_related_objects(
        items, Prefetch("shares", others, to_attr="shown_shares"), Prefetch("shown_shares__listing", shared)
    )


_UNSHOWN = (
    *("tag_keys", "title_order", "name_order", "sku_order", "location_order"),
    *("artist_order", "label_order", "catalog_order"),
    *(
        f"product__{name}"
        for name in (
            *("tags", "tag_keys", "genres", "marketplace_description", "license_type", "license_notes"),
            *("discogs_release_id", "created", "updated"),
            *("title_key", "catalog_key", "barcode_key"),
            *("title_order", "artist_order", "label_order", "catalog_order"),
        )
    ),
)
"""Columns that no item shows; texts and lists among them are costly to read for each row."""


class InventoryViewSet(RecordViewSet):
    """The items of the shop."""

    serializer_class = ItemRecord
    default_size = PAGE_SIZE
    filterset = filters.ItemFilters
    default_ordering = filters.DEFAULT_ORDERING

    def rows(self) -> Any:
        """Return items with their products and photos."""
        return _with_photos(Item.objects.select_related("product__artist", "product__label", "organization"))

    def rows_of_list(self) -> Any:
        """Return items for a list; whose they are is known."""
        return _with_photos(Item.objects.select_related("product__artist", "product__label").defer(*_UNSHOWN))

    def complete(self, rows: Sequence[Item]) -> None:
        """Read their offers along."""
        read_offers(rows)

    def orderings(self) -> Any:
        """Return the inventory's orderings."""
        return filters.orderings()

    @extend_schema(
        parameters=list_parameters(
            filters.ItemFilters, filters.orderings(), filters.DEFAULT_ORDERING, PAGE_SIZE
        )
    )
    def list(self, request: Any) -> Response:
        """List items."""
        return self.listed(request)

    @extend_schema(request=ItemCreateForm, responses={201: ItemRecord}, parameters=[IDEMPOTENCY_KEY])
    @write
    def create(self, request: Any) -> Response:
        """Make an item."""
        item = create_item(self.organization, self.checked(ItemCreateForm, request))
        return self.answer(item.uid, 201)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one item."""
        return self.answer(uid)

    @extend_schema(request=ItemForm, parameters=[IF_MATCH])
    @write
    def partial_update(self, request: Any, uid: str) -> Response:
        """Change an item."""
        values = self.checked(ItemForm, request, partial=True)
        update_item(self.fresh(uid), values)
        return self.answer(uid)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """Delete an item with its photos and offers; 409 when an order refers to it."""
        stems = delete_item(self.fresh(uid))
        transaction.on_commit(lambda: drop_pictures(stems))
        return Response(status=204)
