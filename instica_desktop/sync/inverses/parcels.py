"""Parcels: the one an act made goes, and no other; the one it removed is noted again as it was."""

from typing import Any

import msgspec

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import basis
from instica_desktop.core.operations import OpKind
from instica_desktop.core.sharing import with_agreed
from instica_desktop.core.statuses import carrier_name
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.again import NOTHING, Again, found
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.parts import PARCEL_GONE, Parts, check_number, parcel_fields
from instica_desktop.sync.turning import TO_DECIDE

Wire = dict[str, Any]
ALREADY_GONE = "The parcel had been removed already."
CHANGED_SINCE = "The parcel had been changed since; Redo notes it as it was last."
SHIPPED_SINCE = (
    "This order was shipped by somebody else meanwhile ({parcel}). "
    "Ship it once more from the order itself if it needs a second parcel."
)
STILL_SHIPPED = "The order stays shipped by another parcel ({parcel})."
NEW_START = "It is noted anew: what the carrier had said of it does not come back."


class _Parcels:
    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts
        self._again = Again(desk)

    def _there(self, act: Act) -> Wire | None:
        return found(self._desk.shown(act.entity, act.uid).get("shipments"), self._again.real(act.part))

    async def _removed(self, act: Act, seen: Wire = NOTHING) -> Wire | None:
        """Take the parcel off, as it was `seen`. Returns what it is, or None when it is not there."""
        there = self._there(act)
        if there is not None:
            await self._parts.unship(act.uid, str(there["uid"]), seen)
        return there

    async def _noted(self, act: Act, fields: Wire) -> bool:
        """Note the parcel again; True when it was never taken off on the server."""
        if await self._again.kept(act, act.part, OpKind.REMOVE_SHIPMENT) or self._there(act) is not None:
            return True
        self._check_number(act, fields)
        payload = {name: value for name, value in fields.items() if value not in (None, "")}
        seen = with_agreed(basis(act.entity, self._desk.shown(act.entity, act.uid)), act.agreed)
        await self._again.made(act, act.part, OpKind.ADD_SHIPMENT, payload, seen)
        return False

    def _check_number(self, act: Act, fields: Wire) -> None:
        parcels = self._desk.shown(act.entity, act.uid).get("shipments") or ()
        check_number(parcels, fields.get("tracking_number"))


class ShippedInverse(_Parcels):
    """Takes the parcel off that the act put on; ships again with its data as they were last."""

    async def undo(self, act: Act) -> Turn:
        """Take the parcel off. With the last one the order waits for shipment again."""
        asked = self._again.asked(act, OpKind.ADD_SHIPMENT)
        there = await self._removed(act)
        if there is None:
            return Turn(act, ALREADY_GONE)
        last = parcel_fields(there)
        changed = any(
            value not in (None, "") and not same(name, last.get(name), value)
            for name, value in act.after.items()
        )
        others = [str(one["uid"]) for one in self._others(act)]
        before = act.before if asked else {"parcels": others}  # what was asked about is asked again
        after = msgspec.structs.replace(act, after=last, before=before)
        stays = STILL_SHIPPED.format(parcel=_name(self._others(act)[0])) if others else ""
        return Turn(after, " ".join(words for words in (CHANGED_SINCE if changed else "", stays) if words))

    async def redo(self, act: Act) -> Turn:
        """Ship again, unless somebody else has done so."""
        known = {self._again.real(uid) for uid in act.before.get("parcels", ())}
        new = next((one for one in self._others(act) if one["uid"] not in known), None)
        if new is not None:
            raise InputError(SHIPPED_SINCE.format(parcel=_name(new)))
        await self._noted(act, act.after)
        return Turn(act)

    def _others(self, act: Act) -> list[Wire]:
        parcels = self._desk.shown(act.entity, act.uid).get("shipments") or ()
        return [one for one in parcels if one.get("uid") != self._again.real(act.part)]


class ParcelRemovedInverse(_Parcels):
    """Notes a removed parcel again, and removes it again."""

    async def undo(self, act: Act) -> Turn:
        """Note the parcel again as it was."""
        untouched = await self._noted(act, parcel_fields(act.before))
        told = act.before.get("status") not in (None, "label_created")
        return Turn(act, NEW_START if told and not untouched else "")

    async def redo(self, act: Act) -> Turn:
        """Remove it again; where it is not what was removed before, the user decides."""
        seen = parcel_fields(act.before)
        there = await self._removed(act, seen)
        if there is None:
            raise Irreversible(PARCEL_GONE)
        if any(not same(name, there.get(name), value) for name, value in seen.items()):
            return Turn(act, TO_DECIDE)
        before = {**parcel_fields(there), "status": there.get("status")}
        return Turn(msgspec.structs.replace(act, before=before))


def _name(parcel: Wire) -> str:
    return f"{carrier_name(parcel.get('carrier'))} {parcel.get('tracking_number') or ''}".strip()
