"""Reading tables: what real files look like. Writing them so that they read back."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.encoding import TableUnreadable
from instica_desktop.server.tables.export import csv_text
from instica_desktop.server.tables.fields import FIELDS
from instica_desktop.server.tables.guesses import guessed
from instica_desktop.server.tables.records import Reader
from instica_desktop.server.tables.table import Table, open_table

Open = Callable[[bytes], Table]
HEADER = "Title,Price,Notes\r\n"


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Write a file and open it as a table."""

    def write(content: bytes) -> Table:
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return open_table(path)

    return write


def rows(table: Table) -> list[list[str]]:
    return [record.cells for record in table.rows()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_separators_and_line_ends(opened: Open, encoding: str, separator: str, end: str) -> None:
    lines = [["Title", "Artist"], ["Für Elise", "Björk"], ["Ágætis", "x" * 70_000], ["", "last"]]
    text = end.join(separator.join(line) for line in lines) + end
    table = opened(text.encode(encoding))
    assert table.header == ("Title", "Artist")
    assert rows(table) == lines[1:]


def test_emoji_and_cjk(opened: Open) -> None:
    text = "Title\n🎷 坂本龍一\n한국\n"
    for encoding in ("utf-8", "utf-16"):
        assert rows(opened(text.encode(encoding))) == [["🎷 坂本龍一"], ["한국"]]


def test_a_letter_beyond_ascii_at_the_very_end_decides(opened: Open) -> None:
    start = b"Title\n" + b"Aja\n" * 50_000
    assert opened(start + "Café\n".encode("cp1252")).encoding == "cp1252"
    assert opened(start + "Café\n".encode()).encoding == "utf-8"


def test_one_bad_byte_does_not_garble_the_other_rows(opened: Open) -> None:
    rows_of_utf8 = ["Björk\n".encode()] * 40
    table = opened(b"".join([b"Title\n", *rows_of_utf8, "Motörhead\n".encode("cp1252"), *rows_of_utf8]))
    assert table.encoding == "utf-8"
    assert [record.row for record in table.rows() if record.fault] == [42]
    assert {cell for record in table.rows() for cell in record.cells} == {"Björk"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('12" Single,1,x', ['12" Single', "1", "x"]),
        ('"12"" Single",1,x', ['12" Single', "1", "x"]),
        ('"12" Single",1,x', ['12" Single', "1", "x"]),
        ('"Heroes" (LP),1,x', ['"Heroes" (LP)', "1", "x"]),
        ('"""Heroes""",1,x', ['"Heroes"', "1", "x"]),
        ('"a, b" ,1,"x ="', ["a, b", "1", "x ="]),
        ('"",1,""', ["", "1", ""]),
        ('"two\r\nlines",1,"and\n\nthree"', ["two\r\nlines", "1", "and\n\nthree"]),
        ("a = b,=1+1,-", ["a = b", "=1+1", "-"]),
    ],
)
def test_quotes(opened: Open, line: str, found: list[str]) -> None:
    for end in ("", "\r\n", "\r\nnext,2,y\r\n"):
        assert rows(opened(f"{HEADER}{line}{end}".encode()))[0] == found


def test_rows_are_counted_as_a_spreadsheet_counts(opened: Open) -> None:
    table = opened(b'Title\r\n\r\nA\r\n"B\r\nB"\r\n,,\r\n \r\nC\r\n' + b"\r\n" * 300)
    assert [record.row for record in table.rows()] == [3, 4, 7]
    assert [record.row for record in table.rows(after=4)] == [7]


def test_a_header_after_notes_and_a_stated_separator(opened: Open) -> None:
    assert opened(b"#INFO,Version=1\n#INFO\n\nTitle,Price\nAja,1\n").header_row == 4
    table = opened(b"sep=;\r\nTitle;Price\r\nAja;1,50\r\n")
    assert (table.header, rows(table)) == (("Title", "Price"), [["Aja", "1,50"]])


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\r\n \r\n", b"PK\x03\x04", b"%PDF-1.7", b",,,\n"]
)
def test_what_is_no_table(opened: Open, content: bytes) -> None:
    with pytest.raises(TableUnreadable):
        opened(content)


@pytest.mark.parametrize(
    "tail", [b'Aja,1,"open', b'Aja,1,"open\r\n', "Aja,1,Café".encode()[:-1], b"\xef\xbb\xbf"[:2]]
)
def test_a_file_that_breaks_off_loses_that_row_only(opened: Open, tail: bytes) -> None:
    table = opened(HEADER.encode() + b"First,1,x\r\n" + "Ünï,2,é\r\n".encode() + tail)
    first, second, last = table.rows()
    assert [first.row, second.row, last.row] == [2, 3, 4]
    assert (first.fault, second.fault, last.cells) == ("", "", [])
    assert last.fault


def test_utf16_cut_in_the_middle_of_a_letter(opened: Open) -> None:
    table = opened((HEADER + "Aja,1,x\r\nGaucho,1,x").encode("utf-16")[:-1])
    whole, broken = table.rows()
    assert (whole.cells, whole.fault) == (["Aja", "1", "x"], "")
    assert broken.fault


def test_bytes_that_are_no_letter_are_refused_and_not_made_up(opened: Open) -> None:
    table = opened("Title,Price,Notes\r\nCafé,1,x\r\n".encode("cp1252") + b"A\x81ja,1,x\r\nGaucho,1,x\r\n")
    assert [(record.cells[:1], bool(record.fault)) for record in table.rows()] == [
        (["Café"], False),
        ([], True),
        (["Gaucho"], False),
    ]


def test_one_endless_line_is_refused_and_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"Title\nAja\n")
        file.truncate(200_000_000)  # a hole: zeros without a line end, and no disk used
        file.seek(0, 2)
        file.write(b"\nGaucho\n")
    tracemalloc.start()
    try:
        records = list(Reader(path, "utf-8", ","))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert [(record.row, record.cells, bool(record.fault)) for record in records] == [
        (1, ["Title"], False),
        (2, ["Aja"], False),
        (3, [], True),
        (4, ["Gaucho"], False),
    ]


def test_a_quote_that_never_closes_is_refused_by_its_line_and_takes_no_memory(opened: Open) -> None:
    table = opened(HEADER.encode() + b'"open,1,x\r\n' + b'a "" b,1,x\r\n' * 100_000)
    tracemalloc.start()
    try:
        records = table.rows()
        first = next(records)
        assert (first.row, first.cells) == (2, [])
        assert "line 2" in first.fault
        assert sum(1 for record in records if record.cells == ['a "" b', "1", "x"]) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_long_file_takes_little_memory(opened: Open) -> None:
    table = opened(HEADER.encode() + b"Kind of Blue,36.00,Light hairlines\r\n" * 100_000)
    tracemalloc.start()
    try:
        assert sum(1 for _ in table.rows()) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_columns_are_recognised_by_name(opened: Open) -> None:
    table = opened(b"Catalog#,Artist,Title,Date.Added,Collection Media Condition,release_id,TITLE\n")
    assert guessed(table.header) == {
        "catalog_number": "Catalog#",
        "artist": "Artist",
        "product_title": "Title",
        "acquired_at": "Date.Added",
        "condition_item": "Collection Media Condition",
        "discogs_release_id": "release_id",
    }
    assert table.place("date added") == 3
    assert table.place("TITLE") == 6
    assert table.place("") is None
    assert Columns(table, {"artist": "ARTIST", "label": "Label"}).missing() == ["label"]


def test_ragged_rows(opened: Open) -> None:
    table = opened(b"Title,Price\nShort\nLong,1,,\nLonger,1,x\n")
    columns = Columns(table, {"product_title": "Title", "price_item_usd": "Price"})
    short, long, longer = table.rows()
    assert columns.read(short.cells) == ({"product_title": "Short"}, [])
    assert (columns.lacks(short.cells), columns.lacks(long.cells)) == (True, False)
    assert columns.read(long.cells) == ({"product_title": "Long", "price_item_usd": "1"}, [])
    assert "more cells" in longer.fault


@pytest.mark.parametrize("nothing", ["NA", "#N/A", "None", "n/a", "", "  ", "-"])
def test_nothing_is_no_value_but_may_be_a_title(opened: Open, nothing: str) -> None:
    table = opened(f"title,price,sku,grade\n{nothing},{nothing},{nothing},{nothing}\nx,1,1,1\n".encode())
    values, errors = Columns(table, guessed(table.header)).read([nothing] * 4)
    kept = {"product_title": nothing} if nothing.strip() not in ("", "#N/A") else {}
    assert (values, errors) == (kept, [])


def test_every_field_takes_any_text_or_says_what_is_wrong() -> None:
    for name, clean in FIELDS.items():
        for text in ("", " ", "x", '"', "9" * 5000, "\x00", "\ud800", "🎷", "1e9999", "٣"):
            with suppress(ValueError):
                assert clean(text) is not None, name


_TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
_AWKWARD = st.text(st.sampled_from("\", ;\t|\r\n'ab="), max_size=8)


@given(st.lists(st.tuples(_TEXT | _AWKWARD, _TEXT | _AWKWARD, _AWKWARD), max_size=8))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, table: list[Any]) -> None:
    records = [["1", *row, *"more of it"] for row in table]  # no cell looks like rows of so many columns
    path = tmp_path_factory.mktemp("tables") / "table.csv"
    path.write_bytes("".join(csv_text(("number", "a", "b", "c", *"more of it"), records)).encode())
    assert rows(open_table(path)) == records


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"a,b\n", b'a,"', b'sep="\n', b"sep= \n"]),
)
def test_any_bytes_are_a_table_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "table.csv"
    path.write_bytes(start + content)
    with suppress(TableUnreadable):
        table = open_table(path)
        columns = Columns(table, dict(zip(FIELDS, table.header, strict=False)))
        for record in table.rows():
            columns.read(record.cells)
