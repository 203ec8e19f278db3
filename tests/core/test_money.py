"""Prices as typed, shown and sent: exact, and never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import EXAMPLE, MAX_PRICE, format_money, parse_price, plain_money, wire_money

AMOUNTS = st.decimals(min_value=0, max_value=MAX_PRICE, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("42", "42.00"),
        (" 42.5 ", "42.50"),
        ("$42.50", "42.50"),
        ("$ 7", "7.00"),
        (".5", "0.50"),
        ("0", "0.00"),
        ("007.10", "7.10"),
        ("99999999.99", "99999999.99"),
        ("１２.５", "12.50"),
    ],
)
def test_a_price_is_read_as_typed(typed: str, amount: str) -> None:
    assert str(parse_price(typed)) == amount


@pytest.mark.parametrize("typed", ["", "   ", "$"])
def test_no_text_is_no_price(typed: str) -> None:
    assert parse_price(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "1.234,56",
        "1,234.56",
        "1,5",
        "1.234",
        "1e3",
        "NaN",
        "Infinity",
        "+1",
        "1 000",
        "1..2",
        "100000000",
        "1$",
    ],
)
def test_what_could_mean_two_things_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_price(typed, field="price_item_usd")
    assert (caught.value.message, caught.value.field) == (EXAMPLE, "price_item_usd")


@pytest.mark.parametrize("typed", ["-1", "−1", "-0.01", "$-5"])
def test_a_price_below_zero_is_named_as_such(typed: str) -> None:
    with pytest.raises(InputError, match="below zero"):
        parse_price(typed)


def test_zero_is_refused_where_a_price_must_be_positive() -> None:
    assert parse_price("0.01", positive=True) == Decimal("0.01")
    assert parse_price("", positive=True) is None
    with pytest.raises(InputError, match="above zero"):
        parse_price("0.00", positive=True)


def test_unknown_is_never_shown_as_zero() -> None:
    assert format_money(None) == "Unknown"
    assert format_money(None, unknown="–") == "–"
    assert format_money(Decimal(0)) == "0.00"


def test_money_is_shown_with_thousands_and_a_real_minus() -> None:
    assert format_money(Decimal("1234.5")) == "1,234.50"
    assert format_money(Decimal("-1234.5")) == "−1,234.50"


@given(AMOUNTS)
def test_what_is_shown_in_an_input_reads_back_the_same(amount: Decimal) -> None:
    assert parse_price(plain_money(amount)) == amount
    assert wire_money(amount) == plain_money(amount)
    assert format_money(amount).replace(",", "") == wire_money(amount)


def test_none_is_none_on_the_wire() -> None:
    assert (wire_money(None), plain_money(None)) == (None, "")
