"""A record that was deleted on the server, made again from what this computer has of it.

Its fields come back as the user sees them, and the photos whose files are here. Listings and parcels belong
to marketplaces and do not come back. All that waited for the old record waits for the new one.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, TEMPORARY, Edit, Operation, OpKind, OpState, is_temporary
from instica_desktop.core.overlay import overlay
from instica_desktop.store.coalesce import merged, part_of, renamed
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.edits import editable
from instica_desktop.sync.wirework import decoded, own_sku

Kept = Callable[[str], Awaitable[bytes | None]]
"""Returns the picture of a URL if it is on this computer."""
Named = Callable[[str, str], Awaitable[bytes | None]]
"""Returns the picture of a URL, or the file of a name, if it is on this computer."""
_FOLDED = frozenset({OpKind.UPDATE})
"""What goes into the fields of the new record."""
_POINTLESS = frozenset({OpKind.REMOVE_PHOTO, OpKind.DELETE})
"""What the new record needs no more: it begins without what was to go."""
_OF_OFFERS = frozenset({OpKind.REVISE_LISTING, OpKind.DELIST})
"""What changes or ends an offer; those the old record had do not come back."""


class Photo(msgspec.Struct, frozen=True):
    """A photo of the old record that can be added again: the operation's payload and the file.

    `uid` is what it went by; `primary`: it stood for the record.
    """

    payload: dict[str, Any]
    content: bytes
    uid: str = ""
    primary: bool = False


class Recreation(msgspec.Struct, frozen=True):
    """What can be made again: the fields, the photos at hand. And what cannot: other photos, listings."""

    fields: dict[str, Any]
    photos: tuple[Photo, ...] = ()
    photos_lost: int = 0
    listings_lost: int = 0


async def recreation(kept: Kept, entity: Entity, raw: bytes, waiting: Sequence[Operation]) -> Recreation:
    """Return what can be made again of a cached record with the operations that wait for it.

    A damaged one waits for the user's own word: nothing of it is in there.
    """
    record, trusted = decoded(raw), [one for one in waiting if one.state is not OpState.DAMAGED]
    shown = overlay(record, [one for one in trusted if one.kind in _FOLDED])
    removed = {one.payload["asset"] for one in trusted if one.kind is OpKind.REMOVE_PHOTO}
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
    stuck: Operation, waiting: Sequence[Operation], found: Recreation, now: datetime, since: datetime
) -> Settlement:
    """Return the decision that makes the record again, in the place of its first waiting operation.

    `since`: when the record was there last.
    """
    create = made_again(stuck.entity, stuck.title, found.fields, now, since)
    create = msgspec.structs.replace(create, edits=_folded(waiting, found.fields))
    photos = [(photo, photo_again(photo, create)) for photo in found.photos]
    names = {photo.uid: TEMPORARY + made.uuid for photo, made in photos if photo.uid}
    moved = {stuck.uid: create.uid, **names}
    first, *later = waiting
    again = {one.uuid: fresh for one in waiting if (fresh := _again(one, moved)) is not None}
    chosen = [chosen_again(made) for at, (photo, made) in enumerate(photos) if photo.primary and at]
    return Settlement(
        moved=moved,
        swap={first.uuid: create},
        drop=tuple(one.uuid for one in later if one.uuid not in again),
        add=(*(made for _, made in photos), *chosen),
        behind=tuple(again.values()),
    )


def made_again(
    entity: Entity,
    title: str,
    wanted: Mapping[str, Any],
    now: datetime,
    since: datetime | None = None,
) -> Operation:
    """Return the create of a record under a new temporary uid; a copy without a SKU gets one.

    `since` is when it was there last, where that is known: another computer may make it again as well.
    """
    name, fields = str(uuid.uuid4()), dict(wanted)
    if entity is Entity.ITEM and not fields.get("manual_sku"):
        fields["manual_sku"] = own_sku(name)
    return Operation(
        uuid=name,
        entity=entity,
        uid=TEMPORARY + name,
        kind=OpKind.CREATE,
        title=title,
        payload={"fields": fields, AGAIN: since.isoformat() if since else ""},
        created=now,
    )


def used_again(create: Operation, uid: str, now: datetime) -> Settlement:
    """Return the decision that uses what another computer made again; what went into ours are edits of it."""
    edits = Operation(
        uuid=str(uuid.uuid4()),
        entity=create.entity,
        uid=uid,
        kind=OpKind.UPDATE,
        title=create.title,
        edits=create.edits,
        created=now,
    )
    return Settlement(moved={create.uid: uid}, swap={create.uuid: edits})


def another(create: Operation) -> Settlement:
    """Return the decision that makes a record again although one stands there already."""
    payload = {name: value for name, value in create.payload.items() if name != AGAIN}
    fresh: dict[str, Any] = {"state": OpState.QUEUED, "message": "", "theirs": {}, "retry_at": None}
    return Settlement(swap={create.uuid: msgspec.structs.replace(create, payload=payload, **fresh)})


def photo_again(
    photo: "Photo", create: Operation, kind: OpKind = OpKind.ADD_PHOTO, edits: tuple[Edit, ...] = ()
) -> Operation:
    """Return the operation that adds a photo, or a picture, to a record that is made again."""
    return msgspec.structs.replace(
        create, uuid=str(uuid.uuid4()), kind=kind, payload=photo.payload, edits=edits
    )


def _again(operation: Operation, moved: Mapping[str, str]) -> Operation | None:
    """Return an operation for the new record, as if never tried; None where it is of no use there.

    `moved` names the record and its photos as they are called now. A damaged one stays what it is.
    """
    if operation.state is OpState.DAMAGED:
        return renamed(operation, moved)
    if operation.kind in _FOLDED or operation.kind in _POINTLESS:
        return None
    fresh: dict[str, Any] = {"message": "", "errors": {}, "theirs": {}, "retry_at": None, "attempts": 0}
    made = renamed(msgspec.structs.replace(operation, state=OpState.QUEUED, **fresh), moved)
    if operation.kind in _OF_OFFERS or operation.kind is OpKind.PRIMARY_PHOTO:
        return made if is_temporary(part_of(made)) else None
    if operation.kind is OpKind.ORDER_PHOTOS:
        order = [uid for uid in made.payload["order"] if is_temporary(uid)]
        return msgspec.structs.replace(made, payload={"order": order})
    if operation.kind is OpKind.PRODUCT_IMAGE:  # whatever picture the new record begins with
        edits = tuple(Edit(edit.field, made.uid, edit.new) for edit in operation.edits)
        return msgspec.structs.replace(made, edits=edits)
    return made


def chosen_again(photo: Operation) -> Operation:
    """Return the operation that lets a photo which is added again stand for its record."""
    payload = {"asset": TEMPORARY + photo.uuid}
    return msgspec.structs.replace(photo, uuid=str(uuid.uuid4()), kind=OpKind.PRIMARY_PHOTO, payload=payload)


def _folded(waiting: Sequence[Operation], fields: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits that go into the new record: delivered with it, they are its first history."""
    folded = [one for one in waiting if one.kind in _FOLDED and one.state is not OpState.DAMAGED]
    edits = merged((), [edit for one in folded for edit in one.edits])
    return tuple(edit for edit in edits if same(edit.field, fields.get(edit.field), edit.new))


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
    return Photo(payload, content, str(asset.get("uid") or ""), bool(asset.get("is_primary")))
