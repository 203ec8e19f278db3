"""An operation in the user's words: what changes, from what to what."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from instica_desktop.core.ages import day
from instica_desktop.core.grading import grade_label
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import format_money
from instica_desktop.core.operations import Edit, Operation, OpKind, is_unreadable
from instica_desktop.core.statuses import carrier_name, item_status

FIELD_NAMES: dict[str, str] = {
    "condition_item": "Item grade",
    "condition_container": "Sleeve grade",
    "price_item_usd": "Item price",
    "price_shipping_usd": "Shipping",
    "price_total_usd": "Total",
    "cost_usd": "Cost",
    "status": "Status",
    "location": "Shelf",
    "manual_sku": "SKU",
    "condition_notes": "Notes",
    "manual_description": "Description",
    "buyer_note": "Buyer’s note",
    "tags": "Tags",
    "name": "Name",
    "title": "Title",
    "catalog_number": "Catalogue number",
    "year": "Year",
    "format": "Format",
    "country": "Country",
    "barcode": "Barcode",
    "marketplace_description": "Description",
    "acquired_at": "Acquired",
    "weight_grams": "Weight in grams",
    "expected_sale_price_usd": "Expected price",
    "new_item": "New item",
    "assets": "Photos",
    "add_photo": "Photo",
    "remove_photo": "Photo",
    "order_photos": "Photos",
    "primary_photo": "Photos",
    "add_shipment": "Parcel",
    "remove_shipment": "Parcel",
    "price_usd": "Listing price",
    "tracking_number": "Tracking number",
    "carrier": "Carrier",
    "product_image": "Picture",
}

_MONEY = frozenset({"price_item_usd", "price_shipping_usd", "price_total_usd", "cost_usd", "price_usd"})
LONG = frozenset(
    {"condition_notes", "manual_description", "buyer_note", "marketplace_description", "license_notes"}
)
"""Fields of free text, which two people may write on at once."""


def field_name(field: str) -> str:
    """Return the name a field has on screen; an unknown one reads as words."""
    return FIELD_NAMES.get(field) or field.removesuffix("_usd").replace("_", " ").capitalize()


def field_value(field: str, value: Any) -> str:
    """Return a field's wire value as it is shown; nothing reads “none”."""
    if value is None or value == "" or value == []:
        return "none"
    if field.endswith("_usd"):
        return _money(value)
    if field.startswith("condition_") and field != "condition_notes":
        return grade_label(str(value))
    if field == "status":
        return item_status(str(value)).label
    if field == "carrier":
        return carrier_name(str(value))
    if field.endswith("_at"):
        return _date(str(value))
    if field == "product_image":
        return "the one chosen here" if str(value).startswith("blob:") else "one on the server"
    if field == "assets":
        return f"{len(value)} {'photo' if len(value) == 1 else 'photos'}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _parts(cast("Mapping[str, Any]", value))
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def sentence(words: str) -> str:
    """Return words as a sentence begins; a name that is written with a small letter first keeps it: eBay."""
    return words if words[1:2].isupper() else f"{words[:1].upper()}{words[1:]}"


def describe_edit(edit: Edit) -> str:
    """Return one field's change: `Item price 36.00 → 33.00`, or `Notes changed` for long text."""
    name = field_name(edit.field)
    if edit.field in LONG:
        return f"{name} changed"
    return f"{name} {field_value(edit.field, edit.base)} → {field_value(edit.field, edit.new)}"


def describe(operation: Operation) -> str:
    """Return what an operation does, in a few words."""
    payload = operation.payload
    if is_unreadable(operation):
        return "Cannot be read any more"
    match operation.kind:
        case OpKind.UPDATE:
            return _changes(operation)
        case OpKind.CREATE:
            return "New product" if operation.entity is Entity.PRODUCT else "New copy"
        case OpKind.DELETE:
            return "Delete"
        case OpKind.ADD_PHOTO:
            return f"New photo {payload.get('name', '')}".strip()
        case OpKind.REMOVE_PHOTO:
            return "Photo removed"
        case OpKind.ORDER_PHOTOS:
            return "Photos in a new order"
        case OpKind.PRODUCT_IMAGE:
            return f"New picture {payload.get('name', '')}".strip() if payload else "Picture removed"
        case OpKind.PRIMARY_PHOTO:
            return "First photo chosen"
        case _:
            return _describe_part(operation)


def _describe_part(operation: Operation) -> str:
    """Return what happens to a parcel or an offer."""
    payload = operation.payload
    match operation.kind:
        case OpKind.ADD_SHIPMENT:
            number = payload.get("tracking_number")
            return f"Shipped by {carrier_name(payload.get('carrier'))}{f', {number}' if number else ''}"
        case OpKind.REMOVE_SHIPMENT:
            return "Shipment removed"
        case OpKind.EDIT_SHIPMENT:
            return f"Parcel: {_changes(operation)}"
        case OpKind.ADD_LISTING:
            price = payload.get("price_usd")
            return f"Offer on {_platform(payload)}{f' for {_money(price)}' if price else ''}"
        case OpKind.REVISE_LISTING:
            return f"{_platform(payload)}: {_changes(operation)}"
        case _:
            return f"Take off {_platform(payload)}, where buyers see it until this is sent"


def _changes(operation: Operation) -> str:
    return ", ".join(describe_edit(edit) for edit in operation.edits)


def _platform(payload: dict[str, Any]) -> str:
    return str(payload.get("platform_name") or payload.get("platform") or "its marketplace")


def _parts(value: Mapping[str, Any]) -> str:
    """Return an artist or label by its name, other things by their parts."""
    name = value.get("name") or value.get("title")
    if name and ("uid" in value or len(value) == 1):
        return str(name)
    return ", ".join(f"{field_name(name)} {field_value(name, part)}" for name, part in value.items())


def _date(value: str) -> str:
    try:
        return day(datetime.fromisoformat(value))
    except ValueError:
        return value


def _money(value: Any) -> str:
    try:
        return format_money(Decimal(str(value)))
    except ArithmeticError:
        return str(value)
