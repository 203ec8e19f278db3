"""Accounts on marketplaces and imports from them. Source: api-reference, Marketplace & import (assumed)."""

from instica_desktop.core.models.common import UtcTime, Wire
from instica_desktop.core.models.inventory import ListingError


class Connection(Wire, frozen=True, kw_only=True):
    """An account on a marketplace; `status` is connected, expired or error.

    `is_simulated`: the server only plays this marketplace; nothing reaches the real one.
    """

    uid: str
    platform: str = ""
    platform_name: str = ""
    account_name: str = ""
    status: str = ""
    connected_at: UtcTime | None = None
    last_synced: UtcTime | None = None
    error: ListingError | None = None
    is_simulated: bool = False


class ImportProblem(Wire, frozen=True, kw_only=True):
    """Why one record was not taken over; `row` is its number in what was imported."""

    row: int | None = None
    field: str = ""
    message: str = ""


class ImportJob(Wire, frozen=True, kw_only=True):
    """An import from a marketplace; `status` is queued, running, succeeded, failed or cancelled."""

    uid: str
    platform: str = ""
    status: str = ""
    total: int = 0
    processed: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    errors: tuple[ImportProblem, ...] = ()
    error_count: int | None = None
    started_at: UtcTime | None = None
    finished_at: UtcTime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("succeeded", "failed", "cancelled")
