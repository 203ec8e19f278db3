"""Reading wire records leniently: a value that does not fit is mended or left out, never the whole record.

Servers add fields, send null for lists, integers as strings, decimals as numbers, dates without a zone; and
what nobody can mean: amounts of thirty digits, lists in lists without end, half a character. The fast path is
one decode; only a record that fails it is mended value by value. Decimals never pass through float.
"""

import re
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from instica_desktop.core.legible import legible
from instica_desktop.core.models.common import ABSURD

T = TypeVar("T")
Json = bytes | msgspec.Raw


def _decimal(text: str) -> Decimal | None:
    """Return a number of JSON, None for one with more digits in its exponent than any computer counts."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


_PLAIN: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=_decimal)
_encode = msgspec.json.Encoder(decimal_format="number").encode
_WHERE = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_SOME_KEY = "[...]"
"""How a complaint names an entry of a map."""
_GOT = re.compile(r"got `(\w+)`")
_ABSURD = re.compile(rf"^{ABSURD} `(\w+)`")
_BEYOND = re.compile(r"^Expected `int` [<>]= (-?\d+)")
_BEYOND_ALL, _MOST_DIGITS = "Number out of range", 300
"""The complaint about a number written as text that no computer counts with, and from how many digits on."""
_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "str",
    bool: "bool",
    int: "int",
    Decimal: "decimal",
    type(None): "null",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?)?")
_MENDS = 60
"""How many values of one record may be mended before it is given up."""
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def read(kind: type[T], raw: Json) -> T:
    """Decode one JSON object into a wire type.

    Raises:
        msgspec.DecodeError: when it is not JSON, not an object, or lacks what the type cannot do without.
    """
    return taken(kind, raw)[0]


def taken(kind: type[T], raw: Json, *, repaired: bool = False) -> tuple[T, bytes]:
    """Decode one JSON object; return it with the JSON to keep of it. Raises like `read`.

    That is the very JSON that came. Where it holds what can be neither shown nor stored, that is left out of
    both: whoever reads the one later finds what the other says. `repaired`: it was made legible before.
    """
    kept = bytes(raw)
    try:
        data = cast("T", decoder(kind).decode(kept))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value, text = _decoded(kept)
        data, absurd = _fitted(kind, value)
        repaired, kept = repaired or text != kept, _encode(value) if absurd else text
    if repaired and _REPLACED in str(getattr(data, "uid", "")):
        raise msgspec.ValidationError("a uid that cannot be read names no record")
    return data, kept


def plain(raw: Json) -> Any:
    """Decode any JSON into Python's own values, numbers with a point as decimals; what is too deep is None.

    Raises:
        msgspec.DecodeError: it is not JSON.
    """
    return _decoded(raw)[0]


def record(raw: Json) -> dict[str, Any]:
    """Decode one JSON object as `plain` does. Raises msgspec.DecodeError for anything else."""
    found = plain(raw)
    if not isinstance(found, dict):
        raise msgspec.ValidationError("no object")
    return cast("dict[str, Any]", found)


def convert(kind: type[T], value: Any) -> T:
    """Turn decoded JSON into a wire type, mending `value` in place where a field does not fit.

    Raises:
        msgspec.ValidationError: when it cannot be mended.
    """
    return _fitted(kind, value)[0]


@cache
def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return the one decoder of a wire type; it mends nothing."""
    return msgspec.json.Decoder(kind, strict=False)


def _decoded(raw: Json) -> tuple[Any, bytes]:
    """Return JSON as plain values, with the text of it that could be decoded."""
    text = bytes(raw)
    try:
        return _PLAIN.decode(text), text
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = legible(text)
        return _PLAIN.decode(text), text


def _fitted(kind: type[T], value: Any) -> tuple[T, bool]:
    """Return the record that `value` is once it is mended, and whether anything absurd was in it."""
    absurd = False
    for _ in range(_MENDS):
        try:
            return msgspec.convert(value, kind, strict=False), absurd
        except msgspec.ValidationError as error:
            complaint = str(error)
            absurd = absurd or bool(_ABSURD.match(complaint) or _BEYOND.match(complaint))
            if not _mend(value, complaint):
                raise
    return msgspec.convert(value, kind, strict=False), absurd


def _mend(value: Any, complaint: str) -> bool:
    """Rewrite or remove the one value a complaint is about; return whether that was possible."""
    where = _WHERE.search(complaint)
    path = where.group(1) if where else ""
    if _SOME_KEY in path:
        return _drop_misfits(value, path, complaint)
    absurd = _ABSURD.match(complaint)
    steps = [*_steps(path), *(absurd.groups() if absurd else ())]
    if not steps:
        return False
    for step in steps[:-1]:
        value = value[step]
    last = steps[-1]
    better = _rewritten(value[last], complaint)
    if better is None:
        del value[last]
    else:
        value[last] = better
    return True


def _steps(path: str) -> list[str | int]:
    return [name or int(index) for name, index in _STEP.findall(path)]


def _drop_misfits(value: Any, path: str, complaint: str) -> bool:
    """Remove from a map the entries that are as complained of: which of its keys is meant is not said."""
    before, _, behind = path.partition(_SOME_KEY)
    for step in _steps(before):
        value = value[step]
    misfits = [key for key, inner in value.items() if _is_meant(_at(inner, behind), complaint)]
    for key in misfits or list(value):
        del value[key]
    return True


def _is_meant(found: Any, complaint: str) -> bool:
    """Tell whether a complaint can be about this value: by its type, or by its size."""
    if (beyond := _BEYOND.match(complaint)) is not None:
        return isinstance(found, int) and abs(found) > abs(int(beyond.group(1)))
    if _BEYOND_ALL in complaint:
        return isinstance(found, str) and _overflows(found)
    got = _GOT.search(complaint)
    kind = next((name for kind, name in _TYPES.items() if type(found) is kind), "")
    return got is not None and kind == got.group(1)


def _overflows(text: str) -> bool:
    try:
        return Decimal(text).adjusted() > _MOST_DIGITS
    except ArithmeticError:
        return True


def _at(value: Any, path: str) -> Any:
    """Return what is found along a path, an object of no JSON type where it leads nowhere."""
    try:
        for step in _steps(path):
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return _SOME_KEY.encode()
    return value


def _rewritten(found: Any, complaint: str) -> str | None:
    """Return the value as the text the type wants, or None when it must be left out."""
    if "`str" in complaint and isinstance(found, int | Decimal):
        return str(found)
    if "RFC3339" in complaint or "timezone" in complaint:
        text = found if isinstance(found, str) else ""
        if _DATE.fullmatch(text):
            return f"{text.replace(' ', 'T') if len(text) > 10 else text + 'T00:00:00'}Z"
    return None
