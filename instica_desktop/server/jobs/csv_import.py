"""Importing a CSV file: rows in pieces, each piece and how far it came in one transaction.

The checkpoint is the last row that was done. Rows are checked before the lock is taken, so that several
workers can do that side by side (`turns`). A trial (`dry_run`) does all but the writing. A row that cannot be
read is refused by itself; the others go on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from rest_framework.exceptions import APIException, ValidationError

from instica_desktop.server.domain.text import compact
from instica_desktop.server.jobs.csv_rows import CheckedRow, RowImporter, RowReader
from instica_desktop.server.jobs.turns import Turns
from instica_desktop.server.jobs.work import JobFailed, Work
from instica_desktop.server.models import Job
from instica_desktop.server.operations.jobs import add_error, extend_lease
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.encoding import TableUnreadable
from instica_desktop.server.tables.records import Record
from instica_desktop.server.tables.table import Table, open_table
from instica_desktop.server.web.errors import NON_FIELD, by_field

KIND = "csv_import"
PIECE = 200
"""Rows done in one transaction: others wait for the write lock meanwhile."""
_MOST_TEXT = 1_000_000
"""Characters of the rows of one transaction: rows can be long."""
_COUNTED = 20_000
"""Rows counted before the lease is extended."""


class Piece(NamedTuple):
    """Rows done in one transaction: those after one row of the file, up to another."""

    after: int
    end: int
    rows: list[Record]


def import_rows(job: Job, turns: Turns) -> Iterator[Work]:
    """Go through the rows that are left (the handler of this kind of job)."""
    table = _table(settings.SHOP_FOLDER.jobs / job.file)
    if not job.total:
        yield _set_total(_count(job, table))
    turns.invite()
    mapping = job.payload["mapping"]
    discogs = compact(mapping.get("discogs_release_id", "")) == "releaseid"  # as Discogs calls it
    mode = job.payload["mode"]
    reader = RowReader(job.organization, mode, Columns(table, mapping), discogs=discogs)
    importer = RowImporter(job.organization, mode)
    for piece in _through(table, job.checkpoint, turns):
        rows = [_checked(reader, record) for record in piece.rows]
        turns.wait(piece.after)
        yield _piece(importer, piece, rows)


def _table(path: Path) -> Table:
    try:
        return open_table(path)
    except TableUnreadable as error:
        raise JobFailed(error.message, error.row) from None
    except FileNotFoundError:
        raise JobFailed("The file is gone from the server. Import it again.") from None


def _checked(reader: RowReader, record: Record) -> CheckedRow:
    if record.fault:
        return CheckedRow(record.row, refused={NON_FIELD: [record.fault]})
    return reader.check(record.row, record.cells)


def _count(job: Job, table: Table) -> int:
    """Return how many rows there are."""
    count = 0
    for count, _ in enumerate(table.rows(), 1):
        if count % _COUNTED == 0:
            extend_lease(job)
    return count


def _set_total(count: int) -> Work:
    def work(job: Job) -> None:
        job.total = count

    return work


def _end(row: int) -> int:
    """Return the last row of the stretch a row stands in."""
    return ((row - 1) // PIECE + 1) * PIECE


def _stretches(table: Table, after: int) -> Iterator[Piece]:
    """Yield the rows after a place, stretch by stretch: every worker gets the same ones of the same file."""
    rows: list[Record] = []
    room = _MOST_TEXT
    for record in table.rows(after):
        if rows and (record.row > _end(rows[0].row) or room < 0):
            end = min(_end(rows[0].row), record.row - 1)
            yield Piece(after, end, rows)
            rows, after, room = [], end, _MOST_TEXT
        rows.append(record)
        room -= sum(map(len, record.cells))
    if rows:
        yield Piece(after, _end(rows[0].row), rows)


def _through(table: Table, start: int, turns: Turns) -> Iterator[Piece]:
    """Yield the pieces that are for this worker, then wait for those of the others."""
    after = start
    for piece in _stretches(table, start):
        after = piece.end
        if turns.mine(piece.end, piece.after):
            yield piece
    turns.wait_for_all(after)


def _piece(importer: RowImporter, piece: Piece, rows: list[CheckedRow]) -> Work:
    def work(job: Job) -> None:
        if job.checkpoint > piece.after:
            return  # another worker was quicker
        dry_run = bool(job.payload["dry_run"])
        importer.begin(rows, job.created_count if dry_run else 0)
        for row in rows:
            _row(job, importer, row)
        if not dry_run:
            importer.save()
        job.checkpoint = piece.end

    return work


def _row(job: Job, importer: RowImporter, row: CheckedRow) -> None:
    """Do one row, all of it or nothing, and count it."""
    try:
        counted = importer.apply(row)
        setattr(job, counted, getattr(job, counted) + 1)
    except ValidationError as error:
        for field, messages in by_field(error.detail).items():
            for message in messages:
                add_error(job, row.number, "" if field == NON_FIELD else field, message)
    except APIException as error:
        add_error(job, row.number, "", str(error.detail))
    job.processed += 1
