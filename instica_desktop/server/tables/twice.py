"""Rows of one file that mean the same record by its number, and do not say the same of it.

The second would change what the first one brought, or be lost. Which numbers come twice is found out in a
first pass, with four bytes a row; a second one then looks at the rows of those numbers only.
"""

from array import array
from collections.abc import Callable, Iterable
from itertools import pairwise
from zlib import crc32

from instica_desktop.server.tables.records import Record

Called = Callable[[list[str]], str]
"""By what number the cells of a row call their record, empty for none."""
_TWICE = "Row {} of this file is of the same record and says something else. Keep one of the two."


def _code(number: str) -> int:
    return crc32(number.encode("utf-8", "replace"))


class Numbers:
    """The numbers of a file's rows, as far as needed to tell which come twice."""

    def __init__(self) -> None:
        self._codes = array("I")

    def look(self, number: str) -> None:
        """Look at the number of one more row."""
        if number:
            self._codes.append(_code(number))

    def twice(self) -> list[int]:
        """Return codes of all numbers that come twice, and perhaps of a few others."""
        return sorted({one for one, other in pairwise(sorted(self._codes)) if one == other})


class Repeated:
    """Refuses rows whose number came before with something else in the cells that are read (`places`)."""

    def __init__(self, twice: Iterable[int], called: Called, places: Iterable[int]) -> None:
        self.any = bool(twice)
        self._twice, self._called, self._places = frozenset(twice), called, sorted(places)
        self._first: dict[str, tuple[int, list[str]]] = {}

    def checked(self, record: Record) -> Record:
        """Return a row as it is, or refused."""
        number = "" if record.fault or record.skipped else self._called(record.cells)
        if not number or _code(number) not in self._twice:
            return record
        width = len(record.cells)
        said = [record.cells[place].strip() if place < width else "" for place in self._places]
        row, before = self._first.setdefault(number, (record.row, said))
        return record if said == before else record._replace(fault=_TWICE.format(row))
