"""Query parameters of the products. Source: api contract, Products, Query and Ordering."""

from typing import Any

import django_filters
from django.db.models import F, Q

from instica_desktop.server.domain.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.server.filters.common import (
    CodesFilter,
    FlagFilter,
    Ordering,
    SearchFilter,
    TagsFilter,
    UpdatedAfterFilter,
    both_ways,
    shelved,
)
from instica_desktop.server.models import Item

DEFAULT_ORDERING = "-created"


class ItemStatusFilter(CodesFilter):
    """Products with an item in any of the statuses."""

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by a subquery over the items."""
        if not value:
            return qs
        # A product's items are of its organization; naming it lets the subquery read an index only.
        organization = self.parent.request.user.organization  # pyright: ignore[reportAttributeAccessIssue]
        items = Item.objects.filter(organization=organization, status__in=value)
        return qs.filter(pk__in=items.values("product"))


def _above_zero(column: str) -> Any:
    return lambda wanted: Q((f"{column}__gt", 0)) if wanted else Q((column, 0))


class ProductFilters(django_filters.FilterSet):
    """All filters of the products."""

    search = SearchFilter(label="Words to find")
    has_inventory = FlagFilter(_above_zero("total_count"), label="Has unsold items")
    has_available_inventory = FlagFilter(
        _above_zero("available_count"), label="Has items received or ready to sell"
    )
    status = ItemStatusFilter(codes=ITEM_STATUSES, label="Statuses of its items, comma-separated")
    type = CodesFilter("type", codes=PRODUCT_TYPES, label="Types, comma-separated")
    tags = TagsFilter(partial=True, label="Parts of tags, any of them, without case")
    uploadable_to_redbubble = FlagFilter(
        lambda wanted: Q(uploadable_to_redbubble=wanted), label="May be uploaded to Redbubble"
    )
    updated_after = UpdatedAfterFilter(label="Changed after this time")


def orderings() -> Ordering:
    """Return the orderings by name."""
    newest = F("created").desc()
    return {
        **both_ways("title", "title_order", nullable=True),
        **both_ways("created", "created"),
        **both_ways("updated", "updated"),
        **shelved("artist__name", "artist_order", "title_order", "catalog_order"),
        **shelved("label__name", "label_order", "catalog_order", "artist_order", "title_order"),
        **shelved("catalog_number", "catalog_order", "artist_order", "title_order"),
        **both_ways("price_total_usd", "price_min_cents", nullable=True),
        "listed_first": (F("has_listed").desc(), newest),
        "unlisted_first": (F("has_listed").asc(), newest),
        "price_high_low": (F("price_max_cents").desc(nulls_last=True),),
        "price_low_high": (F("price_min_cents").asc(nulls_last=True),),
        "most_inventory": (F("total_count").desc(),),
        "least_inventory": (F("total_count").asc(),),
    }
