"""Copies of the outbox: checked, durable, a ladder of them; and the way back when the outbox is damaged."""

import re
import shutil
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from instica_desktop.core.errors import Damaged, NewerFile, StoreError
from instica_desktop.core.steps import reached
from instica_desktop.store import rows, seals
from instica_desktop.store.database import Connection, SqliteError, looking, one
from instica_desktop.store.database import speaking as sql_speaking
from instica_desktop.store.files import private_folder, replacing, speaking, sync_folder
from instica_desktop.store.migrations import Schema, check_whole, copy_checked, inspect
from instica_desktop.store.outbox import OWNER

LADDER = ((6, "%Y-%m-%d %H"), (7, "%Y-%m-%d"), (4, "%G-%V"))
"""Kept: the newest copy of each of the last 6 hours, 7 days and 4 weeks that have one."""
SAFETY_COPIES = 3
"""How many of the copies made before a restore are kept."""
BESIDE = ("-wal", "-shm", "-journal")
"""What may lie beside a database, and is part of it."""
_ASIDE = re.compile(r"outbox-damaged-\d{8}T\d{12}Z\.db")
_NAME = "outbox-%Y%m%dT%H%M%SZ.db"
_SAFETY = "before-restore-%Y%m%dT%H%M%SZ.db"
UNUSABLE = "unusable-"
"""Begins the names of copies that a repair has put aside."""


class Backup(msgspec.Struct, frozen=True):
    """One copy of the outbox. `edits` is how many unsent edits it holds; None: it cannot be used."""

    path: Path
    at: datetime
    edits: int | None
    size: int
    before_restore: bool = False


def back_up(source: Path, folder: Path, now: datetime) -> Path:
    """Copy the outbox, then drop what the ladder no longer holds.

    Raises:
        Damaged: the outbox fails its check. The copies there are stay as they are.
        DiskFull: there is no room; the copies there are stay as they are.
    """
    target = _copied(source, folder, now.astimezone(UTC).strftime(_NAME))
    copies = existing(folder)
    _drop(set(copies) - set(kept(copies)))
    return target


def look_over(source: Path, tables: Collection[str]) -> None:
    """Check the outbox as it lies on the disk, also while it is open, and the seals of some of its tables.

    Raises `Damaged` like `back_up`.
    """
    with sql_speaking(), looking(source) as connection:
        connection.execute("BEGIN")  # one moment for all that is compared
        check_rows(connection, tables=tables)


def check_rows(
    connection: Connection, schema: Schema | None = None, *, tables: Collection[str] = seals.ALL
) -> None:
    """Check a whole file of edits, the rows of some or all tables against their seals.

    With a `schema` also what the file says it is.

    Raises:
        Damaged: with what it found.
    """
    check_whole(connection, schema)
    if found := seals.spoilt(connection, tables):
        names = {f"{row.table} {row.text('uuid')}" if "uuid" in row.cells else row.table for row in found}
        details = ", ".join(sorted(names)[:5])
        raise Damaged("Some of the waiting edits were spoilt on the disk.", details=details)
    if schema is not None and not seals.is_sealed(connection):
        for (body,) in connection.execute("SELECT CAST(body AS BLOB) FROM operations").fetchall():
            rows.decode(body)


def keep_safe(source: Path, folder: Path, now: datetime, spare: Path) -> Path:
    """Copy the outbox beside the ladder before `spare` takes its place. Raises like `back_up`."""
    while (folder / (name := now.astimezone(UTC).strftime(_SAFETY))).exists():
        now += timedelta(seconds=1)  # two restores within one: the first's copy must not be lost
    target = _copied(source, folder, name)
    _drop(set(_safety_copies(folder)[SAFETY_COPIES:]) - {spare})
    return target


def _copied(source: Path, folder: Path, name: str) -> Path:
    with speaking(), sql_speaking():
        private_folder(folder)
        copy_checked(source, folder / name, check_rows)
        reached("backup made")
        return folder / name


def _drop(paths: Iterable[Path]) -> None:
    with speaking():
        for path in paths:
            path.unlink(missing_ok=True)


def existing(folder: Path) -> list[Path]:
    """Return the copies in a folder, newest first."""
    return sorted((path for path in folder.glob("outbox-*Z.db") if time_of(path)), reverse=True)


def _safety_copies(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("before-restore-*Z.db") if time_of(path)), reverse=True)


def listed(folder: Path, schema: Schema) -> list[Backup]:
    """Return every copy a person may choose from, newest first, each looked into."""
    safety = _safety_copies(folder)
    found = [_looked_into(path, schema, path in safety) for path in (*existing(folder), *safety)]
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def _looked_into(path: Path, schema: Schema, before_restore: bool) -> Backup:
    at = time_of(path) or datetime.fromtimestamp(0, UTC)
    return Backup(
        path, at, _edits_of(path, schema), path.stat().st_size if path.exists() else 0, before_restore
    )


def edits_in(path: Path) -> int:
    """Return how many unsent edits a whole copy holds."""
    with sql_speaking(), looking(path) as connection:
        return int(one(connection, "SELECT count(*) FROM operations"))


def owner_in(copy: Path) -> str:
    """Return whose edits a whole copy holds; empty when it does not say."""
    with sql_speaking(), looking(copy) as connection:
        return one(connection, "SELECT value FROM meta WHERE key=?", (OWNER,)) or ""


def kept(copies: Iterable[Path]) -> list[Path]:
    """Return those of the copies (newest first) that stand on the ladder."""
    found: dict[Path, None] = {}
    ordered: Sequence[Path] = sorted(copies, reverse=True)
    for count, period in LADDER:
        seen: dict[str, Path] = {}
        for path in ordered:
            moment = time_of(path)
            if moment is not None:
                seen.setdefault(moment.strftime(period), path)
        found.update(dict.fromkeys(list(seen.values())[:count]))
    return list(found)


def restore(target: Path, folder: Path, schema: Schema, aside: Path) -> tuple[Backup | None, list[Path]]:
    """Put a damaged outbox `aside` and the newest good copy in its place; return that, None for no copy.

    With it come the newer copies, newest first, that were passed over because they are damaged themselves.
    The caller has written down where `aside` is (see `place_aside`), and begins anew with the same when it
    was cut off: once the damaged file lies there, what stands in its place is a copy and none of it is new.
    """
    with speaking():
        if aside.exists():
            _remove(target)
        else:
            put_aside(target, aside)
        reached("damaged outbox aside")
        passed: list[Path] = []
        for copy in listed(folder, schema):
            if copy.edits is None:
                passed.append(copy.path)
                continue
            with replacing(target, durable=True) as file, copy.path.open("rb") as source:
                shutil.copyfileobj(source, file)
            reached("backup in place")
            return copy, passed
    return None, passed


def place_aside(mark: Path, target: Path, now: datetime) -> Path:
    """Return where a damaged outbox goes, durably written into the mark of a restore before it does.

    A restore that was cut off says it already: its damaged file may have gone there.
    """
    with speaking():
        said = mark.read_text("utf-8", "replace") if mark.exists() else ""
        if _ASIDE.fullmatch(said):
            return target.with_name(said)
        aside = aside_of(target, now)
        with replacing(mark, durable=True) as file:
            file.write(aside.name.encode())
        return aside


def aside_of(target: Path, now: datetime) -> Path:
    """Return where a damaged outbox goes."""
    return target.with_name(
        f"{target.stem}-damaged-{now.astimezone(UTC).strftime('%Y%m%dT%H%M%S%fZ')}{target.suffix}"
    )


def keep_damaged(target: Path, now: datetime) -> None:
    """Copy an outbox in which rows are spoilt to where damaged ones lie, before these are taken out.

    Where that cannot be done, the mending goes on all the same.
    """
    with suppress(StoreError, SqliteError, OSError):
        copy_checked(target, aside_of(target, now), _as_it_is)


def _as_it_is(_: Connection) -> None:
    """Ask nothing of a copy."""


def put_aside(target: Path, aside: Path) -> None:
    """Rename a database and the files beside it, durably; nothing is deleted.

    The database goes last: without what lies beside it, it does not hold what was written last.
    """
    for suffix in (*BESIDE, ""):
        path = target.with_name(target.name + suffix)
        if path.exists():
            path.rename(aside.with_name(aside.name + suffix))
    sync_folder(target.parent)


def _remove(target: Path) -> None:
    for suffix in (*BESIDE, ""):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def take_place(fresh: Path, target: Path, now: datetime) -> Path:
    """Put a damaged outbox aside and a whole new one in its place; return where it lies now.

    Cut off between the two renames, `fresh` is still there for the next start to do it again.
    """
    with speaking():
        aside = aside_of(target, now)
        put_aside(target, aside)
        reached("damaged outbox aside")
        fresh.replace(target)
        sync_folder(target.parent)
        reached("new outbox in place")
        return aside


def newest_good(folder: Path, schema: Schema) -> Backup | None:
    """Return the newest copy that can be used."""
    return next((backup for backup in listed(folder, schema) if backup.edits is not None), None)


def is_lost(target: Path, folder: Path, cache: Path) -> bool:
    """Tell whether an outbox is gone that was copied before, or beside which there is a `cache`.

    No start of ours leaves that behind: the outbox is made first.
    """
    if target.exists() and target.stat().st_size:
        return False
    return bool(existing(folder)) or (cache.exists() and cache.stat().st_size > 0)


def put_unusable_aside(folder: Path, schema: Schema) -> int:
    """Rename damaged copies, which would keep good ones off the ladder; returns how many. None is deleted."""
    unusable = [backup.path for backup in listed(folder, schema) if backup.edits is None]
    damaged = [path for path in unusable if not _is_newer(path, schema)]
    with speaking():
        for path in damaged:
            path.rename(path.with_name(f"{UNUSABLE}{path.name}"))
    return len(damaged)


def _is_newer(copy: Path, schema: Schema) -> bool:
    try:
        inspect(copy, schema)
    except NewerFile:
        return True
    except (StoreError, SqliteError):
        return False
    return False


def _edits_of(copy: Path, schema: Schema) -> int | None:
    """Return how many edits a copy holds, None when it cannot be used.

    What fails once, in passing, makes no copy useless: it is tried again.
    """
    for _ in range(2):
        try:
            if inspect(copy, schema) == 0:
                return None
            with sql_speaking(), looking(copy) as connection:
                check_rows(connection, schema)
            return edits_in(copy)
        except (Damaged, NewerFile):
            return None
        except (StoreError, SqliteError):
            continue
    return None


def time_of(path: Path) -> datetime | None:
    """Return when a copy was made, by its name; None for any other file."""
    for name in (_NAME, _SAFETY):
        try:
            return datetime.strptime(path.name, name).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
