"""The order of photos: as it was before, with those that came since in a sensible place."""

from collections.abc import Sequence
from typing import Any

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import Desk, is_unsent
from instica_desktop.sync.gallery import arrangement
from instica_desktop.sync.inverses.again import Again
from instica_desktop.sync.wirework import shown

Wire = dict[str, Any]
_KINDS = (OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO)
MOVED = "The photos were put in another order since. They stay as they are."
BEING_SENT = "The order of the photos is being sent right now. Try again in a moment."


class ArrangedInverse:
    """Puts photos as they were before an act, where they still stand as it left them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again = Again(desk)

    async def undo(self, act: Act) -> Turn:
        """Restore the order before; what waits for a decision is dropped, and theirs stands, if any does."""
        if not await self._given_up(act):
            await self._turn(act, act.before, act.after)
        return Turn(act)

    async def redo(self, act: Act) -> Turn:
        """Put them in order again."""
        await self._turn(act, act.after, act.before)
        return Turn(act)

    async def _given_up(self, act: Act) -> bool:
        waiting = self._again.waiting(act, *_KINDS)
        stuck = [one for one in waiting if one.state is OpState.CONFLICT and not is_unsent(one)]
        if stuck:  # what waits behind it goes along
            stuck += [one for one in waiting if is_unsent(one) and one.seq > stuck[0].seq]
        dropped = [await self._desk.dropped(one) for one in stuck]
        if any(dropped):
            await self._desk.show(act.entity, self._again.real(act.uid))
        return any(dropped)

    async def _turn(self, act: Act, wanted: Wire, left: Wire) -> None:
        for _ in range(3):  # what is unsent as we look may be under way as we write
            async with self._desk.lock:
                try:
                    await self._desk.store.outbox.settle(self._settlement(act, wanted, left))
                except KeyError:
                    continue
                await self._desk.show(act.entity, self._again.real(act.uid))
                return
        raise InputError(BEING_SENT)

    def _settlement(self, act: Act, wanted: Wire, left: Wire) -> Settlement:
        """Return what leads to the order wanted: the waiting orders dropped, and no more if that is all."""
        row = self._desk.row(act.entity, act.uid)
        own = self._desk.store.outbox.for_object(act.entity, row.uid)
        unsent = [one for one in own if one.kind in _KINDS and is_unsent(one)]
        now = arrangement(shown(row.raw, own).get("assets") or ())
        under = arrangement(shown(row.raw, [one for one in own if one not in unsent]).get("assets") or ())
        self._check(now, left)
        target = placed([self._again.real(uid) for uid in wanted["order"]], now["order"])
        first = self._again.real(wanted["primary"])
        first = first if first in target else now["primary"]
        add: list[Operation] = []
        if target != under["order"]:
            payload = {"order": target, "was": under["order"]}
            add.append(self._desk.made(row, act.entity, OpKind.ORDER_PHOTOS, payload=payload))
        if first and first != under["primary"]:
            payload = {"asset": first, "was": under["primary"]}
            add.append(self._desk.made(row, act.entity, OpKind.PRIMARY_PHOTO, payload=payload))
        return Settlement(drop=tuple(one.uuid for one in unsent), add=tuple(add))

    def _check(self, now: Wire, left: Wire) -> None:
        """Raise InputError where the photos do not stand as the act left them."""
        order = [self._again.real(uid) for uid in left["order"]]
        theirs = [uid for uid in now["order"] if uid in order] != [
            uid for uid in order if uid in now["order"]
        ]
        primary = self._again.real(left["primary"])
        if theirs or (primary in now["order"] and primary != now["primary"]):
            raise InputError(MOVED)


def placed(wanted: Sequence[str], present: Sequence[str]) -> list[str]:
    """Return the photos present in the order wanted; others stay behind those they stand behind."""
    order = [uid for uid in wanted if uid in present]
    late = len(present)
    while late and present[late - 1] not in order:
        late -= 1
    for at, uid in enumerate(present[:late]):
        if uid not in order:
            order.insert(order.index(present[at - 1]) + 1 if at else 0, uid)
    return [*order, *present[late:]]
