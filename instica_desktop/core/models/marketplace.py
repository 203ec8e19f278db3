"""Accounts on marketplaces and imports from them. Source: api-reference, Marketplace & import (assumed)."""

from instica_desktop.core.models.common import Measured, UtcTime
from instica_desktop.core.models.inventory import ListingError
from instica_desktop.core.models.jobs import Job


class Connection(Measured, frozen=True, kw_only=True):
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


class ImportJob(Job, frozen=True, kw_only=True):
    """An import from a marketplace; `row` of an error is the number among the account's offers."""

    platform: str = ""
