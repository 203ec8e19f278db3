"""What was typed about parcels: kept while another order is shown, given back when a shipment is undone."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, cast

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.meanwhile import basis
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import plain_money
from instica_desktop.core.tracking import compact_number, told
from instica_desktop.core.tracking_numbers import same_number
from instica_desktop.features.unsaved import PARCEL, is_parcel
from instica_desktop.sync import Shop

Seen = Mapping[str, Any]
_OF = ":"
"""Before the uid of the parcel that is typed over."""


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
    """Return what would have been typed for a parcel that is there.

    A carrier that its number tells follows another number, as in a new parcel; any other was chosen.
    """
    number = parcel.tracking_number or ""
    found = told(number, number)
    return Typed(
        number,
        parcel.carrier,
        found is None or found.carrier != parcel.carrier,
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


def places(shop: Shop, uid: str, parcel: str = "") -> list[tuple[Entity, str, str]]:
    """Return where what is typed of an order's new parcel, or over one of its parcels, is kept."""
    fields = (field for field in shop.drafts.of(Entity.ORDER, uid) if is_parcel(field))
    of = shop.real(parcel)
    return [(Entity.ORDER, uid, field) for field in fields if shop.real(field.partition(_OF)[2]) == of]


class TypedParcels:
    """By order: what is typed and not shipped, with what was seen when typing began; and what was shipped.

    What is typed outlives the window.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._shipped: dict[str, tuple[Typed, int]] = {}
        self._parcels: dict[str, set[str]] = {}
        self._given_back: dict[str, set[str]] = {}
        """By order: the parcels whose removal gave back what was typed."""
        self._changed: dict[tuple[str, str], Typed] = {}

    def keep(self, uid: str, typed: Typed, seen: Seen) -> None:
        """Keep what stands in the form until the order is shown again."""
        self._keep(uid, "", typed, seen, same=typed == NOTHING)

    def keep_change(self, uid: str, parcel: Shipment, typed: Typed) -> None:
        """Keep what is typed over a parcel; `parcel` as it was when its form was opened."""
        held = msgspec.to_builtins(parcel)
        self._keep(uid, parcel.uid, typed, held, same=typed == typed_of(parcel))

    def put_aside(self, uid: str) -> bool:
        """Nobody is typing for this order any more; True for what nobody has been told of yet.

        What undoing a shipment gave back nobody has typed: it waits without a word.
        """
        drafts = self._shop.drafts
        fields = [field for field in self._fields(uid) if field != PARCEL or not self._is_given_back(uid)]
        return sum(drafts.put_aside(Entity.ORDER, uid, field) for field in fields) > 0

    def change_of(self, uid: str, parcel: str = "") -> tuple[Shipment, Typed] | None:
        """Return what was typed over a parcel of an order, or over any, and the parcel as it was then."""
        for field in self._fields(uid):
            of = self._parcel(field)
            draft = self._shop.drafts.of(Entity.ORDER, uid)[field]
            with suppress(msgspec.DecodeError):
                if of and (not parcel or of == self._shop.real(parcel)):
                    was = msgspec.convert({**draft.base, "uid": of}, Shipment)
                    return was, msgspec.json.decode(draft.text, type=Typed)
        return None

    def drop_change(self, uid: str, parcel: str) -> None:
        """What was typed over a parcel is saved, or of no use any more."""
        for field in self._fields(uid):
            if self._parcel(field) == self._shop.real(parcel):
                self._shop.drafts.drop(Entity.ORDER, uid, field)

    def drop(self, uid: str) -> None:
        """What was typed of a new parcel is given up."""
        self._shop.drafts.drop(Entity.ORDER, uid, PARCEL)

    def change_saved(self, uid: str, parcel: str) -> None:
        """What was typed over a parcel is saved; undone once the parcel is gone, it comes back."""
        if (change := self.change_of(uid, parcel)) is not None:
            self._changed[uid, self._shop.real(parcel)] = change[1]
            self._shipped.pop(uid, None)  # what was typed at first is not what the parcel is any more
        self.drop_change(uid, parcel)

    def taken_back(self, act: Act) -> bool:
        """Give back what was typed where undoing it left nothing of it on its order; tells whether it did."""
        uid, parcel = self._shop.real(act.uid), self._shop.real(act.part)
        row = self._shop.row(Entity.ORDER, uid)
        typed = self._typed_for(act, uid, parcel)
        if row is None or typed is None or self._draft(uid) is not None:
            return False
        order = cast(Order, row.data)
        if any(one.uid == parcel for one in order.shipments):
            return False
        self._shipped[uid] = (typed, len(order.shipments))
        self._given_back[uid] = set()
        self._keep(uid, "", typed, seen_of(order), same=False)
        return True

    def _typed_for(self, act: Act, uid: str, parcel: str) -> Typed | None:
        """Return what was typed for an act; what was shipped from the form is given back by `follow`."""
        if act.kind is ActKind.CORRECTED:
            return self._changed.pop((uid, parcel), None)
        if act.kind is ActKind.SHIPPED and uid not in self._shipped:
            return typed_of(msgspec.convert({**act.after, "uid": parcel}, Shipment))
        return None

    def became_parcel(self, uid: str) -> None:
        """What was typed is a parcel now; it comes back should that be undone."""
        typed, seen = self._draft(uid) or (NOTHING, {})
        self._shop.drafts.drop(Entity.ORDER, uid, PARCEL)
        self._given_back.pop(uid, None)
        self._shipped[uid] = (typed, len(seen.get("shipments") or ()))

    def parcel_removed(self, uid: str) -> None:
        """A parcel is taken off on purpose: nothing of it is to come back."""
        self._shipped.pop(uid, None)

    def of(self, order: Order) -> tuple[Typed, Seen]:
        """Return what stands in an order's form, with what was seen when it was begun."""
        return self._draft(order.uid) or (NOTHING, seen_of(order))

    def follow(self, order: Order) -> bool:
        """Give back what was typed once its shipment is undone; take it away once that is done again.

        Tells whether it is taken away, for it is a parcel again.
        """
        typed, before = self._shipped.get(order.uid, (NOTHING, 0))
        there, parcels = len(order.shipments) > before, {one.uid for one in order.shipments}
        were = {self._shop.real(uid) for uid in self._parcels.get(order.uid, ())}
        self._parcels[order.uid] = parcels
        if typed != NOTHING and not there and order.uid not in self._given_back:
            self._given_back[order.uid] = were - parcels
            self._keep(order.uid, "", typed, seen_of(order), same=False)
        removed = self._given_back.get(order.uid, set())
        stayed = bool(parcels & {self._shop.real(uid) for uid in removed})  # perhaps as another made it since
        again = there and order.uid in self._given_back and (stayed or _is_there(order, typed))
        if again and self.of(order)[0] == typed:
            self._given_back.pop(order.uid)
            self._shop.drafts.drop(Entity.ORDER, order.uid, PARCEL)
            return True
        return False

    def follow_others(self, uids: Collection[str], shown: str) -> None:
        """Follow the orders shipped that are not the one `shown`."""
        for uid in [uid for uid in self._shipped if uid != shown and (not uids or uid in uids)]:
            row = self._shop.row(Entity.ORDER, uid)
            if row is not None:
                self.follow(cast(Order, row.data))

    def _is_given_back(self, uid: str) -> bool:
        draft = self._draft(uid)
        shipped, _ = self._shipped.get(uid, (NOTHING, 0))
        return uid in self._given_back and draft is not None and draft[0] == shipped

    def _keep(self, uid: str, parcel: str, typed: Typed, seen: Seen, *, same: bool) -> None:
        """Keep a text, unless it is there: what nobody has typed on stays aside."""
        field = f"{PARCEL}{_OF}{parcel}" if parcel else PARCEL
        there = self._shop.drafts.of(Entity.ORDER, uid).get(field)
        text = msgspec.json.encode(typed).decode()
        if same:
            self._shop.drafts.drop(Entity.ORDER, uid, field)
        elif there is None or there.text != text:
            self._shop.drafts.keep(Entity.ORDER, uid, field, text, dict(seen))

    def _fields(self, uid: str) -> list[str]:
        return [field for field in self._shop.drafts.of(Entity.ORDER, uid) if is_parcel(field)]

    def _parcel(self, field: str) -> str:
        """Return which parcel a text was typed over; empty for a new one."""
        return self._shop.real(field.partition(_OF)[2])

    def _draft(self, uid: str) -> tuple[Typed, Seen] | None:
        """Return what was typed for an order and not shipped, in this run or before."""
        draft = self._shop.drafts.of(Entity.ORDER, uid).get(PARCEL)
        with suppress(msgspec.DecodeError):
            return (msgspec.json.decode(draft.text, type=Typed), draft.base) if draft is not None else None
        return None


def _is_there(order: Order, typed: Typed) -> bool:
    number = compact_number(typed.tracking)
    return any(
        one.carrier == typed.carrier
        and (
            same_number(one.tracking_number, typed.tracking)
            or compact_number(one.tracking_number or "") == number
        )
        for one in order.shipments
    )
