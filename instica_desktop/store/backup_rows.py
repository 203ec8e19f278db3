"""What the backups of an outbox have of one of its rows, each row taken only if it fits its seal."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from instica_desktop.store import seals
from instica_desktop.store.backups import UNUSABLE, time_of
from instica_desktop.store.database import Connection, SqliteError, looking
from instica_desktop.store.seals import Spoilt

Named = dict[str, bytes | None]
"""A row's sealed columns by name, as bytes."""
_KEYS = ("seq", "uuid", "temporary", "key")
_NAME = re.compile(rb"[0-9a-zA-Z-]+")
_FEW = 4
"""So many letters of a uuid may be spoilt for it to be known again."""


class BackupRows:
    """The rows of all backups in a folder, newest first. Each file is read once, when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._paths = sorted((path for path in folder.glob("*.db") if _made(path)), key=_made, reverse=True)
        self._read: list[dict[str, list[Named]]] = []

    def of(self, row: Spoilt) -> Iterator[tuple[datetime, Named]]:
        """Yield what may be the same row, and when that backup was made; of one the likeliest first."""
        for number, path in enumerate(self._paths):
            if number == len(self._read):
                self._read.append(_rows_of(path))
            at = datetime.fromtimestamp(_made(path), UTC)
            yield from ((at, cells) for cells in _like(row, self._read[number].get(row.table, [])))


def rows_in(source: Connection, table: str) -> Iterator[Named]:
    """Yield the rows of a table that fit their seals; of an earlier version, which made none, all."""
    for row in seals.read(source, table):
        if row.fits is not False:
            yield dict(zip(seals.SEALED[table], row.cells, strict=True))


def _made(path: Path) -> float:
    """Return when a backup was made; 0 for another file. One that a repair put aside may have whole rows."""
    at = time_of(path.with_name(path.name.removeprefix(UNUSABLE)))
    return at.timestamp() if at is not None else 0.0


def _rows_of(path: Path) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for table in seals.ALL:
        with suppress(SqliteError, OSError, UnicodeDecodeError), looking(path) as source:
            found[table] = list(rows_in(source, table))
    return found


def _like(row: Spoilt, own: list[Named]) -> Iterator[Named]:
    """Yield rows of the same number and uuid, of the same number, of the same uuid; else of all but one."""
    keys = [name for name in _KEYS if name in row.cells]
    for wanted in (keys, *([key] for key in keys)) if keys else ():
        alike = (one for one in own if all(one[key] == row.cells[key] for key in wanted))
        yield from (one for one in alike if _may_be(row, one))
    if not keys:
        yield from (one for one in own if sum(one[key] != row.cells[key] for key in one) <= 1)


def _may_be(row: Spoilt, there: Named) -> bool:
    """Tell whether an edit of the same number may be the same: numbers are used again after a restore."""
    if "uid" not in there or any(row.cells[name] == there[name] for name in ("uuid", "uid")):
        return True
    before, after = row.cells["uuid"] or b"", there["uuid"] or b""
    near = len(before) == len(after) and sum(a != b for a, b in zip(before, after, strict=True)) <= _FEW
    return near or not _NAME.fullmatch(before)
