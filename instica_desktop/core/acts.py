"""What a person did, as plain data, so that it can be taken back and done again."""

import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity

WITH_PHOTOS = 500
"""Of more records than this no photos are fetched before they are deleted: undo brings none back."""


class ActKind(StrEnum):
    """The kinds of act. Each has its inverse in `sync/inverses`."""

    EDIT = "edit"  # before, after: wire values by field
    MAKE = "make"  # a product or a copy; after: what is kept of it once it was taken back
    DELETE = "delete"  # one or several records; before: their uids, and what is kept of them
    PHOTOS_ADDED = "photos_added"  # after = {"photos": [payload with "uid", …]}
    PHOTO_REMOVED = "photo_removed"  # before = {"photo": payload, "order": [uid, …], "primary": bool}
    PHOTOS_ORDERED = "photos_ordered"  # before, after = {"order": [uid, …], "primary": uid}
    COVER = "cover"  # before, after = {"product_image": address, "blob": sha256}
    OFFERED = "offered"  # after = the offer's payload
    REVISED = "revised"  # before, after: wire values of the offer by field
    TAKEN_OFF = "taken_off"  # before = the offer's payload, "external_id" with it
    SHIPPED = "shipped"  # before = {"parcels": [uid, …]}, after: wire values of the parcel
    CORRECTED = "corrected"  # before, after: wire values of the parcel by field
    PARCEL_REMOVED = "parcel_removed"  # before: wire values of the parcel
    DROPPED = "dropped"  # before = {"operations": [operation, …]}, after likewise of those left otherwise


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one record. `uid` is what it went by then; `part` the uid of a photo, parcel or offer.

    `before` and `after` are wire values by field, as the act found and left them. `photos` are SHA-256 names
    of files that are kept for taking it back. `agreed`: on which other orders the numbers of a parcel may be.
    """

    kind: ActKind
    entity: Entity
    uid: str
    part: str = ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    photos: tuple[str, ...] = ()
    agreed: dict[str, list[str]] = {}

    @property
    def uids(self) -> tuple[str, ...]:
        """What the records it is on went by then: mostly one, many where many were deleted at once."""
        return tuple(self.before.get("uids", (self.uid,))) if self.kind is ActKind.DELETE else (self.uid,)

    def about(self, entity: Entity, uid: str, real: "Real") -> bool:
        """Tell whether it is on a record; `real` tells what became of a uid."""
        return self.entity is entity and any(real(own) == real(uid) for own in self.uids)


def builds_on(later: Act, earlier: Act, real: "Real") -> bool:
    """Tell whether an act must be taken back before an earlier one can be."""
    if later.entity is not earlier.entity or not {real(uid) for uid in later.uids} & {
        real(uid) for uid in earlier.uids
    }:
        return False
    if later.kind is earlier.kind is ActKind.EDIT:
        return bool(later.after.keys() & earlier.after.keys())
    if later.kind is ActKind.DELETE or earlier.kind is ActKind.DELETE:
        return True
    if earlier.kind is ActKind.MAKE:
        return False  # with the record goes what was done to it
    if later.part and earlier.part:
        return real(later.part) == real(earlier.part)
    return later.kind is earlier.kind


Real = Callable[[str], str]
"""What a record is called now, by what it was called once."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What one press of Undo takes back: one or several acts, in the order they were done.

    `words` name it after “Undo”: “shelf of Aja”. Taken back and done again it keeps its `key`.
    """

    words: str
    acts: tuple[Act, ...]
    key: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)

    def concerns(self, entity: Entity, uid: str, real: Real = str) -> bool:
        """Tell whether one of its acts is on a record; `real` tells what became of a uid."""
        return any(act.about(entity, uid, real) for act in self.acts)

    def stands_on(self, other: "Step", real: Real = str) -> bool:
        """Tell whether this, done later, must be taken back before another step can be."""
        return any(builds_on(later, earlier, real) for later in self.acts for earlier in other.acts)


class Turn(msgspec.Struct, frozen=True):
    """What turning an act back, or forward again, came to.

    `act` is the act as it can be turned the other way from now on. `words` say what is not as it was, in a
    sentence; empty when all is.
    """

    act: Act
    words: str = ""
