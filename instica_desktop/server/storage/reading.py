"""Hints for the planners: how to read a list of which only the rows in a searched set are shown.

A set is small or large; which, the planners do not know, but the count of the list has just told. For a
large set it is best to read the list in its order and stop at the end of the page, for a small one to fetch
what is in the set and sort that. SQLite always does the second, whatever the size; PostgreSQL guesses a
searched set to be large and may read a million rows to find ten.
"""

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In
from django.db.models.sql import Query

from instica_desktop.server.storage import streams

_ENOUGH = 5_000
"""So many rows are fetched and sorted before anybody notices."""


def _probed(queryset: Any, rows: Any) -> Any:
    """Return `EXISTS (…)`: each row is looked up by itself, where an index leads to it."""
    column = rows.select[0].target.name
    own = QuerySet(rows.model, rows).filter(**{column: OuterRef("pk")})
    return Exists(own).resolve_expression(queryset.query)


def _in_order(queryset: Any, condition: In) -> Any:
    """Return `id + 0 IN (…)`: the same, but no way to fetch the rows of the set.

    A set from a table of ours is not even gathered: half a million offers take longer than the page.
    """
    key: Any = F("pk") + Value(0)
    rows: Any = condition.rhs
    if isinstance(rows, Query):
        return _probed(queryset, rows)
    return In(key.resolve_expression(queryset.query), rows)


def _at_once(queryset: Any, condition: In) -> Any:
    """Return `id = ANY(ARRAY(…))` for a searched set: it is read once, and taken for a handful of rows."""
    if not isinstance(condition.rhs, RawSQL):
        return condition
    parts = {"arg_joiner": " = ANY(ARRAY", "template": "(%(expressions)s))"}
    return Func(condition.lhs, condition.rhs, output_field=BooleanField(), **parts)


def _rewritten(node: Any, queryset: Any, rewrite: Any) -> None:
    for place, child in enumerate(node.children):
        if hasattr(child, "children"):
            _rewritten(child, queryset, rewrite)
        elif isinstance(child, In) and getattr(getattr(child.lhs, "target", None), "primary_key", False):
            node.children[place] = rewrite(queryset, child)


def read_well(queryset: Any, count: int) -> Any:
    """Return an ordered queryset of `count` rows that is read in the quicker way; its rows are the same."""
    large, sqlite = count >= _ENOUGH, connection.vendor == "sqlite"
    if large != sqlite:
        return queryset
    changed = queryset.all()
    _rewritten(changed.query.where, changed, _in_order if sqlite else _at_once)
    return changed


def read_keys(queryset: Any, count: int, start: int, stop: int) -> list[int]:
    """Return the primary keys from `start` to `stop` of an ordered queryset of `count` rows."""
    rows, ordering = read_well(queryset, count), streams.merged_ordering(queryset)
    if ordering is not None and count > _ENOUGH and stop <= streams.DEEPEST:
        return streams.read_streams(rows, ordering, start, min(stop, count))
    return list(rows.values_list("pk", flat=True)[start:stop])
