"""From bytes to records: line ends of all kinds, cells over several lines, quotes where they should not be.

A record is read by the rules of CSV first: a quoted cell ends at a quote before a separator or the end of the
line, other quotes in it are doubled. It may go over several lines only if it then has as many cells as the
header. What breaks the rules is read line by line, by the number of cells: there must be exactly one way to
cut the line into as many cells as the header has. A line that cannot be read is refused by itself; reading
goes on with the next one.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from instica_desktop.server.tables.encoding import LOSSY, LOST
from instica_desktop.server.tables.quotes import Outcome, Strict, by_count, literally, pieces, proper

_CHUNK = 1 << 16
LONGEST_RECORD = 200_000
"""Characters of the longest record; a longer one means a file without line ends."""
_MOST_LINES = 2_000
"""Lines of the longest record."""
_MOST_LINES_OF_HEADER = 20
_LEAST_COLUMNS = 3
"""Columns from which three lines and more that could each be a row are not taken for one record."""
_LEAST_OF_TWO = 4
"""Columns from which it cannot be told whether two such lines are one record or two."""

_LINE_END = re.compile(r"\r\n|\r(?!\Z)|\n")
_TOO_LONG = "This row is longer than any record; line ends may be missing in the file."
_UNREADABLE = "This row holds bytes that are no letters; the file may break off here. Save it again as UTF-8."
_UNCLOSED = "A quote opens in line {} of the file and is not closed in this row."
_UNCLEAR = "The quotes in line {} of the file do not tell where its cells end."
_LEFT_OVER = "This row has fewer cells than the header and follows one whose quote is not closed."
_ONE_OR_TWO = "This row may be a part of the one before, in which a quote opens; each could stand by itself."
_TOO_MANY = "This row has more cells than the header; a separator may lack its quotes."


class Record(NamedTuple):
    """One row of a table, counted as a spreadsheet counts.

    `fault` says why its cells cannot be told, `skipped` why it is passed over.
    """

    row: int
    cells: list[str]
    fault: str = ""
    skipped: str = ""


class Width(NamedTuple):
    """How many columns a table has, and up to which one they have names."""

    all: int
    named: int

    def fits(self, cells: list[str]) -> bool:
        """Tell whether a row has a cell for each named column, and nothing beyond the last column."""
        return self.named <= len(cells) and not any(cell.strip() for cell in cells[self.all :])


def lines(path: Path, encoding: str) -> Iterator[str | None]:
    """Yield the lines of a file with their ends, None for one that is longer than any record."""
    decoder = codecs.getincrementaldecoder(encoding)(LOSSY)
    rest, endless = "", False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = rest + decoder.decode(chunk)
            end = 0
            for found in _LINE_END.finditer(text):
                yield None if endless else text[end : found.end()]
                end, endless = found.end(), False
            rest = text[end:]  # a CR at the very end may be half of a CR LF
            if len(rest) > LONGEST_RECORD:
                rest, endless = rest[-1:], True
    rest += decoder.decode(b"", True)
    if rest or endless:
        yield None if endless else rest


class Reader:
    """Reads the records of a file; until `width` is known, the first ones as the rules of CSV have them."""

    def __init__(self, path: Path, encoding: str, separator: str) -> None:
        self.width: Width | None = None
        self._separator = separator
        self._source = lines(path, encoding)
        self._ahead: deque[str | None] = deque()
        self._line = 0
        self._torn = self._doubtful = False

    def __iter__(self) -> Iterator[Record]:
        """Yield every record, blank ones too, counted from 1."""
        row = 0
        while self._ahead or self._look(1):
            line = self._ahead.popleft()
            row, self._line = row + 1, self._line + 1
            cells, fault = self._record(line)
            yield Record(row, cells, fault)

    def _look(self, count: int) -> bool:
        """Read ahead so many lines; returns whether there are as many."""
        self._ahead.extend(islice(self._source, max(0, count - len(self._ahead))))
        return len(self._ahead) >= count

    def _record(self, line: str | None) -> tuple[list[str], str]:
        if line is None:
            return [], _TOO_LONG
        if LOST in line:
            return [], _UNREADABLE
        if self._doubtful:
            self._doubtful = False
            return [], _ONE_OR_TWO
        if '"' not in line:
            return self._counted(pieces(line, self._separator))
        whole = proper(line, self._separator)
        strict, outcome = Strict(self._separator), Outcome.WHOLE
        if whole is None:
            outcome = strict.feed(line)
            whole = strict.cells if outcome is Outcome.WHOLE else None
        if outcome is Outcome.OPEN and self._goes_on(line, strict):
            self._torn = False
            return strict.cells, ""
        if self.width is None:
            return whole or pieces(line, self._separator), ""
        if whole is None or not self.width.fits(whole):
            exact = by_count(line, self._separator, self.width.all)
            whole = exact or whole or literally(line, self._separator)
        if whole is not None:
            return self._counted(whole)
        self._torn = outcome is Outcome.OPEN
        return [], (_UNCLOSED if self._torn else _UNCLEAR).format(self._line)

    def _counted(self, cells: list[str]) -> tuple[list[str], str]:
        """Return the cells of a row, or why there are too many or too few of them."""
        if self.width is None:
            return cells, ""
        if len(cells) > self.width.all and any(cell.strip() for cell in cells[self.width.all :]):
            return [], _TOO_MANY
        if len(cells) >= self.width.named:
            self._torn = False
        elif self._torn and any(cell.strip() for cell in cells):
            return [], _LEFT_OVER
        return cells, ""

    def _goes_on(self, line: str, strict: Strict) -> bool:
        """Read on in the lines that follow; returns whether together they are one whole record."""
        most = _MOST_LINES if self.width else _MOST_LINES_OF_HEADER
        size, count, outcome = len(line), 0, Outcome.OPEN
        while outcome is Outcome.OPEN:
            if count + 1 >= most or not self._look(count + 1):
                return False
            following = self._ahead[count]
            if following is None or LOST in following or size + len(following) > LONGEST_RECORD:
                return False
            outcome = strict.feed(following)
            size, count = size + len(following), count + 1
        if outcome is Outcome.BROKEN or (self.width and not self.width.fits(strict.cells)):
            return False
        if self._each_a_row([line, *islice(self._ahead, count)]):
            self._doubtful = count == 1
            return False
        for _ in range(count):
            self._ahead.popleft()
        self._line += count
        return True

    def _each_a_row(self, together: list[str | None]) -> bool:
        """Tell whether lines in quotes look like rows of their own: then it is the quotes that are wrong."""
        least = _LEAST_OF_TWO if len(together) == 2 else _LEAST_COLUMNS
        if self.width is None or self.width.named < least:
            return False
        rows = [pieces(line or "", self._separator) for line in together]
        return all(len(row) == self.width.all and sum(map(bool, row)) > 1 for row in rows)
