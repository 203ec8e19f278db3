"""Offers on marketplaces: what an act offered ends, what it took off is offered again at its old price."""

from typing import Any

import msgspec

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.operations import OpKind
from instica_desktop.core.overlay_listings import ENDING, is_live
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.again import Again, found
from instica_desktop.sync.parts import OfferDraft, Parts, check_offer, offer_payload

Wire = dict[str, Any]
ALREADY_ENDED = "The {name} offer does not stand any more."
STILL_SEEN = "Buyers see the {name} offer until its end is sent."
NEW_NUMBER = "{name} lists it anew: its former number there ({number}) does not come back."


class _Offers:
    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts
        self._again = Again(desk)

    def _there(self, act: Act) -> Wire | None:
        """Return the offer while it stands, or is about to."""
        offer = found(self._desk.shown(act.entity, act.uid).get("listings"), self._again.real(act.part))
        return offer if offer is not None and is_live(offer) else None

    async def _ended(self, act: Act) -> Wire | None:
        """End the offer. Returns what it was, or None when it does not stand."""
        there = self._there(act)
        if there is not None:
            await self._parts.take_off(act.uid, str(there["uid"]))
        return there

    async def _offered(self, act: Act, payload: Wire) -> bool:
        """Offer it again; True when its end was never sent."""
        if await self._again.kept(act, act.part, OpKind.DELIST) or self._there(act) is not None:
            return True
        wanted = offer_payload(payload)
        draft = OfferDraft(platform=str(wanted["platform"]), title=str(wanted["title"]))
        check_offer(self._desk.shown(act.entity, act.uid), draft, again=True)
        await self._again.made(act, act.part, OpKind.ADD_LISTING, wanted)
        return False


class OfferedInverse(_Offers):
    """Takes off what was put on offer, and puts it on offer again as it was last."""

    async def undo(self, act: Act) -> Turn:
        """End the offer; one that was never sent just goes."""
        there = await self._ended(act)
        name = _name(act.after)
        if there is None:
            return Turn(act, ALREADY_ENDED.format(name=name))
        after = offer_payload({**there, "platform_name": name})
        ends = found(self._desk.shown(act.entity, act.uid).get("listings"), self._again.real(act.part))
        seen = ends is not None and ends.get("status") == ENDING
        words = STILL_SEEN.format(name=name) if seen else ""
        return Turn(msgspec.structs.replace(act, after=after), words)

    async def redo(self, act: Act) -> Turn:
        """Offer it again."""
        await self._offered(act, act.after)
        return Turn(act)


class TakenOffInverse(_Offers):
    """Offers again what was taken off, with its old price and title, and takes it off again."""

    async def undo(self, act: Act) -> Turn:
        """Offer it again; where its end was not sent, it just stays."""
        untouched = await self._offered(act, act.before)
        number = str(act.before.get("external_id") or "")
        if untouched or not number:
            return Turn(act)
        return Turn(act, NEW_NUMBER.format(name=_name(act.before), number=number))

    async def redo(self, act: Act) -> Turn:
        """End it again, as it is now."""
        there = await self._ended(act)
        if there is None:
            return Turn(act, ALREADY_ENDED.format(name=_name(act.before)))
        before = {**offer_payload(there), "external_id": there.get("external_id")}
        return Turn(msgspec.structs.replace(act, before=before))


def _name(payload: Wire) -> str:
    return str(payload.get("platform_name") or payload.get("platform") or "marketplace")
