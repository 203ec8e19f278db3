"""Records out of lines: any mixture of quotes, separators, line ends and encodings, against what made it."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from instica_desktop.server.tables.records import Record
from instica_desktop.server.tables.table import open_table
from tests.server.brought import FILES, rows_counted

Rows = list[list[str]]


def read(path: Path, content: bytes) -> list[Record]:
    path.write_bytes(content)
    return list(open_table(path).rows())


def cells(records: list[Record]) -> list[list[str] | None]:
    """Return the cells of each row, None for one that is refused."""
    return [None if record.fault else record.cells for record in records]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('R1,"The "Hit"",A', ["R1", 'The "Hit"', "A"]),
        ('R4,12" Mix,D', ["R4", '12" Mix', "D"]),
        ('"R4","12" Mix","D"', ["R4", '12" Mix', "D"]),
        ('"R4","Mix, 12"","D"', ["R4", 'Mix, 12"', "D"]),
        ('"R4","The "Hit", rare","D"', ["R4", 'The "Hit", rare', "D"]),
        ('R4,"Closed"",D', ["R4", 'Closed"', "D"]),
        ('R4,"Heroes" and "Low",D', ["R4", '"Heroes" and "Low"', "D"]),
        ('R4,"Heroes" (LP),D', ["R4", '"Heroes" (LP)', "D"]),
        ('R4, "Mix, rare", D', ["R4", "Mix, rare", " D"]),
        ('"a"",""b","c"', ['a"', '"b', "c"]),
        ('R1,"Open,A', None),
        ('R1,"Open", "Road, A,"x', None),
        ('R1,"a"b",c"d",e', ["R1", 'a"b",c"d', "e"]),
        ('"a "b", c","d", "e",x', None),
        ("R1,a,b,c", None),
        ("R1,a,b,,", ["R1", "a", "b", "", ""]),
        ('R3,"x"', ["R3", "x"]),
    ],
)
def test_one_line_is_read_by_the_rules_else_by_the_number_of_cells(
    tmp_path: Path, line: str, found: list[str] | None, end: str
) -> None:
    text = end.join(["sku,title,artist", "R0,first,x", line, "R2,next,y", ""])
    assert cells(read(tmp_path / "t.csv", text.encode())) == [
        ["R0", "first", "x"],
        found,
        ["R2", "next", "y"],
    ]


@pytest.mark.parametrize(
    "name", ["quotes inside", "quote left open", "cells shifted", "currencies", "Shopify", "Discogs"]
)
def test_no_row_of_a_file_vanishes(tmp_path: Path, name: str) -> None:
    assert len(read(tmp_path / "t.csv", FILES[name])) == rows_counted(FILES[name])


def test_a_quote_that_is_left_open_costs_its_own_row_only(tmp_path: Path) -> None:
    records = read(tmp_path / "t.csv", FILES["quote left open"])
    assert cells(records) == [
        None,
        ["R2", "Second", "B", "L2"],
        ["R3", "Third", "C", "L3"],
        ["R4", 'Closed"', "D", "L4"],
        ["R5", "Last", "E", "L5"],
    ]
    assert "line 2" in records[0].fault


def test_cells_that_were_shifted_stand_where_they_belong(tmp_path: Path) -> None:
    assert cells(read(tmp_path / "t.csv", FILES["cells shifted"])) == [
        ["R1", 'Blue Signal 12"', "New Season", "Mill Records", ""],
        ["R2", "Plain", "Someone", "Mill Records", "ok"],
        ["R3", "x"],
    ]


def test_lines_that_are_rows_of_their_own_are_not_drawn_into_a_cell(tmp_path: Path) -> None:
    text = 'sku,title,artist\nR1,"Open Road,A\nR2,Second,B\nR3,Third,C\nR4,Blue 12",D\nR5,Last,E\n'
    assert cells(read(tmp_path / "t.csv", text.encode())) == [
        None,
        ["R2", "Second", "B"],
        ["R3", "Third", "C"],
        ["R4", 'Blue 12"', "D"],
        ["R5", "Last", "E"],
    ]


def test_two_lines_that_may_be_one_record_or_two_are_both_refused(tmp_path: Path) -> None:
    text = 'sku,title,artist,label\nR1,"Open Road,A,L1\nR2,Blue 12",B,L2\nR3,Third,C,L3\n'
    first, second, third = read(tmp_path / "t.csv", text.encode())
    assert (first.cells, second.cells, third.cells) == ([], [], ["R3", "Third", "C", "L3"])
    assert "line 2" in first.fault
    assert "one before" in second.fault


def test_a_record_over_lines_needs_as_many_cells_as_the_header(tmp_path: Path) -> None:
    whole = 'sku,title,notes\nR1,"two\nlines","and, one"\n'
    assert cells(read(tmp_path / "t.csv", whole.encode())) == [["R1", "two\nlines", "and, one"]]
    short = 'sku,title,notes\nR1,"two\nlines"\nR2,next,x\n'
    assert cells(read(tmp_path / "t.csv", short.encode())) == [None, None, ["R2", "next", "x"]]


def test_the_line_of_a_broken_row_is_named_though_rows_have_several(tmp_path: Path) -> None:
    text = 'sku,title\nR1,"one\ntwo\nthree"\nR2,"open\nR3,x\n'
    first, broken, last = read(tmp_path / "t.csv", text.encode())
    assert (first.row, broken.row, last.row) == (2, 3, 4)
    assert "line 5" in broken.fault


def test_columns_without_names_at_the_end_may_be_missing_in_rows(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    assert cells(read(table, b'sku,title,,\nR1,"a\nb"\nR2,x,1,2\n')) == [
        ["R1", "a\nb"],
        ["R2", "x", "1", "2"],
    ]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
_NAMES = ("sku", "title", "artist", "notes")
_LETTERS = st.sampled_from("abé12 \",;\t|'")
_WORDS = st.text(_LETTERS, max_size=9)
_BROKEN_WORDS = st.lists(_WORDS, min_size=1, max_size=3).map("\n".join)


def may_be_rows(record: str, separator: str) -> bool:
    """Tell whether each line of a written record could be a row of four columns by itself."""
    lines = record.splitlines()
    return len(lines) > 1 and all(line.count(separator) == 3 for line in lines)


def written(row: Sequence[str], separator: str, end: str, quoting: int) -> str:
    """Return a record as a writer that keeps the rules makes it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerow(row)  # pyright: ignore
    return text.getvalue()


@settings(max_examples=150)
@given(
    table=st.lists(st.tuples(_WORDS, _BROKEN_WORDS, _WORDS), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    inner=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_keeps_the_rules_reads_back_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[Any],
    separator: str,
    end: str,
    inner: str,
    encoding: str,
    quoting: int,
) -> None:
    rows = [[f"R{number}", *(cell.replace("\n", inner) for cell in row)] for number, row in enumerate(table)]
    assume(set(inner) <= set(end) or quoting != csv.QUOTE_MINIMAL)  # else the writer puts no quotes around it
    text = "".join(written(row, separator, end, quoting) for row in [_NAMES, *rows])
    assume(not any(may_be_rows(written(row, separator, end, quoting), separator) for row in rows))
    content = text.encode(encoding)
    assert cells(read(tmp_path_factory.mktemp("rules") / "t.csv", content)) == rows
    assert rows_counted(content, separator, encoding) == len(rows)


def _all_in_quotes(row: list[str], separator: str) -> str:
    return separator.join(f'"{cell}"' for cell in row)


def _none_in_quotes(row: list[str], separator: str) -> str:
    return separator.join(row)


_INCHES = st.sampled_from(
    ['12" Mix', 'The "Hit"', '"Hit"s', 'Blue 12"', 'a "b" c "d"', "plain", "", "é", "7'' x"]
)


@settings(max_examples=150)
@given(
    table=st.lists(st.tuples(_INCHES, _INCHES, _INCHES), min_size=1, max_size=8),
    separator=st.sampled_from(",;\t|"),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=3),
    encoding=st.sampled_from(ENCODINGS),
    write=st.sampled_from([_all_in_quotes, _none_in_quotes]),
)
def test_what_a_careless_writer_made_is_read_as_it_was_meant(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[Any],
    separator: str,
    ends: list[str],
    encoding: str,
    write: Any,
) -> None:
    rows = [[f"R{number}", *row] for number, row in enumerate(table)]
    lines = [write(row, separator) for row in [list(_NAMES), *rows]]
    text = "".join(line + ends[number % len(ends)] for number, line in enumerate(lines))
    content = text.encode(encoding)
    assert cells(read(tmp_path_factory.mktemp("careless") / "t.csv", content)) == rows
    assert rows_counted(content, separator, encoding) == len(rows)


_WITH_SEPARATORS = st.sampled_from(['The "Hit"| rare', "Mix| rare", 'a "b| c" d', '12" Mix| red'])


@settings(max_examples=150)
@given(
    table=st.lists(st.tuples(_INCHES, _WITH_SEPARATORS | _INCHES, _INCHES), min_size=1, max_size=6),
    separator=st.sampled_from(",;\t|"),
)
def test_what_a_careless_writer_made_ambiguous_is_refused_rather_than_read_wrong(
    tmp_path_factory: pytest.TempPathFactory, table: list[Any], separator: str
) -> None:
    rows = [
        [f"R{number}", *(cell.replace("|", separator) for cell in row)] for number, row in enumerate(table)
    ]
    text = "".join(_all_in_quotes(row, separator) + "\n" for row in [list(_NAMES), *rows])
    found = cells(read(tmp_path_factory.mktemp("ambiguous") / "t.csv", text.encode()))
    assert len(found) == len(rows)
    assert all(one in (None, row) for one, row in zip(found, rows, strict=True))


@settings(max_examples=150)
@given(
    lines=st.lists(st.text(st.sampled_from('ab",; "'), min_size=1, max_size=14), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_whatever_the_quotes_no_line_is_lost_or_read_twice(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    text = end.join(["sku,title,artist", *(f"x{number}x{line}" for number, line in enumerate(lines)), ""])
    records = read(tmp_path_factory.mktemp("any") / "t.csv", text.encode())
    for number in range(len(lines)):
        mark = f"x{number}x"
        holding = [record for record in records if any(mark in cell for cell in record.cells)]
        refused = sum(1 for record in records if record.fault)
        assert len(holding) == 1 or (not holding and refused)
    joined = sum(cell.count(end) for record in records for cell in record.cells)
    assert len(records) + joined == len(lines)
