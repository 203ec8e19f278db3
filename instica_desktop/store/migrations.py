"""The schema of a file, from nothing to now. A newer file is refused without changing a byte of it.

A step up: backup beside the file, one exclusive transaction, check, commit.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from instica_desktop.core.errors import Damaged, NewerFile
from instica_desktop.store.database import (
    Connection,
    NotReadable,
    UnfinishedError,
    connect,
    ending,
    looking,
    one,
    transaction,
)
from instica_desktop.store.files import private_file, sync_folder


class Schema(msgspec.Struct, frozen=True):
    """What a file is: its `application_id`, and the SQL script of each version; the first makes version 1.

    `indexes` are statements for a new file only: in one that is there they are made later (`indexes`).
    """

    application_id: int
    steps: tuple[str, ...]
    indexes: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """The version this program writes."""
        return len(self.steps)


def inspect(path: Path, schema: Schema) -> int:
    """Return the version of the file at `path`, 0 for none or an empty one, without touching it.

    A transaction that was cut off is taken back first: until then nobody can read what the file says.

    Raises:
        NewerFile: a newer program wrote it.
        Damaged: it is no database, or not one of ours.
    """
    if not path.exists() or path.stat().st_size == 0:
        return 0
    try:
        return _version(_marks(path), path, schema)
    except NotReadable as error:
        raise Damaged("This computer's copy of the shop is damaged.", details=f"{path}: {error}") from error


def version_in(connection: Connection, path: Path, schema: Schema) -> int:
    """Return the version of an open file. Raises as `inspect` does."""
    return _version(_marks_in(connection), path, schema)


def _version(marks: tuple[int, int], path: Path, schema: Schema) -> int:
    application, version = marks
    if application == 0 and version == 0:
        return 0  # made, but the first transaction never came
    if application != schema.application_id:
        raise Damaged("A file of the shop's copy belongs to another program.", details=str(path))
    if version > schema.version:
        raise NewerFile(
            "This shop's data was written by a newer version of Instica Desktop. Please update the program.",
            details=f"{path}: version {version}, this program knows {schema.version}",
        )
    return version


def _marks(path: Path) -> tuple[int, int]:
    try:
        with looking(path) as connection:
            return _marks_in(connection)
    except UnfinishedError:
        with ending(path) as connection:
            return _marks_in(connection)


def _marks_in(connection: Connection) -> tuple[int, int]:
    return int(one(connection, "PRAGMA application_id")), int(one(connection, "PRAGMA user_version"))


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
        raise Damaged("This computer's copy of the shop is damaged.", details="; ".join(found))


def copy_checked(source: Path, target: Path) -> None:
    """Write a compact, checked, durable copy of a database; `target` appears whole or not at all.

    Raises:
        Damaged: the source or the copy fails its check; `target` is left as it was.
    """
    fresh = target.with_name(f".new-{target.name}")
    try:
        _write_copy(source, fresh)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)  # half a copy would take the room that was missing
        raise
    sync_folder(target.parent)


def _write_copy(source: Path, fresh: Path) -> None:
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
        check(copy)
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
        connection.execute(f"PRAGMA application_id={schema.application_id}")
        connection.execute(f"PRAGMA user_version={schema.version}")
        if keep_copy:
            check(connection)


def _run(connection: Connection, steps: Sequence[str]) -> None:
    for step in steps:
        connection.execute(step)
