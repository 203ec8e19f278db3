"""Small work on records as wire JSON: reading them whole, splitting an update into legal steps."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Edit, Operation
from instica_desktop.core.overlay import overlay
from instica_desktop.core.wire import read
from instica_desktop.core.wire import record as record_of
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.statusway import status_way

_OWN_SKU = re.compile(r"ID-[0-9A-F]{8}")
KINDS: dict[Entity, type[Any]] = {Entity.PRODUCT: Product, Entity.ITEM: InventoryItem, Entity.ORDER: Order}


def wire_of(record: Record[Any]) -> dict[str, Any]:
    """Return a record's JSON with every field it came with; decimals stay exact."""
    return record_of(record.raw)


def decoded(raw: bytes) -> dict[str, Any]:
    """Return a record's JSON as it is kept; decimals stay exact."""
    return record_of(raw)


def shown(raw: bytes, operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the wire record the user sees: the server's, with unsent operations laid over it."""
    return overlay(record_of(raw), operations)


def derived(entity: Entity, raw: bytes, operation: Operation, replaced: Mapping[str, str]) -> Record[Any]:
    """Return what a delivered operation has made of a record, for when the server cannot be asked."""
    made = msgspec.json.encode(shown(raw, [operation]))
    for temporary, real in replaced.items():
        made = made.replace(temporary.encode(), real.encode())
    return Record(read(KINDS[entity], made), made)


def creating(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a new record as the API takes them: the product of an item by its uid alone."""
    product: Any = fields.get("product")
    return {**fields, "product": product["uid"]} if isinstance(product, dict) else dict(fields)


def own_sku(name: str) -> str:
    """Return the SKU of a record whose maker gave it none, from the uuid of its making."""
    return f"ID-{name[:8].upper()}"


def is_own_sku(record: Mapping[str, Any]) -> bool:
    """Tell whether a record has a SKU of the kind that is given to one that has none."""
    return bool(_OWN_SKU.fullmatch(str(record.get("manual_sku") or "")))


def continued(edits: Iterable[Edit], remote: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits of an update that may have got half-way: a status on our way counts as our doing."""
    return tuple(_continued(edit, remote) if edit.field == "status" else edit for edit in edits)


def _continued(edit: Edit, remote: Mapping[str, Any]) -> Edit:
    now = str(remote.get("status") or "")
    on_the_way = status_way(str(edit.base or ""), str(edit.new or ""))[:-1]
    return Edit(edit.field, now, edit.new) if now in on_the_way else edit


def patches(send: Mapping[str, Any], status: str) -> list[dict[str, Any]]:
    """Split an update into as many as its status needs; filling fields goes first, emptying them last."""
    if "status" not in send or same("status", send["status"], status):
        return [dict(send)]
    *through, last = status_way(status, str(send["status"]))
    if not through:
        return [dict(send)]
    others = {field: value for field, value in send.items() if field != "status"}
    filled = {field: value for field, value in others.items() if value not in (None, "")}
    emptied = {field: value for field, value in others.items() if value in (None, "")}
    steps: list[dict[str, Any]] = [{"status": code} for code in (*through, last)]
    return [{**filled, **steps[0]}, *steps[1:-1], {**emptied, **steps[-1]}]


def name_of_step(fields: Mapping[str, Any], etag: str | None, remote: Mapping[str, Any]) -> str:
    """Return a name for one step of an update: another one for each other change, or of another version.

    A walk that goes on where it broke off, and a conflict solved as mine, are new requests to a server that
    knows requests by their key.
    """
    version = etag or {name: remote.get(name) for name in fields}
    return hashlib.sha256(msgspec.json.encode([fields, version], order="sorted")).hexdigest()[:12]
