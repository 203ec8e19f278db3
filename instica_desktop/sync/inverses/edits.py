"""Edits of fields: the values before are written over those the act left, and over no others."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.models.common import Entity
from instica_desktop.core.overlay_listings import is_by_hand
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.inverses.offers import NEW_NUMBER
from instica_desktop.sync.turning import TO_DECIDE, Gone, Turning

OFFER_BY_HAND = "{name} takes no offers from here: put the item on offer there by hand."


class EditInverse:
    """Writes values back. Where a field holds something else by now, the user decides: it is a conflict."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turning = Turning(desk)

    async def undo(self, act: Act) -> Turn:
        """Write what was there before the act, based on what it left; what is unsent or stuck just goes."""
        return Turn(act, await self._write(act, back=True))

    async def redo(self, act: Act) -> Turn:
        """Write what the act wrote, based on what was there before it."""
        return Turn(act, await self._write(act, back=False))

    async def _write(self, act: Act, *, back: bool) -> str:
        wanted, left = (act.before, act.after) if back else (act.after, act.before)
        anew = self._offered_anew(act, wanted)
        try:
            words = await self._turning.write(act.entity, act.uid, wanted, left)
        except Gone as error:
            raise Irreversible(error.message) from error
        return words if words == TO_DECIDE else " ".join(part for part in (words, anew) if part)

    def _offered_anew(self, act: Act, wanted: Mapping[str, Any]) -> str:
        """Say of the offers that ended with the item's status how they come back with it."""
        row = self._desk.store.cache.by_uid(act.entity, self._desk.store.outbox.real(act.uid))
        if (
            act.entity is not Entity.ITEM
            or wanted.get("status") != "listed"
            or row is None
            or row.mark.leaves
        ):
            return ""
        offers = self._desk.shown(act.entity, act.uid).get("listings") or ()
        return " ".join(
            _anew(offer) for offer in offers if offer.get("comes_back") and offer.get("status") == "inactive"
        )


def _anew(offer: Mapping[str, Any]) -> str:
    name = str(offer.get("platform_name") or offer.get("platform"))
    if is_by_hand(str(offer.get("platform"))):
        return OFFER_BY_HAND.format(name=name)
    return NEW_NUMBER.format(name=name, number=offer.get("external_id") or "none")
