"""A seal on each row of what a person made: it tells that a value was spoilt, which SQLite does not see.

A seal is BLAKE2b (RFC 7693) of eight bytes over the table's name and the row's other columns, each with its
length before it (MessagePack). A CRC would do for a flipped bit; this tells larger damage as surely, and
costs microseconds beside the milliseconds of a durable write.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from instica_desktop.core.errors import Damaged
from instica_desktop.store.database import Connection, one

Value = str | int | bytes | None
Cells = tuple[bytes | None, ...]
"""A row's columns as bytes: numbers as their digits, text in UTF-8, whatever the disk made of it."""
SEALED: dict[str, tuple[str, ...]] = {
    "operations": ("seq", "uuid", "entity", "uid", "place", "body"),
    "unreadable": ("uuid", "body", "at"),
    "intake": ("uuid", "body"),
    "renamings": ("temporary", "real", "at"),
    "meta": ("key", "value"),
    "history": ("entity", "uid", "field", "before", "value", "reason", "at"),
}
"""The tables that have seals, and what of each row is sealed: all but a number that only keeps the order."""
ALL = tuple(SEALED)
AT_ONCE = ("operations", "unreadable", "intake", "renamings", "meta")
"""What is read whole at each start. The history may be long: it is looked at where it is read."""
_KEYS = {"renamings": "temporary", "meta": "key"}
_NUMBERS = frozenset({"seq", "place", "at"})
_BYTES = frozenset({"body", "before", "value"})
_VERSION = "schema"
_encode = msgspec.msgpack.Encoder().encode


class Row(msgspec.Struct, frozen=True):
    """A row: what finds it again, its columns as bytes, whether it fits its seal (None: it has none)."""

    key: int | bytes
    cells: Cells
    fits: bool | None


class Spoilt(msgspec.Struct, frozen=True):
    """A row that does not fit its seal. `key` finds it again; `cells` are its sealed columns, as they are."""

    table: str
    key: int | bytes
    cells: dict[str, bytes | None]

    def text(self, column: str) -> str:
        """Return a column as text; what is no text any more is marked as such."""
        return (self.cells[column] or b"").decode("utf-8", "replace")


def seal(table: str, values: Iterable[Value]) -> bytes:
    """Return the seal of a row, given the columns that `SEALED` names, in that order."""
    return _seal(table, tuple(_cell(value) for value in values))


def insert(connection: Connection, table: str, row: Mapping[str, Value], how: str = "INSERT") -> None:
    """Write a row with its seal. `how` may be `INSERT OR REPLACE` or `INSERT OR IGNORE`."""
    sealed = seal(table, [row.get(column) for column in SEALED[table]])
    marks = ",".join("?" * len(row))
    sql = f"{how} INTO {table}({', '.join(row)}, seal) VALUES ({marks},?)"
    connection.execute(sql, (*row.values(), sealed))


def demand(table: str, values: Iterable[Value], sealed: object) -> None:
    """Go on with a row only if it fits its seal.

    Raises:
        Damaged: it does not.
    """
    if seal(table, values) != sealed:
        raise Damaged("This computer's copy of the shop is damaged.", details=f"a row of {table} is spoilt")


def seal_all(connection: Connection) -> None:
    """Seal every row as it stands."""
    for table in SEALED:
        found = f"{_KEYS[table]}=CAST(? AS TEXT)" if table in _KEYS else "rowid=?"  # by its index
        keyed = [(_seal(table, row.cells), row.key) for row in read(connection, table)]
        connection.executemany(f"UPDATE {table} SET seal=? WHERE {found}", keyed)


def note_version(connection: Connection, version: int) -> None:
    """Note the version of a file inside it, sealed: the number in its header is a few bytes like others."""
    insert(connection, "meta", {"key": _VERSION, "value": str(version)}, "INSERT OR REPLACE")


def noted_version(connection: Connection) -> int | None:
    """Return what `note_version` noted; None where there is nothing to be trusted."""
    if not is_sealed(connection, "meta"):
        return None
    noted = {cells[0]: cells[1] for cells in whole(connection, "meta")}
    return int(noted.get(_VERSION.encode()) or 0) or None


def spoilt(connection: Connection, tables: Iterable[str] = ALL) -> list[Spoilt]:
    """Return the rows that do not fit their seals; none where a file has no seals, of an earlier version."""
    return [
        Spoilt(table, row.key, dict(zip(SEALED[table], row.cells, strict=True)))
        for table in tables
        for row in read(connection, table)
        if row.fits is False
    ]


def whole(connection: Connection, table: str) -> Iterator[Cells]:
    """Yield the sealed columns of the rows that fit their seals."""
    for row in read(connection, table):
        if row.fits:
            yield row.cells


def read(
    connection: Connection, table: str, columns: Sequence[str] = (), *, last_first: bool = False
) -> Iterator[Row]:
    """Yield each row, with the sealed columns or those given; as bytes, for spoilt text is none any more.

    What a table of an earlier version does not have is None; of a table that it lacks there are no rows.
    """
    names = connection.execute("SELECT CAST(name AS BLOB) FROM pragma_table_info(?)", (table,))
    there = {bytes(row[0]) for row in names}
    if not there:
        return
    wanted = ("seal", *(columns or SEALED[table]))
    cells = ", ".join(f"CAST({name} AS BLOB)" if name.encode() in there else "NULL" for name in wanted)
    key = f"CAST({_KEYS[table]} AS BLOB)" if table in _KEYS else "rowid"
    sql = f"SELECT {key}, {cells} FROM {table} ORDER BY 1 {'DESC' if last_first else 'ASC'}"
    for number, sealed, *found in connection.execute(sql):
        fit = _seal(table, tuple(found)) == sealed if b"seal" in there else None
        yield Row(number, tuple(found), fit)


def value_of(table: str, column: str, cell: bytes | None) -> Value:
    """Return a column's bytes as they are written. Raises ValueError where they cannot be."""
    if cell is None or (column in _BYTES and table != "meta"):
        return cell
    return int(cell) if column in _NUMBERS else cell.decode()


def remove(connection: Connection, row: Spoilt) -> None:
    """Take a spoilt row out of its table."""
    found = f"CAST({_KEYS[row.table]} AS BLOB)=?" if row.table in _KEYS else "rowid=?"
    connection.execute(f"DELETE FROM {row.table} WHERE {found}", (row.key,))


def _cell(value: Value) -> bytes | None:
    match value:
        case str():
            return value.encode()
        case int():
            return b"%d" % value
        case _:
            return value


def _seal(table: str, cells: Cells) -> bytes:
    return blake2b(_encode((table, *cells)), digest_size=8).digest()


def is_sealed(connection: Connection, table: str = "operations") -> bool:
    """Tell whether a table has seals: earlier versions made none."""
    return bool(one(connection, "SELECT 1 FROM pragma_table_info(?) WHERE name='seal'", (table,)))
