"""A CSV file as a table: its separator, its header, its rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables.encoding import TableUnreadable, encoding_of
from instica_desktop.server.tables.quotes import Outcome, Strict, pieces
from instica_desktop.server.tables.records import Reader, Record, Width, lines

_SEPARATORS = ",;\t|"
_LEAD = 20
"""Rows in which the header is looked for: notes and blank rows may stand before it."""
_MOST_COLUMNS = 1000
_OWN = {"uid", "product", "product_title"}
"""Columns that together only this program's own export has."""
_NAMELESS = re.compile(r"column (\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A file that was found to be a table. `header_row` is the header's row, counted from 1."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_row: int

    @cached_property
    def width(self) -> Width:
        """How many columns there are, and up to which one they have names."""
        named = [place for place, name in enumerate(self.header, 1) if name]
        return Width(len(self.header), max(named, default=0))

    @cached_property
    def own(self) -> bool:
        """Whether this program wrote it: then its texts are taken as they stand."""
        return set(self.header) >= _OWN

    def rows(self, after: int = 0) -> Iterator[Record]:
        """Yield the rows with content that follow the header and the row `after`, unreadable ones too."""
        after = max(after, self.header_row)
        reader = Reader(self.path, self.encoding, self.separator)
        for record in reader:
            if record.row == self.header_row:
                reader.width = self.width
            if record.row > after and (record.fault or any(cell.strip() for cell in record.cells)):
                yield record

    def name(self, place: int) -> str:
        """Return the name of a column, for one without a name its position: `column 11`."""
        return self.header[place] or f"column {place + 1}"

    def place(self, name: str) -> int | None:
        """Return the position of a column by its name, exact or without case and punctuation."""
        if name in self.header:
            return self.header.index(name)
        alike = [index for index, other in enumerate(self.header) if compact(other) == compact(name)]
        if alike and compact(name):
            return alike[0]
        nameless = _NAMELESS.fullmatch(name.strip())
        place = int(nameless.group(1)) - 1 if nameless else -1
        return place if 0 <= place < len(self.header) and not self.header[place] else None


def open_table(path: Path) -> Table:
    """Look at a file and return it as a table. Errors: `TableUnreadable`."""
    encoding = encoding_of(path)
    separator = _separator(path, encoding)
    for record in islice(Reader(path, encoding, separator), _LEAD):
        if record.fault:
            raise TableUnreadable(record.fault, record.row)
        if _is_header(record.cells):
            header = tuple(cell.strip().lstrip("\ufeff") for cell in record.cells)
            if len(header) > _MOST_COLUMNS:
                raise TableUnreadable(f"This table has more than {_MOST_COLUMNS} columns.", record.row)
            return Table(path, encoding, separator, header, record.row)
    raise TableUnreadable("This file has no header row: the names of its columns are missing.")


def _is_header(cells: list[str]) -> bool:
    first = cells[0].strip()
    note = first.startswith("#") or first.lower().startswith("sep=")
    return not note and any(cell.strip() for cell in cells)


def _separator(path: Path, encoding: str) -> str:
    """Return the separator that splits the header into most cells; a line `sep=;` says it itself."""
    for line in islice(lines(path, encoding), _LEAD):
        text = (line or "").strip("\r\n\ufeff ")
        if text.lower().startswith("sep=") and len(text) == 5 and not text[4].isalnum() and text[4] != '"':
            return text[4]
        if text and not text.startswith("#"):
            return max(_SEPARATORS, key=lambda mark: len(_cells(text, mark)))
    return ","


def _cells(line: str, separator: str) -> list[str]:
    strict = Strict(separator)
    return strict.cells if strict.feed(line) is Outcome.WHOLE else pieces(line, separator)
