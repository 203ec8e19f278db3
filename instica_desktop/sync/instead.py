"""Another parcel made of a change whose own parcel is no longer on the server."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import basis
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind, OpState, other_parcel
from instica_desktop.core.sharing import Agreed, agreed_in, together, with_agreed
from instica_desktop.core.statuses import SHIPPABLE, order_status
from instica_desktop.core.steps import reached
from instica_desktop.store.coalesce import part_of
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.decisions import dropped_for_good
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.parts import check_number

_DECIDED = "This change has been sent, dropped or decided meanwhile."
_NOTHING: Agreed = {}


class Instead:
    """Carries out the choice to add what was typed over a parcel as another one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add_parcel(self, uuid: str) -> Act:
        """Make another parcel of a stuck change and all that waits behind it for the same one.

        Raises:
            InputError: there is nothing to choose any more, or the order takes no such parcel; nothing was
                changed.
        """
        outbox = self._desk.store.outbox
        async with self._desk.lock:
            stuck = outbox.get(uuid)
            if stuck is None or not other_parcel(stuck):
                raise InputError(_DECIDED)
            row, order = self._desk.row(Entity.ORDER, stuck.uid), self._desk.shown(Entity.ORDER, stuck.uid)
            own = outbox.for_object(Entity.ORDER, stuck.uid)
            same = [one for one in own if one.kind is stuck.kind and part_of(one) == part_of(stuck)]
            changes = [one for one in same if one.state is not OpState.DAMAGED]  # that waits for its own word
            fields = _fields(stuck, changes)
            _check(order, fields)
            agreed = reduce(together, (agreed_in(one.seen) for one in changes), _NOTHING)
            seen = with_agreed(basis(Entity.ORDER, order), agreed)
            made = self._desk.made(row, Entity.ORDER, OpKind.ADD_SHIPMENT, payload=fields, seen=seen)
            last_first = tuple(one.uuid for one in reversed(changes))  # a later one stands on the former
            try:
                await outbox.settle(Settlement(drop=last_first, add=(made,)))
            except KeyError:
                raise InputError(_DECIDED) from None
            reached("operation kept")
            for one in changes:
                self._desk.store.decided(dropped_for_good(one))
            await self._desk.show(Entity.ORDER, row.uid)
        others = {"parcels": [str(parcel["uid"]) for parcel in order.get("shipments") or ()]}
        act = Act(kind=ActKind.SHIPPED, entity=Entity.ORDER, uid=row.uid, part=TEMPORARY + made.uuid)
        return msgspec.structs.replace(act, before=others, after=fields, agreed=agreed)


def _fields(stuck: Operation, changes: Sequence[Operation]) -> dict[str, Any]:
    later = {edit.field: edit.new for one in changes if one.seq > stuck.seq for edit in one.edits}
    wanted = {**other_parcel(stuck), **later}
    return {name: value for name, value in wanted.items() if value not in (None, "")}


def _check(order: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Raise InputError unless an order takes one more parcel, of this number."""
    if order.get("status") not in SHIPPABLE:
        status = order_status(str(order.get("status") or "")).label
        raise InputError(f"This order is “{status}” on its marketplace and takes no parcel.", field="status")
    check_number(order.get("shipments") or (), fields.get("tracking_number"))
