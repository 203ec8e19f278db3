"""What a person did, as plain data, so that it can be taken back and done again."""

import uuid
from enum import StrEnum
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity


class ActKind(StrEnum):
    """The kinds of act. Each has its inverse in `sync/inverses`."""

    EDIT = "edit"  # before, after: wire values by field


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one record. `uid` is what it went by then; `part` the uid of a photo, parcel or offer.

    `before` and `after` are wire values by field, as the act found and left them. `photos` are SHA-256 names
    of files that are kept for taking it back.
    """

    kind: ActKind
    entity: Entity
    uid: str
    part: str = ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    photos: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What one press of Undo takes back: one or several acts, in the order they were done.

    `words` name it after “Undo”: “shelf of Aja”. Taken back and done again it keeps its `key`.
    """

    words: str
    acts: tuple[Act, ...]
    key: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)

    def concerns(self, entity: Entity, uid: str) -> bool:
        """Tell whether one of its acts is on a record."""
        return any((act.entity, act.uid) == (entity, uid) for act in self.acts)


class Turn(msgspec.Struct, frozen=True):
    """What turning an act back, or forward again, came to.

    `act` is the act as it can be turned the other way from now on. `words` say what is not as it was, in a
    sentence; empty when all is.
    """

    act: Act
    words: str = ""
