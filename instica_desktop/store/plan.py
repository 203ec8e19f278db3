"""A query made ready for SQLite: its words, the terms of its filters, its ordering, and the SQL of each."""

from typing import Any

import msgspec

from instica_desktop.core.query import LONGEST_VALUE, MOST_VALUES, Query
from instica_desktop.core.search_words import Words, alternatives
from instica_desktop.store.database import Connection
from instica_desktop.store.indexes import index_name, unmade
from instica_desktop.store.projection import comparable
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
    """

    column: str
    indexed_by: str
    descending: bool
    ties: str
    straight: bool
    value: str
    cap: int | None = None


class Plan(msgspec.Struct, frozen=True):
    """One query against one table. `groups`: for each filter the term numbers of which a row needs one.

    `asked`: what the search asks for, each word of any one of these; nothing without a search.
    `further` orderings decide between rows that are equal by `ordering`: those asked for, then how the last
    of them goes on. `unmade`: the indexes of its ordering that this copy does not have yet.
    """

    table: Table
    asked: tuple[Words, ...]
    groups: tuple[tuple[int, ...], ...]
    ordering: Ordering
    today: int
    further: tuple[Ordering, ...] = ()
    unmade: frozenset[str] = frozenset()

    @property
    def hopeless(self) -> bool:
        """Whether some filter asks for what no record has."""
        return not all(self.groups)

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

    def streams(self) -> list[Stream]:
        """Return the indexes whose rows, merged, are all rows that have a sort value, in order."""
        return [self._stream(name, at) for at, name in enumerate(self.ordering.keys)]

    def _stream(self, name: str, at: int) -> Stream:
        key = self.table.key(name)
        index = index_name(self.table, key)
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
        )

    def without_value(self) -> str:
        """Return the SQL condition of the rows that come last for want of a sort value."""
        return " AND ".join(f"t.k_{key} IS NULL" for key in reversed(self.ordering.keys))


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
    needed = (index_name(table, table.key(key)) for key in ordering.keys)
    return Plan(table, asked, groups, ordering, today, tuple(further), frozenset(unmade(connection, needed)))


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
