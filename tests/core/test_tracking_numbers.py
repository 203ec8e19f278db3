"""A tracking number out of what people bring; the client's rules and the server's, each its own, agree."""

import random
from collections.abc import Callable

import pytest

from instica_desktop.core import tracking_numbers as ours
from instica_desktop.core.errors import InputError
from instica_desktop.server.domain import tracking as theirs
from tests.support.scripts import code, title

PARCEL = "9400111899560000000151"
FIRST, SECOND, FOURTH, FIFTH = (f"94001118995600000000{end}" for end in ("14", "21", "38", "45"))
CLEAN = pytest.mark.parametrize("clean", [ours.clean_number, theirs.clean_number], ids=["client", "server"])
Clean = Callable[[str], str]

BROUGHT = {
    # a carrier's own table, as a spreadsheet keeps it
    FIRST: FIRST,
    f'="{SECOND}"': SECOND,
    f"\u200b{FOURTH}": FOURTH,
    f"https://example.com/track?n={FIFTH}": FIFTH,
    # what cannot be seen
    f"\ufeff{FIRST}\u200e": FIRST,
    f"\u202a{FIRST}\u202c": FIRST,
    f"\u2066{FIRST[:8]}\u200d{FIRST[8:]}\u2069\u00ad": FIRST,
    f"\u00a0{FIRST[:4]}\u00a0{FIRST[4:]}\u202f\t\r\n": FIRST,
    # groups, dashes, wide figures
    "9400 1118 9956 0000 0000 14": FIRST,
    "9400-1118-9956–0000—0000.14": FIRST,
    "９４００１１１８９９５６": "940011189956",
    "RR 473 124 829 GB": "RR473124829GB",
    # names before it
    f"USPS {FIRST}": FIRST,
    f"USPS: 9400 {FIRST[4:]}": FIRST,
    f"usps tracking number: {FIRST}": FIRST,
    f"Tracking # {FIRST}": FIRST,
    "UPS 1Z 999 AA1 01 2345 6784": "1Z999AA10123456784",
    "UPS1Z999AA10123456784": "1Z999AA10123456784",
    "DHL Express 1234567890": "1234567890",
    "Royal Mail RR473124829GB": "RR473124829GB",
    "DHL-Tracking-Nr.: 00340434161094021501": "00340434161094021501",
    f"'{FIRST}": FIRST,
    # links of carriers
    f"https://tools.usps.com/go/TrackConfirmAction?tRef=fullpage&tLc=2&tLabels={FIRST}%2C": FIRST,
    "https://www.ups.com/track?loc=en_US&tracknum=1Z999AA10123456784&requester=ST/trackdetails": (
        "1Z999AA10123456784"
    ),
    "https://www.fedex.com/fedextrack/?trknbr=123456789012&trkqual=2460012~123456789012~FX": "123456789012",
    "https://www.dhl.com/en/express/tracking.html?AWB=1234567890&brand=DHL": "1234567890",
    "https://www.dhl.de/de/privatkunden.html?piececode=00340434161094021501": "00340434161094021501",
    "https://www.royalmail.com/track-your-item#/tracking-results/RR473124829GB": "RR473124829GB",
    "https://www.laposte.fr/outils/suivre-vos-envois?code=8X12345678901": "8X12345678901",
    "https://jouw.postnl.nl/track-and-trace/3SABCD1234567890-NL-1234AB": "3SABCD1234567890",
    "https://www.canadapost-postescanada.ca/track-reperage/en#/details/7023210039414604": "7023210039414604",
    "https://t.17track.net/en#nums=RR473124829GB": "RR473124829GB",
    "WWW.EXAMPLE.COM/T/RR473124829GB": "RR473124829GB",
    # short ones stay as they are written
    "": "",
    "T-2000": "T-2000",
    "RM 1 GB": "RM 1 GB",
    "1E5": "1E5",
    # a spreadsheet's fraction and empty cell, a sign for “number”
    f"{PARCEL}.0": PARCEL,
    f"{PARCEL},00": PARCEL,
    f"USPS {PARCEL}.0": PARCEL,
    '=""': "",
    " \u200b\n": "",
    f"#{FIRST}": FIRST,
    "# 4711-22": "4711-22",
    # the barcode of a USPS label: 420 and the buyer's ZIP code before the number
    f"42048202{FIRST}": FIRST,
    f"420482029400{FIRST}": FIRST,
    f"420 48202 {FIRST}": FIRST,
    f"42048202\x1d{FIRST}": FIRST,
    # words around a number that a known carrier's form tells from them
    f"{FIRST} USPS Media Mail": FIRST,
    f"{FIRST}\nUSPS Media Mail": FIRST,
    "9400 1118 9956 0000 0000 14 (Media Mail)": FIRST,
    "LX123456789DE via DHL": "LX123456789DE",
    "Sendungsnummer 00340434161094021501": "00340434161094021501",
    "1Z 999 AA1 01 2345 6784, sent on Monday": "1Z999AA10123456784",
    "FedEx Ground, 123456789012": "123456789012",
    f"tools.usps.com/go/TrackConfirmAction?tLabels={FIRST}": FIRST,
    f"see https://example.com/?n={FIRST}": FIRST,
    f"{FIRST}\n{FIRST}": FIRST,
    "9400 1118 9956\n0000 0000 14": FIRST,
    # numbers of carriers nobody knows
    "A1234": "A1234",
    "P-0": "P-0",
    "TBA 304 123 456 789": "TBA304123456789",
    "rm 123456 gb": "rm 123456 gb",
    "123-45678901": "12345678901",
    "GRT-2024-7": "GRT-2024-7",
    "7" * 40: "7" * 40,
}
"""What is brought → the number kept."""

NO_NUMBERS = (
    *(
        "N/A",
        "n/a",
        "none",
        "-",
        "—",
        "0",
        "000000000",
        "#",
        "UPS",
        "by hand, Tuesday",
        "not shipped 2 pieces",
    ),
    *(
        "https://example.com/",
        "https://[broken",
        "example.com",
        "http://",
        "by hand 2 and so on",
        "7" * 41,
        "1",
    ),
    *('=HYPERLINK("https://example.com/?n=9400111899560000000014","x")', "=A12", "=1+1", "+SUM(A1:A2)"),
    *(f"<b>{FIRST}</b>", f"<a href='https://example.com/?n={FIRST}'>x</a>", "2023-01-05 00:00:00"),
    *("Sendung 12345678", "12345678 via GLS", "№ 12345678", "ABC12345\u0414", "12\x003456789"),
)
SEVERAL = (
    *(
        f"{FIRST}\n{SECOND}",
        f"{FIRST}, {SECOND}",
        f"{FIRST} {SECOND}",
        f"{FIRST};{SECOND}",
        f"{FIRST}\t{SECOND}",
    ),
    *("AB1234567\r\nCD7654321", "AB12345678 CD87654321", "AB123, CD456", f"{FIRST} and {SECOND}"),
    *(
        f"https://example.com/?a={FIRST}&b={SECOND}",
        f"USPS {FIRST}\nUSPS {SECOND}",
        "Tracking: A1234567\nB1234567",
    ),
)


@CLEAN
@pytest.mark.parametrize("brought", BROUGHT)
def test_a_number_is_cleaned_and_cleaning_it_again_changes_nothing(clean: Clean, brought: str) -> None:
    assert clean(brought) == BROUGHT[brought]
    assert clean(BROUGHT[brought]) == BROUGHT[brought]


@pytest.mark.parametrize(
    "brought", ["9.40011E+21", "9,40011e+21", "9E+21", '="9.4E21"', "USPS 9.40011E+21", "\ufeff９.4E+21"]
)
def test_what_a_spreadsheet_damaged_is_refused_with_the_reason(brought: str) -> None:
    with pytest.raises(InputError, match="damaged by a spreadsheet") as refused:
        ours.clean_number(brought)
    assert refused.value.field == "tracking_number"
    with pytest.raises(theirs.NotANumber, match="damaged by a spreadsheet"):
        theirs.clean_number(brought)


@pytest.mark.parametrize(
    ("brought", "reason"),
    [*((text, "not a tracking number") for text in NO_NUMBERS), *((text, "several") for text in SEVERAL)],
)
def test_what_is_no_number_or_several_is_refused_in_words(brought: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as refused:
        ours.clean_number(brought)
    assert refused.value.field == "tracking_number"
    with pytest.raises(theirs.NotANumber, match=reason):
        theirs.clean_number(brought)


def test_a_search_by_what_is_no_number_stays_as_it_is_typed() -> None:
    for text in (*NO_NUMBERS, *SEVERAL, "blue note 4195", "smith", "#1001", "9400 1118 9956 0000 0000 14"):
        assert ours.searched(text) == theirs.searched(text) == text
    for text in (f"42048202{FIRST}", f"{FIRST} USPS Media Mail", f"#{FIRST}", f"{FIRST}.0"):
        number = f"{FIRST}"
        assert ours.searched(text) == theirs.searched(text) == number


REFUSALS = (ours.DAMAGED, ours.NO_NUMBER, ours.SEVERAL)


def _ours(text: str) -> str:
    try:
        return ours.clean_number(text)
    except InputError as error:
        return error.message


def _theirs(text: str) -> str:
    try:
        return theirs.clean_number(text)
    except theirs.NotANumber as error:
        return str(error)


def test_both_treat_every_character_alike() -> None:
    for plane in (*range(4), 14):
        for point in range(plane * 0x10000, (plane + 1) * 0x10000):
            text = f"{chr(point)}1234{chr(point)}5678"
            assert _ours(text) == _theirs(text), f"U+{point:04X}"


@pytest.mark.parametrize("seed", range(4))
def test_both_clean_random_texts_alike(seed: int) -> None:
    chance = random.Random(seed)
    parts = (
        *BROUGHT,
        "=",
        '"',
        "usps ",
        "UPS",
        "DHL ",
        "via ",
        " FedEx",
        ".0",
        "420",
        "<b>",
        "=A",
        "\n",
        "RR 473 124 829 GB",
        "no. ",
        "#",
        "https://",
        "www.",
        "?n=",
        "&id=",
        "/",
        ",",
    )
    for _ in range(5000):
        pieces = [
            chance.choice(
                (chance.choice(parts), code(chance), title(chance, 1), str(chance.randint(0, 10**9)))
            )
            for _ in range(chance.randint(1, 4))
        ]
        text = chance.choice(("", " ", "-", "\u200b", "\n", ", ")).join(pieces)[
            : chance.choice((12, 40, 400))
        ]
        found = _ours(text)
        assert found == _theirs(text), (seed, text)
        assert _ours(found) == found or found in REFUSALS, (seed, text)
