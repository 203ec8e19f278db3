"""What a row says about its unsent edits, in one word. The most urgent word wins."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, cast

import msgspec

from instica_desktop.qtkit.columns import Column, MarkValue, TitleValue


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
    def damaged(self) -> bool: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def leaves(self) -> bool: ...
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


NOT_SAVED = MarkValue("circle-alert", "Not saved", "error")
"""A text was typed for the record and is not saved."""


def with_unsaved(column: Column, is_unsaved: Callable[[RecordRow], bool]) -> Column:
    """Return a column of titles that also says which records have a text that is not saved.

    What is worse is said first: that a record is deleted elsewhere, in conflict or refused.
    """
    value, text = cast(Callable[[RecordRow], TitleValue], column.value), column.text

    def marked(row: RecordRow) -> TitleValue:
        cell = value(row)
        worse = cell.mark is not None and cell.mark.tone == "error"
        return cell if worse or not is_unsaved(row) else msgspec.structs.replace(cell, mark=NOT_SAVED)

    def words(row: RecordRow) -> str:
        return f"{text(row)}, {NOT_SAVED.text}" if marked(row).mark is NOT_SAVED else text(row)

    return msgspec.structs.replace(column, value=marked, text=words)


def mark_of(row: RecordRow) -> MarkValue | None:
    """Return the mark a row carries, or None when all of it is on the server."""
    mark = row.mark
    if mark.gone:
        return MarkValue("trash-2", "Deleted elsewhere", "error")
    if mark.conflict:
        return MarkValue("git-merge", "Conflict", "error")
    if mark.damaged:
        return MarkValue("circle-alert", "Damaged", "error")
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
