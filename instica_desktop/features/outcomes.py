"""What was said to be done and turns out not to be: the notice is withdrawn, and one sentence says so."""

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.describe import describe
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.operations import NEEDS_USER, TEMPORARY, Operation, OpKind, OpState
from instica_desktop.core.sharing import asked, sharing_words
from instica_desktop.sync import Shop

MOST = 20
"""So many notices are followed at once; nobody reads older ones any more."""
MANY = 50
"""Acts on more records than this are not followed: what came of them is summed up in the end."""
CHANGED_ELSEWHERE = "Not sent: {words}. It was changed elsewhere. Open Activity (F8) to choose."
SHARED = "Not sent: {words}. {shared} Open Activity (F8) to choose."
NOT_TAKEN = "Not sent: {words}. The server did not take it. Open Activity (F8) to see why."

_RECORDS = frozenset({OpKind.CREATE, OpKind.DELETE})
_PHOTOS = frozenset({OpKind.ADD_PHOTO, OpKind.REMOVE_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO})
_OFFERS = frozenset({OpKind.ADD_LISTING, OpKind.REVISE_LISTING, OpKind.DELIST})
_PARCELS = frozenset({OpKind.ADD_SHIPMENT, OpKind.EDIT_SHIPMENT, OpKind.REMOVE_SHIPMENT})
_WAYS: dict[ActKind, frozenset[OpKind]] = {
    ActKind.EDIT: frozenset({OpKind.UPDATE}),
    ActKind.MAKE: _RECORDS,
    ActKind.DELETE: _RECORDS,
    ActKind.PHOTOS_ADDED: _PHOTOS,
    ActKind.PHOTO_REMOVED: _PHOTOS,
    ActKind.PHOTOS_ORDERED: _PHOTOS,
    ActKind.COVER: frozenset({OpKind.PRODUCT_IMAGE}),
    ActKind.OFFERED: _OFFERS,
    ActKind.REVISED: _OFFERS,
    ActKind.TAKEN_OFF: _OFFERS,
    ActKind.SHIPPED: _PARCELS,
    ActKind.CORRECTED: _PARCELS,
    ActKind.PARCEL_REMOVED: _PARCELS,
    ActKind.DROPPED: frozenset(),
}


class _Said(msgspec.Struct, frozen=True):
    """A notice, what it is about in the words of its step, and the operations that are to make it true.

    `promise`: it tells what is so only once it is sent, and is withdrawn then; `kept` is said in its place
    where something was made.
    """

    notice: str
    words: str
    uuids: frozenset[str]
    promise: bool = False
    kept: str = ""


class Outcomes:
    """Follows what acts become on their way to the server, as long as it is not there."""

    def __init__(
        self,
        shop: Shop,
        say: Callable[[str], None],
        unsay: Callable[[str], None],
        tell: Callable[[InsticaError], None],
    ) -> None:
        """`say` shows a notice, `unsay` withdraws it by its words, `tell` shows what became of the act."""
        self._shop, self._say, self._unsay, self._tell = shop, say, unsay, tell
        self._said: deque[_Said] = deque(maxlen=MOST)
        shop.on_state.append(self._look)

    def follow(self, step: Step, notice: str, words: str) -> None:
        """Follow a step of which a notice tells that it is done. It may be stuck by now."""
        if sum(len(act.uids) for act in step.acts) <= MANY:
            waiting = self._shop.operations()
            own = (one.uuid for one in waiting if any(_carries(one, act, self._shop) for act in step.acts))
            self._said.append(_Said(notice, words, frozenset(own)))
            self._look()

    def promise(self, operation: Operation, notice: str, kept: str) -> None:
        """Follow an operation of which a notice says that it goes out; `kept` is said once it has."""
        uuids = frozenset({operation.uuid})
        self._said.append(_Said(notice, describe(operation), uuids, promise=True, kept=kept))
        self._look()

    def close(self) -> None:
        """Follow nothing any more."""
        if self._look in self._shop.on_state:
            self._shop.on_state.remove(self._look)
        self._said.clear()

    def _look(self) -> None:
        for said in tuple(self._said):
            there = [one for uuid in said.uuids if (one := self._shop.operation(uuid)) is not None]
            stuck = next((one for one in there if one.state in NEEDS_USER), None)
            if stuck is None and there:
                continue
            self._said.remove(said)
            if stuck is not None:
                self._withdraw(said, stuck)
            elif said.promise:
                self._unsay(said.notice)
                made = (TEMPORARY + uuid for uuid in said.uuids)
                if said.kept and all(self._shop.real(uid) != uid for uid in made):
                    self._say(said.kept)

    def _withdraw(self, said: _Said, stuck: Operation) -> None:
        self._unsay(said.notice)
        text = CHANGED_ELSEWHERE if stuck.state is OpState.CONFLICT else NOT_TAKEN
        orders = asked(stuck.theirs)
        text = SHARED if orders else text
        self._tell(InputError(text.format(words=said.words, shared=sharing_words(orders))))


def _carries(operation: Operation, act: Act, shop: Shop) -> bool:
    """Tell whether an operation is on its way to do what an act is about."""
    if operation.kind not in _WAYS[act.kind] or not act.about(operation.entity, operation.uid, shop.real):
        return False
    written = {edit.field for edit in operation.edits}
    if operation.state in NEEDS_USER and not (act.part or written):
        return False  # it was stuck before
    if written and not written & (act.before.keys() | act.after.keys()):
        return False
    return not act.part or shop.real(act.part) in _parts(operation)


def _parts(operation: Operation) -> set[Any]:
    named = (operation.payload.get(name) for name in ("shipment", "listing", "asset"))
    return {TEMPORARY + operation.uuid, *named}
