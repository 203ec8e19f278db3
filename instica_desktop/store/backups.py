"""Copies of the outbox: checked, durable, a ladder of them; and the way back when the outbox is damaged."""

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from instica_desktop.core.errors import StoreError
from instica_desktop.store.database import SqliteError, looking
from instica_desktop.store.database import speaking as sql_speaking
from instica_desktop.store.files import private_folder, replacing, speaking
from instica_desktop.store.migrations import Schema, check, copy_checked, inspect

LADDER = ((6, "%Y-%m-%d %H"), (7, "%Y-%m-%d"), (4, "%G-%V"))
"""Kept: the newest copy of each of the last 6 hours, 7 days and 4 weeks that have one."""
_NAME = "outbox-%Y%m%dT%H%M%SZ.db"


def back_up(source: Path, folder: Path, now: datetime) -> Path:
    """Copy the outbox, then drop what the ladder no longer holds.

    Raises:
        Damaged: the outbox fails its check. The copies there are stay as they are.
        DiskFull: there is no room; the copies there are stay as they are.
    """
    with speaking(), sql_speaking():
        private_folder(folder)
        target = folder / now.astimezone(UTC).strftime(_NAME)
        copy_checked(source, target)
        copies = existing(folder)
        for path in set(copies) - set(kept(copies)):
            path.unlink(missing_ok=True)
        return target


def existing(folder: Path) -> list[Path]:
    """Return the copies in a folder, newest first."""
    return sorted((path for path in folder.glob("outbox-*Z.db") if _time(path)), reverse=True)


def kept(copies: Iterable[Path]) -> list[Path]:
    """Return those of the copies (newest first) that stand on the ladder."""
    found: dict[Path, None] = {}
    ordered: Sequence[Path] = sorted(copies, reverse=True)
    for count, period in LADDER:
        seen: dict[str, Path] = {}
        for path in ordered:
            moment = _time(path)
            if moment is not None:
                seen.setdefault(moment.strftime(period), path)
        found.update(dict.fromkeys(list(seen.values())[:count]))
    return list(found)


def restore(target: Path, folder: Path, schema: Schema, now: datetime) -> Path | None:
    """Put a damaged outbox aside and the newest good copy in its place; return that copy, or None."""
    with speaking():
        put_aside(target, now)
        for copy in existing(folder):
            if _is_good(copy, schema):
                with replacing(target, durable=True) as file, copy.open("rb") as source:
                    shutil.copyfileobj(source, file)
                return copy
    return None


def put_aside(target: Path, now: datetime) -> Path:
    """Rename a database and the files beside it; nothing is deleted."""
    stem = f"{target.stem}-damaged-{now.astimezone(UTC).strftime('%Y%m%dT%H%M%S%fZ')}{target.suffix}"
    for suffix in ("", "-wal", "-shm"):
        path = target.with_name(target.name + suffix)
        if path.exists():
            path.rename(target.with_name(stem + suffix))
    return target.with_name(stem)


def _is_good(copy: Path, schema: Schema) -> bool:
    try:
        if inspect(copy, schema) == 0:
            return False
        with looking(copy) as connection:
            check(connection)
    except (StoreError, SqliteError):
        return False
    return True


def _time(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
