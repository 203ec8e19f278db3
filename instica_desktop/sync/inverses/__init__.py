"""Taking acts back and doing them again: one module for each family of acts.

An inverse takes back its own part and nothing else. It is an edit like any other: compared with the server
before it is sent, and a conflict where somebody else was there meanwhile.
"""

from collections.abc import Mapping, Sequence

import msgspec

from instica_desktop.core.acts import Act, ActKind, Step, Turn
from instica_desktop.core.errors import InsticaError
from instica_desktop.sync.bringing import Bringing
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.followers import in_order
from instica_desktop.sync.inverses.base import Inverse
from instica_desktop.sync.inverses.edits import EditInverse
from instica_desktop.sync.inverses.records import DeleteInverse, MakeInverse
from instica_desktop.sync.keepsakes import release
from instica_desktop.sync.removal import Removal
from instica_desktop.sync.turning import together
from instica_desktop.sync.watching import UNWATCHED, Watch


class Interrupted(Exception):
    """A step of several acts was turned only in part.

    `turned` is what was, `left` what was not, `error` says why.
    """

    def __init__(self, turned: Step, left: Step, error: InsticaError) -> None:
        super().__init__(error.message)
        self.turned, self.left, self.error = turned, left, error


class Inverses:
    """Turns steps back and forward again."""

    def __init__(
        self, desk: Desk, removal: Removal, bringing: Bringing, parts: Mapping[ActKind, Inverse]
    ) -> None:
        """`parts` are the inverses of what is done to parts of records: `families.ways_of_parts`."""
        self._desk = desk
        self._removal = removal
        self._ways: Mapping[ActKind, Inverse] = {
            ActKind.EDIT: EditInverse(desk),
            ActKind.MAKE: MakeInverse(desk, removal, bringing),
            ActKind.DELETE: DeleteInverse(desk, removal, bringing),
            **parts,
        }

    @property
    def kinds(self) -> frozenset[ActKind]:
        """The kinds that have an inverse: all of them, a test demands."""
        return frozenset(self._ways)

    async def undo(self, step: Step, watch: Watch = UNWATCHED) -> tuple[Step, str]:
        """Take a step back, its last act first, offers after the price they follow.

        Returns the step to do again, and what is not as it was.

        `watch` is told how many records are done after each act, and may stop it between two.

        Raises:
            Interrupted: some of its acts were taken back, the others could not be.
            Irreversible: it can never be taken back any more, and why.
            InsticaError: nothing was taken back; it may be tried again.
        """
        return await self._turn(step, watch, back=True)

    async def redo(self, step: Step, watch: Watch = UNWATCHED) -> tuple[Step, str]:
        """Do a step again. Returns and raises like `undo`."""
        return await self._turn(step, watch, back=False)

    async def forget(self, step: Step) -> None:
        """Let go of the files that are kept for a step which can be turned no more."""
        for act in step.acts:
            await release(self._desk.store, act.photos)

    def hold_on(self, step: Step) -> None:
        """Hold what a step would send for as long again: its message is still being read."""
        for name in _held_by(step):
            self._removal.hold_on(name)

    def let_go(self, step: Step) -> None:
        """Send what was held back for a step: its message has gone."""
        for name in _held_by(step):
            self._removal.holds.release(name)

    async def _turn(self, step: Step, watch: Watch, *, back: bool) -> tuple[Step, str]:
        order = in_order(self._desk.store, step.acts, back=back)
        turned: dict[int, Turn] = {}
        sizes = [len(act.uids) for act in step.acts]
        for at, number in enumerate(order):
            act = step.acts[number]
            way = self._ways[act.kind]
            try:
                watch.tell(sum(sizes[other] for other in turned), sum(sizes))
                turned[number] = await (way.undo(act) if back else way.redo(act))
            except InsticaError as error:
                if not turned:
                    raise
                left = [step.acts[other] for other in sorted(order[at:])]
                raise Interrupted(_with(step, turned), _left(step, left), error) from error
        words = together([turned[number].act for number in order], [turned[number].words for number in order])
        return _with(step, turned), words


def _held_by(step: Step) -> list[str]:
    return [act.photos[0] for act in step.acts if act.kind is ActKind.DELETE and act.photos]


def _with(step: Step, turned: Mapping[int, Turn]) -> Step:
    return _left(step, [turned[number].act for number in sorted(turned)])


def _left(step: Step, acts: Sequence[Act]) -> Step:
    return msgspec.structs.replace(step, acts=tuple(acts))
