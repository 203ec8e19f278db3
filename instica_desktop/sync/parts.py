"""Parts of records: the parcels of an order, an item's offers on marketplaces.

Each act returns what it did, so that it can be taken back.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import basis
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import MAX_PRICE, wire_money
from instica_desktop.core.operations import (
    PARCEL,
    PARTS,
    TEMPORARY,
    Edit,
    Operation,
    OpKind,
    OpState,
)
from instica_desktop.core.overlay_listings import ENDING, WAITING, sharing
from instica_desktop.core.sharing import SAME, Agreed, agreed_in, agreement, together, with_agreed
from instica_desktop.core.sharing import asked as asked_about
from instica_desktop.core.steps import reached
from instica_desktop.core.tracking_numbers import same_number
from instica_desktop.store.coalesce import part_of, uncertain
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.sharing import found_on, known_with, note_agreed
from instica_desktop.sync.shipping import ShipmentDraft
from instica_desktop.sync.wirework import decoded

Wire = dict[str, Any]
NOTHING: Wire = {}
OFFERABLE = frozenset({"ready-to-sell", "listed"})
"""Statuses in which an item may be put on offer."""
_LONGEST_TITLE = 1000
PARCEL_GONE = "This parcel is not there any more."
OFFER_GONE = "This offer is not there any more."
_SAME_NUMBER = "This order has a parcel with this number already."
_PARCEL = ("carrier", "service", "tracking_number", "weight_grams", "cost_usd", "shipped_at")
_OFFER = ("platform", "platform_name", "price_usd", "title")
_SENT_OR_DROPPED = "This has been sent or dropped meanwhile. Look at it as it is now, then change it again."


class OfferDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as the user describes it. Without price or title it has the item's."""

    platform: str
    platform_name: str = ""
    price_usd: Decimal | None = None
    title: str = ""


class Parts:
    """Takes changes of parcels and offers. They wait in the queue like every edit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # ------------------------------------------------------------ parcels

    async def ship(self, uid: str, draft: ShipmentDraft, shown: Mapping[str, Any] = NOTHING) -> Act:
        """Note that an order was sent. `shown` is the `basis` of the order as the user saw it.

        Where somebody else ships it, or it is closed, before this is sent, the user is asked; so they are
        where its number is on orders to other addresses (`also_on`), unless `shown` tells that they agreed.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            fields = draft.wire()
            order = self._desk.shown(Entity.ORDER, uid)
            parcels = order.get("shipments") or ()
            check_number(parcels, fields.get("tracking_number"))
            row = self._desk.row(Entity.ORDER, uid)
            seen = dict(shown) or basis(Entity.ORDER, order)
            kept = await self._desk.add(row, Entity.ORDER, OpKind.ADD_SHIPMENT, payload=fields, seen=seen)
            await self._desk.show(Entity.ORDER, row.uid)
        agreed = agreed_in(seen)
        await note_agreed(self._desk.store, row.uid, agreed)
        others = {"parcels": [str(parcel["uid"]) for parcel in parcels]}
        act = _act(ActKind.SHIPPED, uid, TEMPORARY + kept.uuid, before=others, after=fields)
        return msgspec.structs.replace(act, agreed=agreed)

    def shipped_by(self, operation: Operation) -> Act:
        """Return the act of a parcel that waits, noted before this start, so that it can be taken back."""
        part = TEMPORARY + operation.uuid
        parcels = self._desk.shown(Entity.ORDER, operation.uid).get("shipments") or ()
        others = {
            "parcels": [str(one["uid"]) for one in parcels if one["uid"] not in (part, self._real(part))]
        }
        act = _act(ActKind.SHIPPED, operation.uid, part, before=others, after=operation.payload)
        return msgspec.structs.replace(act, agreed=agreed_in(operation.seen))

    def check_own(self, uid: str, number: str, *, but: str = "") -> None:
        """Raise InputError where an order, as it is shown, has a number on another parcel than `but`."""
        check_number(self._desk.shown(Entity.ORDER, uid).get("shipments") or (), number, but=self._real(but))

    async def also_on(self, uid: str, number: str) -> list[Wire]:
        """Return the orders to other addresses on which a number for this order is, as known here."""
        return await found_on(self._desk.store, uid, number)

    async def sent_together(self, uid: str, number: str) -> list[Wire]:
        """Return the orders to the same address on which a number for this order is, as known here."""
        found = await known_with(self._desk.store, uid, number)
        return [one for one in found if one["address"] == SAME]

    async def unship(self, uid: str, parcel: str, seen: Mapping[str, Any] = NOTHING) -> Act:
        """Take a parcel back; with the last one the order waits for shipment again.

        `seen` is the parcel as the user saw it when asked; without, it is taken as it is shown now. One that
        somebody else changed since is not removed without a word.

        Raises:
            InputError: it is not there any more.
        """
        row, parcel = self._desk.row(Entity.ORDER, uid), self._real(parcel)
        there = _part(self._desk.shown(Entity.ORDER, uid).get("shipments"), parcel, PARCEL_GONE)
        agreed = await self._shared_by(uid, there)
        held = [one for one in decoded(row.raw).get("shipments") or () if one.get("uid") == parcel]
        known = _known(held[0], there, seen or there) if held else {}
        payload = {"shipment": parcel, **({"seen": known} if known else {})}
        await self._desk.take_back(Entity.ORDER, uid, parcel, OpKind.REMOVE_SHIPMENT, payload)
        before = {**parcel_fields(there), "status": there.get("status"), **seen}
        act = _act(ActKind.PARCEL_REMOVED, uid, parcel, before=before)
        return msgspec.structs.replace(act, agreed=agreed)

    async def edit_parcel(
        self,
        uid: str,
        parcel: str,
        draft: ShipmentDraft,
        shown: Mapping[str, Any] | None = None,
        agreed: Agreed | None = None,
    ) -> Act | None:
        """Make an order's parcel as described; None when it is so. One that was refused goes out anew.

        `shown` holds, of the fields the user changed, what stood there when they began: no other is written,
        and one that somebody else changed since is a conflict. Without it all of the draft is written.
        `agreed`: on which other orders its number may be.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            order = self._desk.shown(Entity.ORDER, uid)
            before = _part(order.get("shipments"), self._real(parcel), PARCEL_GONE)
            if shown is not None and "tracking_number" not in shown:  # it stays, whatever it is
                draft = msgspec.structs.replace(draft, tracking_number="")
            wanted = draft.wire(whole=True)
            check_number(order["shipments"], wanted["tracking_number"], but=before["uid"])
            written = {**wanted, "shipped_at": before.get("shipped_at")}
            edits = _edits(before, written) if shown is None else _typed(shown, before, written)
            renumbered = any(edit.field == "tracking_number" for edit in edits)
            was = await self._shared_by(uid, before) if renumbered else {}
            await self.change(Entity.ORDER, uid, OpKind.EDIT_SHIPMENT, before, edits, agreed or {})
        await note_agreed(self._desk.store, self._real(uid), agreed or {})
        act = _changed(ActKind.CORRECTED, uid, str(before["uid"]), edits)
        return act and msgspec.structs.replace(act, agreed=together(was, agreed or {}))

    async def _shared_by(self, uid: str, parcel: Mapping[str, Any]) -> Agreed:
        """Return on which other orders a parcel's number is now: bringing it back asks nothing new.

        Of a parcel that was not sent, nobody was asked yet but for what it was kept with.
        """
        making = self._desk.store.outbox.get(str(parcel["uid"]).removeprefix(TEMPORARY))
        if making is not None:
            return agreed_in(making.seen)
        number = str(parcel.get("tracking_number") or "")
        return agreement(number, await self.also_on(uid, number))

    # ------------------------------------------------------------ offers

    async def offer(self, uid: str, draft: OfferDraft) -> Act:
        """Put an item on offer at a marketplace, as soon as it can be sent.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            item = self._desk.shown(Entity.ITEM, uid)
            check_offer(item, draft)
            payload = {
                "platform": draft.platform,
                "platform_name": draft.platform_name,
                "price_usd": wire_money(draft.price_usd),
                "title": draft.title.strip(),
            }
            row = self._desk.row(Entity.ITEM, uid)
            kept = await self._desk.add(row, Entity.ITEM, OpKind.ADD_LISTING, payload=payload)
            await self._desk.show(Entity.ITEM, row.uid)
        return _act(ActKind.OFFERED, uid, TEMPORARY + kept.uuid, after=payload)

    async def revise(
        self,
        uid: str,
        listing: str,
        changes: Mapping[str, Any],
        shown: Mapping[str, Any] | None = None,
    ) -> Act | None:
        """Change an offer's `price_usd` or `title` (wire names; a price is a Decimal); None when it is so.

        `shown` is as in `edit_parcel`.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            item = self._desk.shown(Entity.ITEM, uid)
            carrier = self.carrier(uid, item, listing)
            what, act = self.revision(carrier, item, listing, changes, shown)
            await self._keep(Entity.ITEM, carrier, what)
        return act

    def revision(
        self,
        uid: str,
        item: Mapping[str, Any],
        listing: str,
        changes: Mapping[str, Any],
        shown: Mapping[str, Any] | None = None,
    ) -> tuple[Settlement, Act | None]:
        """Return what makes a change of an offer, and what it does. Takes and raises what `revise` does."""
        before = _part(item.get("listings"), self._real(listing), OFFER_GONE)
        _check_price(changes.get("price_usd"))
        _check_title(str(changes.get("title") or ""))
        after = {
            field: wire_money(value) if field == "price_usd" else str(value).strip()
            for field, value in changes.items()
            if field in ("price_usd", "title") and value not in (None, "")
        }
        edits = _edits(before, after) if shown is None else _typed(shown, before, after)
        what = self._changing(Entity.ITEM, uid, OpKind.REVISE_LISTING, before, edits, {})
        return what, _changed(ActKind.REVISED, uid, str(before["uid"]), edits)

    def carrier(self, uid: str, item: Mapping[str, Any], listing: str) -> str:
        """Return the item by which an offer is acted on: the one at hand, unless another copy is at it.

        What waits for two items is sent side by side; what is done to one offer must stay in order.
        """
        offer = _part(item.get("listings"), self._real(listing), OFFER_GONE)
        pending = self._desk.store.outbox.pending
        busy = (
            copy
            for copy in sharing(offer)
            if any(part_of(one) == offer["uid"] for one in pending(Entity.ITEM, copy))
        )
        return next(busy, self._real(uid))

    async def take_off(self, uid: str, listing: str) -> Act | None:
        """End an offer, for all copies that share it; one that was never sent just goes.

        Until it is sent, buyers see it. None when it is on its way off.
        """
        item = self._desk.shown(Entity.ITEM, uid)
        offer = _part(item.get("listings"), self._real(listing), OFFER_GONE)
        if offer.get("status") == ENDING:
            return None
        carrier = self.carrier(uid, item, listing)
        await self._desk.take_back(Entity.ITEM, carrier, str(offer["uid"]), OpKind.DELIST, _naming(offer))
        before = {**offer_payload(offer), "external_id": offer.get("external_id")}
        return _act(ActKind.TAKEN_OFF, carrier, str(offer["uid"]), before=before)

    # ------------------------------------------------------------ inside

    def _real(self, part: str) -> str:
        return self._desk.store.outbox.real(part)

    async def change(
        self,
        entity: Entity,
        uid: str,
        kind: OpKind,
        part: Mapping[str, Any],
        edits: tuple[Edit, ...],
        agreed: Agreed | None = None,
    ) -> None:
        """Keep the edits of a part; they go into the operation that would make it if that was refused.

        Whoever calls it has the lock of the desk. `agreed` as in `edit_parcel`.
        """
        await self._keep(entity, uid, self._changing(entity, uid, kind, part, edits, agreed or {}))

    async def _keep(self, entity: Entity, uid: str, what: Settlement) -> None:
        if what == Settlement():
            return
        try:
            await self._desk.store.outbox.settle(what)
        except KeyError:
            raise InputError(_SENT_OR_DROPPED) from None
        reached("operation kept")
        await self._desk.show(entity, self._real(uid))

    def _changing(
        self,
        entity: Entity,
        uid: str,
        kind: OpKind,
        part: Mapping[str, Any],
        edits: tuple[Edit, ...],
        agreed: Agreed,
    ) -> Settlement:
        if not edits:
            return Settlement()
        payload = _naming(part) if kind is OpKind.REVISE_LISTING else _parcel(part)
        row = self._desk.row(entity, uid)
        making = self._desk.store.outbox.get(str(part["uid"]).removeprefix(TEMPORARY))
        seen = with_agreed({}, agreed)
        if making is not None and _turned_down(making):
            return self._made_anew(making, edits, agreed)
        return Settlement(add=(self._desk.made(row, entity, kind, payload=payload, edits=edits, seen=seen),))

    def _made_anew(self, refused: Operation, edits: tuple[Edit, ...], agreed: Agreed) -> Settlement:
        """Put a corrected operation in the place of one the server turned down; it has seen the old uuid.

        In one transaction: cut off between two, both would be there, and the thing would be made twice.
        """
        fields = {edit.field: edit.new for edit in edits}
        row = self._desk.row(refused.entity, refused.uid)
        payload = {**refused.payload, **fields}
        what = {"payload": payload, "place": refused.place, "seen": with_agreed(refused.seen, agreed)}
        fresh = self._desk.made(row, refused.entity, refused.kind, **what)
        moved = {TEMPORARY + refused.uuid: TEMPORARY + fresh.uuid}
        return Settlement(moved=moved, swap={refused.uuid: fresh})


def _turned_down(making: Operation) -> bool:
    """Tell whether the server certainly has not made something, and will not as it is."""
    asked = making.state is OpState.CONFLICT and bool(asked_about(making.theirs))
    return asked or (making.state is OpState.REFUSED and not uncertain(making))


def parcel_fields(parcel: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a parcel is noted with."""
    return {name: parcel.get(name) for name in _PARCEL}


def _parcel(parcel: Mapping[str, Any]) -> dict[str, Any]:
    """Return how an operation names the parcel it changes, with all of it, should it be gone by then."""
    return {PARTS[OpKind.EDIT_SHIPMENT]: parcel["uid"], PARCEL: parcel_fields(parcel)}


def _naming(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return how an operation names the offer it is about, and the copies that share it."""
    payload = {"listing": offer["uid"], "platform_name": offer.get("platform_name") or ""}
    return {**payload, "copies": uids} if (uids := sharing(offer)) else payload


def offer_payload(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an offer is made with."""
    return {name: offer.get(name) if name == "price_usd" else offer.get(name) or "" for name in _OFFER}


def _act(kind: ActKind, uid: str, part: str, *, before: Wire = NOTHING, after: Wire = NOTHING) -> Act:
    parcels = (ActKind.SHIPPED, ActKind.CORRECTED, ActKind.PARCEL_REMOVED)
    entity = Entity.ORDER if kind in parcels else Entity.ITEM
    return Act(kind=kind, entity=entity, uid=uid, part=part, before=before, after=after)


def _changed(kind: ActKind, uid: str, part: str, edits: tuple[Edit, ...]) -> Act | None:
    before = {edit.field: edit.base for edit in edits}
    after = {edit.field: edit.new for edit in edits}
    return _act(kind, uid, part, before=before, after=after) if edits else None


def _part(parts: Any, uid: str, gone: str) -> dict[str, Any]:
    found = next((part for part in parts or () if part.get("uid") == uid), None)
    if found is None:
        raise InputError(gone)
    return dict(found)


def _edits(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Edit, ...]:
    return tuple(
        Edit(field, before.get(field), value)
        for field, value in after.items()
        if not same(field, before.get(field), value)
    )


def _typed(shown: Mapping[str, Any], now: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits of what the user changed, based on what they saw; what is so by now needs none."""
    changed = {field: value for field, value in after.items() if field in shown}
    return tuple(
        edit for edit in _edits(shown, changed) if not same(edit.field, now.get(edit.field), edit.new)
    )


def _known(held: Wire, there: Wire, seen: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return, by field, which values of a parcel the user knew: what was seen, and what an edit lies over."""
    return {
        name: [seen.get(name), *([held.get(name)] if same(name, there.get(name), seen.get(name)) else [])]
        for name in _PARCEL
    }


def check_number(parcels: Iterable[Wire], number: str | None, *, but: str = "") -> None:
    """Raise InputError where one of an order's parcels, other than `but`, has a number: it has each once."""
    others = (one for one in parcels if one.get("uid") != but)
    if any(same_number(one.get("tracking_number"), number) for one in others):
        raise InputError(_SAME_NUMBER, field="tracking_number")


def check_offer(item: Mapping[str, Any], draft: OfferDraft, *, again: bool = False) -> None:
    """Raise InputError, by field, unless an item can be offered so.

    `again`: what is on its way off there is not in the way: it ends before.
    """
    if not draft.platform:
        raise InputError("Choose a marketplace.", field="platform")
    if item.get("status") not in OFFERABLE:
        raise InputError(
            "An item is ready to sell before it is offered. Change its status first.", field="status"
        )
    for offer in item.get("listings") or ():
        taken = ("listed", WAITING) if again else ("listed", WAITING, ENDING)
        if offer.get("platform") == draft.platform and offer.get("status") in taken:
            raise InputError("This item is on offer there already.", field="platform")
    _check_price(draft.price_usd)
    if draft.price_usd is None and not item.get("price_total_usd"):
        raise InputError("An offer needs a price.", field="price_usd")
    _check_title(draft.title)


def _check_price(price: Decimal | None) -> None:
    if price is not None and not 0 < price <= MAX_PRICE:
        raise InputError(f"A price is above zero and at most {MAX_PRICE:,}.", field="price_usd")


def _check_title(title: str) -> None:
    if len(title.strip()) > _LONGEST_TITLE:
        raise InputError(f"A title can have up to {_LONGEST_TITLE:,} characters.", field="title")
