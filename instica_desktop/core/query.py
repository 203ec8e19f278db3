"""What a table shows, as data: entity, search, filters, ordering. The same query goes to server and cache.

What a person typed or chose becomes `sought` and `wanted`, which both of them take; what the server would
refuse (an unknown code, too many values) finds nothing in the cache.
Source: api-reference, query parameters of Products, Inventory and Orders.
"""

import re
from collections.abc import Iterable

import msgspec

from instica_desktop.core.models.common import Entity

DEFAULT_ORDERING: dict[Entity, str] = {
    Entity.PRODUCT: "-created",
    Entity.ITEM: "-created",
    Entity.ORDER: "-sold_at",
}

_PRODUCT_KEYS = (
    "title",
    "created",
    "updated",
    "artist__name",
    "label__name",
    "catalog_number",
    "price_total_usd",
)
_ITEM_KEYS = (
    "created",
    "updated",
    "name",
    "title",
    "artist__name",
    "label__name",
    "catalog_number",
    "location",
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
"""Every ordering the API documents; a query may name several, with commas. All end with uid ascending."""

FILTERS: dict[Entity, frozenset[str]] = {
    Entity.PRODUCT: frozenset(
        {"has_inventory", "has_available_inventory", "status", "type", "tags", "uploadable_to_redbubble"}
    ),
    Entity.ITEM: frozenset({"status", "product", "type", "platform", "tags", "condition_item", "location"}),
    Entity.ORDER: frozenset({"status", "platform"}),
}
"""Every filter the API documents, apart from `updated_after`, which only synchronising uses."""


FLAGS = frozenset({"has_inventory", "has_available_inventory", "uploadable_to_redbubble"})
"""Filters that are true or false."""
MOST_SEARCHED = 500
"""Characters of a search text that count."""
MOST_VALUES = 100
LONGEST_VALUE = 200

_FLAG_WORDS = {"1": "true", "0": "false"}
_UNSEARCHABLE = re.compile("[\0\ud800-\udfff]")


class Filter(msgspec.Struct, frozen=True, order=True):
    """One filter: wire name and the values of which a record must have any. Booleans are `true` / `false`."""

    field: str
    values: tuple[str, ...]


class Query(msgspec.Struct, frozen=True):
    """One view of one table. `ordering` may be a list with commas; an empty one is the entity's default."""

    entity: Entity
    search: str = ""
    filters: tuple[Filter, ...] = ()
    ordering: str = ""

    @property
    def effective_ordering(self) -> str:
        """The ordering in force."""
        return self.ordering or DEFAULT_ORDERING[self.entity]

    @property
    def orderings(self) -> tuple[str, ...]:
        """The orderings in force one by one: each decides between records that are equal by those before."""
        named = (part.strip() for part in self.ordering.split(","))
        return tuple(dict.fromkeys(part for part in named if part)) or (DEFAULT_ORDERING[self.entity],)

    def values(self, field: str) -> tuple[str, ...]:
        """Return the values a filter asks for; empty when it is not set."""
        return next((item.values for item in self.filters if item.field == field), ())

    @property
    def sought(self) -> str:
        """The search text: without what no text can hold, and no longer than the server takes."""
        return _UNSEARCHABLE.sub(" ", self.search).strip()[:MOST_SEARCHED].strip()

    def wanted(self, field: str) -> tuple[str, ...]:
        """Return the values a filter asks for one by one: codes and tags part at commas, a shelf does not.

        None ask for nothing: then the filter is not set.
        """
        values = self.values(field)
        parts = values if field == "location" else ",".join(values).split(",")
        found = dict.fromkeys(part.strip() for part in parts if part.strip())
        if field in FLAGS:
            found = {_FLAG_WORDS.get(flag.lower(), flag.lower()): None for flag in found}
        return tuple(found)

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
        """Return the query parameters for the API, without paging.

        Several values are comma-separated; shelves, whose names may hold commas, repeat the parameter.
        """
        found = [("search", self.sought)] if self.sought else []
        for item in self.filters:
            wanted = self.wanted(item.field)
            parts = wanted if item.field == "location" else (",".join(wanted),)
            found += [(item.field, part) for part in parts if part]
        return [*found, ("ordering", self.effective_ordering)]
