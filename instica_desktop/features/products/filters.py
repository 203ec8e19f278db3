"""The filters of the products."""

from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.features.context import Context
from instica_desktop.features.lists.filters import FilterSpec
from instica_desktop.qtkit.widgets.filter_chip import FilterOption


def _statuses(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(status.code, status.label) for status in ITEM_STATUSES)


def _types(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(code, label) for code, label in PRODUCT_TYPES)


def _tags(context: Context) -> tuple[FilterOption, ...]:
    return tuple(FilterOption(tag, tag, f"{count:,}") for tag, count in context.shop.tags(Entity.PRODUCT))


def _stock(context: Context) -> tuple[FilterOption, ...]:
    return (FilterOption("true", "yes"), FilterOption("false", "no"))


FILTERS: tuple[FilterSpec, ...] = (
    FilterSpec("has_inventory", "In stock", _stock, single=True),
    FilterSpec("has_available_inventory", "Available", _stock, single=True),
    FilterSpec("status", "Copies’ status", _statuses),
    FilterSpec("tags", "Tags", _tags),
    FilterSpec("type", "Type", _types),
)
"""`Available` means a copy that is received or ready to sell and not listed yet."""
