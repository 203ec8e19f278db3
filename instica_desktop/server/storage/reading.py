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
_LARGE = 50_000
"""From so many rows on, a searched set has some among any few hundred of the list."""
_FIRST = 2_000
"""So many rows are looked through for those of a large set."""


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


def _is_set(condition: Any) -> bool:
    return isinstance(condition, In) and getattr(getattr(condition.lhs, "target", None), "primary_key", False)


def _is_searched(condition: Any) -> bool:
    return _is_set(condition) and isinstance(condition.rhs, RawSQL)


def _rewritten(node: Any, queryset: Any, rewrite: Any) -> None:
    """Rewrite the sets among the conditions, and put them last: no set is gathered that nothing asks for."""
    sets = [child for child in node.children if _is_set(child)]
    others = [child for child in node.children if not _is_set(child)]
    for child in others:
        if hasattr(child, "children"):
            _rewritten(child, queryset, rewrite)
    node.children = [*others, *(rewrite(queryset, child) for child in sets)]


def read_well(queryset: Any, count: int) -> Any:
    """Return an ordered queryset of `count` rows that is read in the quicker way; its rows are the same."""
    large, sqlite = count >= _ENOUGH, connection.vendor == "sqlite"
    if large != sqlite:
        return queryset
    changed = queryset.all()
    _rewritten(changed.query.where, changed, _in_order if sqlite else _at_once)
    return changed


def _keys(rows: Any, start: int, stop: int) -> list[int]:
    return list(rows.values_list("pk", flat=True)[start:stop])


def _found_at_once(queryset: Any, rows: Any, ordering: streams.Merged, start: int, stop: int) -> list[int]:
    """Return the keys if the first rows there are, found or not, have that many of a searched set; else none.

    So the set is gathered once, which is most of what the page costs; each stream would gather its own.
    """
    all_rows = queryset.all()
    where = all_rows.query.where
    searched = [condition for condition in where.children if _is_searched(condition)]
    if not searched or stop > _FIRST // 4:
        return []
    where.children = [condition for condition in where.children if condition not in searched]
    first = streams.first_keys(read_well(all_rows, _ENOUGH), ordering, _FIRST)
    keys = _keys(rows.filter(pk__in=first), start, stop)
    return keys if len(keys) == stop - start else []


def read_keys(queryset: Any, count: int, start: int, stop: int) -> list[int]:
    """Return the primary keys from `start` to `stop` of an ordered queryset of `count` rows."""
    rows, ordering = read_well(queryset, count), streams.merged_ordering(queryset)
    if ordering is None or count < max(1, _ENOUGH) or stop > streams.DEEPEST:
        return _keys(rows, start, stop)
    stop = min(stop, count)
    large = count > _LARGE and connection.vendor == "sqlite"
    keys = _found_at_once(queryset, rows, ordering, start, stop) if large else []
    return keys or streams.read_streams(rows, ordering, start, stop)
