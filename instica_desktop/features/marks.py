"""What a row says about its unsent edits, in one word. The most urgent word wins."""

from datetime import datetime
from typing import Any, Protocol

from instica_desktop.qtkit.columns import MarkValue


class Mark(Protocol):
    """What the store knows about a row's unsent edits."""

    @property
    def pending(self) -> int: ...
    @property
    def sending(self) -> bool: ...
    @property
    def unknown(self) -> bool: ...
    @property
    def conflict(self) -> bool: ...
    @property
    def gone(self) -> bool: ...
    @property
    def refused(self) -> bool: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def fields(self) -> frozenset[str]: ...


class RecordRow(Protocol):
    """A cached row as the tables get it; `data` is a Product, InventoryItem or Order."""

    @property
    def id(self) -> int: ...
    @property
    def uid(self) -> str: ...
    @property
    def data(self) -> Any: ...
    @property
    def mark(self) -> Mark: ...
    @property
    def fetched_at(self) -> datetime: ...


def mark_of(row: RecordRow) -> MarkValue | None:
    """Return the mark a row carries, or None when all of it is on the server."""
    mark = row.mark
    if mark.gone:
        return MarkValue("trash-2", "Deleted elsewhere", "error")
    if mark.conflict:
        return MarkValue("git-merge", "Conflict", "error")
    if mark.refused:
        return MarkValue("circle-alert", "Refused", "error")
    if mark.deleted:
        return MarkValue("trash-2", "Deleting", "warning")
    if mark.unknown:
        return MarkValue("circle-help", "Checking", "warning")
    if mark.sending:
        return MarkValue("loader-circle", "Sending", "info")
    if mark.pending:
        return MarkValue("clock", "Pending" if mark.pending == 1 else f"{mark.pending} pending", "warning")
    return None
