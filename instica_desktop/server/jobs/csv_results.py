"""What became of each row of an imported file, kept some hundred rows together.

A row is new, changed, same, refused (error) or left out (excluded). `changes` of a new row are what a product
that was there learned from it; `errors` of a row that was done name what of it was not taken.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from instica_desktop.server.models import Job, JobRows
from instica_desktop.server.web.errors import NON_FIELD

NEW, CHANGED, SAME, ERROR, EXCLUDED = RESULTS = ("new", "changed", "same", "error", "excluded")

Change = tuple[str, Any, Any]
"""Field, value before, value after, as the API shows them."""
Errors = dict[str, list[str]]


@dataclass
class Outcome:
    """What one row did. `item` is the uid of the (first) copy it made or met; `made` and `offered` count."""

    result: str
    item: str | None = None
    changes: list[Change] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)
    made: int = 0
    offered: int = 0


COUNTED = {
    NEW: ("created_count",),
    CHANGED: ("updated_count",),
    SAME: ("skipped_count",),
    EXCLUDED: ("skipped_count", "excluded_count"),
}
"""What a job counts of each result: skipped is who did nothing, excluded among them who was left out.

An error is counted by itself.
"""


def left_out(reason: str, field: str = NON_FIELD) -> Outcome:
    """Return the outcome of a row that is none of the stock."""
    return Outcome(EXCLUDED, errors={field: [reason]})


class Results:
    """The outcomes of one piece of work. `column_of` names the column a field was read from."""

    def __init__(self, column_of: Callable[[str], str]) -> None:
        self._column_of = column_of
        self._rows: list[list[Any]] = []
        self._counts: Counter[str] = Counter()

    def add(self, row: int, outcome: Outcome) -> None:
        """Note what a row did."""
        errors = [
            ["" if name == NON_FIELD else name, self._column_of(name), message]
            for name, messages in outcome.errors.items()
            for message in messages
        ]
        self._rows.append([row, outcome.result, outcome.item, outcome.changes, errors])
        self._counts[outcome.result] += 1
        self._counts["made"] += outcome.made
        self._counts["offered"] += outcome.offered

    def save(self, job: Job) -> None:
        """Keep them, in the transaction that did the work."""
        if self._rows:
            JobRows.objects.create(job=job, first=self._rows[0][0], rows=self._rows, **self._counts)


def made_by(job: Job) -> tuple[int, int]:
    """Return how many copies and offers the pieces that are done made."""
    sums = JobRows.objects.filter(job=job).aggregate(made=Sum("made"), offered=Sum("offered"))
    return sums["made"] or 0, sums["offered"] or 0


def count_rows(job: Job, result: str) -> int:
    """Return how many rows there are, or how many of one result."""
    names = (result,) if result else RESULTS
    sums = JobRows.objects.filter(job=job).aggregate(**{name: Sum(name) for name in names})
    return sum(number or 0 for number in sums.values())


def rows_of(job: Job, result: str, start: int, stop: int) -> list[list[Any]]:
    """Return the rows from `start` to `stop` in the order of the file, all or those of one result."""
    names = (result,) if result else RESULTS
    found: list[list[Any]] = []
    at = 0
    counted = JobRows.objects.filter(job=job).order_by("first").values_list("pk", *names)
    for key, *numbers in counted:
        if at >= stop:
            break
        size = sum(numbers)
        if size and at + size > start:
            rows = JobRows.objects.values_list("rows", flat=True).get(pk=key)
            wanted = [row for row in rows if row[1] in names]
            found += wanted[max(0, start - at) : stop - at]
        at += size
    return found
