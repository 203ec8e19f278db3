"""A decision of the user about edits that are stuck, to be carried out whole or not at all."""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation


class Note(msgspec.Struct, frozen=True):
    """A value to keep in an object's history: `edit.new` would be lost, and why."""

    entity: Entity
    uid: str
    edit: Edit
    reason: str


class Changing(Protocol):
    """One transaction on the operations, as the outbox makes it."""

    def rename(self, replaced: Mapping[str, str]) -> None: ...
    def swap(self, uuid: str, after: Operation) -> None: ...
    def discard(self, uuid: str) -> Any: ...
    def add(self, operation: Operation) -> Any: ...
    def put_back(self, operation: Operation) -> Any: ...
    def behind(self, operation: Operation) -> Any: ...
    def made_again(self, uids: Mapping[str, str]) -> None: ...
    def note(self, entity: Entity, uid: str, edit: Edit, reason: str) -> None: ...


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision does.

    Objects get other uids (`moved`) in all operations and the history; values go into the history; operations
    take the place of others (`swap`, by uuid), some are dropped, some added; what was dropped before can be
    put `back` where it stood; some are put `behind` all others, as they are given. A part that went is made
    `again` under another uid, and known by both.
    """

    moved: dict[str, str] = {}
    notes: tuple[Note, ...] = ()
    swap: dict[str, Operation] = {}
    drop: tuple[str, ...] = ()
    add: tuple[Operation, ...] = ()
    back: tuple[Operation, ...] = ()
    behind: tuple[Operation, ...] = ()
    again: dict[str, str] = {}

    def along_with(self, other: "Settlement") -> "Settlement":
        """Return this and another, carried out as one."""
        return Settlement(
            moved={**self.moved, **other.moved},
            notes=(*self.notes, *other.notes),
            swap={**self.swap, **other.swap},
            drop=(*self.drop, *other.drop),
            add=(*self.add, *other.add),
            back=(*self.back, *other.back),
            behind=(*self.behind, *other.behind),
            again={**self.again, **other.again},
        )

    def carry_out(self, change: Changing) -> None:
        """Do it. Raises KeyError when an operation has gone meanwhile: then nothing may be kept of it."""
        for note in self.notes:
            change.note(note.entity, note.uid, note.edit, note.reason)
        if self.moved:
            change.rename(self.moved)
        for uuid, after in self.swap.items():
            change.swap(uuid, after)
        for uuid in self.drop:
            change.discard(uuid)
        for operation in self.add:
            change.add(operation)
        for operation in self.back:
            change.put_back(operation)
        for operation in self.behind:
            change.behind(operation)
        change.made_again(self.again)
