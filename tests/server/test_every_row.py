"""No row of a file vanishes: what is read, refused and blank are all of its lines, whatever is wrong with it.

The lines are counted by nothing of the program: by the ends in the text, and by Python's own reader of CSV
where a file keeps the rules.
"""

import csv
import io
import re
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instica_desktop.server.tables.records import Reader
from instica_desktop.server.tables.table import open_table
from tests.server.brought import rows_counted
from tests.server.imports import imported, rows_of
from tests.server.shop import Shop

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-16-le", "utf-16-be", "cp1252")
SEPARATORS = ",;\t|"
ENDS = ("\n", "\r\n", "\r")
HEADERS = (
    ("sku", "title", "artist", "notes"),
    ("sku", "title", "title", "artist", "notes", "notes"),
    ("sku", "title", "", "artist"),
    ("sku", "title", "artist", "", ""),
    ("sku", "title", "Title", "", "artist", ""),
)
"""Plain, with names that come twice, without some names, and with separators at the end."""
PLAIN = ("Aja", "Für Elise", "", "a b", "7'' x", "None", "-")
QUOTES = ('12" Mix', 'The "Hit"', 'Blue 12"', '"', '"" ""', 'a "b" c "d"', '"Heroes" (LP)')
LINES = ("two\nlines", "\n", "a\n\nb", 'said "so"\nand went')


def encoded(text: str, encoding: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)


@dataclass(frozen=True)
class Writer:
    """Writes the rows of one file, each in another way; every row says in its first cell which it is."""

    separator: str
    width: int
    end: str
    random: Random

    def row(self, number: int, ways: tuple[str, ...]) -> str:
        way = self.random.choice(ways)
        return str(getattr(self, way)(f"R{number}"))

    def _cells(self, name: str, *kinds: tuple[str, ...]) -> list[str]:
        texts = [text for kind in kinds for text in kind] + [f"a{self.separator} b"] * (len(kinds) > 1)
        return [name, *(self.random.choice(texts) for _ in range(self.width - 1))]

    def _by_the_rules(self, cells: list[str]) -> str:
        text = io.StringIO(newline="")
        quoting = self.random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
        csv.writer(text, delimiter=self.separator, lineterminator="", quoting=quoting).writerow(cells)  # pyright: ignore
        return text.getvalue()

    def proper(self, name: str) -> str:
        return self._by_the_rules(self._cells(name, PLAIN, QUOTES))

    def several_lines(self, name: str) -> str:
        cells = [name, *("x" for _ in range(self.width - 1))]
        cells[self.random.randrange(1, self.width)] = self.random.choice(LINES).replace("\n", self.end)
        return self.separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)

    def careless(self, name: str) -> str:
        return self.separator.join(f'"{cell}"' for cell in self._cells(name, PLAIN, QUOTES))

    def bare(self, name: str) -> str:
        return self.separator.join(self._cells(name, QUOTES))

    def left_open(self, name: str) -> str:
        cells = self._cells(name, PLAIN)
        cells[self.random.randrange(1, self.width)] = '"open'
        return self.separator.join(cells)

    def too_few(self, name: str) -> str:
        return self.separator.join(self._cells(name, PLAIN)[: self.random.randrange(1, self.width)])

    def too_many(self, name: str) -> str:
        return self.separator.join([*self._cells(name, PLAIN), "more"])

    def trailing(self, name: str) -> str:
        return self.separator.join(self._cells(name, PLAIN)) + self.separator * self.random.randrange(1, 4)

    def blank(self, name: str) -> str:
        return self.random.choice(["", " ", self.separator * self.width])


KEEPING = ("proper", "proper", "several_lines", "blank")
BREAKING = ("proper", "careless", "bare", "left_open", "too_few", "too_many", "trailing", "blank")
ALL = (*KEEPING, *BREAKING)


def made(random: Random, ways: tuple[str, ...], count: int, *, one_end: bool = False) -> tuple[str, str]:
    """Return a file's text and its separator."""
    separator, header, end = random.choice(SEPARATORS), random.choice(HEADERS), random.choice(ENDS)
    writer = Writer(separator, len(header), end, random)
    lines = [separator.join(header), *(writer.row(number, ways) for number in range(count))]
    text = "".join(line + (end if one_end else random.choice(ENDS)) for line in lines)
    return (text.rstrip("\r\n") if random.random() < 0.3 else text), separator


@settings(max_examples=400)
@given(
    seed=st.integers(0, 10**9),
    encoding=st.sampled_from(ENCODINGS),
    ways=st.sampled_from([KEEPING, BREAKING, ALL]),
    count=st.integers(1, 12),
)
def test_every_line_is_read_refused_or_blank_once(
    tmp_path_factory: pytest.TempPathFactory, seed: int, encoding: str, ways: tuple[str, ...], count: int
) -> None:
    text, _ = made(Random(seed), ways, count)
    path = tmp_path_factory.mktemp("lines") / "t.csv"
    path.write_bytes(encoded(text, encoding))
    table = open_table(path)
    reader = Reader(path, table.encoding, table.separator)
    reader.width = table.width
    records = list(reader)
    inside = sum(len(re.findall("\r\n|\r|\n", cell)) for record in records for cell in record.cells)
    lines = re.split("\r\n|\r|\n", text)
    assert len(records) + inside == len(lines) - (lines[-1] == "")
    whole = list(table.rows())
    assert [record.row for record in whole] == [
        record.row for record in records[1:] if record.fault or any(cell.strip() for cell in record.cells)
    ]
    names = re.findall(r"(?:^|[\r\n])\"?(R\d+)", text)
    held = [cell.strip('"') for record in whole for cell in record.cells if re.fullmatch(r'"?R\d+"?', cell)]
    inner = [
        name for record in whole for cell in record.cells for name in re.findall(r"[\r\n]\"*(R\d+)", cell)
    ]
    assert len(set(held + inner)) == len(held + inner)  # none is read twice
    assert len(names) - len(held + inner) <= sum(1 for record in whole if record.fault)


@settings(max_examples=300)
@given(seed=st.integers(0, 10**9), encoding=st.sampled_from(ENCODINGS), count=st.integers(1, 12))
def test_a_file_that_keeps_the_rules_is_read_as_python_reads_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int, encoding: str, count: int
) -> None:
    text, separator = made(Random(seed), KEEPING, count, one_end=True)
    path = tmp_path_factory.mktemp("rules") / "t.csv"
    path.write_bytes(encoded(text, encoding))
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))[1:]
    read = [record.cells for record in open_table(path).rows()]
    assert read == [row for row in expected if any(cell.strip() for cell in row)]
    assert len(read) == rows_counted(path.read_bytes(), separator, encoding.replace("-be-mark", ""))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("ways", [KEEPING, BREAKING], ids=["keeping", "breaking"])
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_every_row_of_an_import_is_told_of(shop: Shop, encoding: str, ways: Any, dry_run: str) -> None:
    text, separator = made(Random(f"{encoding}{ways}"), ways, 60, one_end=ways == KEEPING)
    content = encoded(text, encoding)
    job = imported(shop, content, dry_run=dry_run)
    told = rows_of(shop, job)
    refused = [row for row in told if row["result"] == "error"]
    counted = rows_counted(content, separator, encoding.replace("-be-mark", ""))
    assert job["created"] + len(refused) + job["skipped"] == job["processed"] == job["total"] == counted
    assert [row["row"] for row in told] == sorted({row["row"] for row in told})
    assert {row["row"] for row in refused} == {error["row"] for error in job["errors"]}
    assert job["created"] > 5
