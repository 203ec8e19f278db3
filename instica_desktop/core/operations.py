"""Edits on their way to the server, as data. The store keeps them durably, sync sends them.

States: queued → sending → done | retry | unknown | conflict | refused | paused_auth | paused_plan.
One that was spoilt on the disk is `damaged` until the user has seen it.
A done operation is removed; all others are shown to the user until they are done or dropped.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity


class OpKind(StrEnum):
    """What an operation does on the server."""

    CREATE = "create"  # POST the record; payload = {"fields": {...}}
    UPDATE = "update"  # PATCH the record's `edits`
    DELETE = "delete"  # DELETE the record
    ADD_PHOTO = "add_photo"  # payload = {"blob": sha256, "name", "kind", "width", "height", "bytes"}
    REMOVE_PHOTO = "remove_photo"  # payload = {"asset": uid}
    ORDER_PHOTOS = "order_photos"  # payload = {"order": [asset uid, …]}; the first is shown first
    PRIMARY_PHOTO = "primary_photo"  # payload = {"asset": uid}
    ADD_SHIPMENT = "add_shipment"  # payload = the shipment's wire fields
    REMOVE_SHIPMENT = "remove_shipment"  # payload = {"shipment": uid}
    EDIT_SHIPMENT = "edit_shipment"  # payload = {"shipment": uid, "parcel": as shown}; `edits` of its fields
    ADD_LISTING = "add_listing"  # payload = {"platform", "platform_name", "price_usd", "title"}
    REVISE_LISTING = "revise_listing"  # payload = {"listing": uid, "platform_name"}; `edits` of the offer
    DELIST = "delist"  # payload = {"listing": uid, "platform_name"}
    PRODUCT_IMAGE = "product_image"  # `edits` of product_image; payload = {"blob": sha256, …}, {} to remove


class OpState(StrEnum):
    """Where an operation stands."""

    QUEUED = "queued"
    SENDING = "sending"
    RETRY = "retry"  # failed in passing; tried again at `retry_at`
    UNKNOWN = "unknown"  # sent, no answer; read back before any resend
    CONFLICT = "conflict"  # the same field changed on the server; the user decides
    REFUSED = "refused"  # the server said no; `errors` by field
    PAUSED_AUTH = "paused_auth"
    PAUSED_PLAN = "paused_plan"
    DAMAGED = "damaged"  # spoilt on the disk, and as a backup has it; never sent before the user agrees


NEEDS_USER = frozenset({OpState.CONFLICT, OpState.REFUSED, OpState.DAMAGED})
SENDABLE = frozenset({OpState.QUEUED, OpState.RETRY, OpState.UNKNOWN})


class Edit(msgspec.Struct, frozen=True):
    """One field: what the user saw (`base`) and wants (`new`), both as wire JSON values. Always absolute."""

    field: str
    base: Any
    new: Any


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One edit of one object.

    `uuid` is also its Idempotency-Key. `uid` is the object's uid, or a temporary one starting with `tmp-`
    while its create is unsent. `title` is what the user sees (“Kind of Blue”). `seq` orders
    operations per object, `place` (0: none was chosen) the objects. `theirs` holds the server's
    value per field of a conflict, `seen` what the user saw in the record's other fields. Times are UTC.
    """

    uuid: str
    entity: Entity
    uid: str
    kind: OpKind
    title: str = ""
    edits: tuple[Edit, ...] = ()
    payload: dict[str, Any] = {}
    state: OpState = OpState.QUEUED
    seq: int = 0
    place: int = 0
    attempts: int = 0
    created: datetime
    retry_at: datetime | None = None
    message: str = ""
    errors: dict[str, tuple[str, ...]] = {}
    theirs: dict[str, Any] = {}
    seen: dict[str, Any] = {}


PARTS: dict[OpKind, str] = {
    OpKind.EDIT_SHIPMENT: "shipment",
    OpKind.REVISE_LISTING: "listing",
}
"""Kinds that change fields of a part of a record, and where their payload names the part."""

PARCEL = "parcel"
"""Where the payload of a parcel's change holds the wire fields the parcel had when it was written."""

GONE: dict[str, Any] = {"uid": None}
"""The `theirs` of an operation whose record the server no longer has."""

AGAIN = "again"
"""In the payload of a create that makes a record again: when that was there last (ISO 8601; empty: nobody
knows). In its `theirs`: uid and title of what another computer made again of the same record."""

TEMPORARY = "tmp-"


def is_unreadable(operation: Operation) -> bool:
    """Tell whether all that is left of an edit is that there was one: no backup has what it changed."""
    empty = operation.kind in (OpKind.UPDATE, OpKind.CREATE) and not operation.edits and not operation.payload
    return operation.state is OpState.DAMAGED and empty


def other_parcel(operation: Operation) -> dict[str, Any]:
    """Return the wire fields of the parcel that a change can become whose own parcel is gone.

    Empty for any other operation, and for one of an earlier version, which does not tell them.
    """
    lost = operation.state is OpState.CONFLICT and not operation.theirs
    if operation.kind is not OpKind.EDIT_SHIPMENT or not lost:
        return {}
    wanted = {**operation.payload.get(PARCEL, {}), **{edit.field: edit.new for edit in operation.edits}}
    return (
        {name: value for name, value in wanted.items() if value not in (None, "")}
        if wanted.get("carrier")
        else {}
    )


def is_temporary(uid: str) -> bool:
    """Tell whether a uid was made up here for something the server does not know yet."""
    return uid.startswith(TEMPORARY)
