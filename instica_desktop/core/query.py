"""What a table shows, as data: entity, search, filters, ordering. The same query goes to server and cache.

Source: api-reference, query parameters of Products, Inventory and Orders.
"""

from collections.abc import Iterable

import msgspec

from instica_desktop.core.models.common import Entity

DEFAULT_ORDERING: dict[Entity, str] = {
    Entity.PRODUCT: "-created",
    Entity.ITEM: "-created",
    Entity.ORDER: "-sold_at",
}

_PRODUCT_KEYS = ("title", "created", "updated", "artist__name", "price_total_usd")
_ITEM_KEYS = (
    "created",
    "updated",
    "name",
    "title",
    "price_total_usd",
    "status",
    "condition_item",
    "manual_sku",
    "days_in_inventory",
)
_ORDER_KEYS = ("created", "sold_at", "status", "platform", "sale_price")
_SHELF = ("listed_first", "unlisted_first", "price_high_low", "price_low_high")


def _both_ways(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(sign + key for key in keys for sign in ("", "-"))


ORDERINGS: dict[Entity, frozenset[str]] = {
    Entity.PRODUCT: _both_ways(_PRODUCT_KEYS) | {*_SHELF, "most_inventory", "least_inventory"},
    Entity.ITEM: _both_ways(_ITEM_KEYS) | frozenset(_SHELF),
    Entity.ORDER: _both_ways(_ORDER_KEYS),
}
"""Every ordering the API documents. All end with uid ascending."""

FILTERS: dict[Entity, frozenset[str]] = {
    Entity.PRODUCT: frozenset(
        {"has_inventory", "has_available_inventory", "status", "type", "tags", "uploadable_to_redbubble"}
    ),
    Entity.ITEM: frozenset({"status", "product", "type", "platform", "tags", "condition_item", "location"}),
    Entity.ORDER: frozenset({"status", "platform"}),
}
"""Every filter the API documents, apart from `updated_after`, which only synchronising uses."""


class Filter(msgspec.Struct, frozen=True, order=True):
    """One filter: wire name and the values of which a record must have any. Booleans are `true` / `false`."""

    field: str
    values: tuple[str, ...]


class Query(msgspec.Struct, frozen=True):
    """One view of one table. An empty `ordering` is the entity's default."""

    entity: Entity
    search: str = ""
    filters: tuple[Filter, ...] = ()
    ordering: str = ""

    @property
    def effective_ordering(self) -> str:
        """The ordering in force."""
        return self.ordering or DEFAULT_ORDERING[self.entity]

    def values(self, field: str) -> tuple[str, ...]:
        """Return the values a filter asks for; empty when it is not set."""
        return next((item.values for item in self.filters if item.field == field), ())

    def with_filter(self, field: str, values: Iterable[str]) -> "Query":
        """Return this query with one filter replaced; no values removes it."""
        kept = [item for item in self.filters if item.field != field]
        if chosen := tuple(values):
            kept.append(Filter(field, chosen))
        return msgspec.structs.replace(self, filters=tuple(sorted(kept)))

    def with_search(self, search: str) -> "Query":
        """Return this query with another search text."""
        return msgspec.structs.replace(self, search=search)

    def with_ordering(self, ordering: str) -> "Query":
        """Return this query with another ordering (wire name, `-` for descending, empty for the default)."""
        return msgspec.structs.replace(self, ordering=ordering)

    def params(self) -> list[tuple[str, str]]:
        """Return the query parameters for the API, without paging. Several values are comma-separated."""
        found = [("search", self.search.strip())] if self.search.strip() else []
        found += [(item.field, ",".join(item.values)) for item in self.filters]
        return [*found, ("ordering", self.effective_ordering)]
