"""Changes of parts of a record: a parcel's fields, an item's offers on marketplaces."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import MAX_PRICE, wire_money
from instica_desktop.core.operations import TEMPORARY, Edit, Operation, OpKind, OpState
from instica_desktop.core.overlay_listings import ENDING, WAITING
from instica_desktop.core.steps import reached
from instica_desktop.store.coalesce import uncertain
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.shipping import ShipmentDraft

OFFERABLE = frozenset({"ready-to-sell", "listed"})
"""Statuses in which an item may be put on offer."""
_LONGEST_TITLE = 1000
_PARCEL_GONE = "This parcel is not there any more."
_OFFER_GONE = "This offer is not there any more."
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

    async def edit_parcel(self, uid: str, parcel: str, draft: ShipmentDraft) -> None:
        """Make an order's parcel as described. One that was refused goes out anew.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            order = self._desk.shown(Entity.ORDER, uid)
            before = _part(order.get("shipments"), self._real(parcel), _PARCEL_GONE)
            wanted = draft.wire(whole=True)
            number = wanted["tracking_number"]
            others = [one for one in order["shipments"] if one.get("uid") != before["uid"]]
            if number and any(one.get("tracking_number") == number for one in others):
                raise InputError("This order has another parcel with this number.", field="tracking_number")
            edits = _edits(before, {**wanted, "shipped_at": before.get("shipped_at")})
            await self._change(Entity.ORDER, uid, OpKind.EDIT_SHIPMENT, {"shipment": before["uid"]}, edits)

    # ------------------------------------------------------------ offers

    async def offer(self, uid: str, draft: OfferDraft) -> None:
        """Put an item on offer at a marketplace, as soon as it can be sent.

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            item = self._desk.shown(Entity.ITEM, uid)
            _check_offer(item, draft)
            payload = {
                "platform": draft.platform,
                "platform_name": draft.platform_name,
                "price_usd": wire_money(draft.price_usd),
                "title": draft.title.strip(),
            }
            row = self._desk.row(Entity.ITEM, uid)
            await self._desk.add(row, Entity.ITEM, OpKind.ADD_LISTING, payload=payload)
            await self._desk.show(Entity.ITEM, row.uid)

    async def revise(self, uid: str, listing: str, changes: Mapping[str, Any]) -> None:
        """Change an offer's `price_usd` or `title` (wire names; a price is a Decimal).

        Raises:
            InputError: by field; nothing was saved.
        """
        async with self._desk.lock:
            item = self._desk.shown(Entity.ITEM, uid)
            before = _part(item.get("listings"), self._real(listing), _OFFER_GONE)
            _check_price(changes.get("price_usd"))
            _check_title(str(changes.get("title") or ""))
            after = {
                field: wire_money(value) if field == "price_usd" else str(value).strip()
                for field, value in changes.items()
                if field in ("price_usd", "title") and value not in (None, "")
            }
            payload = {"listing": before["uid"], "platform_name": before.get("platform_name") or ""}
            edits = _edits(before, after)
            await self._change(Entity.ITEM, uid, OpKind.REVISE_LISTING, payload, edits)

    async def take_off(self, uid: str, listing: str) -> None:
        """End an offer; one that was never sent just goes. Until it is sent, buyers see it."""
        item = self._desk.shown(Entity.ITEM, uid)
        offer = _part(item.get("listings"), self._real(listing), _OFFER_GONE)
        if offer.get("status") == ENDING:
            return
        payload = {"listing": offer["uid"], "platform_name": offer.get("platform_name") or ""}
        await self._desk.take_back(Entity.ITEM, uid, str(offer["uid"]), OpKind.DELIST, payload)

    # ------------------------------------------------------------ inside

    def _real(self, part: str) -> str:
        return self._desk.store.outbox.real(part)

    async def _change(
        self, entity: Entity, uid: str, kind: OpKind, payload: dict[str, Any], edits: tuple[Edit, ...]
    ) -> None:
        """Keep the edits of a part; they go into the operation that would make it if that was refused."""
        if not edits:
            return
        part = next(str(payload[name]) for name in ("shipment", "listing") if name in payload)
        row = self._desk.row(entity, uid)
        making = self._desk.store.outbox.get(part.removeprefix(TEMPORARY))
        if making is not None and making.state is OpState.REFUSED and not uncertain(making):
            await self._make_anew(making, edits)
        else:
            await self._desk.add(row, entity, kind, payload=payload, edits=edits)
        await self._desk.show(entity, row.uid)

    async def _make_anew(self, refused: Operation, edits: tuple[Edit, ...]) -> None:
        """Put a corrected operation in the place of one the server turned down; it has seen the old uuid.

        In one transaction: cut off between two, both would be there, and the thing would be made twice.
        """
        fields = {edit.field: edit.new for edit in edits}
        row = self._desk.row(refused.entity, refused.uid)
        payload = {**refused.payload, **fields}
        fresh = self._desk.made(row, refused.entity, refused.kind, payload=payload, place=refused.place)
        moved = {TEMPORARY + refused.uuid: TEMPORARY + fresh.uuid}
        try:
            await self._desk.store.outbox.settle(Settlement(moved=moved, swap={refused.uuid: fresh}))
        except KeyError:
            raise InputError(_SENT_OR_DROPPED) from None
        reached("operation kept")


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


def _check_offer(item: Mapping[str, Any], draft: OfferDraft) -> None:
    if not draft.platform:
        raise InputError("Choose a marketplace.", field="platform")
    if item.get("status") not in OFFERABLE:
        raise InputError(
            "An item is ready to sell before it is offered. Change its status first.", field="status"
        )
    for offer in item.get("listings") or ():
        if offer.get("platform") == draft.platform and offer.get("status") in ("listed", WAITING, ENDING):
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
