"""Answering a query at a million rows: the first window at once, all ids and the count in the background.

The first window takes the cheapest of five ways:
1. no search, no filter: the ordering's own index; or an index within the one filter there is;
2. one filter, an ordering by age: the filter's links, which lie in that order;
3. a search, default ordering: the search index, which streams newest first;
4. few candidates (a capped count tells): fetch and sort them, where a walk would read more;
5. many: walk the ordering's index and test each row until the window is full. Many candidates are met soon,
   unless filter and ordering exclude each other: so the walk is given some time only, as is the third way,
   then the candidates are sorted after all, and for that too time is limited.
"""

import heapq
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from math import isqrt
from typing import Any

import msgspec

from instica_desktop.store.database import Connection, Interrupted, one
from instica_desktop.store.plan import FEW_TERMS, Plan, Stream
from instica_desktop.store.projection import NO_AGE, SLOTS

FEW = 8_000
"""Candidates that are fetched and sorted within a frame or two, at most."""
WALK_SECONDS = 0.02
SORT_SECONDS = 0.15
_STRIDE = 2_000
"""SQLite steps between two looks at the clock: some 50 microseconds."""

Found = tuple[Any, str, int]
"""(sort value, uid, id)"""


def first_ids(connection: Connection, plan: Plan, limit: int) -> "array[int]":
    """Return the ids of the first `limit` records, or as many as were found within `SORT_SECONDS`."""
    if plan.hopeless or limit <= 0:
        return array("q")
    if not plan.asked and not plan.groups:
        return _first_of_all(connection, plan, limit)
    if plan.sure:
        return _taken(connection, _walk(connection, plan, limit), None)[0]
    if not plan.asked and len(plan.groups) == 1 and plan.by_age and len(plan.groups[0]) <= FEW_TERMS:
        return array("q", _linked(connection, plan, limit))
    streams = bool(plan.asked) and plan.newest_first and not _displaced(connection, plan)
    walked, whole = array("q"), False
    if streams:
        walked, whole = _taken(connection, _newest_matching(connection, plan, limit), WALK_SECONDS)
    if whole:
        return walked
    few = _few(connection, plan, limit)
    sizes = _sizes(connection, plan, few + 1)
    source = min(sizes, key=sizes.__getitem__)
    if sizes[source] > few and not streams:
        walked, whole = _taken(connection, _walk(connection, plan, limit), WALK_SECONDS)
    if whole:
        return walked
    rows = _sorted(connection, plan, source, limit, heads=sizes[source] <= few)
    found, whole = _taken(connection, rows, SORT_SECONDS)
    return found if whole else walked


def _few(connection: Connection, plan: Plan, limit: int) -> int:
    """Return up to how many candidates are fetched and sorted.

    Of n among N, spread evenly, a walk reads limit · N / n rows: fewer than n, once these are more than
    √(limit · N). How many a search finds is not known before, so it is not walked for in vain.
    """
    return FEW if plan.asked else min(FEW, isqrt(limit * _known(connection, plan)))


def _first_of_all(connection: Connection, plan: Plan, limit: int) -> "array[int]":
    """Return the first of all records; further orderings sort each group of equal ones, however large."""
    return _taken(connection, _walk(connection, plan, limit), SORT_SECONDS if plan.further else None)[0]


def count(connection: Connection, plan: Plan) -> int:
    """Return how many records match."""
    name = plan.table.name
    if plan.hopeless:
        return 0
    if not plan.asked and not plan.groups:
        return _known(connection, plan)
    if not plan.groups:
        return int(
            one(connection, f"SELECT count(*) FROM {name}_fts WHERE {name}_fts MATCH ?", (plan.match(),))
        )
    if not plan.asked and len(plan.groups) == 1:
        terms = ",".join(map(str, plan.groups[0]))
        what = "count(*)" if len(plan.groups[0]) == 1 else "count(DISTINCT id)"
        return int(one(connection, f"SELECT {what} FROM {name}_links WHERE term IN ({terms})"))
    sql, bindings = _candidates(plan, _smaller_source(connection, plan))
    return int(one(connection, f"SELECT count(*) FROM {sql}", bindings))


def _known(connection: Connection, plan: Plan) -> int:
    return int(one(connection, "SELECT known FROM tallies WHERE entity=?", (plan.table.name,)))


def all_ids(connection: Connection, plan: Plan) -> "array[int]":
    """Return the ids of all matching records in order.

    SQLite writes them as one JSON text in one step, so that other threads of Python run meanwhile.
    """
    if plan.hopeless:
        return array("q")
    name = plan.table.name
    if not plan.asked and not plan.groups:
        return _all_unfiltered(connection, plan)
    if not plan.asked and len(plan.groups) == 1 and plan.newest_first and len(plan.groups[0]) == 1:
        sql = f"SELECT id FROM {name}_links WHERE term={plan.groups[0][0]} ORDER BY age DESC, uid"
        return _as_array(connection, sql)
    if plan.asked and plan.newest_first and not _displaced(connection, plan):
        return _all_matching(connection, plan)
    sql, bindings = _candidates(plan, _smaller_source(connection, plan))
    return _as_array(connection, f"SELECT t.id FROM {sql} {plan.order_by()}", bindings)


# ---------------------------------------------------------------- sources: how candidates are found

WORDS = -1
"""The source that is the search; others are the number of a filter."""


def _size(connection: Connection, plan: Plan, source: int, cap: int) -> int:
    """Return how many candidates a source has at most, counted up to `cap`."""
    name = plan.table.name
    if source == WORDS:
        inner = f"SELECT 1 FROM {name}_fts WHERE {name}_fts MATCH ? LIMIT {cap}"
        return int(one(connection, f"SELECT count(*) FROM ({inner})", (plan.match(heads=True),)))
    return int(one(connection, f"SELECT count(*) FROM ({plan.linked(plan.groups[source])} LIMIT {cap})"))


def _sizes(connection: Connection, plan: Plan, cap: int) -> dict[int, int]:
    sources = [*range(len(plan.groups)), *([WORDS] if plan.asked else [])]
    return {source: _size(connection, plan, source, cap) for source in sources}


def _smaller_source(connection: Connection, plan: Plan) -> int:
    """Return the source with the fewest candidates, as far as a count up to 200,000 tells."""
    sizes = _sizes(connection, plan, 200_000) if len(plan.groups) + bool(plan.asked) > 1 else {}
    return min(sizes, key=sizes.__getitem__) if sizes else WORDS if plan.asked else 0


def _candidates(plan: Plan, source: int, *, heads: bool = False) -> tuple[str, tuple[Any, ...]]:
    """Return `table t … WHERE …` over a source's candidates that pass every other test, and its bindings.

    `heads` suits few candidates: the search index streams them, and each row's words are tested.
    """
    name = plan.table.name
    if source == WORDS:
        sql = f"{name}_fts CROSS JOIN {name} AS t ON t.id = {name}_fts.rowid WHERE {name}_fts MATCH ?"
        return sql + plan.tests(plan.rest if heads else ""), (plan.match(heads=heads),)
    group = plan.groups[source]
    tests = plan.tests(plan.search, but=source)
    if len(group) == 1:
        return f"{name}_links AS l CROSS JOIN {name} AS t ON t.id = l.id WHERE l.term = {group[0]}{tests}", ()
    return (
        f"({plan.linked(group)} GROUP BY id) AS l CROSS JOIN {name} AS t ON t.id = l.id WHERE true{tests}",
        (),
    )


def _sorted(connection: Connection, plan: Plan, source: int, limit: int, *, heads: bool) -> Iterator[Found]:
    sql, bindings = _candidates(plan, source, heads=heads)
    sql = f"SELECT NULL, t.uid, t.id FROM {sql} {plan.order_by()} LIMIT {limit}"
    yield from connection.execute(sql, bindings)


# ---------------------------------------------------------------- walking an order


def _taken(connection: Connection, rows: Iterator[Found], seconds: float | None) -> "tuple[array[int], bool]":
    """Return the ids of rows, and whether they are all of them or time ran out."""
    found = array("q")
    if seconds is not None:
        end = time.perf_counter() + seconds
        connection.set_progress_handler(lambda: time.perf_counter() > end, _STRIDE)
    try:
        for row in rows:
            found.append(row[2])
    except Interrupted:
        return found, False
    finally:
        connection.set_progress_handler(None)
    return found, True


def _walk(connection: Connection, plan: Plan, limit: int) -> Iterator[Found]:
    """Yield the first rows that pass the plan's tests, in order."""
    left = limit
    for row in islice(_with_value(connection, plan, limit), limit):
        left -= 1
        yield row
    if left:
        value = "NULL, t.uid, t.id"
        parts = (connection.execute(f"SELECT {value} {one} LIMIT {left}") for one in plan.last())
        yield from islice(_merged(list(parts), lambda row: row[1]), left)


def _with_value(connection: Connection, plan: Plan, limit: int) -> Iterator[Found]:
    if plan.ordering.days and plan.further:
        return _by_days(connection, plan, limit)
    streams = [_stream(connection, plan, stream, limit) for stream in plan.streams()]
    if plan.one_by_one:
        return chain.from_iterable(streams)
    sign = -1 if plan.ordering.descending else 1
    return _merged(streams, lambda row: (sign * row[0], row[1]))


def _merged(rows: Sequence[Iterable[Found]], key: Callable[[Found], Any]) -> Iterator[Found]:
    return iter(rows[0]) if len(rows) == 1 else heapq.merge(*rows, key=key)


def _stream(connection: Connection, plan: Plan, stream: Stream, limit: int) -> Iterator[Found]:
    """Yield up to `limit` rows of one index that pass the tests."""
    head = f"SELECT {stream.value}, t.uid, t.id"
    indexed = f"{plan.table.name} AS t {stream.indexed_by}"
    tests = plan.tests(plan.search)
    if stream.straight:
        way = " DESC" if stream.descending else ""
        yield from connection.execute(
            f"{head} FROM {indexed} WHERE {stream.values()}{tests} "
            f"ORDER BY t.{stream.column}{way}, {stream.ties} LIMIT {limit}"
        )
        return
    # Against the index's direction ties would come upside down: SQLite steps from value to value instead and
    # takes the rows of each as they lie. To sort them it would read all of a value for the first.
    stepped = (
        f"{_values_of(plan, stream)} {head} FROM v CROSS JOIN {indexed} ON t.{stream.column} = v.value "
        f"WHERE true{stream.within}{tests} LIMIT {limit}"
    )
    ways = [stepped]
    if stream.cap is not None and (stream.high is None or stream.high >= stream.cap):
        low = stream.cap if stream.low is None else max(stream.cap, stream.low)
        future = f"{head} FROM {indexed} WHERE {stream.values(above=f'>= {low}')}{tests}"
        ways.insert(int(not stream.descending), f"{future} ORDER BY {stream.ties} LIMIT {limit}")
    for sql in ways:
        yield from connection.execute(sql)


def _values_of(plan: Plan, stream: Stream) -> str:
    """Return the SQL of `v(value)`: the values of a stream below its cap, in order."""
    column, cap = stream.column, stream.cap
    until = "" if cap is None or (stream.high is not None and stream.high < cap) else f"< {cap}"
    best = "max" if stream.descending else "min"
    first = stream.values(below=until)
    step = (
        stream.values(below="< v.value")
        if stream.descending
        else stream.values(above="> v.value", below=until)
    )
    of = f"SELECT {best}(t.{column}) FROM {plan.table.name} AS t {stream.indexed_by} WHERE"
    return (
        f"WITH RECURSIVE v(value) AS ({of} {first} "
        f"UNION ALL SELECT ({of} {step}) FROM v WHERE v.value IS NOT NULL)"
    )


def _by_days(connection: Connection, plan: Plan, limit: int) -> Iterator[Found]:
    """Yield up to `limit` rows that pass the tests, each number of days put in the further orders."""
    left = limit
    for sql, bindings in _day_by_day(connection, plan):
        for row in connection.execute(f"{sql} LIMIT {left}", bindings):
            left -= 1
            yield row
        if left <= 0:
            return


def _values(connection: Connection, plan: Plan, stream: Stream) -> Iterator[Any]:
    """Yield the values of a stream, capped ones too, in order."""
    every = msgspec.structs.replace(stream, cap=None)
    sql = f"{_values_of(plan, every)} SELECT value FROM v WHERE value IS NOT NULL"
    return (value for (value,) in connection.execute(sql))


# ---------------------------------------------------------------- by age


def _linked(connection: Connection, plan: Plan, limit: int) -> list[int]:
    """Return the newest or the oldest records of one filter: those of each of its terms, merged."""
    sign, way = (-1, " DESC") if plan.by_age > 0 else (1, "")
    head = f"SELECT age = {NO_AGE}, {sign} * age, uid, id FROM {plan.table.name}_links WHERE term=?"
    found: set[tuple[int, int, str, int]] = set()
    for term in plan.groups[0]:
        dated = connection.execute(f"{head} AND age > {NO_AGE} ORDER BY age{way}, uid LIMIT {limit}", (term,))
        rows = dated.fetchall()
        if len(rows) < limit:
            rows += connection.execute(f"{head} AND age = {NO_AGE} ORDER BY uid LIMIT {limit}", (term,))
        found.update(rows)
    return [row[3] for row in sorted(found)[:limit]]


def _displaced(connection: Connection, plan: Plan) -> bool:
    """Tell whether some rows live outside their second, so that row ids do not give the age."""
    return bool(one(connection, "SELECT displaced FROM tallies WHERE entity=?", (plan.table.name,)))


def _newest_matching(connection: Connection, plan: Plan, limit: int) -> Iterator[Found]:
    """Read hits by falling row id up to the end of a second, then order within the seconds."""
    name = plan.table.name
    sql = (
        f"SELECT -t.k_{plan.table.newest}, t.uid, t.id "
        f"FROM {name}_fts CROSS JOIN {name} AS t ON t.id = {name}_fts.rowid "
        f"WHERE {name}_fts MATCH ?{plan.tests(plan.rest)} ORDER BY {name}_fts.rowid DESC"
    )
    found: list[Found] = []
    for row in connection.execute(sql, (plan.match(heads=True),)):
        if len(found) >= limit and row[2] >> SLOTS != found[-1][2] >> SLOTS:
            break
        found.append(row)
    found.sort(key=lambda row: (row[0] is None, row[0] or 0, row[1]))
    yield from found[:limit]


# ---------------------------------------------------------------- everything


def _all_unfiltered(connection: Connection, plan: Plan) -> "array[int]":
    """Read everything from the ordering's indexes alone; the rows themselves are several times as big."""
    found = array("q")
    for sql, bindings in _whole(connection, plan, plan.streams()):
        found.extend(_as_array(connection, sql, bindings))
    for last in plan.last():
        found.extend(_as_array(connection, f"SELECT t.id {last}"))
    return found


def _whole(
    connection: Connection, plan: Plan, streams: list[Stream]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the statements that together give all rows with a sort value, in order."""
    way = " DESC" if plan.ordering.descending else ""
    if len(streams) > 1:
        yield from _day_by_day(connection, plan)
        return
    (stream,) = streams
    values = [] if stream.straight else list(islice(_values(connection, plan, stream), FEW_TERMS + 1))
    if 0 < len(values) <= FEW_TERMS:  # big groups of equal values: quicker read one by one than sorted
        sql = f"SELECT t.id FROM {plan.table.name} AS t {stream.indexed_by} WHERE t.{stream.column} = ?"
        yield from ((f"{sql} ORDER BY {stream.ties}", (value,)) for value in values)
        return
    yield f"SELECT t.id {_from(plan, stream)} ORDER BY t.{stream.column}{way}, {stream.ties}", ()


def _day_by_day(connection: Connection, plan: Plan) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield a statement for each number of days: what sold after so many, and what has been here so long."""
    sold, here = plan.streams()
    name = plan.table.name
    ways = (
        f"SELECT t.id AS id, t.uid AS uid FROM {name} AS t {stream.indexed_by} WHERE t.{stream.column}"
        for stream in (sold, here)
    )
    of_sold, of_here = ways
    plain = not plan.further and not plan.tests(plan.search)  # then the indexes alone tell
    for number in _numbers_of_days(connection, plan, sold, here):
        both = f"{of_sold} = ? UNION ALL {of_here} {'=' if number else '>='} ?"
        sql = (
            f"SELECT NULL, uid, id FROM ({both}) ORDER BY uid"
            if plain
            else f"SELECT NULL, t.uid, t.id FROM ({both}) AS l CROSS JOIN {name} AS t ON t.id = l.id "
            f"WHERE true{plan.tests(plan.search)} ORDER BY {plan.ties()}"
        )
        yield sql, (number, plan.today - number)


def _numbers_of_days(connection: Connection, plan: Plan, sold: Stream, here: Stream) -> Iterator[int]:
    """Yield each number of days that some row has, in order."""
    since = (max(0, plan.today - start) for start in _values(connection, plan, here))
    numbers = heapq.merge(_values(connection, plan, sold), since, reverse=plan.ordering.descending)
    return (number for number, _ in groupby(numbers))


def _from(plan: Plan, stream: Stream) -> str:
    where = f"WHERE t.{stream.column} IS NOT NULL"
    return f"FROM {plan.table.name} AS t {stream.indexed_by} {where}"


def _all_matching(connection: Connection, plan: Plan) -> "array[int]":
    """Return a search's hits newest first: by falling row id, put right where hits share a second."""
    name = plan.table.name
    sql = f"SELECT {name}_fts.rowid AS id FROM {name}_fts WHERE {name}_fts MATCH ? ORDER BY id DESC"
    if plan.groups:
        candidates, _ = _candidates(plan, WORDS)
        sql = f"SELECT t.id FROM {candidates} ORDER BY {name}_fts.rowid DESC"
    found = _as_array(connection, sql, (plan.match(),))
    runs = list(_runs(found))
    tied = [id_ for start, end in runs for id_ in found[start:end]]
    age = f"-t.k_{plan.table.newest}"
    sql = f"SELECT t.id, {age}, t.uid FROM json_each(?) AS j CROSS JOIN {name} AS t ON t.id = j.value"
    rows = connection.execute(sql, (msgspec.json.encode(tied).decode(),)) if tied else ()
    ranks = {id_: (age is None, age or 0, uid) for id_, age, uid in rows}
    for start, end in runs:
        found[start:end] = array("q", sorted(found[start:end], key=ranks.__getitem__))
    return found


def _runs(ids: "array[int]") -> Iterator[tuple[int, int]]:
    """Yield the stretches of two or more ids of the same second."""
    start, before = 0, None
    for at, id_ in enumerate(ids):
        if id_ >> SLOTS != before:
            if at - start > 1:
                yield start, at
            start, before = at, id_ >> SLOTS
    if len(ids) - start > 1:
        yield start, len(ids)


def _as_array(connection: Connection, sql: str, bindings: Sequence[Any] = ()) -> "array[int]":
    text: str = one(connection, f"SELECT json_group_array(id) FROM ({sql} LIMIT -1)", bindings)
    found = array("q")
    at = 1
    while at < len(text) - 1:  # in pieces, so that no other thread waits long
        end = text.find(",", at + 500_000)
        end = len(text) - 1 if end < 0 else end
        found.extend(msgspec.json.decode(f"[{text[at:end]}]", type=list[int]))
        at = end + 1
    return found
