"""Query parameters of the inventory. Source: api contract, Inventory, Query and Ordering."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, Subquery

from instica_desktop.server.domain.grades import ITEM_GRADES, grade_rank
from instica_desktop.server.domain.platforms import PLATFORMS
from instica_desktop.server.domain.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.server.domain.text import tag_key
from instica_desktop.server.filters.ages import by_age
from instica_desktop.server.filters.common import (
    CodesFilter,
    Ordering,
    SearchFilter,
    TagsFilter,
    TextsFilter,
    UpdatedAfterFilter,
    both_ways,
    shelved,
)
from instica_desktop.server.models import Listing, ListingCopy, Product

_PLATFORM_CODES = {platform.slug: platform.name for platform in PLATFORMS}
DEFAULT_ORDERING = "-created"


class PlatformFilter(CodesFilter):
    """Items with an offer, in whatever state, on any of the platforms."""

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by a subquery over the offers and, where any are shared, another over the copies in them."""
        if not value:
            return qs
        wanted = Q(pk__in=Listing.objects.filter(platform__in=value).values("item"))
        shared = ListingCopy.objects.filter(is_out=False)
        if shared.exists():
            wanted |= Q(pk__in=shared.filter(listing__platform__in=value).values("item"))
        return qs.filter(wanted)


class ProductFilter(django_filters.Filter):
    """Items of one product."""

    field_class = forms.CharField

    def __init__(self, **options: Any) -> None:
        super().__init__("product", **options)

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by the product's key, so that its items are read from their index."""
        found = Product.objects.filter(uid=value).values("pk")[:1]
        return qs.filter(product=Subquery(found)) if value else qs


class GradesFilter(CodesFilter):
    """Items with any of the grades."""

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by the rank, which an index knows and which says the same as the code."""
        return super().filter(qs, [grade_rank(code) for code in value or []])


class ItemFilters(django_filters.FilterSet):
    """All filters of the inventory."""

    search = SearchFilter(label="Words to find")
    status = CodesFilter("status", codes=ITEM_STATUSES, label="Statuses, comma-separated")
    product = ProductFilter(label="The uid of a product")
    type = CodesFilter("product_type", codes=PRODUCT_TYPES, label="Product types, comma-separated")
    platform = PlatformFilter(codes=_PLATFORM_CODES, label="Platforms with an offer of the item")
    tags = TagsFilter(partial=False, label="Tags, any of them, without case")
    condition_item = GradesFilter("grade_rank", codes=ITEM_GRADES, label="Grades, comma-separated")
    location = TextsFilter("location_key", key=tag_key, label="A shelf, without case")
    updated_after = UpdatedAfterFilter(label="Changed after this time")


def orderings() -> Ordering:
    """Return the orderings by name. The age depends on today, so they are made anew for each request."""
    newest = F("created").desc()
    low, high = F("price_total_cents").asc(nulls_last=True), F("price_total_cents").desc(nulls_last=True)
    return {
        **both_ways("created", "created"),
        **both_ways("updated", "updated"),
        **both_ways("title", "title_order", nullable=True),
        **both_ways("name", "name_order", nullable=True),
        **shelved("artist__name", "artist_order", "title_order", "catalog_order"),
        **shelved("label__name", "label_order", "catalog_order", "artist_order", "title_order"),
        **shelved("catalog_number", "catalog_order", "artist_order", "title_order"),
        **shelved("location", "location_order", "artist_order", "title_order", "catalog_order"),
        **both_ways("price_total_usd", "price_total_cents", nullable=True),
        **both_ways("status", "status"),
        **both_ways("condition_item", "grade_rank", nullable=True),
        **both_ways("manual_sku", "sku_order", nullable=True),
        **by_age(datetime.now(UTC).date()),
        "listed_first": (F("is_listed").desc(), newest),
        "unlisted_first": (F("is_listed").asc(), newest),
        "price_high_low": (high,),
        "price_low_high": (low,),
    }
