"""What is certain about an edit without asking the server: codes, legal moves, prices, lengths."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec

from instica_desktop.core.describe import field_name
from instica_desktop.core.errors import InputError
from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_GRADES
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import EXAMPLE, MAX_PRICE, wire_money
from instica_desktop.core.statuses import ITEM_STATUSES, PRODUCT_TYPES, item_status, may_move, next_statuses
from instica_desktop.sync.conflicts import same

Wire = dict[str, Any]


class Edited(msgspec.Struct, frozen=True):
    """What an edit did: wire values by field, before and after. Both are empty when nothing changed."""

    before: dict[str, Any]
    after: dict[str, Any]


PRICED = frozenset({"ready-to-sell", "listed"})
"""Statuses in which an item needs a price above zero."""

_ITEM_TEXT = {
    "name": 1000,
    "manual_sku": 100,
    "manual_description": 10_000,
    "condition_notes": 5_000,
    "location": 100,
    "barcode": 64,
}
_PRODUCT_TEXT = {
    "title": 1000,
    "catalog_number": 200,
    "barcode": 64,
    "format": 200,
    "country": 100,
    "marketplace_description": 20_000,
    "license_type": 100,
    "license_notes": 10_000,
}
_MONEY = ("price_item_usd", "price_shipping_usd", "cost_usd", "expected_sale_price_usd")
_STATUSES = frozenset(status.code for status in ITEM_STATUSES)
_MOST_TAGS = 100
_LONGEST_TAG = 100
_REMEMBERED = 500
"""Characters of a text up to which an edit keeps what it was, for telling what others changed."""


def checked(entity: Entity, before: Mapping[str, Any], changes: Mapping[str, Any]) -> Wire:
    """Return the changes as they go on the wire, without those that change nothing.

    `before` is the record as the user sees it.

    Raises:
        InputError: with the wire name of the field that cannot be saved like this.
    """
    rules = _RULES[entity]
    clean: Wire = {}
    for field, value in changes.items():
        rule = rules.get(field)
        if rule is None:
            raise InputError(f"{field_name(field)} cannot be changed here.", field=field)
        clean[field] = rule(field, value, before)
    clean = {field: value for field, value in clean.items() if not same(field, before.get(field), value)}
    if entity is Entity.ITEM:
        _check_price(before, clean)
    return clean


def editable(entity: Entity) -> tuple[str, ...]:
    """Return the wire names of the fields that can be changed here."""
    return tuple(_RULES[entity])


def snapshot(entity: Entity, record: Mapping[str, Any]) -> Wire:
    """Return what a record's fields that can be changed hold, long texts aside: it is kept with each edit."""
    return {
        field: record[field]
        for field in _RULES[entity]
        if field in record and not (isinstance(record[field], str) and len(record[field]) > _REMEMBERED)
    }


def _text(longest: int, *, required: bool = False) -> "Rule":
    def rule(field: str, value: Any, before: Mapping[str, Any]) -> str:
        text = unicodedata.normalize("NFC", str(value or "")).strip()
        if len(text) > longest:
            raise InputError(
                f"{field_name(field)} can have up to {longest:,} characters; this has {len(text):,}.",
                field=field,
            )
        if "\0" in text:
            raise InputError(f"{field_name(field)} holds a character that cannot be saved.", field=field)
        if required and not text:
            raise InputError(f"{field_name(field)} cannot be empty.", field=field)
        return text

    return rule


def _money(field: str, value: Any, before: Mapping[str, Any]) -> str | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise InputError(EXAMPLE, field=field) from None
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise InputError(EXAMPLE, field=field)
    if amount < 0:
        raise InputError("A price cannot be below zero.", field=field)
    if amount > MAX_PRICE:
        raise InputError(f"A price can be at most {MAX_PRICE:,}.", field=field)
    return wire_money(amount)


def _number(lowest: int, highest: int) -> "Rule":
    def rule(field: str, value: Any, before: Mapping[str, Any]) -> int | None:
        if value is None or value == "":
            return None
        if not str(value).strip().isdecimal() or not lowest <= int(value) <= highest:
            message = f"{field_name(field)} is a whole number from {lowest:,} to {highest:,}."
            raise InputError(message, field=field)
        return int(value)

    return rule


def _grade(grades: frozenset[str], what: str) -> "Rule":
    def rule(field: str, value: Any, before: Mapping[str, Any]) -> str | None:
        code = str(value or "") or None
        if code is not None and code not in grades and code != before.get(field):
            raise InputError(f"Choose a grade for the {what}, or none.", field=field)
        return code

    return rule


def _status(field: str, value: Any, before: Mapping[str, Any]) -> str:
    old, new = str(before.get(field) or "draft"), str(value or "")
    if new == old:
        return new
    if new not in _STATUSES:
        raise InputError("Choose one of the statuses.", field=field)
    if old in _STATUSES and not may_move(old, new):
        legal = " or ".join(f"“{item_status(code).label}”" for code in next_statuses(old))
        now = item_status(old).label
        raise InputError(f"From “{now}” an item moves to {legal}, one step at a time.", field=field)
    return new


def _tags(field: str, value: Any, before: Mapping[str, Any]) -> list[str]:
    texts = (unicodedata.normalize("NFC", str(tag)).strip() for tag in value or ())
    tags = list(dict.fromkeys(tag for tag in texts if tag))
    if len(tags) > _MOST_TAGS:
        raise InputError(f"There can be up to {_MOST_TAGS} tags.", field=field)
    if any(len(tag) > _LONGEST_TAG for tag in tags):
        raise InputError(f"A tag can have up to {_LONGEST_TAG} characters.", field=field)
    return tags


def _moment(field: str, value: Any, before: Mapping[str, Any]) -> str | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise InputError("A date is written like 2026-11-21.", field=field) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1900 <= moment.year < 2200:
        raise InputError("A date lies between the years 1900 and 2200.", field=field)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _flag(field: str, value: Any, before: Mapping[str, Any]) -> bool:
    return bool(value)


def _named(field: str, value: Any, before: Mapping[str, Any]) -> dict[str, str] | None:
    """An artist or label: its name, or the object the server sends."""
    named = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {"name": value}
    name = unicodedata.normalize("NFC", str(named.get("name") or "")).strip()
    if len(name) > 500:
        raise InputError(f"{field_name(field)} can have up to 500 characters.", field=field)
    return {"name": name} if name else None


def _type(field: str, value: Any, before: Mapping[str, Any]) -> str:
    if value not in dict(PRODUCT_TYPES) and value != before.get(field):
        raise InputError("Choose one of the types.", field=field)
    return str(value)


def _check_price(before: Mapping[str, Any], changes: Wire) -> None:
    """The total of item and shipping must be above zero; for sale, the item's own price too."""
    if not changes.keys() & {"status", "price_item_usd", "price_shipping_usd"}:
        return
    after = {**before, **changes}
    item, shipping = after.get("price_item_usd"), after.get("price_shipping_usd")
    status = str(after.get("status") or "draft")
    if item is None:
        if status in PRICED:
            label = item_status(status).label.lower()
            raise InputError(f"An item that is {label} needs a price.", field="price_item_usd")
        return
    if status in PRICED and Decimal(str(item)) <= 0 and changes.keys() & {"status", "price_item_usd"}:
        label = item_status(status).label.lower()
        raise InputError(f"An item that is {label} needs a price above zero.", field="price_item_usd")
    if Decimal(str(item)) + Decimal(str(shipping or 0)) <= 0:
        raise InputError(
            "A price must be above zero, or empty while the item is not for sale.", field="price_item_usd"
        )


Rule = Callable[[str, Any, Mapping[str, Any]], Any]
"""(field, new value, record before) → wire value. Raises InputError."""

_RULES: dict[Entity, dict[str, Rule]] = {
    Entity.ITEM: {
        **{field: _text(longest) for field, longest in _ITEM_TEXT.items()},
        **dict.fromkeys(_MONEY, _money),
        "condition_item": _grade(frozenset(grade.code for grade in ITEM_GRADES), "item"),
        "condition_container": _grade(frozenset(grade.code for grade in SLEEVE_GRADES), "sleeve"),
        "status": _status,
        "tags": _tags,
        "weight_grams": _number(0, 1_000_000),
        "acquired_at": _moment,
        "listed_at": _moment,
        "sold_at": _moment,
    },
    Entity.PRODUCT: {
        **{field: _text(longest, required=field == "title") for field, longest in _PRODUCT_TEXT.items()},
        "year": _number(1850, 2200),
        "tags": _tags,
        "genres": _tags,
        "artist": _named,
        "label": _named,
        "type": _type,
        "uploadable_to_redbubble": _flag,
    },
    Entity.ORDER: {"buyer_note": _text(5_000)},
}
