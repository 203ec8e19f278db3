"""Tracking numbers as carriers print them, with right and wrong check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.tracking import compact_number, recognise, spaced, told


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z5R89390357567127", "ups"),
        ("1Z999AA10123456784", "ups"),
        ("1Z879E930346834440", "ups"),
        ("9400 1118 9922 3344 5566 77", "usps"),
        ("9405511899223197428490", "usps"),
        ("420221539101026837331000039521", "usps"),
        ("986578788855", "fedex"),
        ("799531274483", "fedex"),
        ("041441760228964", "fedex"),
        ("00340434161094042557", "dhl"),
        ("3318810025", "dhl"),
        ("RB 123 456 785 GB", "royal_mail"),
        ("rr473124829gb", "royal_mail"),
        ("RR473124829DE", "deutsche_post"),
        ("RR473124829FR", "la_poste"),
        ("RR473124829NL", "postnl"),
        ("RR473124829CA", "canada_post"),
        ("RR473124829US", "usps"),
        ("RR473124829JP", "other"),
    ],
)
def test_a_carrier_is_known_by_its_number(number: str, carrier: str) -> None:
    found = recognise(number)
    assert found is not None
    assert (found.carrier, found.check) == (carrier, "right")
    assert found.words.endswith(", check digit right")


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z5R89390357567128", "ups"),
        ("9400111899223344556678", "usps"),
        ("RR473124828GB", "royal_mail"),
        ("00340434161094042558", "dhl"),
    ],
)
def test_a_wrong_check_digit_is_said_where_the_form_leaves_no_doubt(number: str, carrier: str) -> None:
    found = recognise(number)
    assert found is not None
    assert (found.carrier, found.check) == (carrier, "wrong")
    assert found.words.endswith("check digit wrong")


@pytest.mark.parametrize(
    "number", ["", "12345", "986578788856", "1Z5R8939035756712", "HELLO", "RR47312482GB"]
)
def test_what_is_not_certain_is_not_said(number: str) -> None:
    assert recognise(number) is None


def test_bare_figures_are_checked_against_the_carrier_the_user_named() -> None:
    found = recognise("986578788856", "fedex")
    assert found is not None
    assert found.check == "wrong"
    assert recognise("986578788856", "usps") is None


def test_figures_that_fit_two_carriers_name_neither_until_the_user_does() -> None:
    both = next(
        number
        for number in (f"{value:012d}" for value in range(400_000_000_000, 400_000_005_000))
        if (fedex := recognise(number, "fedex")) and fedex.check == "right" and recognise(number) is None
    )
    dhl = recognise(both, "dhl")
    assert dhl is not None
    assert dhl.check == "right"


def test_forms_without_a_check_digit_name_only_the_carrier() -> None:
    assert [
        found.words for found in map(recognise, ("JJD000390007827894567", "3SABCD123456789")) if found
    ] == [
        "DHL",
        "PostNL",
    ]


def test_numbers_are_grouped_for_reading_and_compacted_for_sending() -> None:
    assert spaced("9400111899223344556677") == "9400 1118 9922 3344 5566 77"
    assert spaced("rr473124829gb") == "RR 473 124 829 GB"
    assert spaced("1Z5R89390357567127") == "1Z5R89390357567127"
    assert compact_number(" rr 473-124.829 gb ") == "RR473124829GB"


@given(st.text(max_size=40))
def test_any_text_is_safe(text: str) -> None:
    recognise(text)
    assert compact_number(spaced(text)) == compact_number(text)


@given(st.from_regex(r"9[1-5]\d{19}", fullmatch=True))
def test_exactly_one_check_digit_is_right(start: str) -> None:
    ascii_start = "".join(str(int(figure)) for figure in start)
    checks = [found.check for digit in "0123456789" if (found := recognise(ascii_start + digit))]
    assert sorted(checks) == ["right"] + ["wrong"] * 9


@pytest.mark.parametrize(
    ("text", "number", "whose"),
    [
        ("https://www.ups.com/track?tracknum=12345678901", "12345678901", "ups"),
        ("www.laposte.fr/outils/suivre-vos-envois?code=8X12345678901", "8X12345678901", "la_poste"),
        ("https://example.com/usps/12345678901", "12345678901", None),
        ("Royal Mail AB123456", "AB123456", "royal_mail"),
        ("DHL or UPS 12345678901", "12345678901", None),
        ("UPS", "", None),
        ("via DHL 1Z999AA10123456784", "1Z999AA10123456784", "ups"),
    ],
)
def test_what_stands_around_a_number_tells_whose_it_is_where_its_form_does_not(
    text: str, number: str, whose: str | None
) -> None:
    found = told(text, number)
    assert (found and found.carrier) == whose
