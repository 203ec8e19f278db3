"""The filters of the inventory."""

from instica_desktop.core.grading import ITEM_GRADES
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.features.context import Context
from instica_desktop.features.lists.filters import FilterSpec
from instica_desktop.qtkit.widgets.filter_chip import FilterOption

PLATFORMS = (("discogs", "Discogs"), ("ebay", "eBay"), ("etsy", "Etsy"), ("shopify", "Shopify"))
"""Marketplaces that hold listings of items. Source: api-reference, Marketplace."""


def _statuses(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(status.code, status.label) for status in ITEM_STATUSES)


def _types(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(code, label) for code, label in PRODUCT_TYPES)


def _grades(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(grade.code, f"{grade.label}  {grade.name}") for grade in ITEM_GRADES)


def _platforms(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(code, label) for code, label in PLATFORMS)


def _tags(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(tag, tag, f"{count:,}") for tag, count in context.shop.tags(Entity.ITEM))


def _shelves(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(shelf, shelf, f"{count:,}") for shelf, count in context.shop.locations())


FILTERS: tuple[FilterSpec, ...] = (
    FilterSpec("status", "Status", _statuses),
    FilterSpec("condition_item", "Grade", _grades),
    FilterSpec("platform", "Platform", _platforms),
    FilterSpec("tags", "Tags", _tags),
    FilterSpec("location", "Shelf", _shelves),
    FilterSpec("type", "Type", _types),
)
