"""Amounts with three digits after a mark: the other amounts of the file tell what the mark divides."""

import pytest

from tests.server.imports import imported, items, results, rows_of
from tests.server.shop import Shop


def _table(*prices: str, more: str = "") -> str:
    rows = (f"Record {number};{price};{more}\n" for number, price in enumerate(prices))
    return "title;price;shipping\n" + "".join(rows)


def _prices(shop: Shop) -> list[str]:
    return [item["price_item_usd"] for item in items(shop)]


@pytest.mark.parametrize("telling", ["12,5", "$12,50", "15.000,00", "1.234.567", "€0,90"])
def test_a_file_with_decimal_commas_divides_thousands_by_points(shop: Shop, telling: str) -> None:
    job = imported(shop, _table("1.000", telling, "$2.500"), rate="1")
    assert job["created"] == 3, job["errors"]
    assert (_prices(shop)[0], _prices(shop)[2]) == ("1000.00", "2500.00")
    notes = [(note["row"], note["message"]) for note in job["notes"] if "thousands" in note["message"]]
    assert notes == [(2, "1.000 is read as 1000: its mark divides thousands in this file."), notes[1]]


@pytest.mark.parametrize("telling", ["12.5", "$12.50", "15,000.00", "1,234,567"])
def test_a_file_with_decimal_points_has_no_third_place(shop: Shop, telling: str) -> None:
    job = imported(shop, _table("1.000", telling, "1,000"))
    assert results(shop, job) == ["error", "new", "new"]
    assert "1.000 may be" in job["errors"][0]["message"]
    assert _prices(shop)[-1] == "1000.00"


def test_a_comma_is_no_mark_of_thousands_where_it_is_the_decimal_one(shop: Shop) -> None:
    job = imported(shop, _table("1,234", "12,50", "7,5"))
    assert results(shop, job) == ["error", "new", "new"]
    assert "1,234 may be 1.234 or 1234" in job["errors"][0]["message"]


@pytest.mark.parametrize("others", [(), ("12",), ("12,50", "12.50")])
def test_where_the_others_do_not_tell_it_is_refused(shop: Shop, others: tuple[str, ...]) -> None:
    job = imported(shop, _table("1.000", *others))
    assert results(shop, job) == ["error", *["new"] * len(others)]
    assert "1.000 may be 1.000 or 1000" in job["errors"][0]["message"]


def test_a_file_with_both_marks_before_fractions_tells_nothing(shop: Shop) -> None:
    job = imported(shop, _table("1.000", "1,000", "12,50", "12.50", "1,234.50"))
    assert results(shop, job) == ["error", "error", "new", "new", "new"]


def test_another_column_of_amounts_tells_too(shop: Shop) -> None:
    imported(shop, _table("1.000", more="4,50"))
    assert [(one["price_item_usd"], one["price_shipping_usd"]) for one in items(shop)] == [
        ("1000.00", "4.50")
    ]


def test_rows_that_are_left_out_tell_nothing(shop: Shop) -> None:
    job = imported(shop, _table("1.000", "12,50"), exclude="[3]")
    assert results(shop, job) == ["error", "excluded"]


def test_the_note_stands_at_each_row_that_says_so(shop: Shop) -> None:
    job = imported(shop, _table("1.000", "1.000", "9,50"), dry_run="true")
    assert [note["row"] for note in job["notes"]] == [2, 3]
    assert len(rows_of(shop, job, "new")) == 3
