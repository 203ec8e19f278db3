"""Prices as typed, shown and sent: exact, and never guessed."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import (
    EXAMPLE,
    MAX_PRICE,
    Ambiguous,
    format_money,
    parse_price,
    plain_money,
    wire_money,
)

AMOUNTS = st.decimals(min_value=0, max_value=MAX_PRICE, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("42", "42.00"),
        (" 42.5 ", "42.50"),
        ("$42.50", "42.50"),
        ("$ 7", "7.00"),
        (" $ 12.50 ", "12.50"),
        ("12.50 $", "12.50"),
        ("1$", "1.00"),
        ("US$ 12.50", "12.50"),
        ("12,50 USD", "12.50"),
        ("7.", "7.00"),
        ("7,", "7.00"),
        (".5", "0.50"),
        (",5", "0.50"),
        ("0", "0.00"),
        ("007.10", "7.10"),
        ("1,5", "1.50"),
        ("1,50", "1.50"),
        ("22,75", "22.75"),
        ("1234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1,234.5", "1234.50"),
        ("1,234.", "1234.00"),
        ("1,234,567", "1234567.00"),
        ("1.234.567", "1234567.00"),
        ("1 234,50", "1234.50"),
        ("1 000", "1000.00"),
        ("1\u00a0234.50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1’234", "1234.00"),
        ("99999999.99", "99999999.99"),
        ("99,999,999.99", "99999999.99"),
        ("１２", "12.00"),
        ("１２.５", "12.50"),
        ("７．５０", "7.50"),
        ("７.５０", "7.50"),
        ("１，２３４．５０", "1234.50"),
        ("＄１２", "12.00"),
        ("١٢٫٥٠", "12.50"),
        ("١٬٢٣٤٫٥٠", "1234.50"),
        ("١٬٢٣٤", "1234.00"),
        ("۱۲.۵", "12.50"),
        ("\u200f12.50\u200e", "12.50"),
        ("\u202b12.50\u202c", "12.50"),
    ],
)
def test_a_price_is_read_as_the_only_thing_it_can_mean(typed: str, amount: str) -> None:
    assert str(parse_price(typed)) == amount


@pytest.mark.parametrize("typed", ["", "   ", "$", "\u00a0", "\u200f", "USD"])
def test_no_text_is_no_price(typed: str) -> None:
    assert parse_price(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        ".",
        "$ ,",
        "1e3",
        "1e5",
        "NaN",
        "Infinity",
        "+1",
        "1..2",
        "1,,2",
        "1,2,3",
        "1.2.3",
        "12 50",
        "1234.567",
        "1234,567",
        "0,234",
        "0.125",
        "1,234,56",
        "1.234.56",
        "1,234.567",
        "1.234'50",
        "12,34,567",
        "½",
        "2²",
        "Ⅻ",
        "1_000",
        "0x10",
        "1.5-",
    ],
)
def test_what_means_no_price_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_price(typed, field="price_item_usd")
    assert (caught.value.message, caught.value.field) == (EXAMPLE, "price_item_usd")


def test_the_example_says_that_it_is_no_price_and_can_be_typed_itself() -> None:
    assert "not a price" in EXAMPLE
    examples = EXAMPLE.rstrip(".").partition("like ")[2].split(" or ")
    assert [parse_price(typed) for typed in examples] == [Decimal("12.50")] * 2


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("1,234", ("1,234.00", "1.23")),
        ("1.234", ("1,234.00", "1.23")),
        ("$12.345", ("12,345.00", "12.35")),
        ("999,999", ("999,999.00", "1,000.00")),
        ("１，２３４", ("1,234.00", "1.23")),
    ],
)
def test_what_can_mean_two_prices_is_asked_with_both(typed: str, readings: tuple[str, str]) -> None:
    with pytest.raises(Ambiguous) as caught:
        parse_price(typed, field="cost_usd")
    assert (caught.value.readings, caught.value.field) == (readings, "cost_usd")
    assert all(reading in caught.value.message for reading in readings)
    for reading in readings:
        assert format_money(parse_price(reading)) == reading  # a reading chosen is not asked again


@pytest.mark.parametrize(
    "typed", ["100000000", "123456789012", "123,456,789,012", "123456789012.50", "9" * 5000]
)
def test_a_price_that_is_too_large_is_told_its_size(typed: str) -> None:
    with pytest.raises(InputError, match=r"at most 99,999,999\.99"):
        parse_price(typed)


@pytest.mark.parametrize("typed", ["-1", "−1", "-0.01", "$-5", "-3", "- 3", "－３", "-1,234", "–5"])
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
    for shown in (format_money(amount), f"$ {format_money(amount)}", f"${format_money(amount)}"):
        assert parse_price(shown) == amount
    assert wire_money(amount) == plain_money(amount)
    assert format_money(amount).replace(",", "") == wire_money(amount)


def test_none_is_none_on_the_wire() -> None:
    assert (wire_money(None), plain_money(None)) == (None, "")


@given(st.text())
def test_whatever_is_typed_is_read_or_answered(text: str) -> None:
    amount: Decimal | None = None
    with suppress(InputError):
        amount = parse_price(text)
    assert amount is None or (0 <= amount <= MAX_PRICE and amount == amount.quantize(Decimal("0.01")))


@pytest.mark.parametrize(
    "typed", ["€7", "7 €", "£12.50", "¥ 700", "EUR 7", "7,50 eur", "CHF 12", "12 GBP", "CA$ 7", "A$7"]
)
def test_another_currency_is_refused_with_its_reason(typed: str) -> None:
    with pytest.raises(InputError, match="US dollars") as caught:
        parse_price(typed, field="cost_usd")
    assert caught.value.field == "cost_usd"
