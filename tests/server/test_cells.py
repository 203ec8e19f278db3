"""What people and spreadsheets write into cells, and what it means."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.server.tables import amounts, cells, dates


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("36", "36"),
        ("36.00", "36.00"),
        ("12,50", "12.50"),
        ("€ 12,50", "12.50"),
        ("12,50 €", "12.50"),
        ("$1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("US$ 5", "5"),
        ("1,234", "1234"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("0", "0"),
        ("1.23E+3", "1.23E+3"),
        ("five", "five"),
        ("1.234.567,8", "1234567.8"),
        ("1.234", "1.234"),  # of which nobody knows whether it is one or a thousand
        ("12.500", "12.500"),
        ("12.5000", "12.50"),
        ("12.500000", "12.50"),
        ("0.500", "0.50"),
        ("0,500", "0.50"),
        ("1234.500", "1234.50"),
        ("1,234.500", "1234.50"),
        ("12,5000", "12.50"),
        ("12.5001", "12.5001"),
        ("12.505", "12.505"),
        ("1.2.3", "1.2.3"),
        ("12 50", "12 50"),
        ("1,234,56", "1,234,56"),
        (".50", "0.50"),
        ("12.", "12"),
        ("$-3", "-3"),
        ("-$3", "-3"),
        ("+3", "3"),
        ("3 each", "3 each"),
        ("2 for 5", "2 for 5"),
        ("9" * 30, "9" * 30),
    ],
)
def test_money(text: str, amount: str) -> None:
    assert amounts.money(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mint (M)", "m"),
        ("Near Mint (NM or M-)", "nm"),
        ("Very Good Plus (VG+)", "vg_plus"),
        ("very good", "vg"),
        ("Good Plus (G+)", "g_plus"),
        ("Poor (P)", "p"),
        ("EX", "ex"),
        ("vg_plus", "vg_plus"),
        ("Not Graded", "not_graded"),
        ("No Cover", "no_cover"),
        ("Generic", "generic"),
        ("superb", "superb"),
    ],
)
def test_grades(text: str, code: str) -> None:
    assert cells.grade(text) == code


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("12", ""),
        ("$12", "USD"),
        ("US $12.50", "USD"),
        ("12 US$", "USD"),
        ("12.50 USD", "USD"),
        ("$12.50 USD", "USD"),
        ("$12.50 CAD", "CAD"),
        ("CA$12", "CAD"),
        ("CAD$ 12", "CAD"),
        ("C$12", "CAD"),
        ("A$ 12", "AUD"),
        ("12,50 €", "EUR"),
        ("EUR 12,50", "EUR"),
        ("eur12", "EUR"),
        ("12 Euro", "EUR"),
        ("£12", "GBP"),
        ("¥1200", "JPY"),
        ("CHF 12.50", "CHF"),
        ("Fr. 12.50", "CHF"),
        ("12 kr", "kr"),
        ("12 zł", "PLN"),
        ("-3 €", "EUR"),
    ],
)
def test_the_currency_beside_an_amount(text: str, currency: str) -> None:
    found = amounts.amount(text)
    assert found is not None
    assert found.currency == currency


@pytest.mark.parametrize("text", ["", "x", "€", "12 € $", "12 of 13", "1E5", "12/7", "12 XYZ"])
def test_what_is_no_amount(text: str) -> None:
    assert amounts.amount(text) is None


@pytest.mark.parametrize(
    ("heading", "currency", "bare"),
    [
        ("price", "", "price"),
        ("price_item_usd", "USD", "price item"),
        ("Price (EUR)", "EUR", "Price"),
        ("priceUSD", "USD", "price"),
        ("Price £", "GBP", "Price"),
        ("PREIS_CHF", "CHF", "PREIS"),
        ("purchased", "", "purchased"),
        ("Price C$", "CAD", "Price C"),
        ("Price US$", "USD", "Price US"),
        ("Price ($)", "USD", "Price"),
        ("cost/item", "", "cost item"),
        ("Catalog#", "", "Catalog"),
    ],
)
def test_the_currency_in_a_heading(heading: str, currency: str, bare: str) -> None:
    assert amounts.currency_of_heading(heading) == currency
    assert amounts.without_currency(heading) == bare


def test_a_heading_may_name_the_currency_of_the_whole_file() -> None:
    header = ["Action(SiteID=US|Country=US|Currency=USD|Version=1193|CC=UTF-8)", "Title"]
    assert amounts.currency_of_file(header) == "USD"
    assert amounts.currency_of_file(["Currency", "Title"]) == ""


def test_converting_rounds_to_the_cent() -> None:
    assert amounts.converted("12.5", Decimal("1.081")) == "13.51"
    assert amounts.converted("0.005", Decimal(1)) == "0.01"


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("31/12/2025 18:05", "", "2025-12-31T18:05:00Z"),
        ("31.12.2025", "", "2025-12-31T00:00:00Z"),
        ("12.07.2023 00:00", "mdy", "2023-07-12T00:00:00Z"),
        ("3. 4. 2023", "mdy", "2023-04-03T00:00:00Z"),
        ("2025-12-31 18:05:09", "dmy", "2025-12-31T18:05:09Z"),
        ("2025/12/31", "mdy", "2025-12-31T00:00:00Z"),
        ("2025-12-31T18:05:09.5+01:00", "", "2025-12-31T18:05:09.5+01:00"),
        ("2025-12-31T18:05:09Z", "", "2025-12-31T18:05:09Z"),
        ("3/4/2023", "mdy", "2023-03-04T00:00:00Z"),
        ("3/4/2023", "dmy", "2023-04-03T00:00:00Z"),
        ("3/4/2023", "", "3/4/2023"),
        ("5/5/2023", "", "2023-05-05T00:00:00Z"),
        ("3-4-2023 1:05 PM", "mdy", "2023-03-04T13:05:00Z"),
        ("3/4/2023, 12:05:06 am", "mdy", "2023-03-04T00:05:06Z"),
        ("05/06/07", "ymd", "2005-06-07T00:00:00Z"),
        ("12/31/99", "", "1999-12-31T00:00:00Z"),
        ("31.12.99", "", "1999-12-31T00:00:00Z"),
        ("7 Dec 2023", "mdy", "2023-12-07T00:00:00Z"),
        ("Dec 7, 2023", "dmy", "2023-12-07T00:00:00Z"),
        ("December 7th 2023 10:00", "", "2023-12-07T10:00:00Z"),
        ("07-Dec-23", "", "2023-12-07T00:00:00Z"),
        ("2023-Dec-07", "", "2023-12-07T00:00:00Z"),
        ("Dec 84", "mdy", "Dec 84"),
        ("31/02/2023", "dmy", "31/02/2023"),
        ("1/2/2023 25:00", "dmy", "1/2/2023 25:00"),
        ("soon", "dmy", "soon"),
    ],
)
def test_times(text: str, order: str, moment: str) -> None:
    assert dates.moment(text, order) == moment


def test_a_date_that_does_not_fit_the_order_is_refused() -> None:
    with pytest.raises(ValueError, match="22/11/2023"):
        dates.moment("22/11/2023", "mdy")


def order_of(*texts: str) -> Any:
    order = dates.DateOrder()
    for text in texts:
        order.look(text)
    return order.decide()


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("12/7/2023", "11/22/2023", "1/2/2024"), "mdy"),
        (("12/7/2023", "22/11/2023 10:00"), "dmy"),
        (("2023-01-02", "3.4.2023", "7 Dec 2023", "soon", "99/99/2023"), ""),
        (("5/5/2023", "12/12/2023"), ""),
        (("23/11/22", "24/01/02"), "ymd"),
        ((), ""),
    ],
)
def test_one_part_above_12_decides_for_the_file(texts: tuple[str, ...], order: str) -> None:
    if order == "ymd":  # 23/11/22 may still be the 23rd of November
        found = order_of(*texts)
        assert [reading[:3] for reading in found.readings] == ["dmy", "ymd"]
        assert order_of(*texts, "31/12/31", "99/01/02") == order
    else:
        assert order_of(*texts) == order


def test_dates_that_do_not_decide_are_a_question() -> None:
    question = order_of("5/5/2023", "3/4/2023")
    assert question.parameter == "date_order"
    assert question.readings == ("mdy: 3/4/2023 is 4 March 2023", "dmy: 3/4/2023 is 3 April 2023")
    short = order_of("5/6/07")
    assert [reading[:3] for reading in short.readings] == ["mdy", "dmy"]
    contradiction = order_of("22/11/2023", "11/22/2023")
    assert {reading[:3] for reading in contradiction.readings} == {"mdy", "dmy", "ymd"}


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("0", ""),
        ("1999", "1999"),
        ("1999.0", "1999"),
        ("1999-05-03", "1999"),
        ("1999-05", "1999"),
        ("03/05/1999", "1999"),
        ("03.05.1999 00:00", "1999"),
        ("old", "old"),
    ],
)
def test_years(text: str, year: str) -> None:
    assert cells.year(text) == year


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("290 g", "290"),
        ("290.0", "290"),
        ("9000.0", "9000"),
        ("9,000", "9000"),
        ("1,234,567", "1234567"),
        ("9.000", "9.000"),
        ("9000.00", "9000"),
        ("9000.000", "9000"),
        ("9000,000 g", "9000"),
        ("0.000", "0"),
        ("120.0000", "120"),
        ("9000.500", "9000.500"),
        ("2.5", "2.5"),
        ("9" * 40, "9" * 40),
        ("1E+999999", "1E+999999"),
        ("x", "x"),
    ],
)
def test_whole_numbers(text: str, number: str) -> None:
    assert cells.whole(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("For Sale", "ready-to-sell"),
        ("Ready to sell", "ready-to-sell"),
        ("SOLD", "sold"),
        ("ready-to-sell", "ready-to-sell"),
        ("active", "ready-to-sell"),
        ("unlisted", "ready-to-sell"),
        ("draft", "draft"),
        ("archived", "archived"),
        ("gone", "gone"),
    ],
)
def test_statuses(text: str, code: str) -> None:
    assert cells.status(text) == code


def test_numbers_of_offers_and_releases() -> None:
    assert cells.number_of_listing("900001.0") == "900001"
    assert cells.number_of_listing("9.00001E+5") == "900001"
    assert cells.quantity("3.0") == "3"
    assert [cells.number_of_release(text) for text in ("4711", "[r4711]", "4711.0", "x")] == ["4711"] * 3 + [
        "x"
    ]
    for clean, text in (
        (cells.number_of_listing, "9E+5"),
        (cells.number_of_listing, "abc"),
        (cells.number_of_release, "7.1E+08"),
        (cells.quantity, "-one"),
        (cells.quantity, "some"),
    ):
        with pytest.raises(ValueError, match=r"\w+"):
            clean(text)


def test_what_a_spreadsheet_puts_into_cells() -> None:
    assert cells.repaired('="0123"') == "0123"
    assert cells.repaired("#N/A") == ""
    assert cells.repaired("#1 Record") == "#1 Record"
    with pytest.raises(ValueError, match="#REF!"):
        cells.repaired("#REF!")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>LP</p>", "LP"),
        ('<p>7"</p>', '7"'),
        ("<p>One &amp; two</p>\n<p>three<br>four</p>", "One & two\nthree\nfour"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<style>p {color: red}</style><p>a</p><!-- b -->", "a"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("I <3 this &amp; that", "I <3 this &amp; that"),
        ("two\n\nlines", "two\n\nlines"),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert cells.plain_text(html) == text


def test_barcodes_a_spreadsheet_shortened() -> None:
    assert cells.barcode("0602445563463") == "0602445563463"
    assert cells.barcode("6.02445563463E+11") == "602445563463"
    assert cells.barcode("720642442524.0") == "720642442524"
    assert cells.barcode("7E12") == "7E12"
    for lost in ("6.02E+11", "7,20643E+11", "7E+11"):
        with pytest.raises(ValueError, match="shortened"):
            cells.barcode(lost)


@pytest.mark.parametrize(
    "tags", [[], ["rock"], ["rock", "yacht, rock"], ['7"', '"quoted"', "a b"], ["'", ",", "=1"]]
)
def test_tags_read_back(tags: list[str]) -> None:
    assert cells.tags(cells.joined(tags)) == tags


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        cells.tags("x" * 30_000)


_MONTHS = ("Jan", "February", "mar", "Apr", "MAY", "June", "Jul", "august", "Sept", "Oct", "November", "Dec")
_FORMS = (
    "{whole}.{cents}",
    "{whole},{cents}",
    "{us}.{cents}",
    "{eu},{cents}",
    "{swiss}.{cents}",
    "{space},{cents}",
)
_PUT = {
    "": ("{}",),
    "USD": ("${}", "US ${}", "{} USD", "USD {}", "$ {}"),
    "EUR": ("{} €", "€{}", "EUR {}", "{} eur", "{}\u00a0€"),
    "GBP": ("£{}", "{} GBP"),
    "JPY": ("¥{}", "JPY {}"),
    "CHF": ("CHF {}", "{} CHF", "Fr. {}"),
    "CAD": ("C${}", "CA$ {}", "{} CAD"),
}


@given(
    st.integers(0, 99_999_999_99),
    st.sampled_from(_FORMS),
    st.sampled_from([(code, form) for code, forms in _PUT.items() for form in forms]),
)
def test_an_amount_is_the_same_however_it_is_written(cents: int, form: str, put: tuple[str, str]) -> None:
    code, place = put
    us = f"{cents // 100:,}"
    written = form.format(
        whole=cents // 100,
        cents=f"{cents % 100:02d}",
        us=us,
        eu=us.replace(",", "."),
        swiss=us.replace(",", "'"),
        space=us.replace(",", "\u00a0"),
    )
    found = amounts.amount(place.format(written))
    assert found is not None
    assert (Decimal(found.number), found.currency) == (Decimal(cents) / 100, code)


_WRITTEN = {
    "mdy": ("{m}/{d}/{y}", "{m:02}/{d:02}/{y}", "{m}-{d}-{y}", "{m:02}/{d:02}/{yy:02}"),
    "dmy": ("{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d:02}/{m:02}/{yy:02}"),
    "ymd": ("{yy:02}/{m:02}/{d:02}", "{yy:02}-{m:02}-{d:02}"),
    "": (
        "{y}-{m:02}-{d:02}",
        "{y}/{m}/{d}",
        "{d}.{m}.{y}",
        "{d:02}.{m:02}.{yy:02}",
        "{d} {name} {y}",
        "{name} {d}, {y}",
    ),
}


@given(
    st.dates(date(1971, 1, 1), date(2025, 12, 31)),
    st.sampled_from([(order, form) for order, forms in _WRITTEN.items() for form in forms]),
    st.sampled_from(["", " 00:00", " 18:05:09", ", 6:05:09 PM"]),
)
def test_a_date_is_the_same_however_it_is_written(day: date, written: tuple[str, str], clock: str) -> None:
    order, form = written
    name = _MONTHS[day.month - 1]
    text = form.format(y=day.year, yy=day.year % 100, m=day.month, d=day.day, name=name) + clock
    time = "T00:00:00Z" if clock in ("", " 00:00") else "T18:05:09Z"
    assert dates.moment(text, order) == f"{day.isoformat()}{time}"
    found = order_of(text)
    if isinstance(found, str):
        assert dates.moment(text, found) == f"{day.isoformat()}{time}"
    else:
        assert order in {reading[:3] for reading in found.readings}
