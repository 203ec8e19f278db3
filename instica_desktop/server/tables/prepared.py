"""The rows of a table as they are imported: some left out, some corrected, each complete by itself."""

from collections.abc import Collection, Iterator, Mapping

from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.fields import PRODUCT_FIELDS
from instica_desktop.server.tables.records import Record
from instica_desktop.server.tables.table import Table
from instica_desktop.server.tables.twice import Repeated

EXCLUDED = "This row was left out."
_ONLY_A_PICTURE = "This row only adds a picture to the product above."
_OF_PRODUCT = (*PRODUCT_FIELDS, "manual_description", "tags", "status")
"""What a shop's table says once of a product, in the first of its rows."""

_NAMES_OF_OPTIONS = ("Option1 Name", "Option2 Name", "Option3 Name")

Fixes = Mapping[int, Mapping[str, str]]
"""{row: {field: what it shall say}}."""


class Prepared:
    """The rows of a table without those in `exclude` and with `fixes`; what is `repeated` is refused."""

    def __init__(
        self,
        table: Table,
        columns: Columns,
        exclude: Collection[int],
        fixes: Fixes,
        repeated: Repeated | None = None,
    ) -> None:
        self._table, self._columns = table, columns
        self._repeated = repeated if repeated and repeated.any else None
        self._exclude, self._fixes = exclude, fixes
        self._handle, self._title = columns.place("handle"), columns.place("product_title")
        self._of_product = {columns.place(field) for field in _OF_PRODUCT}
        self._of_product |= {table.place(name) for name in _NAMES_OF_OPTIONS}
        self._of_copy = columns.places() - self._of_product - {self._handle}
        self._width = max([len(table.header), *(place + 1 for place in columns.places())])

    def rows(self, after: int = 0) -> Iterator[Record]:
        """Yield the rows that follow the row `after`, with a reason in `skipped` if they are passed over."""
        if self._repeated is None:
            yield from self._whole(after)
            return
        for record in map(self._repeated.checked, self._whole(0)):
            if record.row > after:
                yield record

    def _whole(self, after: int) -> Iterator[Record]:
        """Yield the rows that follow a row, each complete by itself."""
        if self._handle is None or self._title is None:
            rows = self._table.rows(after)
            yield from map(self._corrected, rows) if self._exclude or self._fixes else rows
            return
        above = [""] * self._width
        for record in map(self._corrected, self._table.rows()):
            row = self._padded(record.cells)
            handle = row[self._handle].strip()
            same = handle and handle == above[self._handle].strip() and not row[self._title].strip()
            whole = self._completed(record, row, above) if same else record
            above = above if record.fault else self._padded(whole.cells)
            if record.row > after:
                yield whole

    def _padded(self, row: list[str]) -> list[str]:
        return row + [""] * (self._width - len(row))

    def _corrected(self, record: Record) -> Record:
        if record.row in self._exclude:
            return record._replace(skipped=EXCLUDED)
        fixes = self._fixes.get(record.row)
        return record if fixes is None else Record(record.row, self._columns.mended(record.cells, fixes))

    def _completed(self, record: Record, row: list[str], above: list[str]) -> Record:
        """Return a row with what the row above says of the same product."""
        picture = not any(row[place].strip() for place in self._of_copy)
        whole = [
            above[place] if place in self._of_product and not cell.strip() else cell
            for place, cell in enumerate(row)
        ]
        return Record(record.row, whole, "", record.skipped or (_ONLY_A_PICTURE if picture else ""))
