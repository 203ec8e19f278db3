"""Money as exact decimals with two places, US dollars. Never a float.

Source: api-reference, common rules (“decimal strings with two places”). The one reader of typed amounts: what
can mean one thing only is read as that, in whatever digits and marks a keyboard has; what could mean two is
asked, never guessed.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from instica_desktop.core.errors import InputError

CENT = Decimal("0.01")
MAX_PRICE = Decimal("99999999.99")
EXAMPLE = "This is not a price. Write it like 12.50 or 12,50."

_MARKS = str.maketrans("．。，､＄﹩’‘ʼ＇´−–－﹣", "..,,$$'''''----")
"""What keyboards have for a point, a comma, a dollar, an apostrophe and a minus."""
_CURRENCY = re.compile(r"^(?:US ?\$|USD|\$)\s*|\s*(?:US ?\$|USD|\$)$", re.IGNORECASE)
_OTHER = re.compile(r"^(?:[A-Z]{2,3}\s*(?=[0-9.,])|[A-Z]{1,2}\$)|(?<=[0-9.,\s])[A-Z]{3}$", re.IGNORECASE)
"""Letters that name another currency, before or behind an amount; signs such as € are known by themselves."""
OTHER_CURRENCY = "Prices are in US dollars. Write the amount in dollars, like 12.50."
_POINTS = ".,٫"
_BETWEEN_THOUSANDS = ",.٬' "


def _pattern(point: str, between: str) -> re.Pattern[str]:
    point, between = re.escape(point), re.escape(between)
    whole = rf"[0-9]*|[1-9][0-9]{{0,2}}(?:{between}[0-9]{{3}})+"
    return re.compile(rf"(?=.*[0-9])({whole})(?:{point}([0-9]{{0,3}}))?")


@cache
def _ways() -> tuple[re.Pattern[str], ...]:
    """Return the ways to write an amount. Made when one is typed: the start does without."""
    return tuple(
        _pattern(point, between) for point in _POINTS for between in _BETWEEN_THOUSANDS if point != between
    )


class Ambiguous(InputError):
    """An amount that can be read in two ways. `readings` are both, as one types them without doubt."""

    def __init__(self, readings: tuple[Decimal, ...], *, field: str = "") -> None:
        self.readings = tuple(f"{amount:,.2f}" for amount in readings)
        words = " or ".join(self.readings)
        super().__init__(f"Is this {words}? Type it with its cents.", field=field)


def parse_price(text: str, *, field: str = "", positive: bool = False) -> Decimal | None:
    """Read a typed price. Empty text is None (no price).

    Reads `42`, `$42.50`, `1,50`, `1.234,50`, `1 234.50`; whatever the app shows is among it.

    Raises:
        Ambiguous: it can be read in two ways, as `1,234` can.
        InputError: with a sentence that shows a right value, for the given wire field.
    """
    typed = _CURRENCY.sub("", plain_digits(text)).strip()
    if not typed:
        return None
    if any(char.isdecimal() for char in typed) and _names_another(typed):
        raise InputError(OTHER_CURRENCY, field=field)
    if typed[0] == "-" and any(char.isdecimal() for char in typed):
        raise InputError("A price cannot be below zero.", field=field)
    amount = _read(typed, field)
    if positive and amount == 0:
        raise InputError("A price must be above zero, or empty while the item is not for sale.", field=field)
    return amount


def _names_another(typed: str) -> bool:
    """Tell whether an amount carries the sign or the name of a currency; the dollar is off it already."""
    ends = (typed[0], typed[-1])
    return any(unicodedata.category(end) == "Sc" for end in ends) or bool(_OTHER.search(typed))


def _read(typed: str, field: str) -> Decimal:
    """Return the one amount a text can mean."""
    found = [match.groups() for way in _ways() if (match := way.fullmatch(typed))]
    readings = {_amount(whole, cents or "") for whole, cents in found if len(cents or "") < 3}
    if not readings:
        raise InputError(EXAMPLE, field=field)
    if min(readings) > MAX_PRICE:
        raise InputError(f"A price can be at most {MAX_PRICE:,}.", field=field)
    doubtful = {_amount(whole, cents) for whole, cents in found if len(cents or "") == 3}
    if doubtful:
        raise Ambiguous(tuple(sorted(readings | doubtful, reverse=True)), field=field)
    return readings.pop().quantize(CENT)


def _amount(whole: str, cents: str) -> Decimal:
    figures = "".join(char for char in whole if char.isdecimal())
    amount = Decimal(f"{figures or 0}.{cents or 0}")
    return amount.quantize(CENT, ROUND_HALF_UP) if amount <= MAX_PRICE else amount


def plain_digits(text: str) -> str:
    """Return a typed text with the digits, spaces and marks of any keyboard as the plain ones."""
    seen = (char for char in text if unicodedata.category(char) != "Cf")  # marks of direction are not seen
    return "".join(_plain(char) for char in seen).translate(_MARKS).strip()


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return " " if char.isspace() else char


def format_money(amount: Decimal | None, *, unknown: str = "Unknown") -> str:
    """Return `1,234.50` with a real minus sign; None reads as `unknown`, never as zero."""
    if amount is None:
        return unknown
    return f"{amount.quantize(CENT):,.2f}".replace("-", "−")


def plain_money(amount: Decimal | None) -> str:
    """Return what stands in an input: `1234.50`, empty for None."""
    return "" if amount is None else f"{amount.quantize(CENT):.2f}"


def wire_money(amount: Decimal | None) -> str | None:
    """Return the wire form: a decimal string with two places, or None."""
    return None if amount is None else f"{amount.quantize(CENT):.2f}"
