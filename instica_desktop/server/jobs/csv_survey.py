"""What an import was asked for and what its file tells: decided once, before anything is written."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import Any

from instica_desktop.server.jobs.csv_offers import offers_of
from instica_desktop.server.jobs.work import Fault, JobFailed
from instica_desktop.server.models import Job
from instica_desktop.server.operations.jobs import extend_lease
from instica_desktop.server.tables.columns import Columns, Rules
from instica_desktop.server.tables.prepared import Prepared
from instica_desktop.server.tables.questions import Undecided
from instica_desktop.server.tables.survey import Given, Survey
from instica_desktop.server.tables.table import Table
from instica_desktop.server.tables.twice import Numbers, Repeated

_LOOKED_AT = 20_000
"""Rows looked at before the lease is extended."""
_DIGITS = 40


def survey(job: Job, table: Table) -> tuple[int, dict[str, Any]]:
    """Look at all rows; return how many there are, and what holds for the file.

    Errors: `JobFailed` with what has to be asked.
    """
    given, fixes = _given(job.payload), _fixes(job.payload)
    columns = Columns(table, given.mapping, added=_typed(fixes))
    offers, numbers = offers_of(table, columns), Numbers()
    found, count = Survey(table, given), 0
    for record in Prepared(table, columns, _excluded(job.payload), {}).rows():
        count += 1
        if count % _LOOKED_AT == 0:
            extend_lease(job)
        fix = fixes.get(record.row)
        if offers.named and not record.skipped and (fix or not record.fault):
            numbers.look(offers.called(columns.mended(record.cells, fix) if fix else record.cells))
        if not record.fault and not record.skipped:
            found.look(columns.without(record.cells, fix or ()))
    try:
        decided = asdict(found.decide())
    except Undecided as undecided:
        faults = (Fault(one.message, 0, one.parameter, one.readings) for one in undecided.questions)
        raise JobFailed(*faults) from None
    return count, decided | {"twice": numbers.twice(), "file": _digest(table.path)}


def _digest(path: Path) -> str:
    """Return what tells a file from every other one."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:_DIGITS]


def columns_of(job: Job, table: Table) -> Columns:
    """Return the columns of a file as it was decided what they mean."""
    decided = job.decisions
    rules = Rules(
        decided["date_order"],
        decided["unnamed"],
        _given(job.payload).rate,
        decided["rate_of"],
        decided.get("marks", ""),
    )
    return Columns(table, decided["mapping"], rules, _typed(_fixes(job.payload)))


def rows_of(job: Job, table: Table, columns: Columns) -> Prepared:
    """Return the rows of a file as they are to be imported."""
    twice = job.decisions.get("twice", ())
    repeated = Repeated(twice, offers_of(table, columns).called, columns.places())
    return Prepared(table, columns, _excluded(job.payload), _fixes(job.payload), repeated)


def _typed(fixes: Mapping[int, Mapping[str, str]]) -> set[str]:
    """Return the fields of which somebody typed a value."""
    return {field for fix in fixes.values() for field in fix}


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
