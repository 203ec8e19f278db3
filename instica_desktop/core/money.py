"""Money as exact decimals with two places, US dollars. Never a float.

Source: api-reference, common rules (“decimal strings with two places”).
"""

import re
from decimal import Decimal

from instica_desktop.core.errors import InputError

CENT = Decimal("0.01")
MAX_PRICE = Decimal("99999999.99")
_PLAIN = re.compile(r"\d{1,8}(\.\d{1,2})?|\.\d{1,2}")
EXAMPLE = "Two decimals, a point between: 1234.56"


def parse_price(text: str, *, field: str = "", positive: bool = False) -> Decimal | None:
    """Read a typed price. Empty text is None (no price).

    Accepts `42`, `42.5`, `$42.50`. Refuses signs, letters, decimal commas and thousands separators
    rather than guess what they mean.

    Raises:
        InputError: with a sentence that shows a right value, for the given wire field.
    """
    typed = text.strip().removeprefix("$").strip()
    if not typed:
        return None
    if typed[0] in "-−":
        raise InputError("A price cannot be below zero.", field=field)
    if not _PLAIN.fullmatch(typed):
        raise InputError(EXAMPLE, field=field)
    amount = Decimal(typed).quantize(CENT)
    if positive and amount == 0:
        raise InputError("A price must be above zero, or empty while the item is not for sale.", field=field)
    return amount


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
