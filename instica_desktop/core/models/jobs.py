"""Long work a server does behind the requests. Source: api-reference, Inventory, CSV (assumed)."""

from instica_desktop.core.models.common import UtcTime, Wire

ENDED = frozenset({"succeeded", "failed", "cancelled"})
"""Statuses in which nothing more will happen."""


class JobError(Wire, frozen=True, kw_only=True):
    """What went wrong at a row of the input (the header is row 1), or with the whole of it (no row)."""

    row: int | None = None
    field: str = ""
    message: str = ""


class Job(Wire, frozen=True, kw_only=True):
    """A job and how far it is. `errors` are the first ones, `error_count` is all, where the server counts."""

    uid: str
    status: str = "queued"
    total: int = 0
    processed: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    errors: tuple[JobError, ...] = ()
    error_count: int | None = None
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
