"""Making and deleting records: the one takes the other back."""

from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind, Turn
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Product
from instica_desktop.sync import keepsakes
from instica_desktop.sync.bringing import Bringing
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.removal import Removal
from instica_desktop.sync.turning import PART_TO_DECIDE, TO_DECIDE

NOT_HERE = "It is not there any more: it was deleted meanwhile."
PRODUCT_STAYS = "Its product stays: it has other copies."
HAS_COPIES = "This product has copies by now. Delete or move them first."


class DeleteInverse:
    """Brings deleted records back, or deletes them again."""

    def __init__(self, desk: Desk, removal: Removal, bringing: Bringing) -> None:
        self._desk = desk
        self._removal = removal
        self._bringing = bringing

    async def undo(self, act: Act) -> Turn:
        """Bring the records back: those that were sent are made again."""
        known = {one.uid: one.seen for uid in act.uids if (one := self._removal.deletion(act.entity, uid))}
        words = await self._bringing.back(act)
        return Turn(msgspec.structs.replace(act, before={**act.before, "seen": known}), words)

    async def redo(self, act: Act) -> Turn:
        """Delete the records again, by what they are called now. How many was agreed to before.

        One that is not what was deleted before, although that was never sent, waits for the user to decide.
        """
        store = self._desk.store
        uids = [store.outbox.real(uid) for uid in act.uids]
        here = store.cache.by_uids(act.entity, uids)
        there = [uid for uid in uids if uid in here]
        if not there:
            raise Irreversible(NOT_HERE)
        known: dict[str, Any] = act.before.get("seen", {})
        changed = [uid for uid in there if self._removal.changed(act.entity, uid, known.get(uid, {}))]
        deleted = await self._removal.delete(act.entity, there, len(there), known=known)
        await keepsakes.release(store, act.photos)
        asked = (TO_DECIDE if len(changed) == len(there) else PART_TO_DECIDE) if changed else ""
        gone = "" if len(there) == len(uids) else "Some of them were gone already."
        return Turn(deleted.acts[0], " ".join(words for words in (asked, gone) if words))


class MakeInverse:
    """Removes a record that was made, and brings it back."""

    def __init__(self, desk: Desk, removal: Removal, bringing: Bringing) -> None:
        self._desk = desk
        self._removal = removal
        self._bringing = bringing

    async def undo(self, act: Act) -> Turn:
        """Remove the record; a product made along with a copy stays where other copies hang on it."""
        uid = self._desk.store.outbox.real(act.uid)
        row = self._desk.store.cache.by_uid(act.entity, uid)
        if row is None or row.mark.leaves:
            raise Irreversible(NOT_HERE)
        if isinstance(row.data, Product) and row.data.inventory_items:
            if act.before.get("with"):
                return Turn(act, PRODUCT_STAYS)
            raise InputError(HAS_COPIES)
        deleted = (await self._removal.delete(act.entity, [uid])).acts[0]
        after: dict[str, Any] = {"deleted": deleted.before}
        return Turn(msgspec.structs.replace(act, after=after, photos=deleted.photos))

    async def redo(self, act: Act) -> Turn:
        """Bring the record back as it was when it was taken back."""
        if not act.after:  # a product that stayed
            return Turn(act)
        gone = msgspec.structs.replace(act, kind=ActKind.DELETE, before=act.after["deleted"])
        words = await self._bringing.back(gone)
        await keepsakes.release(self._desk.store, act.photos)
        return Turn(msgspec.structs.replace(act, after={}, photos=()), words if _partly(words) else "")


def _partly(words: str) -> bool:
    """A new number is no news of what was just made; what stayed away is."""
    return "back" in words
