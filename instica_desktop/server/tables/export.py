"""Writing tables that read back exactly: nothing is guarded, shortened or formatted for the eye."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_PART = 1 << 15
"""Characters that are sent at once."""


class _Echo:
    """Returns what is written to it: the writer then hands each line over instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a CSV table in parts of many lines: commas, CR LF, quotes where needed."""
    writer = csv.writer(_Echo())
    part: list[str] = [writer.writerow(header)]
    size = 0
    for row in rows:
        line = writer.writerow(row)
        part.append(line)
        size += len(line)
        if size >= _PART:
            yield "".join(part)
            part, size = [], 0
    yield "".join(part)
