"""Base, mine, theirs → what to do, field by field. Pure functions over wire values.

remote == base → ours is sent; remote == ours → already there; free text that can be merged → the merged text
is sent; else the user decides.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast

import msgspec

from instica_desktop.core.describe import LONG
from instica_desktop.core.meanwhile import PARTS
from instica_desktop.core.merge3 import merge
from instica_desktop.core.operations import Edit

NUMBERS = frozenset({"weight_grams", "year", "discogs_release_id"})
TIMES = frozenset({"acquired_at", "listed_at", "sold_at", "shipped_at"})

PHOTOS = "assets"


class Decision(msgspec.Struct, frozen=True):
    """What an update means now: fields to send, fields already there, the server's conflicting values.

    `merged` holds, of texts written on both sides, the edit that turns theirs into both.
    """

    send: dict[str, Any]
    applied: frozenset[str]
    theirs: dict[str, Any]
    merged: dict[str, Edit] = {}


class Own(msgspec.Struct, frozen=True):
    """A value the user wrote to settle a conflict; neither theirs nor the one waiting."""

    value: Any


Choice = Literal["mine", "theirs"] | Own


def decide(edits: Iterable[Edit], remote: Mapping[str, Any]) -> Decision:
    """Compare each edit with the server's record. A field the server does not show cannot conflict."""
    send: dict[str, Any] = {}
    applied: set[str] = set()
    theirs: dict[str, Any] = {}
    merged: dict[str, Edit] = {}
    for edit in edits:
        if edit.field not in remote or same(edit.field, remote[edit.field], edit.base):
            send[edit.field] = edit.new
        elif same(edit.field, remote[edit.field], edit.new):
            applied.add(edit.field)
        elif (both := merged_text(edit, remote[edit.field])) is not None:
            merged[edit.field] = Edit(edit.field, remote[edit.field], both)
            send[edit.field] = both
        else:
            theirs[edit.field] = remote[edit.field]
    unchanged = {name for name in send if name in remote and same(name, remote[name], send[name])}
    kept = {name: value for name, value in send.items() if name not in unchanged}
    return Decision(kept, frozenset(applied | unchanged), theirs, merged)


def changed_since(seen: Mapping[str, Any], remote: Mapping[str, Any]) -> dict[str, Any]:
    """Return the server's values of the fields that no longer hold what was seen of them.

    Of photos only those that came count: with one that went nothing is lost.
    """
    parts = PARTS | {PHOTOS}
    fields = {field: was for field, was in seen.items() if field in remote and field not in parts}
    changed = {field: remote[field] for field, was in fields.items() if not same(field, was, remote[field])}
    photos: list[dict[str, Any]] = list(remote.get(PHOTOS) or ())
    known = seen.get(PHOTOS)
    if known is not None and any(not {one.get("uid"), one.get("sha256")} & set(known) for one in photos):
        changed[PHOTOS] = names_of_photos(remote)
    return changed


def names_of_photos(record: Mapping[str, Any]) -> list[str]:
    """Return what the photos of a record are known again by."""
    return [str(one.get("uid")) for one in record.get(PHOTOS) or ()]


def merged_text(edit: Edit, theirs: Any) -> str | None:
    """Return free text with the changes of both sides, or None where they clash."""
    if edit.field not in LONG:
        return None
    both = merge(*(str(value or "") for value in (edit.base, edit.new, theirs)))
    return both.text if both.clean else None


def resolved(
    edits: Iterable[Edit], theirs: Mapping[str, Any], choices: Mapping[str, Choice]
) -> tuple[Edit, ...]:
    """Return the edits that remain after the user chose for each field in conflict; mine unless chosen."""
    kept: list[Edit] = []
    for edit in edits:
        if edit.field not in theirs:
            kept.append(edit)
            continue
        value = chosen(edit, theirs[edit.field], choices.get(edit.field, "mine"))
        if not same(edit.field, value, theirs[edit.field]):
            kept.append(Edit(edit.field, theirs[edit.field], value))
    return tuple(kept)


def chosen(edit: Edit, theirs: Any, choice: Choice) -> Any:
    """Return the value a choice stands for."""
    if isinstance(choice, Own):
        return choice.value
    return theirs if choice == "theirs" else edit.new


def same(field: str, left: Any, right: Any) -> bool:
    """Tell whether two wire values of a field mean the same to the server."""
    return _normal(field, left) == _normal(field, right)


def _normal(field: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if field.endswith("_usd") or field in NUMBERS:
        return _number(value)
    if field in TIMES and isinstance(value, str):
        return _moment(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if isinstance(value, list | tuple):
        return _several(cast("Iterable[Any]", value))
    if isinstance(value, dict):
        return _named(cast("dict[str, Any]", value))
    return value


def _several(values: Iterable[Any]) -> Any:
    """Return a list without empties and repeats; no list at all and an empty one are the same."""
    return tuple(dict.fromkeys(part for part in (_normal("", value) for value in values) if part)) or None


def _named(value: dict[str, Any]) -> Any:
    """Return an artist or label by its name: that is what people change; the uid follows from it."""
    name = value.get("name")
    return _normal("", name) if name else tuple(sorted((key, str(part)) for key, part in value.items()))


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def _moment(value: str) -> Any:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
