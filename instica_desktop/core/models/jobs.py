"""Long work a server does behind the requests. Source: api-reference, Inventory, CSV (assumed)."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire

ENDED = frozenset({"succeeded", "failed", "cancelled"})
"""Statuses in which nothing more will happen."""


class JobError(Wire, frozen=True, kw_only=True):
    """What went wrong at a row of the input (the header is row 1), with the whole file (row 0), or elsewhere.

    `column` is the name of the field in the file. Of the whole file `field` is the parameter that decides
    between the `readings`, each of which begins with its value.
    """

    row: Whole | None = None
    field: str = ""
    column: str = ""
    message: str = ""
    readings: tuple[str, ...] = ()


class JobNote(Wire, frozen=True, kw_only=True):
    """What was done to a row of the file beside taking it as it stands."""

    row: Whole | None = None
    field: str = ""
    column: str = ""
    message: str = ""


class Job(Measured, frozen=True, kw_only=True):
    """A job and how far it is. `errors` and `notes` are the first ones, their counts all, where it counts.

    `created` counts rows, `copies` what they made. `skipped` rows did nothing; `excluded` are those among
    them that were left out.

    Of an import also what was found out about its file: what the columns mean (`mapping`: field → column),
    which are not taken, the order of dates and the currency of amounts.
    """

    uid: str
    status: str = "queued"
    total: Whole = 0
    processed: Whole = 0
    created: Whole = 0
    copies: Whole | None = None
    updated: Whole = 0
    skipped: Whole = 0
    excluded: Whole = 0
    errors: tuple[JobError, ...] = ()
    error_count: Whole | None = None
    notes: tuple[JobNote, ...] = ()
    note_count: Whole | None = None
    mapping: Mapping[str, str] | None = None
    ignored_columns: tuple[str, ...] = ()
    date_order: str | None = None
    currency: str | None = None
    rows_per_second: float | None = None
    dry_run: bool = False
    started_at: UtcTime | None = None
    finished_at: UtcTime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in ENDED or self.finished_at is not None

    @property
    def refused(self) -> int:
        """How many rows had errors and did nothing."""
        return max(0, self.processed - self.created - self.updated - self.skipped)


class RowChange(Wire, frozen=True, kw_only=True):
    """A field that a row of a file changed, with the values a record shows."""

    field: str = ""
    before: Any = None
    after: Any = None


class ImportRow(Wire, frozen=True, kw_only=True):
    """What became of one row of a file: `result` is new, changed, same, error or excluded.

    `item` is the first of its copies. `errors` are why it was refused or left out, or what of it was not
    taken.
    """

    row: Whole
    result: str = ""
    item: str | None = None
    changes: tuple[RowChange, ...] = ()
    errors: tuple[JobError, ...] = ()
