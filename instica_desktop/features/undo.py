"""The one stack of what was done in a shop: taking it back, and doing it again, across all screens."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from instica_desktop.core.acts import Act, ActKind, Real, Step
from instica_desktop.core.describe import field_name
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.core.decided import Decided
    from instica_desktop.sync import Edited
    from instica_desktop.sync.watching import Watch

LIMIT = 200
LONG = 500
"""Turning acts on more records than this is shown while it lasts, and can be stopped."""
PARTLY = "Only a part of it was done. {why}"
"""What was turned stands on one pile then, what was not on the other."""

Piles = tuple[tuple[Step, ...], tuple[Step, ...]]
NOT_DECIDED = "It was changed elsewhere since. Open Activity (F8) to choose."


class Turning(Protocol):
    """What turns steps: `Shop.inverses`."""

    async def undo(self, step: Step, watch: "Watch") -> tuple[Step, str]:
        """See `Inverses.undo`."""
        ...

    async def redo(self, step: Step, watch: "Watch") -> tuple[Step, str]:
        """See `Inverses.redo`."""
        ...

    async def forget(self, step: Step) -> None:
        """See `Inverses.forget`."""
        ...


class Turned(msgspec.Struct, frozen=True):
    """What Undo or Redo did: the step's words, a sentence about what is not as it was, or nothing; the step.

    `undecided`: nothing is done before the user has chosen, which the sentence says.
    """

    words: str
    but: str = ""
    step: Step | None = None
    undecided: bool = False


class UndoHistory(QObject):
    """The acts of this session, newest last. An undo is an edit like any other: durable, then sent."""

    changed = Signal()
    working = Signal(object, object, bool)
    """(step, `Watch`, whether it is taken back): a step on many records begins to be turned."""
    taken_back = Signal(object)
    """(step): it was taken back."""

    def __init__(
        self,
        turning: Callable[[], Turning],
        parent: QObject | None = None,
        *,
        real: Real = str,
        undecided: Callable[[Step], bool] = lambda _step: False,
    ) -> None:
        """`turning` is asked for when a step is first turned; `real` tells what became of a uid.

        `undecided` tells of a step taken back whether the user has yet to choose between it and others.
        """
        super().__init__(parent)
        self._turning = turning
        self._real = real
        self._undecided = undecided
        self._scope = TaskScope(self)
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._one_by_one = asyncio.Lock()  # keys come faster than edits are written

    @property
    def next_undo(self) -> Step | None:
        """The step Undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Step | None:
        """The step Redo would do again; none while the user has yet to choose what becomes of it."""
        step = self._undone[-1] if self._undone else None
        return None if step is None or self._undecided(step) else step

    def can_undo(self, step: Step) -> bool:
        """Tell whether a step is still there to be taken back."""
        return any(one.key == step.key for one in self._done)

    def push(self, step: Step) -> None:
        """Remember what was done. What was taken back before it can no longer be done again."""
        self._done.append(step)
        left = [*self._done[:-LIMIT], *self._undone]
        del self._done[:-LIMIT]
        self._undone.clear()
        self._forget(left)
        self.changed.emit()

    @property
    def piles(self) -> Piles:
        """All steps that can be taken back, and that can be done again."""
        return tuple(self._done), tuple(self._undone)

    def go_on_from(self, piles: Piles) -> None:
        """Go on where the stack of the same shop stood before it was opened anew."""
        self._done[:0], self._undone[:0] = piles
        self.changed.emit()

    def decided(self, what: "Decided") -> None:
        """Let steps lead to what stood on the server, now that the user has decided about an edit."""
        from instica_desktop.core.decided import after

        found = after(self._done, self._undone, what, self._real)
        for own, steps in zip((self._done, self._undone), found, strict=True):
            keys = {step.key for step in steps}
            self._forget(one for one in own if one.key not in keys)
            own[:] = steps
        self.changed.emit()

    def last_of(self, entity: Entity, uid: str) -> Step | None:
        """Return the newest step on one record that can be taken back."""
        found = (step for step in reversed(self._done) if step.concerns(entity, uid, self._real))
        return next(found, None)

    async def undo(self, step: Step | None = None) -> Turned | None:
        """Take back the newest step, or the given one; None when there is nothing to take back.

        Raises:
            InsticaError: it could not be taken back. It stays, unless it never can be.
        """
        async with self._one_by_one:
            wanted = step or self.next_undo
            found = next((one for one in self._done if wanted and one.key == wanted.key), None)
            if found is not None:
                self._refuse_under_another(found)
            return found and await self._turn(found, self._done, self._undone)

    async def redo(self) -> Turned | None:
        """Do the step again that was taken back last; None when there is none.

        Raises:
            InsticaError: it could not be done again, or is to be decided about first. It stays, unless it
                never can be.
        """
        async with self._one_by_one:
            step = self.next_redo
            if step is None and self._undone:
                raise InputError(NOT_DECIDED)
            return step and await self._turn(step, self._undone, self._done)

    def _refuse_under_another(self, step: Step) -> None:
        """Raise InputError for a step on which a later one stands: taken back alone it would undo both."""
        later = self._done[self._done.index(step) + 1 :]
        for one in reversed(later):
            if one.stands_on(step, self._real):
                raise InputError(f"“{one.words}” was done after it. Take that back first.")

    def _forget(self, steps: Iterable[Step]) -> None:
        """Let go of what was kept for steps that left."""
        for step in steps:
            if any(act.photos for act in step.acts):
                self._scope.spawn(self._turning().forget(step), "forget step")

    async def _turn(self, step: Step, source: list[Step], target: list[Step]) -> Turned:
        from instica_desktop.sync.inverses import Interrupted
        from instica_desktop.sync.inverses.base import Irreversible
        from instica_desktop.sync.turning import TO_DECIDE

        back = source is self._done
        try:
            after, but = await self._turned(step, back=back)
        except Interrupted as partly:
            self._move(step, source, target, partly.turned, partly.left)
            raise InputError(PARTLY.format(why=partly.error.message)) from partly
        except Irreversible:
            self._move(step, source, target, None)
            self._forget([step])
            raise
        self._move(step, source, target, after)
        if back:
            self.taken_back.emit(step)
        return Turned(step.words, but, after, but == TO_DECIDE)

    async def _turned(self, step: Step, *, back: bool) -> tuple[Step, str]:
        from instica_desktop.sync.watching import Watch

        turning, watch = self._turning(), Watch()
        if sum(len(act.uids) for act in step.acts) > LONG:
            self.working.emit(step, watch, back)
        try:
            return await (turning.undo(step, watch) if back else turning.redo(step, watch))
        finally:
            watch.end()

    def _move(
        self,
        step: Step,
        source: list[Step],
        target: list[Step],
        turned: Step | None,
        left: Step | None = None,
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
