"""From bytes to records: line ends of all kinds, cells over several lines, quotes where they should not be.

A quoted cell ends at a quote before a separator or the end of its line. Another quote is doubled by the rules
(`12"" Single`); one that is not (`"12" Single"`) counts as text when the cell still ends in a quote, and a
cell that merely begins with a quoted word (`"Heroes" (LP)`) is taken as it stands.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from instica_desktop.server.tables.encoding import TableUnreadable

_CHUNK = 1 << 16
LONGEST_RECORD = 200_000
"""Characters of the longest record; a longer one means a file without line ends or with an open quote."""

_MOST_LINES = 2_000
"""Lines of the longest record."""

_LINE_END = re.compile(r"\r\n|\r(?!\Z)|\n")
_TOO_LONG = "This row is longer than any record. The file has no line ends, or a quote in it is never closed."
_CUT_OFF = "The file breaks off inside this row. Save it again completely, then import it anew."


def lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a file with their ends. Errors: `TableUnreadable`, without a row."""
    decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding == "cp1252" else "strict")
    rest = ""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            rest = yield from _whole_lines(rest + _decoded(decoder, chunk))
            if len(rest) > LONGEST_RECORD:
                raise TableUnreadable(_TOO_LONG)
    rest += _decoded(decoder, b"", final=True)
    if rest:
        yield rest


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError:
        raise TableUnreadable(_CUT_OFF) from None


def _whole_lines(text: str) -> Iterator[str]:
    """Yield the lines that have an end; returns what follows. A CR at the very end may be half of a CR LF."""
    end = 0
    for found in _LINE_END.finditer(text):
        yield text[end : found.end()]
        end = found.end()
    return text[end:]


class Splitter:
    """Splits records at one separator."""

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._end = re.compile(rf" *(?=[{re.escape(separator)}\r\n]|\Z)")
        self._plain = re.compile(rf"[^{re.escape(separator)}\r\n]*")

    def split(self, text: str) -> list[str] | None:
        """Return the cells of one record, None when a quote in it is still open."""
        if '"' not in text:
            return text.rstrip("\r\n").split(self._separator)
        cells: list[str] = []
        at = 0
        while True:
            found = self._cell(text, at)
            if found is None:
                return None
            cell, at = found
            cells.append(cell)
            if text[at : at + 1] != self._separator:
                return cells
            at += 1

    def _cell(self, text: str, at: int) -> tuple[str, int] | None:
        if text[at : at + 1] == '"':
            return self._quoted(text, at)
        return self._bare(text, at)

    def _bare(self, text: str, at: int) -> tuple[str, int]:
        found = self._plain.match(text, at)
        return (found.group(), found.end()) if found else ("", at)

    def _quoted(self, text: str, start: int) -> tuple[str, int] | None:
        parts: list[str] = []
        at = start + 1
        while (quote := text.find('"', at)) >= 0:
            end = self._end.match(text, quote + 1)
            if end is not None:
                return "".join(parts) + text[at:quote], end.end()
            parts.append(text[at : quote + 1])
            doubled = text[quote + 1] == '"'
            at = quote + (2 if doubled else 1)
            if not doubled and not self._bare(text, at)[0].rstrip(" ").endswith('"'):
                return self._bare(text, start)
        return None


def records(path: Path, encoding: str, splitter: Splitter) -> Iterator[tuple[int, list[str]]]:
    """Yield (row, cells) of every record, blank ones too, counted from 1 as a spreadsheet counts.

    Errors: `TableUnreadable` with the row at which reading cannot go on.
    """
    row = 1
    try:
        for text in _records(lines(path, encoding), splitter):
            yield row, text
            row += 1
    except TableUnreadable as error:
        raise TableUnreadable(error.message, row) from None


def _records(source: Iterator[str], splitter: Splitter) -> Iterator[list[str]]:
    for line in source:
        text, count = line, 1
        while (cells := splitter.split(text)) is None:
            following = next(source, None)
            if following is None:
                raise TableUnreadable(_CUT_OFF)
            text, count = text + following, count + 1
            if len(text) > LONGEST_RECORD or count > _MOST_LINES:
                raise TableUnreadable(_TOO_LONG)
        yield cells
