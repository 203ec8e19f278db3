"""Importing a CSV file: what holds for the whole of it is decided first, then its rows are done in pieces.

Each piece and how far it came are one transaction. The checkpoint is the last row that was done. Rows are
checked before the lock is taken, so that several workers can do that side by side (`turns`). A trial
(`dry_run`) does all but the writing. A row that cannot be read is refused by itself; the others go on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from rest_framework.exceptions import APIException, ValidationError

from instica_desktop.server.jobs.csv_offers import offers_of
from instica_desktop.server.jobs.csv_reader import CheckedRow, RowReader, Wishes
from instica_desktop.server.jobs.csv_results import (
    COUNTED,
    ERROR,
    Errors,
    Outcome,
    Results,
    left_out,
    made_by,
)
from instica_desktop.server.jobs.csv_rows import RowImporter
from instica_desktop.server.jobs.csv_survey import columns_of, rows_of, survey
from instica_desktop.server.jobs.turns import Turns
from instica_desktop.server.jobs.work import Fault, JobFailed, Work
from instica_desktop.server.models import Job
from instica_desktop.server.operations.jobs import add_error, add_note
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.encoding import TableUnreadable
from instica_desktop.server.tables.records import Record
from instica_desktop.server.tables.table import Table, open_table
from instica_desktop.server.web.errors import NON_FIELD, by_field

KIND = "csv_import"
PIECE = 200
"""Rows done in one transaction: others wait for the write lock meanwhile."""
_MOST_COPIES = 500
"""Copies made in one transaction, unless a single row stands for more."""
_MOST_TEXT = 1_000_000
"""Characters of the rows of one transaction: rows can be long."""
_TOTAL, _PRICE = "price_total_usd", "price_item_usd"
_SHORT = "This row has {} cells and the header {}; the cells it lacks count as empty."


class Rows(Protocol):
    """What has rows that can be gone on with after one of them."""

    def rows(self, after: int = 0) -> Iterator[Record]:
        """Yield the rows after a place."""
        ...


class Piece(NamedTuple):
    """Rows done in one transaction: those after one row of the file, up to another."""

    after: int
    end: int
    rows: list[Record]


class Read(NamedTuple):
    """A row that was read: checked, or None for one that is passed over, and what was done to its cells."""

    record: Record
    checked: CheckedRow | None
    notes: list[tuple[str, str]]


class Part(NamedTuple):
    """Rows that were read and are done in one transaction."""

    after: int
    end: int
    rows: list[Read]


def import_rows(job: Job, turns: Turns) -> Iterator[Work]:
    """Go through the rows that are left (the handler of this kind of job)."""
    table = _table(settings.SHOP_FOLDER.jobs / job.file)
    if not job.decisions:
        yield _begin(*survey(job, table))
    turns.invite()
    columns = columns_of(job, table)
    wishes = Wishes.of(job.payload)
    reader = RowReader(job.organization, wishes, columns, offers_of(table, columns))
    importer = RowImporter(job.organization, wishes, job.decisions.get("file", ""))
    for piece in _through(rows_of(job, table, columns), job.checkpoint, turns):
        read = [_read(reader, columns, record) for record in piece.rows]
        turns.wait(piece.after)
        yield from (_piece(importer, columns, part) for part in _parts(piece, read))


def _table(path: Path) -> Table:
    try:
        return open_table(path)
    except TableUnreadable as error:
        raise JobFailed(Fault(error.message, error.row)) from None
    except FileNotFoundError:
        raise JobFailed(Fault("The file is gone from the server. Import it again.")) from None


def _begin(count: int, decisions: dict[str, Any]) -> Work:
    def work(job: Job) -> None:
        notes = decisions.pop("notes")
        job.total, job.decisions = count, decisions
        for field, column, message in notes:
            add_note(job, 0, field, message, column)
        job.save(update_fields=["decisions"])

    return work


def _end(row: int) -> int:
    """Return the last row of the stretch a row stands in."""
    return ((row - 1) // PIECE + 1) * PIECE


def _stretches(table: Rows, after: int) -> Iterator[Piece]:
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


def _through(table: Rows, start: int, turns: Turns) -> Iterator[Piece]:
    """Yield the pieces that are for this worker, then wait for those of the others."""
    after = start
    for piece in _stretches(table, start):
        after = piece.end
        if turns.mine(piece.end, piece.after):
            yield piece
    turns.wait_for_all(after)


def _read(reader: RowReader, columns: Columns, record: Record) -> Read:
    """Read and check one row, by itself."""
    if record.skipped:
        return Read(record, None, [])
    if record.fault:
        return Read(record, CheckedRow(record.row, refused={NON_FIELD: [record.fault]}), [])
    checked = reader.check(record.row, record.cells)
    lacks = [("", _SHORT.format(len(record.cells), columns.width))] if columns.lacks(record.cells) else []
    return Read(record, checked, lacks + columns.notes)


def _parts(piece: Piece, rows: list[Read]) -> Iterator[Part]:
    """Yield a piece in parts of few enough copies: a row can stand for many."""
    after, room, part = piece.after, _MOST_COPIES, list[Read]()
    for row in rows:
        copies = (row.checked.quantity or 1) if row.checked else 0
        if part and copies > room:
            yield Part(after, part[-1].record.row, part)
            after, room, part = part[-1].record.row, _MOST_COPIES, []
        part.append(row)
        room -= copies
    yield Part(after, piece.end, part)


def _piece(importer: RowImporter, columns: Columns, part: Part) -> Work:
    rows = part.rows

    def work(job: Job) -> None:
        if job.checkpoint > part.after:
            return  # another worker was quicker
        dry_run = bool(job.payload["dry_run"])
        unseen = made_by(job) if dry_run else (0, 0)
        importer.begin([row.checked for row in rows if row.checked], unseen)
        results = Results(columns.name)
        for row in rows:
            outcome = _done(importer, columns, row)
            _count(job, columns, row, outcome)
            results.add(row.record.row, outcome)
        results.save(job)
        if not dry_run:
            importer.save()
        job.checkpoint = part.end

    return work


def _done(importer: RowImporter, columns: Columns, row: Read) -> Outcome:
    """Do one row, all of it or nothing; returns what that was."""
    if row.checked is None:
        return left_out(row.record.skipped)
    try:
        return importer.apply(row.checked)
    except ValidationError as error:
        return Outcome(ERROR, errors=_correctable(by_field(error.detail), columns))
    except APIException as error:
        return Outcome(ERROR, errors={NON_FIELD: [str(error.detail)]})


def _correctable(errors: Errors, columns: Columns) -> Errors:
    """Return errors at the fields of the file that can be corrected."""
    if _TOTAL not in errors or not columns.name(_PRICE):
        return errors
    rest = {field: messages for field, messages in errors.items() if field != _TOTAL}
    return {**rest, _PRICE: rest.get(_PRICE, []) + errors[_TOTAL]}


def _count(job: Job, columns: Columns, row: Read, outcome: Outcome) -> None:
    """Count a row, and note what is wrong with it or was done to it."""
    job.processed += 1
    if outcome.result == ERROR:
        for field, messages in outcome.errors.items():
            for message in messages:
                name = "" if field == NON_FIELD else field
                add_error(job, row.record.row, name, message, columns.name(field))
        return
    for counted in COUNTED[outcome.result]:
        setattr(job, counted, getattr(job, counted) + 1)
    for field, message in row.notes:
        add_note(job, row.record.row, field, message, columns.name(field))
