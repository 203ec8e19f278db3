"""Between which values of each sort key the records of a filter's term lie: no draft has a price, no sold
record is listed. A walk along an ordering begins and ends there, and does not read what it will not find.

Spans only widen, in the transaction that writes a record: one that is too wide costs time, one that is too
narrow would hide records. A copy of an earlier version gets them in its own time, like its indexes; until
then its terms stand in `unspanned`, and nothing is left out on their account.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from instica_desktop.store.database import Connection, one
from instica_desktop.store.tables import TABLES, Table, Value

MOST = 50_000
"""Records that are looked at in one transaction; a term of more is looked at alone."""


class Span(msgspec.Struct, frozen=True, array_like=True):
    """The least and the greatest value, None where no record has one; and whether some record has none."""

    low: Value = None
    high: Value = None
    lacks: bool = False


Spans = dict[str, Span]
"""By the names of the sort keys."""

SCHEMA = """
CREATE TABLE spans(term INTEGER PRIMARY KEY, spans TEXT NOT NULL);
CREATE TABLE unspanned(term INTEGER PRIMARY KEY);
""" + "".join(
    f"INSERT INTO unspanned SELECT term FROM terms WHERE entity='{table.name}' AND field='{name}';\n"
    for table in TABLES.values()
    for name, chosen in table.filters.items()
    if chosen.spans
)


def spans_of(connection: Connection, terms: Iterable[int]) -> dict[int, Spans]:
    """Return the spans of those terms of which they are known."""
    numbers = ",".join(map(str, terms))
    rows = connection.execute(f"SELECT term, spans FROM spans WHERE term IN ({numbers})")
    return {term: msgspec.json.decode(text, type=Spans) for term, text in rows}


def widen(
    connection: Connection, table: Table, written: Sequence[tuple[Sequence[int], tuple[Value, ...]]]
) -> None:
    """Take in records that were written: the terms and the values of the sort keys of each."""
    by_term: dict[int, list[tuple[Value, ...]]] = {}
    for terms, keys in written:
        for term in terms:
            by_term.setdefault(term, []).append(keys)
    for (term,) in connection.execute("SELECT term FROM unspanned"):
        by_term.pop(term, None)
    known = spans_of(connection, by_term)
    wider = [
        (term, _text(spans))
        for term, rows in by_term.items()
        if (spans := _spans(table, zip(*rows, strict=True), known.get(term))) != known.get(term)
    ]
    connection.executemany("INSERT OR REPLACE INTO spans VALUES (?,?)", wider)


def unspanned(connection: Connection) -> bool:
    """Tell whether a copy of an earlier version still lacks spans."""
    return one(connection, "SELECT 1 FROM unspanned LIMIT 1") is not None


def span_next(connection: Connection) -> bool:
    """Find the spans of some terms that have none yet; tell whether there were any."""
    left = MOST
    sql = "SELECT u.term, t.entity FROM unspanned AS u LEFT JOIN terms AS t ON t.term = u.term LIMIT 500"
    waiting = connection.execute(sql).fetchall()
    for term, name in waiting:
        left -= _measure(connection, next((one for one in TABLES.values() if one.name == name), None), term)
        connection.execute("DELETE FROM unspanned WHERE term=?", (term,))
        if left <= 0:
            break
    return bool(waiting)


def beyond(table: Table) -> str:
    """Return the SQL that counts the records which lie outside the spans of a term of theirs."""
    names = [key.name for key in table.keys if key.spans]
    parts = ", ".join(
        f"s.spans->>'$.{name}[{at}]' AS {what}_{name}"
        for name in names
        for at, what in enumerate(Span.__struct_fields__)
    )
    outside = " OR ".join(
        f"CASE WHEN t.k_{name} IS NULL THEN NOT lacks_{name} "
        f"ELSE low_{name} IS NULL OR t.k_{name} < low_{name} OR t.k_{name} > high_{name} END"
        for name in names
    )
    return (
        f"WITH s AS MATERIALIZED (SELECT s.term, {parts} FROM spans AS s) SELECT count(*) FROM s "
        f"CROSS JOIN {table.name}_links AS l ON l.term = s.term "
        f"CROSS JOIN {table.name} AS t ON t.id = l.id WHERE {outside}"
    )


def _measure(connection: Connection, table: Table | None, term: int) -> int:
    """Store the spans of a term as its records have them; return how many these are."""
    if table is None:
        return 0
    names = [key.name for key in table.keys if key.spans]
    what = ", ".join(f"min(t.k_{name}), max(t.k_{name}), count(t.k_{name})" for name in names)
    sql = (
        f"SELECT count(*), {what} FROM {table.name}_links AS l "
        f"CROSS JOIN {table.name} AS t ON t.id = l.id WHERE l.term=?"
    )
    count, *found = connection.execute(sql, (term,)).fetchone()
    each = (found[at : at + 3] for at in range(0, len(found), 3))
    spans = {
        name: Span(low, high, number < count) for name, (low, high, number) in zip(names, each, strict=True)
    }
    connection.execute("INSERT OR REPLACE INTO spans VALUES (?,?)", (term, _text(spans)))
    return int(count)


def _spans(table: Table, columns: Iterable[Sequence[Value]], known: Spans | None) -> Spans:
    """Return the spans of records, given by the values of each key, and of what was known before.

    A key that is not among those that were known came with a later version: nothing is known of it.
    """
    found: Spans = {}
    for key, column in zip(table.keys, columns, strict=True):
        before = Span() if known is None else known.get(key.name)
        if key.spans and before is not None:
            values: list[Any] = [value for value in (*column, before.low, before.high) if value is not None]
            lacks = before.lacks or None in column
            found[key.name] = Span(min(values), max(values), lacks) if values else Span(lacks=lacks)
    return found


def _text(spans: Spans) -> str:
    return msgspec.json.encode(spans).decode()


# ---------------------------------------------------------------- what a query may leave out


Range = tuple[Any, Any]


class Reach(msgspec.Struct, frozen=True):
    """Where the records of a query lie on one sort key: ranges apart from each other, the lowest first, None
    for anywhere; and whether some may have no value."""

    ranges: tuple[Range, ...] | None = None
    lacks: bool = True

    @property
    def is_one_value(self) -> bool:
        """Whether all records are equal by the key."""
        return not self.lacks and bool(self.ranges) and self.ranges[0][0] == self.ranges[-1][1]

    @property
    def is_nowhere(self) -> bool:
        """Whether no record has what is asked for."""
        return not self.lacks and self.ranges == ()

    def within(self, other: "Reach") -> "Reach":
        """Return where records lie that lie in both."""
        if self.ranges is None or other.ranges is None:
            ranges = other.ranges if self.ranges is None else self.ranges
        else:
            pairs = (
                (max(low, below), min(high, above))
                for low, high in self.ranges
                for below, above in other.ranges
            )
            ranges = tuple((low, high) for low, high in pairs if low <= high)
        return Reach(ranges, self.lacks and other.lacks)


def reach(known: dict[int, Spans], groups: Iterable[Sequence[int]], key: str) -> Reach:
    """Return where the records lie that have a term of each group, as far as that is known."""
    found = Reach()
    for group in groups:
        spans = [known[term][key] for term in group if term in known and key in known[term]]
        if len(spans) == len(group):
            found = found.within(Reach(_together(spans), any(span.lacks for span in spans)))
    return found


def _together(spans: Iterable[Span]) -> tuple[Range, ...]:
    """Return spans as ranges that do not touch each other."""
    found: list[list[Any]] = []
    for low, high in sorted((span.low, span.high) for span in spans if span.low is not None):
        if found and low <= found[-1][1]:
            found[-1][1] = max(found[-1][1], high)
        else:
            found.append([low, high])
    return tuple((low, high) for low, high in found)
