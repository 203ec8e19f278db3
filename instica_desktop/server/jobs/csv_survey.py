"""What an import was asked for and what its file tells: decided once, before anything is written."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from instica_desktop.server.jobs.work import Fault, JobFailed
from instica_desktop.server.models import Job
from instica_desktop.server.operations.jobs import extend_lease
from instica_desktop.server.tables.columns import Columns, Rules
from instica_desktop.server.tables.prepared import Prepared
from instica_desktop.server.tables.questions import Undecided
from instica_desktop.server.tables.survey import Given, Survey
from instica_desktop.server.tables.table import Table

_LOOKED_AT = 20_000
"""Rows looked at before the lease is extended."""


def survey(job: Job, table: Table) -> tuple[int, dict[str, Any]]:
    """Look at all rows; return how many there are, and what holds for the file.

    Errors: `JobFailed` with what has to be asked.
    """
    given = _given(job.payload)
    columns = Columns(table, given.mapping)
    fixes, found, count = _fixes(job.payload), Survey(table, given), 0
    for record in Prepared(table, columns, _excluded(job.payload), {}).rows():
        count += 1
        if count % _LOOKED_AT == 0:
            extend_lease(job)
        if not record.fault and not record.skipped:
            found.look(columns.without(record.cells, fixes.get(record.row, ())))
    try:
        return count, asdict(found.decide())
    except Undecided as undecided:
        faults = (Fault(one.message, 0, one.parameter, one.readings) for one in undecided.questions)
        raise JobFailed(*faults) from None


def columns_of(job: Job, table: Table) -> Columns:
    """Return the columns of a file as it was decided what they mean."""
    decided = job.decisions
    rules = Rules(decided["date_order"], decided["unnamed"], _given(job.payload).rate, decided["rate_of"])
    typed = {field for fixes in _fixes(job.payload).values() for field in fixes}
    return Columns(table, decided["mapping"], rules, typed)


def rows_of(job: Job, table: Table, columns: Columns) -> Prepared:
    """Return the rows of a file as they are to be imported."""
    return Prepared(table, columns, _excluded(job.payload), _fixes(job.payload))


def _given(payload: Mapping[str, Any]) -> Given:
    rate = payload.get("rate")
    return Given(
        payload["mapping"],
        bool(payload.get("guessed")),
        payload["mode"],
        payload.get("date_order", ""),
        payload.get("currency", ""),
        Decimal(rate) if rate else None,
        payload.get("match", ()),
    )


def _excluded(payload: Mapping[str, Any]) -> frozenset[int]:
    return frozenset(payload.get("exclude", ()))


def _fixes(payload: Mapping[str, Any]) -> dict[int, dict[str, str]]:
    return {int(row): fixes for row, fixes in payload.get("fixes", {}).items()}
