"""Importing a CSV file: rows in pieces, each piece and how far it came in one transaction.

The checkpoint is the last row that was done. A trial (`dry_run`) does the same and undoes each piece, so that
it says what would happen without a lock on the shop for longer than a piece takes.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from rest_framework.exceptions import APIException, ValidationError

from instica_desktop.server.domain.text import compact
from instica_desktop.server.jobs.csv_rows import RowImporter
from instica_desktop.server.jobs.work import JobFailed, Work
from instica_desktop.server.models import Job
from instica_desktop.server.operations.derived import recounting_once
from instica_desktop.server.operations.jobs import add_error, extend_lease
from instica_desktop.server.storage.transactions import trial, writing
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.encoding import TableUnreadable
from instica_desktop.server.tables.table import Table, open_table
from instica_desktop.server.web.errors import NON_FIELD, by_field

KIND = "csv_import"
PIECE = 50
"""Rows done in one transaction: others wait for the write lock meanwhile."""
_COUNTED = 20_000
"""Rows counted before the lease is extended."""

Row = tuple[int, list[str]]


def import_rows(job: Job) -> Iterator[Work]:
    """Go through the rows that are left (the handler of this kind of job)."""
    table = _table(settings.SHOP_FOLDER.jobs / job.file)
    if not job.total:
        yield _set_total(_count(job, table))
    mapping = job.payload["mapping"]
    columns = Columns(table, mapping)
    discogs = compact(mapping.get("discogs_release_id", "")) == "releaseid"  # as Discogs calls it
    importer = RowImporter(job.organization, job.payload["mode"], columns, discogs=discogs)
    for rows in _pieces(table, job.checkpoint):
        yield _piece(importer, rows)


def _table(path: Path) -> Table:
    try:
        return open_table(path)
    except TableUnreadable as error:
        raise JobFailed(error.message, error.row) from None
    except FileNotFoundError:
        raise JobFailed("The file is gone from the server. Import it again.") from None


def _count(job: Job, table: Table) -> int:
    """Return how many rows can be read."""
    count = 0
    try:
        for _ in table.rows():
            count += 1
            if count % _COUNTED == 0:
                extend_lease(job)
    except TableUnreadable:
        pass  # reported when the import itself gets there
    return count


def _set_total(count: int) -> Work:
    def work(job: Job) -> None:
        job.total = count

    return work


def _pieces(table: Table, after: int) -> Iterator[list[Row]]:
    """Yield the rows in pieces. What stands before an unreadable place is done before the job fails there."""
    rows: list[Row] = []
    try:
        for row in table.rows(after):
            rows.append(row)
            if len(rows) == PIECE:
                yield rows
                rows = []
    except TableUnreadable as error:
        if rows:
            yield rows
        raise JobFailed(error.message, error.row) from None
    if rows:
        yield rows


def _piece(importer: RowImporter, rows: list[Row]) -> Work:
    def work(job: Job) -> None:
        dry_run = bool(job.payload["dry_run"])
        importer.begin(job.created_count if dry_run else 0)
        with trial(dry_run), recounting_once():
            for number, cells in rows:
                _row(job, importer, number, cells)

    return work


def _row(job: Job, importer: RowImporter, number: int, cells: list[str]) -> None:
    """Do one row, all of it or nothing, and count it."""
    try:
        with writing():
            counted = importer.apply(cells)
        setattr(job, counted, getattr(job, counted) + 1)
    except ValidationError as error:
        for field, messages in by_field(error.detail).items():
            for message in messages:
                add_error(job, number, "" if field == NON_FIELD else field, message)
    except APIException as error:
        add_error(job, number, "", str(error.detail))
    job.processed += 1
    job.checkpoint = number
