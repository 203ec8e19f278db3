"""What was typed about parcels: kept while another order is shown, given back when a shipment is undone."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from instica_desktop.core.meanwhile import basis
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import plain_money
from instica_desktop.core.tracking import compact_number
from instica_desktop.sync import Shop

Seen = Mapping[str, Any]
DRAFT = "parcel"
"""What a parcel that is being typed is kept under."""


class Typed(msgspec.Struct, frozen=True):
    """What stands in the form, as typed; `chosen` tells that the user, not the number, chose the carrier."""

    tracking: str = ""
    carrier: str = ""
    chosen: bool = False
    service: str = ""
    weight: str = ""
    postage: str = ""


NOTHING = Typed()


def typed_of(parcel: Shipment) -> Typed:
    """Return what would have been typed for a parcel that is there."""
    return Typed(
        parcel.tracking_number or "",
        parcel.carrier,
        True,
        parcel.service or "",
        "" if parcel.weight_grams is None else str(parcel.weight_grams),
        plain_money(parcel.cost_usd),
    )


_WRITTEN = {
    "tracking_number": "tracking",
    "carrier": "carrier",
    "service": "service",
    "weight_grams": "weight",
    "cost_usd": "postage",
}
"""Fields of a parcel on the wire → where each is typed."""


def shown_of(parcel: Shipment, now: Typed) -> Seen:
    """Return, of the fields that were typed over, what the parcel held when its form was opened."""
    was, held = typed_of(parcel), msgspec.to_builtins(parcel)
    changed = (name for name, place in _WRITTEN.items() if getattr(was, place) != getattr(now, place))
    return {name: held.get(name) for name in changed}


def seen_of_parcel(parcel: Shipment) -> dict[str, Any]:
    """Return what taking a parcel off depends on, as the parcel is shown."""
    from instica_desktop.sync.parts import parcel_fields

    return parcel_fields(msgspec.to_builtins(parcel))


def seen_of(order: Order) -> dict[str, Any]:
    """Return what shipping an order depends on, as the order is shown."""
    return basis(Entity.ORDER, msgspec.to_builtins(order))


class TypedParcels:
    """By order: what is typed and not shipped, with what was seen when typing began; and what was shipped.

    What is typed outlives the window.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._shipped: dict[str, tuple[Typed, int]] = {}
        self._given_back: set[str] = set()

    def keep(self, uid: str, typed: Typed, seen: Seen) -> None:
        """Keep what stands in the form until the order is shown again."""
        if typed == NOTHING:
            self._shop.drafts.drop(Entity.ORDER, uid, DRAFT)
        else:
            text = msgspec.json.encode(typed).decode()
            self._shop.drafts.keep(Entity.ORDER, uid, DRAFT, text, dict(seen))

    def put_aside(self, uid: str) -> None:
        """Another order is shown: what is typed for this one is not being typed any more."""
        self._shop.drafts.put_aside(Entity.ORDER, uid, DRAFT)

    def became_parcel(self, uid: str) -> None:
        """What was typed is a parcel now; it comes back should that be undone."""
        typed, seen = self._draft(uid) or (NOTHING, {})
        self._shop.drafts.drop(Entity.ORDER, uid, DRAFT)
        self._shipped[uid] = (typed, len(seen.get("shipments") or ()))

    def parcel_removed(self, uid: str) -> None:
        """A parcel is taken off on purpose: nothing of it is to come back."""
        self._shipped.pop(uid, None)

    def forget(self, uid: str) -> None:
        """What was typed for an order, and what it became, is of no use any more."""
        self._shop.drafts.drop(Entity.ORDER, uid, DRAFT)
        self._shipped.pop(uid, None)

    def of(self, order: Order) -> tuple[Typed, Seen]:
        """Return what stands in an order's form, with what was seen when it was begun."""
        typed, before = self._shipped.get(order.uid, (NOTHING, 0))
        if typed != NOTHING and len(order.shipments) <= before:
            self._given_back.add(order.uid)
            return typed, seen_of(order)
        return self._draft(order.uid) or (NOTHING, seen_of(order))

    def _draft(self, uid: str) -> tuple[Typed, Seen] | None:
        """Return what was typed for an order and not shipped, in this run or before."""
        draft = self._shop.drafts.of(Entity.ORDER, uid).get(DRAFT)
        with suppress(msgspec.DecodeError):
            return (msgspec.json.decode(draft.text, type=Typed), draft.base) if draft is not None else None
        return None

    def is_shipped(self, order: Order, typed: Typed) -> bool:
        """Tell whether what was given back is a parcel again: the shipment was undone, then done again."""
        known = self._shipped.get(order.uid, (NOTHING, 0))[0]
        again = order.uid in self._given_back and typed == known and _is_there(order, typed)
        if again:
            self._given_back.discard(order.uid)
        return again


def _is_there(order: Order, typed: Typed) -> bool:
    number = compact_number(typed.tracking)
    return any(
        compact_number(one.tracking_number or "") == number and one.carrier == typed.carrier
        for one in order.shipments
    )
