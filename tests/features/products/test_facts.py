"""What is said of a product: its pressing, its prices, its copies."""

from decimal import Decimal

import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Artist, Label, Product, ProductItem
from instica_desktop.features.product_words import heading_of, read_title, read_year
from instica_desktop.features.products.facts import copies_search, copy_grades, price_range


def test_the_heading_identifies_the_pressing() -> None:
    product = Product(
        uid="p1",
        title="Kind of Blue",
        artist=Artist(name="Miles Davis"),
        label=Label(name="Columbia"),
        catalog_number="CS 8163",
        format="LP",
        year=1959,
        country="US",
    )
    assert heading_of(product) == "Miles Davis · Columbia CS 8163 · LP · 1959 · US"
    assert copies_search(product) == "Kind of Blue CS 8163"
    assert heading_of(Product(uid="p2", title="Nothing known")) == ""


def test_prices_are_a_range_only_where_they_differ() -> None:
    low, high = Decimal("16.00"), Decimal("42.00")
    assert price_range(low, high) == "16.00–42.00"
    assert price_range(low, low) == "16.00"
    assert price_range(low, None) == "16.00"
    assert price_range(None, high) == "42.00"
    assert price_range(None, None) == ""


def test_grades_of_a_copy_name_record_and_sleeve() -> None:
    assert copy_grades(ProductItem(uid="i", condition_item="vg_plus", condition_container="vg")) == "VG+ / VG"
    assert copy_grades(ProductItem(uid="i", condition_item="nm")) == "NM"
    assert copy_grades(ProductItem(uid="i")) == "Not graded"


def test_a_year_has_four_figures_and_a_title_is_never_empty() -> None:
    assert (read_year(" 1959 "), read_year("")) == (1959, None)
    for typed in ("next year", "59", "1,959", "²⁰⁰⁰"):
        with pytest.raises(InputError) as refused:
            read_year(typed)
        assert refused.value.field == "year"
    assert read_title(" Karma ") == "Karma"
    with pytest.raises(InputError):
        read_title(" ")


def test_what_is_written_from_right_to_left_keeps_its_place() -> None:
    artist, label = Artist(name="أم كلثوم"), Label(name="صوت القاهرة")
    product = Product(uid="p", title="x", artist=artist, label=label, format="LP")
    assert heading_of(product) == "\u2068أم كلثوم\u2069 · \u2068صوت القاهرة\u2069 · LP"
