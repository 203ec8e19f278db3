"""A hint for SQLite's planner: read a list in its order and stop at the end of the page.

For `id IN (…)` SQLite always fetches every row that is in the set and sorts them all. Where the set is a
large part of the list, reading the order's index and skipping what is not in the set comes to a page sooner.
`id + 0 IN (…)` says the same and leaves no other way. PostgreSQL knows the sizes and decides by itself.
"""

from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.lookups import In

_ENOUGH = 5_000
"""So many rows are fetched and sorted before anybody notices."""


def _loosened(node: Any, queryset: Any) -> None:
    for place, child in enumerate(node.children):
        if hasattr(child, "children"):
            _loosened(child, queryset)
        elif isinstance(child, In) and getattr(getattr(child.lhs, "target", None), "primary_key", False):
            key: Any = F("pk") + Value(0)
            rows: Any = child.rhs
            node.children[place] = In(key.resolve_expression(queryset.query), rows)


def reading_in_order(queryset: Any, count: int) -> Any:
    """Return an ordered queryset of `count` rows that is read in its order when that is the quicker way."""
    if connection.vendor != "sqlite" or count < _ENOUGH:
        return queryset
    changed = queryset.all()
    _loosened(changed.query.where, changed)
    return changed
