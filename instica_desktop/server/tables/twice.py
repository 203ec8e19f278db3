"""Rows of one file that mean the same record by its number, and do not say the same of it.

The second would change what the first one brought, or be lost. Which numbers come twice is found out in a
first pass, with four bytes a row; a second one then looks at the rows of those numbers only.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from zlib import crc32

from instica_desktop.server.tables.records import Record

Called = Callable[[list[str]], Sequence[str]]
"""By what numbers the cells of a row call their record."""
SKU = "sku "
"""How the number of a row begins that is its SKU."""
_TWICE = "Row {} of this file is of the same record and says something else. Keep one of the two."
_ONE_SKU = "Row {} of this file has the same SKU and says something else. Keep one, or give each its own SKU."


def _code(number: str) -> int:
    return crc32(number.encode("utf-8", "replace"))


class Numbers:
    """The numbers of a file's rows, as far as needed to tell which come twice."""

    def __init__(self) -> None:
        self._codes = array("I")

    def look(self, numbers: Iterable[str]) -> None:
        """Look at the numbers of one more row."""
        self._codes.extend(map(_code, numbers))

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
        if record.fault or record.skipped:
            return record
        for number in self._called(record.cells):
            if _code(number) in self._twice and (row := self._said_otherwise(number, record)):
                fault = _ONE_SKU if number.startswith(SKU) else _TWICE
                return record._replace(fault=fault.format(row))
        return record

    def _said_otherwise(self, number: str, record: Record) -> int:
        """Return the first row of a number if it says something else, else 0."""
        width = len(record.cells)
        said = [record.cells[place].strip() if place < width else "" for place in self._places]
        row, before = self._first.setdefault(number, (record.row, said))
        return 0 if said == before else row
