"""A CSV file as a table: its separator, its header, its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables.encoding import TableUnreadable, encoding_of
from instica_desktop.server.tables.records import Splitter, lines, records

_SEPARATORS = ",;\t|"
_LEAD = 20
"""Rows in which the header is looked for: notes and blank rows may stand before it."""
_MOST_COLUMNS = 1000


@dataclass(frozen=True)
class Table:
    """A file that was found to be a table. `header_row` is the header's row, counted from 1."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_row: int

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield (row, cells) of the rows with content that follow the header and the row `after`.

        Errors: `TableUnreadable` with the row at which reading cannot go on.
        """
        after = max(after, self.header_row)
        for row, cells in records(self.path, self.encoding, Splitter(self.separator)):
            if row > after and any(cell.strip() for cell in cells):
                yield row, cells

    def place(self, name: str) -> int | None:
        """Return the position of a column by its name, exact or without case and punctuation."""
        if name in self.header:
            return self.header.index(name)
        alike = [index for index, other in enumerate(self.header) if compact(other) == compact(name)]
        return alike[0] if alike and compact(name) else None


def open_table(path: Path) -> Table:
    """Look at a file and return it as a table. Errors: `TableUnreadable`."""
    encoding = encoding_of(path)
    separator = _separator(path, encoding)
    for row, cells in records(path, encoding, Splitter(separator)):
        if row > _LEAD:
            break
        if _is_header(cells):
            header = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
            if len(header) > _MOST_COLUMNS:
                raise TableUnreadable(f"This table has more than {_MOST_COLUMNS} columns.", row)
            return Table(path, encoding, separator, header, row)
    raise TableUnreadable("This file has no header row: the names of its columns are missing.")


def _is_header(cells: list[str]) -> bool:
    first = cells[0].strip()
    note = first.startswith("#") or first.lower().startswith("sep=")
    return not note and any(cell.strip() for cell in cells)


def _separator(path: Path, encoding: str) -> str:
    """Return the separator that splits the header into most cells; a line `sep=;` says it itself."""
    for count, line in enumerate(lines(path, encoding)):
        text = line.strip("\r\n\ufeff ")
        if text.lower().startswith("sep=") and len(text) == 5:
            return text[4]
        if count > _LEAD:
            break
        if text and not text.startswith("#"):
            return max(_SEPARATORS, key=lambda mark: len(Splitter(mark).split(text) or ()))
    return ","
