"""Taking edits back, and making them again, across all screens."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from instica_desktop.core.models.common import Entity

Write = Callable[[Entity, str, Mapping[str, Any]], Awaitable[object]]
"""How values are written: entity, uid, wire values by field. Usually `Shop.edit`."""

LIMIT = 200


class Acts(msgspec.Struct, frozen=True):
    """How to take back, and do again, what is no edit of fields. `words` name it: “new copy of Aja”."""

    words: str
    back: Callable[[], Awaitable[object]]
    again: Callable[[], Awaitable[object]]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One edit of one record: the values before and after, by wire field; or other `acts` on it."""

    entity: Entity
    uid: str
    title: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    acts: Acts | None = None


class UndoHistory(QObject):
    """The edits of this session, newest last. An undo is an edit like any other: durable, then sent."""

    changed = Signal()

    def __init__(self, write: Write, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._write = write
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._one_by_one = asyncio.Lock()  # keys come faster than edits are written

    @property
    def next_undo(self) -> Step | None:
        """The edit Undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """The edit Redo would make again."""
        return self._undone[-1] if self._undone else None

    def push(self, step: Step) -> None:
        """Remember an edit that was saved. Edits that were taken back before it can no longer be redone."""
        if step.acts is None and step.before == step.after:
            return
        self._done.append(step)
        del self._done[:-LIMIT]
        self._undone.clear()
        self.changed.emit()

    def last_of(self, entity: Entity, uid: str) -> Step | None:
        """Return the newest edit of one record that can be taken back."""
        return next((step for step in reversed(self._done) if (step.entity, step.uid) == (entity, uid)), None)

    def forget(self, entity: Entity, uids: Collection[str], *, but: Step) -> None:
        """Drop the steps of a record that is gone, but for the one that took it away: they lead nowhere."""
        for steps in (self._done, self._undone):
            steps[:] = [one for one in steps if one is but or one.entity is not entity or one.uid not in uids]
        self.changed.emit()

    async def undo(self, step: Step | None = None) -> Step | None:
        """Take back the newest edit, or the given one, and return it; None when there is nothing to undo.

        Raises:
            InsticaError: when the values cannot be written back; the edit then stays undoable.
        """
        async with self._one_by_one:
            step = step or self.next_undo
            if step is None or step not in self._done:
                return None
            await (step.acts.back() if step.acts else self._write(step.entity, step.uid, step.before))
            return self._move(step, self._done, self._undone)

    async def redo(self) -> Step | None:
        """Make the edit again that was taken back last, and return it; None when there is none.

        Raises:
            InsticaError: when the values cannot be written; the edit then stays redoable.
        """
        async with self._one_by_one:
            step = self.next_redo
            if step is None:
                return None
            await (step.acts.again() if step.acts else self._write(step.entity, step.uid, step.after))
            return self._move(step, self._undone, self._done)

    def _move(self, step: Step, source: list[Step], target: list[Step]) -> Step:
        """Note what a step was made of; its record may have gone meanwhile, and the step with it."""
        if step in source:
            source.remove(step)
            target.append(step)
        self.changed.emit()
        return step
