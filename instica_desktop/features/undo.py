"""The one stack of what was done in a shop: taking it back, and doing it again, across all screens."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.describe import field_name
from instica_desktop.core.models.common import Entity

if TYPE_CHECKING:
    from instica_desktop.sync import Edited

LIMIT = 200


class Turning(Protocol):
    """What turns steps: `Shop.inverses`."""

    async def undo(self, step: Step) -> tuple[Step, str]:
        """See `Inverses.undo`."""
        ...

    async def redo(self, step: Step) -> tuple[Step, str]:
        """See `Inverses.redo`."""
        ...


class Closures(msgspec.Struct, frozen=True):
    """A step of the old kind, with its own functions. Goes when every act has its inverse."""

    entity: Entity
    uid: str
    words: str
    back: Callable[[], Awaitable[object]]
    again: Callable[[], Awaitable[object]]
    key: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)

    def concerns(self, entity: Entity, uid: str) -> bool:
        """Tell whether it is about a record."""
        return (self.entity, self.uid) == (entity, uid)


AnyStep = Step | Closures


class Turned(msgspec.Struct, frozen=True):
    """What Undo or Redo did: the step's words, and a sentence about what is not as it was, or nothing."""

    words: str
    but: str = ""


class UndoHistory(QObject):
    """The acts of this session, newest last. An undo is an edit like any other: durable, then sent."""

    changed = Signal()

    def __init__(self, turning: Callable[[], Turning], parent: QObject | None = None) -> None:
        """`turning` is asked for when a step is first turned."""
        super().__init__(parent)
        self._turning = turning
        self._done: list[AnyStep] = []
        self._undone: list[AnyStep] = []
        self._one_by_one = asyncio.Lock()  # keys come faster than edits are written

    @property
    def next_undo(self) -> AnyStep | None:
        """The step Undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> AnyStep | None:
        """The step Redo would do again."""
        return self._undone[-1] if self._undone else None

    def can_undo(self, step: AnyStep) -> bool:
        """Tell whether a step is still there to be taken back."""
        return any(one.key == step.key for one in self._done)

    def push(self, step: AnyStep) -> None:
        """Remember what was done. What was taken back before it can no longer be done again."""
        self._done.append(step)
        del self._done[:-LIMIT]
        self._undone.clear()
        self.changed.emit()

    def last_of(self, entity: Entity, uid: str) -> AnyStep | None:
        """Return the newest step on one record that can be taken back."""
        return next((step for step in reversed(self._done) if step.concerns(entity, uid)), None)

    async def undo(self, step: AnyStep | None = None) -> Turned | None:
        """Take back the newest step, or the given one; None when there is nothing to take back.

        Raises:
            InsticaError: it could not be taken back. It stays, unless it never can be.
        """
        async with self._one_by_one:
            wanted = step or self.next_undo
            found = next((one for one in self._done if wanted and one.key == wanted.key), None)
            return found and await self._turn(found, self._done, self._undone)

    async def redo(self) -> Turned | None:
        """Do the step again that was taken back last; None when there is none.

        Raises:
            InsticaError: it could not be done again. It stays, unless it never can be.
        """
        async with self._one_by_one:
            step = self.next_redo
            return step and await self._turn(step, self._undone, self._done)

    async def _turn(self, step: AnyStep, source: list[AnyStep], target: list[AnyStep]) -> Turned:
        from instica_desktop.sync.inverses import Interrupted
        from instica_desktop.sync.inverses.base import Irreversible

        back = source is self._done
        try:
            after, but = await self._turned(step, back=back)
        except Interrupted as partly:
            self._move(step, source, target, partly.turned, partly.left)
            raise partly.error from partly
        except Irreversible:
            self._move(step, source, target, None)
            raise
        self._move(step, source, target, after)
        return Turned(step.words, but)

    async def _turned(self, step: AnyStep, *, back: bool) -> tuple[AnyStep, str]:
        if isinstance(step, Closures):
            await (step.back() if back else step.again())
            return step, ""
        turning = self._turning()
        return await (turning.undo(step) if back else turning.redo(step))

    def _move(
        self,
        step: AnyStep,
        source: list[AnyStep],
        target: list[AnyStep],
        turned: AnyStep | None,
        left: AnyStep | None = None,
    ) -> None:
        """Put what was turned on the other pile; what was not stays where it is."""
        at = next((at for at, one in enumerate(source) if one.key == step.key), None)
        if at is not None:
            source[at : at + 1] = [] if left is None else [left]
            if turned is not None:
                target.append(turned)
        self.changed.emit()


def edit_step(entity: Entity, uid: str, title: str, edited: "Edited") -> Step:
    """Return the step of an edit of fields, named like `item price of Kind of Blue` or `3 fields of …`."""
    fields = list(edited.after)
    what = field_name(fields[0]).lower() if len(fields) == 1 else f"{len(fields)} fields"
    what = "SKU" if what == "sku" else what
    act = Act(kind=ActKind.EDIT, entity=entity, uid=uid, before=edited.before, after=edited.after)
    return Step(words=f"{what} of {title}" if title else what, acts=(act,))
