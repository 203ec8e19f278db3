"""Cutting one line into cells: by the rules of CSV, or by the number of cells when it breaks them."""

import csv
import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_MOST_INSIDE = 20
"""Separators inside the quoted cells of a line that is cut by the number of cells."""
_CLOSES_THEN_OPENS = re.compile(r'[^"]*[^\s"]"(?!\S).*(?<!\S)"[^\s"][^"]*', re.DOTALL)
"""Between its outer quotes a text such as `"Heroes" and "Low"`: two quoted words, not one quoted cell."""


class Outcome(Enum):
    """What the rules of CSV say of the text so far."""

    WHOLE = auto()
    """It is a whole record."""
    OPEN = auto()
    """A quoted cell goes on in the next line."""
    BROKEN = auto()
    """A quote stands where none may."""


def pieces(line: str, separator: str) -> list[str]:
    """Return what stands between the separators of a line, quotes and all."""
    return line.rstrip("\r\n").split(separator)


def proper(line: str, separator: str) -> list[str] | None:
    """Return the cells of a line that is a whole record by the rules, as most are; None for another."""
    try:
        return next(csv.reader((line,), delimiter=separator, strict=True))
    except csv.Error:
        return None


@lru_cache
def _patterns(separator: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark = re.escape(separator)
    return re.compile(rf" *(?=[{mark}\r\n]|\Z)"), re.compile(rf"[^{mark}\r\n]*")


class Strict:
    """Reads one record by the rules, line after line. `cells` are those that are complete."""

    def __init__(self, separator: str) -> None:
        self.cells: list[str] = []
        self._separator = separator
        self._end, self._plain = _patterns(separator)
        self._parts: list[str] | None = None

    def feed(self, line: str) -> Outcome:
        """Go on with the next line."""
        at = 0
        while True:
            if self._parts is None and line.startswith('"', at):
                self._parts, at = [], at + 1
            after = self._bare(line, at) if self._parts is None else self._quoted(line, at, self._parts)
            if isinstance(after, Outcome):
                return after
            if line[after : after + 1] != self._separator:
                return Outcome.WHOLE
            at = after + 1

    def _bare(self, line: str, at: int) -> int:
        found = self._plain.match(line, at)
        assert found is not None  # it may be empty
        self.cells.append(found.group())
        return found.end()

    def _quoted(self, line: str, at: int, parts: list[str]) -> int | Outcome:
        while (quote := line.find('"', at)) >= 0:
            if line.startswith('""', quote):
                parts.append(line[at : quote + 1])
                at = quote + 2
                continue
            end = self._end.match(line, quote + 1)
            if end is None:
                return Outcome.BROKEN
            self.cells.append("".join(parts) + line[at:quote])
            self._parts = None
            return end.end()
        parts.append(line[at:])
        return Outcome.OPEN


def by_count(line: str, separator: str, count: int) -> list[str] | None:
    """Return the cells of a line of so many, None unless there is one way that is the best to cut it so.

    A separator may stand in a cell that begins and ends with a quote, rather not between two quotes. A quote
    elsewhere is text; one that opens a cell and has no counterpart in it makes the line unreadable.
    """
    parts = pieces(line, separator)
    inside = len(parts) - count
    if not 0 <= inside <= _MOST_INSIDE:
        return None
    ways = _ways(parts, inside, separator)
    return ways[0].cells if len(ways) == 1 else None


def literally(line: str, separator: str) -> list[str] | None:
    """Return the cells between the separators of a line, None when a quote that opens one is not closed."""
    return _cells(pieces(line, separator))


def _cells(texts: list[str]) -> list[str] | None:
    return None if any(_unclosed(text) for text in texts) else [_unquoted(text) for text in texts]


class _Way(NamedTuple):
    """One way to cut the end of a line; `doubts` are its separators inside cells and between two quotes."""

    doubts: int
    cells: list[str]


def _ways(parts: list[str], inside: int, separator: str) -> list[_Way]:
    """Return the best ways to join neighbours so that `inside` separators go into cells, two at most."""
    ways: dict[tuple[int, int], list[_Way]] = {(len(parts), 0): [_Way(0, [])]}
    for start in reversed(range(len(parts))):
        for left in range(inside + 1):
            found = [
                _Way(rest.doubts + doubts, [cell, *rest.cells])
                for length in range(1, left + 2)
                for rest in ways.get((start + length, left - length + 1), ())
                for cell, doubts in _joined(parts[start : start + length], separator)
            ]
            least = min((way.doubts for way in found), default=0)
            ways[start, left] = [way for way in found if way.doubts == least][:2]
    return ways[0, inside]


def _joined(parts: list[str], separator: str) -> Iterator[tuple[str, int]]:
    """Yield the cell that neighbours make together, if they can be one, and its doubts."""
    text = separator.join(parts)
    if not _unclosed(text) and (len(parts) == 1 or _is_quoted(text)):
        doubts = sum(
            one.rstrip(" ").endswith('"') and other.lstrip(" ").startswith('"')
            for one, other in pairwise(parts)
        )
        yield _unquoted(text), doubts


def _is_quoted(text: str) -> bool:
    bare = text.strip(" ")
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


def _unclosed(text: str) -> bool:
    return text.lstrip(" ").startswith('"') and not _is_quoted(text) and text.count('"') % 2 == 1


def _unquoted(text: str) -> str:
    inner = text.strip(" ")[1:-1]
    if not _is_quoted(text) or _CLOSES_THEN_OPENS.fullmatch(inner):
        return text
    return inner.replace('""', '"')
