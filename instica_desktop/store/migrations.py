"""The schema of a file, from nothing to now. A newer file is refused without changing a byte of it.

A step up: backup beside the file, one exclusive transaction, check, commit.
"""

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from instica_desktop.core.errors import Damaged, NewerFile
from instica_desktop.store.database import (
    Connection,
    NotReadable,
    SqliteError,
    UnfinishedError,
    connect,
    ending,
    looking,
    memory,
    one,
    transaction,
)
from instica_desktop.store.files import private_file, sync_folder

Step = str | Callable[[Connection], None]
_DAMAGED = "This computer's copy of the shop is damaged."


class Schema(msgspec.Struct, frozen=True):
    """What a file is: its `application_id`, and what makes each version of the one before; the first of none.

    A step is a script of SQL, or a function that runs inside the transaction. `indexes` are statements for a
    new file only: in one that is there they are made later (`indexes`). `note` has a file note its version
    where a checksum covers it, with each step up; `noted` returns that, None where there is none.
    """

    application_id: int
    steps: tuple[Step, ...]
    indexes: tuple[str, ...] = ()
    note: Callable[[Connection, int], None] = lambda _, version: None
    noted: Callable[[Connection], int | None] = lambda _: None

    @property
    def version(self) -> int:
        """The version this program writes."""
        return len(self.steps)


def inspect(path: Path, schema: Schema, *, in_use: bool = False) -> int:
    """Return the version of the file at `path`, 0 for none or an empty one, without touching it.

    One that this process has `in_use` is read by SQLite alone: on POSIX, closing any other handle of it lets
    go of all locks this process has on it (https://sqlite.org/howtocorrupt.html, 2.2).
    A transaction that was cut off is taken back first: until then nobody can read what the file says.

    Raises:
        NewerFile: a newer program wrote it.
        Damaged: it is no database, or not one of ours.
    """
    if not path.exists() or path.stat().st_size == 0:
        return 0
    try:
        version = _looked_at(path, schema)
    except NotReadable as error:
        raise Damaged(_DAMAGED, details=f"{path}: {error}") from error
    except SqliteError as error:
        if not (in_use or _has_whole_header(path)):
            raise Damaged(_DAMAGED, details=f"{path}: {error}") from error
        raise
    if not (in_use or _has_whole_header(path)):
        raise Damaged(_DAMAGED, details=f"{path}: the header of the file is spoilt")
    return version


def version_in(connection: Connection, path: Path, schema: Schema) -> int:
    """Return the version of an open file. Raises as `inspect` does."""
    application, version = one(connection, "PRAGMA application_id"), one(connection, "PRAGMA user_version")
    if application == 0 and version == 0:
        return 0  # made, but the first transaction never came
    if application != schema.application_id:
        raise Damaged("A file of the shop's copy belongs to another program.", details=str(path))
    noted = schema.noted(connection)
    if noted is not None and noted != version:
        details = f"{path}: version {version} in its header, {noted} inside"
        raise Damaged(_DAMAGED, details=details)
    if version > schema.version:
        raise NewerFile(
            "This shop's data was written by a newer version of Instica Desktop. Please update the program.",
            details=f"{path}: version {version}, this program knows {schema.version}",
        )
    return int(version)


def _looked_at(path: Path, schema: Schema) -> int:
    try:
        with looking(path) as connection:
            return version_in(connection, path, schema)
    except UnfinishedError:
        with ending(path) as connection:
            return version_in(connection, path, schema)


def _has_whole_header(path: Path) -> bool:
    """Tell whether the first bytes are as SQLite makes them here (https://sqlite.org/fileformat.html, 1.3).

    SQLite takes some other values for a file of another program, and refuses to write it.
    """
    with path.open("rb") as file:
        header = file.read(100)
    modes, shares = set(header[18:20]), header[21:24]
    format_, encoding = (int.from_bytes(header[at : at + 4], "big") for at in (44, 56))
    return modes <= {1, 2} and shares == bytes((64, 32, 32)) and 0 <= format_ <= 4 and encoding in (0, 1)


def check(connection: Connection) -> None:
    """Run SQLite's quick check.

    Raises:
        Damaged: with what it found.
    """
    try:
        found: list[str] = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
    except NotReadable as error:
        found = [str(error)]
    if found != ["ok"]:
        raise Damaged(_DAMAGED, details="; ".join(found))


def check_whole(connection: Connection, schema: Schema | None = None) -> None:
    """Have SQLite compare every page, index and search index; and the tables with those of a `schema`.

    SQLite reads a table by what the file says of it: a letter of that is no damage to any check of its own.

    Raises:
        Damaged: with what it found.
    """
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise Damaged("The file fails its check.", details="; ".join(found))
    if schema is not None and _shape(connection) != _wanted(schema, one(connection, "PRAGMA user_version")):
        raise Damaged("The file fails its check.", details="its tables are not those of its version")


def _shape(connection: Connection) -> tuple[tuple[object, ...], ...]:
    """Return the tables and indexes of a file, and their columns: name, type, whether it may be null, key.

    As bytes: spoilt text is none any more.
    """
    texts = ", ".join(
        f"CAST({name} AS BLOB)" for name in ("m.type", "m.name", "m.tbl_name", "p.name", "p.type")
    )
    sql = f"""
        SELECT {texts}, p."notnull", p.pk
        FROM sqlite_schema AS m LEFT JOIN pragma_table_xinfo(m.name) AS p
        WHERE m.name NOT LIKE 'sqlite_stat%' ORDER BY m.type, m.name, p.cid"""
    return tuple(connection.execute(sql).fetchall())


@cache
def _wanted(schema: Schema, version: int) -> tuple[tuple[object, ...], ...]:
    with memory() as connection:
        _run(connection, schema.steps[:version])
        return _shape(connection)


def copy_checked(source: Path, target: Path, look: Callable[[Connection], None] = check) -> None:
    """Write a compact, checked, durable copy of a database; `target` appears whole or not at all.

    The copy is read through by `look` before it takes its name.

    Raises:
        Damaged: the source or the copy fails its check; `target` is left as it was.
    """
    fresh = target.with_name(f".new-{target.name}")
    try:
        _write_copy(source, fresh, look)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)  # half a copy would take the room that was missing
        raise
    sync_folder(target.parent)


def _write_copy(source: Path, fresh: Path, look: Callable[[Connection], None]) -> None:
    fresh.unlink(missing_ok=True)
    connection = connect(source, write=False)
    try:
        check(connection)
        private_file(fresh)  # VACUUM INTO accepts an empty file; so the copy is private from the start
        connection.execute("PRAGMA query_only=OFF")
        connection.execute("VACUUM INTO ?", (str(fresh),))
    finally:
        connection.close()
    with looking(fresh) as copy:
        look(copy)
    with open(fresh, "rb+") as file:
        os.fsync(file.fileno())


def bring_up(
    connection: Connection, path: Path, schema: Schema, version: int, *, keep_copy: bool = True
) -> None:
    """Take a file from `version` to now. A file with data is first copied to `NAME.before-VERSION`.

    Without `keep_copy` it is not, and nothing is checked, which takes long for a large file: what can be read
    from the server again needs no room twice, and damage is met, and mended, when it is read.
    """
    if version == schema.version:
        return
    if version and keep_copy:
        copy_checked(path, path.with_name(f"{path.name}.before-{schema.version}"))
    with transaction(connection, "EXCLUSIVE"):
        _run(connection, schema.steps[version:])
        if not version:
            _run(connection, schema.indexes)
        schema.note(connection, schema.version)
        connection.execute(f"PRAGMA application_id={schema.application_id}")
        connection.execute(f"PRAGMA user_version={schema.version}")
        if keep_copy:
            check(connection)


def _run(connection: Connection, steps: Sequence[Step]) -> None:
    for step in steps:
        if isinstance(step, str):
            connection.execute(step)
        else:
            step(connection)
