"""Amounts of money as people write them, with the currency that they or the heading of their column name."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

DOLLARS = "USD"
CODES = frozenset(
    [
        "USD",
        "EUR",
        "GBP",
        "JPY",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "SEK",
        "NOK",
        "DKK",
        "ISK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "BGN",
        "TRY",
        "UAH",
        "RUB",
        "ILS",
        "ZAR",
        "BRL",
        "MXN",
        "ARS",
        "CLP",
        "COP",
        "PEN",
        "CNY",
        "HKD",
        "TWD",
        "KRW",
        "SGD",
        "MYR",
        "THB",
        "IDR",
        "PHP",
        "VND",
        "INR",
        "AED",
        "SAR",
    ]
)
"""The currencies records are traded in."""
_SIGNS = {
    "$": DOLLARS,
    "US": DOLLARS,
    "US$": DOLLARS,
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "￥": "JPY",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "MX$": "MXN",
    "R$": "BRL",
    "FR.": "CHF",
    "SFR.": "CHF",
    "ZŁ": "PLN",
    "KČ": "CZK",
    "FT": "HUF",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₪": "ILS",
    "₩": "KRW",
    "₹": "INR",
    "DOLLAR": DOLLARS,
    "DOLLARS": DOLLARS,
    "USDOLLAR": DOLLARS,
    "USDOLLARS": DOLLARS,
    "POUND": "GBP",
    "POUNDS": "GBP",
    "KR": "kr",
    "KR.": "kr",
}
"""How currencies are written. `kr` may be one of several, none of which is dollars."""
_CENT = Decimal("0.01")
_MOST_DIGITS = 15
_LONGEST = 50
"""Characters of an amount with all that may stand beside it."""
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2019": "'"})
_FIGURES = re.compile(r"[.,]?\d(?:[\d.,' ]*[\d.,])?", re.ASCII)
_SIGNED = re.compile(r"([+-]?) *([^+-]*?) *([+-]?) *")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([ '.,])\d{3})(?:\1\d{3})*", re.ASCII)
_OTHER_MARK = {".": ",", ",": "."}
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SIGN = re.compile(r"[A-Za-z]{0,3}[^\w\s().,:/-]")
_STATED = re.compile(r"\bcurrency=([a-z]{3})\b", re.IGNORECASE)


class Amount(NamedTuple):
    """An amount: digits with a point, and the currency that stands beside them (empty for none).

    `divider` is a mark before its last three digits that is its only one: 12.500 is twelve and a half to some
    and twelve thousand to others. `mark` is that of its fraction, empty when its writing does not tell.
    """

    number: str
    currency: str
    divider: str = ""
    mark: str = ""

    @property
    def with_fraction(self) -> str:
        """What it is when its divider is the mark of a fraction."""
        return f"{self.number[:-3]}.{self.number[-3:]}"

    def read(self, marks: str) -> str | None:
        """Return the number in a file whose fractions have these marks (empty: not known), None for either.

        Money has no third place, so a comma divides thousands unless the file says otherwise.
        """
        is_open = self.divider in (marks or ".") if self.divider else False
        return None if is_open else self.number

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0, in whatever currency."""
        return not self.number.strip("+-0.")


def amount(text: str) -> Amount | None:
    """Return what a cell says as an amount, None when it is none: `€ 1.234,50` → 1234.50 EUR."""
    return _amount(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _amount(text: str) -> Amount | None:
    bare = text.translate(_BLANKS).strip()
    found = _FIGURES.search(bare)
    signed = _SIGNED.fullmatch(bare[: found.start()]) if found else None
    if found is None or signed is None:
        return None
    number, currency = _plain(found.group()), _beside(signed.group(2), bare[found.end() :])
    if number is None or currency is None:
        return None
    minus = "-" if "-" in (signed.group(1), signed.group(3)) else ""
    return Amount(minus + number, currency, *_marks(found.group()))


def money(text: str) -> str:
    """Return an amount as digits with a point; what is none as it is."""
    found = amount(text)
    return (found and found.read("")) or text.strip()


def currency_code(text: str) -> str:
    """Return the code of the currency a text names, empty when it names none that is known."""
    name = re.sub(r"\s", "", text).upper()
    if name in _SIGNS:
        return _SIGNS[name]
    bare = name.strip("$")  # CAD$
    return bare if bare in CODES else ""


def currency_of_heading(heading: str) -> str:
    """Return the currency that the name of a column says: `price_usd`, `Price (EUR)`, `Price £`."""
    words = [word.upper() for word in _WORDS.findall(heading)]
    signs = (sign.upper() for sign in _SIGN.findall(heading))
    named = (_SIGNS.get(sign) or _SIGNS.get(sign[-1], "") for sign in signs)
    return next((word for word in words if word in CODES), "") or next(filter(None, named), "")


def currency_of_file(header: Iterable[str]) -> str:
    """Return the currency that some heading says of the whole file: `Action(SiteID=US|Currency=USD)`."""
    stated = (_STATED.search(heading) for heading in header)
    codes = (found.group(1).upper() for found in stated if found)
    return next((code for code in codes if code in CODES), "")


def without_currency(heading: str) -> str:
    """Return the name of a column without the currency in it: `Price (EUR)` → `Price`."""
    return " ".join(word for word in _WORDS.findall(heading) if word.upper() not in CODES)


def converted(number: str, rate: Decimal) -> str:
    """Return an amount in dollars, of which the rate is the price of one unit."""
    return str((Decimal(number) * rate).quantize(_CENT, ROUND_HALF_UP))


def _plain(figures: str) -> str | None:
    """Return a number with a point: the last mark is that of the fraction unless it divides thousands.

    `12.500` is taken for thousands, which `Amount.divider` tells; `12.5000` is 12.50.
    """
    if sum(char.isdigit() for char in figures) > _MOST_DIGITS:
        return None
    if figures.isdecimal():
        return figures
    if _GROUPS.fullmatch(figures):
        return re.sub(r"\D", "", figures)  # money has no third place, so these are thousands
    place = max(figures.rfind("."), figures.rfind(","))
    whole, mark, fraction = figures[:place], figures[place], figures[place + 1 :]
    thousands = _GROUPS.fullmatch(whole)
    if place < 0 or not (whole.isdecimal() or not whole or (thousands and thousands.group(1) != mark)):
        return None
    if not fraction[2:].strip("0"):
        fraction = fraction[:2]
    digits = re.sub(r"\D", "", whole) or "0"
    return f"{digits}.{fraction}" if fraction else digits


def _marks(figures: str) -> tuple[str, str]:
    """Return the mark that may divide thousands or a fraction, and the one that certainly does the latter."""
    grouped = _GROUPS.fullmatch(figures)
    if grouped is None:
        return "", figures[max(figures.rfind("."), figures.rfind(","))] if not figures.isdecimal() else ""
    mark = grouped.group(1)
    if mark not in _OTHER_MARK:
        return "", ""
    return (mark, "") if figures.count(mark) == 1 else ("", _OTHER_MARK[mark])


def _beside(before: str, after: str) -> str | None:
    """Return the currency named on either side of a number, empty for none, None for what is no currency."""
    codes = [currency_code(side) for side in (before, after) if side.strip()]
    if not all(codes):
        return None
    told = set(codes) - {DOLLARS} if len(codes) > 1 else set(codes)  # `$12 CAD`: a sign of many dollars
    return DOLLARS if codes and not told else told.pop() if len(told) == 1 else None if told else ""
