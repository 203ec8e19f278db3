"""Reading wire records leniently: a field that does not fit is mended or left out, never the whole record.

Servers add fields, send null for lists, integers as strings, decimals as numbers, dates without a zone.
The fast path is one decode; only a record that fails it is mended field by field. Decimals never pass
through float.
"""

import re
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_PLAIN: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_WHERE = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_SOME_KEY = "[...]"
"""How a complaint names an entry of a map."""
_GOT = re.compile(r"got `(\w+)`")
_TYPES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "str",
    bool: "bool",
    int: "int",
    Decimal: "float",
    type(None): "null",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?)?")
_MENDS = 60
"""How many fields of one record may be mended before it is given up."""


def read(kind: type[T], raw: bytes | msgspec.Raw) -> T:
    """Decode one JSON object into a wire type.

    Raises:
        msgspec.DecodeError: when it is not JSON, not an object, or lacks what the type cannot do without.
    """
    try:
        return decoder(kind).decode(raw)
    except msgspec.ValidationError:
        return convert(kind, _PLAIN.decode(raw))
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(str(error)) from error


def convert(kind: type[T], value: Any) -> T:
    """Turn decoded JSON into a wire type, mending `value` in place where a field does not fit.

    Raises:
        msgspec.ValidationError: when it cannot be mended.
    """
    for _ in range(_MENDS):
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            if not _mend(value, str(error)):
                raise
    return msgspec.convert(value, kind, strict=False)


@cache
def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return the one decoder of a wire type; it mends nothing."""
    return msgspec.json.Decoder(kind, strict=False)


def _mend(value: Any, complaint: str) -> bool:
    """Rewrite or remove the one value a complaint is about; return whether that was possible."""
    where = _WHERE.search(complaint)
    path = where.group(1) if where else ""
    if _SOME_KEY in path:
        return _drop_misfits(value, path, complaint)
    steps = _steps(path)
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
    """Remove from a map the entries of the type complained of: which of its keys is meant is not said."""
    before, _, behind = path.partition(_SOME_KEY)
    got = _GOT.search(complaint)
    for step in _steps(before):
        value = value[step]
    misfits = [key for key, inner in value.items() if got and _type_at(inner, behind) == got.group(1)]
    for key in misfits:
        del value[key]
    return bool(misfits)


def _type_at(value: Any, path: str) -> str:
    """Return the JSON type found along a path, empty where it leads nowhere."""
    try:
        for step in _steps(path):
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return ""
    return next((name for kind, name in _TYPES.items() if type(value) is kind), "")


def _rewritten(found: Any, complaint: str) -> str | None:
    """Return the value as the text the type wants, or None when it must be left out."""
    if "`str" in complaint and isinstance(found, int | Decimal):
        return str(found)
    if "RFC3339" in complaint or "timezone" in complaint:
        text = found if isinstance(found, str) else ""
        if _DATE.fullmatch(text):
            return f"{text.replace(' ', 'T') if len(text) > 10 else text + 'T00:00:00'}Z"
    return None
