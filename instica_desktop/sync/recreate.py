"""A record that was deleted on the server, made again from what this computer has of it.

Its fields come back as the user sees them, and the photos whose files are here. Listings and parcels belong
to marketplaces and do not come back. All that waited for the old record waits for the new one.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Edit, Operation, OpKind, OpState
from instica_desktop.core.overlay import overlay
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.sync.edits import editable
from instica_desktop.sync.wirework import decoded, own_sku

Kept = Callable[[str], Awaitable[bytes | None]]
"""Returns the picture of a URL if it is on this computer."""
Named = Callable[[str, str], Awaitable[bytes | None]]
"""Returns the picture of a URL, or the file of a name, if it is on this computer."""
_FOLDED = frozenset({OpKind.UPDATE})
"""What goes into the fields of the new record."""
_POINTLESS = frozenset({OpKind.REMOVE_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO, OpKind.DELETE})
"""What was meant for parts of the old record that the new one does not have."""


class Photo(msgspec.Struct, frozen=True):
    """A photo of the old record that can be added again: the operation's payload and the file."""

    payload: dict[str, Any]
    content: bytes


class Recreation(msgspec.Struct, frozen=True):
    """What can be made again: the fields, the photos at hand. And what cannot: other photos, listings."""

    fields: dict[str, Any]
    photos: tuple[Photo, ...] = ()
    photos_lost: int = 0
    listings_lost: int = 0


async def recreation(kept: Kept, entity: Entity, raw: bytes, waiting: Sequence[Operation]) -> Recreation:
    """Return what can be made again of a cached record with the operations that wait for it."""
    record = decoded(raw)
    shown = overlay(record, [one for one in waiting if one.kind in _FOLDED])
    removed = {one.payload["asset"] for one in waiting if one.kind is OpKind.REMOVE_PHOTO}
    assets = [asset for asset in record.get("assets") or () if asset.get("uid") not in removed]

    async def named(address: str, name: str) -> bytes | None:
        return await kept(address)

    photos = [photo for asset in assets if (photo := await at_hand(named, asset))]
    listings = [one for one in record.get("listings") or () if one.get("status") == "listed"]
    return Recreation(creatable(entity, shown), tuple(photos), len(assets) - len(photos), len(listings))


def creatable(entity: Entity, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record that a new one can be made of; what is empty stays away."""
    fields = {
        name: record[name]
        for name in (*editable(entity), "discogs_release_id")
        if record.get(name) not in (None, "", [], ())
    }
    for name in ("artist", "label"):  # by name: one that was deleted too is then made again
        if isinstance(fields.get(name), dict):
            fields[name] = {"name": fields[name]["name"]}
    if entity is Entity.ITEM:
        fields["product"] = record.get("product")
        if fields.get("status") == "listed":
            fields["status"] = "ready-to-sell"
            fields.pop("listed_at", None)
    return fields


def settlement(
    stuck: Operation, waiting: Sequence[Operation], found: Recreation, now: datetime
) -> Settlement:
    """Return the decision that makes the record again, in the place of its first waiting operation."""
    create = made_again(stuck.entity, stuck.title, found.fields, now)
    temporary = create.uid
    first, *later = waiting
    return Settlement(
        moved={stuck.uid: temporary},
        notes=tuple(note for one in waiting for note in _folded(one)),
        swap={first.uuid: create, **{one.uuid: _again(one, temporary) for one in later if _stays(one)}},
        drop=tuple(one.uuid for one in later if not _stays(one)),
        add=(*_first_again(first, temporary), *(photo_again(photo, create) for photo in found.photos)),
    )


def made_again(entity: Entity, title: str, wanted: Mapping[str, Any], now: datetime) -> Operation:
    """Return the create of a record under a new temporary uid; a copy without a SKU gets one."""
    name, fields = str(uuid.uuid4()), dict(wanted)
    if entity is Entity.ITEM and not fields.get("manual_sku"):
        fields["manual_sku"] = own_sku(name)
    return Operation(
        uuid=name,
        entity=entity,
        uid=TEMPORARY + name,
        kind=OpKind.CREATE,
        title=title,
        payload={"fields": fields},
        created=now,
    )


def photo_again(
    photo: "Photo", create: Operation, kind: OpKind = OpKind.ADD_PHOTO, edits: tuple[Edit, ...] = ()
) -> Operation:
    """Return the operation that adds a photo, or a picture, to a record that is made again."""
    return msgspec.structs.replace(
        create, uuid=str(uuid.uuid4()), kind=kind, payload=photo.payload, edits=edits
    )


def _stays(operation: Operation) -> bool:
    return operation.kind not in _FOLDED and operation.kind not in _POINTLESS


def _again(operation: Operation, uid: str) -> Operation:
    """Return an operation for the new record, as if it had never been tried."""
    fresh: dict[str, Any] = {"message": "", "errors": {}, "theirs": {}, "retry_at": None, "attempts": 0}
    if operation.kind is OpKind.PRODUCT_IMAGE:  # whatever picture the new record begins with
        fresh["edits"] = tuple(Edit(edit.field, uid, edit.new) for edit in operation.edits)
    return msgspec.structs.replace(operation, uid=uid, state=OpState.QUEUED, **fresh)


def _first_again(first: Operation, uid: str) -> Iterable[Operation]:
    """The first operation gave its place to the create; it follows at the end."""
    return [_again(first, uid)] if _stays(first) else []


def _folded(operation: Operation) -> list[Note]:
    """The edits that go into the new record count as its first history."""
    return [
        Note(operation.entity, operation.uid, Edit(edit.field, edit.base, edit.new), "made again")
        for edit in operation.edits
    ]


async def at_hand(kept: "Named", asset: Mapping[str, Any]) -> Photo | None:
    """Return a photo if this computer has the very file the server had."""
    sha256 = str(asset.get("sha256"))
    content = await kept(str(asset.get("image") or ""), sha256)
    if content is None or sha256 != hashlib.sha256(content).hexdigest():
        return None
    payload = {
        "blob": sha256,
        "name": f"{asset.get('kind') or 'photo'}-{sha256[:8]}.jpg",
        "kind": asset.get("kind") or "item",
        "width": asset.get("width"),
        "height": asset.get("height"),
        "bytes": len(content),
    }
    return Photo(payload, content)
