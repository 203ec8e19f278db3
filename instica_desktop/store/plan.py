"""A query made ready for SQLite: its words, the terms of its filters, its ordering, and the SQL of each."""

from typing import Any

import msgspec

from instica_desktop.core.query import LONGEST_VALUE, MOST_VALUES, Query
from instica_desktop.core.search_words import Words, alternatives
from instica_desktop.store.database import Connection
from instica_desktop.store.indexes import index_name, inner_name, unmade
from instica_desktop.store.projection import comparable
from instica_desktop.store.spans import Range, Reach, Spans, reach, spans_of
from instica_desktop.store.tables import TABLES, Filter, Ordering, Table

LONGEST_PREFIX = 3
"""The longest prefix the search index keeps ready (see `schema`)."""
FEW_TERMS = 24
"""Up to so many terms of one filter are tested in a row's `terms`; more are looked up in the links."""

LISTED = "t.id > 0"
"""What is about to be deleted has no keys, words or terms, and an id below 0."""


class Stream(msgspec.Struct, frozen=True):
    """Rows in the order of one index: column, direction, what decides ties, whether it is read straight on:
    the index lies that way, or all is to be sorted anyway. `indexed_by` is the SQL that demands the index,
    empty as long as this copy does not have it.

    Values from `cap` on count as equal to it: what arrives in the future has been here for no days.
    `within` is the SQL of the part of the rows it has, starting with AND; empty for all. `low` and `high`:
    between which values all lie that are wanted, None where that is not known.
    """

    column: str
    indexed_by: str
    descending: bool
    ties: str
    straight: bool
    value: str
    cap: int | None = None
    within: str = ""
    low: Any = None
    high: Any = None

    def values(self, above: str = "", below: str = "") -> str:
        """Return the SQL of the rows between the bounds, or closer ones.

        Of two lower or two upper bounds SQLite would seek to either: so there is never more than one.
        """
        low = above or ("" if self.low is None else f">= {literal(self.low)}")
        high = below or ("" if self.high is None else f"<= {literal(self.high)}")
        tests = [f"t.{self.column} {bound}" for bound in (low, high) if bound]
        return " AND ".join(tests or [f"t.{self.column} IS NOT NULL"]) + self.within


class Plan(msgspec.Struct, frozen=True):
    """One query against one table. `groups`: for each filter the term numbers of which a row needs one.

    `asked`: what the search asks for, each word of any one of these; nothing without a search.
    `further` orderings decide between rows that are equal by `ordering`: those asked for, then how the last
    of them goes on. `unmade`: the indexes of its ordering that this copy does not have yet. `parts`: the
    values of the key within which the ordering has indexes, where a filter by it names them. `spans`: those
    of its terms.
    """

    table: Table
    asked: tuple[Words, ...]
    groups: tuple[tuple[int, ...], ...]
    ordering: Ordering
    today: int
    further: tuple[Ordering, ...] = ()
    unmade: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    spans: dict[int, Spans] = {}

    @property
    def hopeless(self) -> bool:
        """Whether some filter asks for what no record has, or two of them exclude each other."""
        return not all(self.groups) or (len(self.groups) > 1 and self._exclusive)

    @property
    def _exclusive(self) -> bool:
        return any(self._reach(key.name).is_nowhere for key in self.table.keys if key.spans)

    @property
    def newest_first(self) -> bool:
        """Whether the ordering is the default one."""
        newest = self.ordering.keys == (self.table.newest,) and self.ordering.descending
        return newest and not self.further

    def match(self, *, heads: bool = False) -> str:
        """Return the FTS5 expression of the search. Words hold no sign that would have to be escaped.

        `heads` asks for no more of a word than the index keeps prefixes of: that streams, while for a longer
        one FTS5 first gathers all its hits. What more is asked for is then to be tested row by row (`rest`).
        """
        cut = self._cut() if heads else self.asked
        each = (" AND ".join(map(_term, words)) for words in cut)
        return " OR ".join(f"({words})" for words in each)

    def _cut(self) -> tuple[Words, ...]:
        """Return what is asked for with long words cut, but for one word in place of several.

        That is rare, and its head so common that all the rest would be tested for nothing.
        """
        return tuple(
            words if at and len(words) == 1 else tuple(word[:LONGEST_PREFIX] for word in words)
            for at, words in enumerate(self.asked)
        )

    @property
    def search(self) -> str:
        """The SQL that tests a row `t` for the search; empty without one."""
        return _any_of(self.asked)

    @property
    def rest(self) -> str:
        """The SQL that tests a row `t` for what the search asks for beyond its `heads`."""
        if self._cut() == self.asked:
            return ""
        alone = len(self.asked) == 1
        return _any_of(
            tuple(
                tuple(word for word in words if len(word) > LONGEST_PREFIX or not alone)
                for words in self.asked
            )
        )

    def tests(self, search: str = "", *, but: int = -1) -> str:
        """Return the SQL that tests a row `t` for `search` and all filters but one; starts with AND."""
        found = [search] if search else []
        found += [self._has(group) for at, group in enumerate(self.groups) if at != but]
        return "".join(f" AND {test}" for test in found)

    def _has(self, group: tuple[int, ...]) -> str:
        if len(group) <= FEW_TERMS:
            return "(" + " OR ".join(f"instr(t.terms, ',{term},')" for term in group) + ")"
        return f"t.id IN ({self.linked(group)})"

    def linked(self, group: tuple[int, ...]) -> str:
        """Return the SQL of the ids that have one of a filter's terms."""
        return f"SELECT id FROM {self.table.name}_links WHERE term IN ({','.join(map(str, group))})"

    def _value(self, ordering: Ordering) -> str:
        """Return the SQL of what an ordering sorts by, NULL for what comes last."""
        first, *others = [f"t.k_{key}" for key in ordering.keys]
        if ordering.days:
            return f"coalesce({first}, max(0, {self.today} - {others[0]}))"
        return first

    def order_by(self) -> str:
        """Return the ordering as SQL that holds without any index."""
        return f"ORDER BY {self._value_first(self.ordering)}, {self.ties()}"

    def _value_first(self, ordering: Ordering) -> str:
        way = " DESC" if ordering.descending else ""
        value = self._value(ordering)
        return f"{value} IS NULL, {value}{way}"

    def ties(self) -> str:
        """Return what decides between rows that are equal by the first ordering, as SQL."""
        more = "".join(f"{self._value_first(one)}, {self._age(one)}" for one in self.further)
        return f"{self._age(self.ordering)}{more}t.uid"

    def _age(self, ordering: Ordering) -> str:
        by_age = self.table.key(ordering.keys[0]).ties_by_age
        return f"t.k_{self.table.newest} DESC, " if by_age else ""

    @property
    def by_age(self) -> int:
        """Tell whether the ordering comes down to age, as a filter's links lie: 1 newest first, -1 oldest."""
        if self.further:
            return 0
        if self.ordering.keys == (self.table.newest,):
            return 1 if self.ordering.descending else -1
        (key, *_) = [self.table.key(name) for name in self.ordering.keys]
        return int(key.ties_by_age and self._reach(key.name).is_one_value)

    @property
    def sure(self) -> bool:
        """Whether the indexes of the ordering hold all rows wanted and no others."""
        return bool(self.parts) and len(self.groups) == 1 and not self.asked

    def streams(self) -> list[Stream]:
        """Return the indexes whose rows, merged, are all rows that have a sort value, in order."""
        return [
            self._stream(name, at, part, within)
            for part in self.parts or (None,)
            for at, name in enumerate(self.ordering.keys)
            for within in self._ranges(name)
        ]

    @property
    def one_by_one(self) -> bool:
        """Whether the streams follow each other, instead of being merged."""
        return len(self.ordering.keys) == 1 and not self.parts

    def _reach(self, name: str) -> Reach:
        return reach(self.spans, self.groups, name)

    def _ranges(self, name: str) -> list[Range | None]:
        """Return where the rows wanted lie on a key, in the ordering's direction; None for anywhere.

        Where streams are merged there is one for each key: the whole from the least to the greatest.
        """
        ranges = self._reach(name).ranges
        if ranges is None:
            return [None]
        if self.one_by_one:
            return list(reversed(ranges) if self.ordering.descending else ranges)
        return [(ranges[0][0], ranges[-1][1]) if ranges else (1, 0)]

    def _stream(self, name: str, at: int, part: str | None, within: Range | None) -> Stream:
        key = self.table.key(name)
        index = index_name(self.table, key) if part is None else inner_name(self.table, key)
        indexed = index not in self.unmade
        counts_down = self.ordering.days and at == 1  # the later it came, the fewer days it has been here
        return Stream(
            column=f"k_{name}",
            indexed_by=f"INDEXED BY {index}" if indexed else "",
            descending=self.ordering.descending != counts_down,
            ties=self.ties(),
            straight=not indexed
            or (not counts_down and (bool(self.further) or self.ordering.descending == key.newest)),
            value=f"max(0, {self.today} - t.k_{name})" if counts_down else f"t.k_{name}",
            cap=self.today if counts_down else None,
            within="" if part is None else self._within(part),
            low=within and within[0],
            high=within and within[1],
        )

    def _within(self, part: str) -> str:
        outer = self.table.key(self.ordering.keys[0]).within
        return f" AND t.k_{outer} = {literal(part)}"

    def last(self) -> list[str]:
        """Return the SQL, from FROM on, of the rows that come last for want of a sort value, by `ties`.

        The index is named: SQLite knows nothing of how many rows there are, and would read and sort them all.
        """
        if not all(self._reach(name).lacks for name in self.ordering.keys):
            return []
        key = self.table.key(self.ordering.keys[-1])
        within = [self._within(part) for part in self.parts] or [""]
        index = index_name(self.table, self.table.key(key.within) if self.parts else key)
        indexed = "" if index in self.unmade else f"INDEXED BY {index}"
        head = f"FROM {self.table.name} AS t {indexed} WHERE {self.without_value()} AND {LISTED}"
        tests = self.tests(self.search)
        return [f"{head}{one}{tests} ORDER BY {self.ties()}" for one in within]

    def without_value(self) -> str:
        """Return the SQL condition of the rows that come last for want of a sort value."""
        return " AND ".join(f"t.k_{key} IS NULL" for key in reversed(self.ordering.keys))


def literal(value: int | str) -> str:
    """Return a value as SQL, whose text a NUL would end."""
    if isinstance(value, str) and "\0" in value:
        return f"CAST(x'{value.encode().hex()}' AS TEXT)"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _term(word: str) -> str:
    """Return the FTS5 expression of a word that others may begin with, or of a whole one."""
    return f'"{word[:-1]}"' if word.endswith(" ") else f'"{word}"*'


def _test(word: str) -> str:
    words = "t.words || ' '" if word.endswith(" ") else "t.words"
    return f"instr({words}, ' {word}')"


def _any_of(asked: tuple[Words, ...]) -> str:
    """Return the SQL that tests the words of a row `t`, which stand each behind a space."""
    each = (" AND ".join(map(_test, words)) for words in asked)
    return f"({' OR '.join(each)})" if asked else ""


def make_plan(connection: Connection, query: Query, today: int) -> Plan:
    """Resolve a query. Values of one filter that several records' terms contain count all (tags).

    Raises:
        ValueError: an ordering or filter this entity does not have.
    """
    table = TABLES[query.entity]
    unknown = [name for name in query.orderings if name not in table.orderings]
    if unknown:
        raise ValueError(f"{query.entity} has no ordering {unknown[0]!r}")
    ordering, *further = [table.orderings[name] for name in query.orderings]
    wanted = ((item.field, query.wanted(item.field)) for item in query.filters)
    groups = tuple(_group(connection, table, field, values) for field, values in wanted if values)
    last = further[-1] if further else ordering
    further += [Ordering((key,)) for key in last.then]
    asked = alternatives(table.sought(query.sought))
    keys = [table.key(name) for name in ordering.keys]
    names = {make(table, key) for key in keys for make in (index_name, inner_name)}
    lacking = frozenset(unmade(connection, names))
    parts = _parts(query, table, ordering, lacking) if not further else ()
    spans = spans_of(connection, {term for group in groups if len(group) <= FEW_TERMS for term in group})
    return Plan(table, asked, groups, ordering, today, tuple(further), lacking, parts, spans)


def _parts(query: Query, table: Table, ordering: Ordering, lacking: frozenset[str]) -> tuple[str, ...]:
    """Return the values of a filter that goes against the ordering, if there are indexes within them."""
    keys = [table.key(name) for name in ordering.keys]
    outer = keys[0].within
    if not outer or any(inner_name(table, key) in lacking for key in keys):
        return ()
    wanted = tuple(sorted(query.wanted(outer)))
    return wanted if len(wanted) <= FEW_TERMS else ()


def _group(connection: Connection, table: Table, field: str, values: tuple[str, ...]) -> tuple[int, ...]:
    how = table.filters.get(field)
    if how is None:
        raise ValueError(f"{table.name} has no filter {field!r}")
    if _refused(how, values):
        return ()
    found: set[int] = set()
    test = "instr(value, ?)" if how.how == "within" else "value = ?"
    sql = f"SELECT term FROM terms WHERE entity=? AND field=? AND {test}"
    for value in values:
        bindings: tuple[Any, ...] = (table.name, field, comparable(how.how, value))
        terms = [row[0] for row in connection.execute(sql, bindings)]
        if not terms and how.codes and value not in how.codes:
            return ()  # an unknown code, which the server refuses together with the others
        found.update(terms)
    return tuple(sorted(found))


def _refused(how: Filter, values: tuple[str, ...]) -> bool:
    """Tell whether the server takes such values for a mistake."""
    odd = any(len(value) > LONGEST_VALUE or "\0" in value for value in values)
    return odd or len(values) > (1 if how.single else MOST_VALUES)
