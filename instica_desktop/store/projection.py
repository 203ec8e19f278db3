"""From a record to what the cache indexes of it: keys, filter terms, search words, row id."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from zlib import crc32

import msgspec

from instica_desktop.core import wire
from instica_desktop.core.errors import Damaged
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.operations import NEEDS_USER, Operation, OpKind
from instica_desktop.core.overlay import overlay
from instica_desktop.core.overlay_derived import TIMES, stamped
from instica_desktop.core.search_words import search_text
from instica_desktop.store.tables import Table, Value
from instica_desktop.store.values import tag

SLOTS = 16
"""Bits of a row id below the second of the default ordering: 65,536 rows may share one."""
ELSEWHERE = 1 << 62
"""Ids from here on belong to displaced rows: those whose second was full. They carry no age."""
NO_AGE = -(1 << 62)
_LAST_SECOND = (1 << 31) - 2


RULES = "4"
"""The edition of these rules, and of those in `tables`, `core.folding`, `core.collation` and
`core.search_words`; what another stored is made anew."""


class Projected(msgspec.Struct, frozen=True):
    """What is stored of one effective record. `terms` are (filter, comparable value, value as written)."""

    uid: str
    keys: tuple[Value, ...]
    words: str
    terms: tuple[tuple[str, str, str], ...]


def comparable(how: str, value: str) -> str:
    """Return a filter's value as it is compared."""
    return value if how == "exact" else tag(value)


def project(table: Table, record: Any, extra: str = "") -> Projected:
    """Return what is stored of a record; `extra` are further search words, as `search_text` makes them."""
    words = search_text(table.searched(record))
    terms = {
        (name, comparable(chosen.how, value)): value
        for name, chosen in table.filters.items()
        for value in chosen.of(record)
        if value
    }
    return Projected(
        record.uid,
        tuple([key.of(record) for key in table.keys]),
        with_extra(words, extra) if extra else words,
        tuple((name, value, label) for (name, value), label in terms.items()),
    )


def unlisted(table: Table, uid: str) -> Projected:
    """Return what is stored of a record that no query may find: neither keys nor words nor terms."""
    return Projected(uid, (None,) * len(table.keys), "", ())


def hidden(operations: Sequence[Operation]) -> bool:
    """Tell whether a record is about to be deleted; one whose deletion needs the user is shown again."""
    return any(one.kind is OpKind.DELETE and one.state not in NEEDS_USER for one in operations)


def with_extra(words: str, extra: str) -> str:
    """Return two word lists as one without repeats."""
    return "".join(f" {word}" for word in dict.fromkeys((words + extra).split()))


def effective(table: Table, raw: bytes, operations: Sequence[Operation]) -> Any:
    """Return the record as it will be once `operations` are delivered; the server's own without any.

    A record that exists only here was made when its first operation was. Read as leniently as the client
    reads: what it took from a server that strays from the contract must not fail here.

    Raises:
        Damaged: `raw` is no record any more.
    """
    try:
        if not operations:
            return cast(Any, wire.read(table.type, raw))
        record = wire.record(raw)
    except msgspec.DecodeError as error:  # SQLite sees nothing wrong inside a value
        raise Damaged("This computer's copy of the shop is damaged.", details=str(error)) from error
    if operations[0].kind is OpKind.CREATE:
        record = {"created": operations[0].created, "updated": operations[0].created, **record}
    shown = overlay(record, operations)
    if table.type is InventoryItem:
        shown |= _times(record, operations)
    return cast(Any, wire.convert(table.type, shown))


def _times(record: dict[str, Any], operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the times that the statuses an item is given will set."""
    times = {name: record.get(name) for name in TIMES}
    for one in operations:
        fields = dict(one.payload.get("fields", {})) if one.kind is OpKind.CREATE else {}
        times = stamped(times, fields | {edit.field: edit.new for edit in one.edits}, one.created)
    return times


def second(age: Value) -> int:
    """Return the part of a row id that grows with the default ordering's time (microseconds since 2000).

    At least 1, so that no row id is 0; no age comes before all ages, being last in the default ordering.
    """
    return min(max(age // 1_000_000, 0), _LAST_SECOND) + 2 if isinstance(age, int) else 1


def candidate_ids(age: Value, uid: str) -> Iterable[int]:
    """Yield the row ids to try for a new record; if all are taken, it has to live elsewhere."""
    base = second(age) << SLOTS
    for attempt in range(8):
        yield base + (crc32(uid.encode(), attempt) & 0xFFFF)


def is_displaced(row: int) -> bool:
    """Tell whether a row lives outside the second of its age."""
    return row >= ELSEWHERE
