"""The catalogue facts are well-formed, unique, wide in script, and claim nothing that cannot be true."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "resources" / "catalogue" / "releases.csv"
COLUMNS = [
    "artist",
    "title",
    "label",
    "catalogue_number",
    "year",
    "format",
    "country",
    "barcode",
    "genres",
    "discogs_release_id",
]
FORMAT = re.compile(r'(?:[1-9]\d?×)?(?:LP|CD|7"|10"|12")(?: Box)?')
# Newest pressing in the file is of the 2020s at most; records older than the LP are not in it.
FIRST_YEAR, LAST_YEAR = 1948, 2025


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Return all releases; a row with too many or too few cells fails here."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        header, *records = list(csv.reader(handle, strict=True))
    assert header == COLUMNS
    assert {len(record) for record in records} == {len(COLUMNS)}
    return [dict(zip(header, record, strict=True)) for record in records]


def check_digit(digits: str) -> int:
    """Return the GS1 check digit of the digits before it, for any length of EAN or UPC."""
    weighted = sum(int(digit) * (3, 1)[index % 2] for index, digit in enumerate(reversed(digits)))
    return -weighted % 10


def script_of(character: str) -> str:
    """Return the first word of the Unicode name of a letter, which is its script."""
    return unicodedata.name(character, "UNNAMED").split()[0].split("-")[0]


def test_the_check_digit_is_the_one_printed_on_known_records() -> None:
    assert check_digit("07464649352") == 6  # UPC-A of Kind of Blue, CK 64935
    assert check_digit("400638133393") == 1  # the EAN-13 example of the standard


def test_there_are_enough_releases_for_a_believable_shop(rows: list[dict[str, str]]) -> None:
    assert len(rows) >= 430


def test_no_release_is_there_twice(rows: list[dict[str, str]]) -> None:
    keys = Counter(
        tuple(
            unicodedata.normalize("NFC", row[key]).casefold()
            for key in ("artist", "title", "catalogue_number")
        )
        for row in rows
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_one_label_does_not_give_one_number_to_two_records(rows: list[dict[str, str]]) -> None:
    numbers = Counter((row["label"], row["catalogue_number"]) for row in rows)
    assert [number for number, count in numbers.items() if count > 1] == []


def test_text_is_clean(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for key, value in row.items():
            assert value == value.strip(), (key, row)
            assert value == unicodedata.normalize("NFC", value), (key, row)
            assert not any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn"} for c in value), (key, row)
        for key in ("artist", "title", "label", "catalogue_number", "format"):
            assert row[key], (key, row)


def test_years_are_sane(rows: list[dict[str, str]]) -> None:
    years = [row["year"] for row in rows]
    assert all(year == "" or (year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR) for year in years)
    assert years.count("") < len(years) // 20


def test_formats_and_countries_follow_the_readme(rows: list[dict[str, str]]) -> None:
    assert [row["format"] for row in rows if not FORMAT.fullmatch(row["format"])] == []
    assert [row["country"] for row in rows if not re.fullmatch(r"(?:[A-Z]{2})?", row["country"])] == []
    assert {row["format"] for row in rows} >= {"LP", "2×LP", '12"', '7"', "CD", "3×LP Box"}
    assert len({row["country"] for row in rows}) >= 20


def test_compact_discs_are_not_older_than_the_compact_disc(rows: list[dict[str, str]]) -> None:
    assert [row for row in rows if "CD" in row["format"] and row["year"] and int(row["year"]) < 1982] == []


def test_genres_are_a_list_without_repeats(rows: list[dict[str, str]]) -> None:
    for row in rows:
        genres = row["genres"].split("|")
        assert all(genre and genre == genre.strip() for genre in genres), row
        assert len(set(genres)) == len(genres), row


def test_barcodes_carry_a_valid_check_digit_and_are_unique(rows: list[dict[str, str]]) -> None:
    barcodes = [row["barcode"] for row in rows if row["barcode"]]
    assert barcodes
    for barcode in barcodes:
        assert re.fullmatch(r"\d{8}|\d{12,13}", barcode)
        assert check_digit(barcode[:-1]) == int(barcode[-1]), barcode
    assert len(set(barcodes)) == len(barcodes)


def test_records_from_before_barcodes_carry_none(rows: list[dict[str, str]]) -> None:
    assert [row for row in rows if row["barcode"] and row["year"] and int(row["year"]) < 1979] == []


@pytest.mark.parametrize(
    ("script", "least"),
    [
        ("CJK", 15),
        ("HIRAGANA", 5),
        ("KATAKANA", 5),
        ("HANGUL", 1),
        ("CYRILLIC", 5),
        ("GREEK", 1),
        ("ARABIC", 5),
        ("HEBREW", 1),
        ("ETHIOPIC", 1),
    ],
)
def test_scripts_are_covered(rows: list[dict[str, str]], script: str, least: int) -> None:
    found = [row for row in rows if any(script_of(c) == script for c in row["artist"] + row["title"])]
    assert len(found) >= least


def test_awkward_titles_are_there(rows: list[dict[str, str]]) -> None:
    titles = [row["title"] for row in rows]
    assert max(map(len, titles)) > 400
    assert min(map(len, titles)) == 1
    for mark in ('"', ",", " = ", "/", "&", "( )", "…"):
        assert any(mark in title for title in titles), mark
    assert any(title.isdecimal() for title in titles)
    for letter in "ıçşñýńłøåäöéèêãüð":
        assert any(
            letter in unicodedata.normalize("NFC", row["artist"] + row["title"]).lower() for row in rows
        ), letter
