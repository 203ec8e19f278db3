"""Parcels of an order: found by their tracking number, changed field by field."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from instica_desktop.core.errors import Clash, NotFound
from instica_desktop.core.meanwhile import news
from instica_desktop.core.models import AlsoOn, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, OpKind
from instica_desktop.core.sharing import is_agreed, question, sharing_words
from instica_desktop.core.tracking_numbers import same_number
from instica_desktop.sync.attempts import Attempt, Clashed, Verdict
from instica_desktop.sync.conflicts import decide, same
from instica_desktop.sync.delivery.base import CHANGED, Delivery, Way, wire_fields, writing
from instica_desktop.sync.wirework import name_of_step, wire_of

Wire = Mapping[str, Any]
CHANGED_SINCE = (
    "This parcel was changed on the server since, so it was not removed. "
    "Look at the order, then remove it again or drop this."
)
PERHAPS_THERE = "The parcel may have been noted already. Look at the order, then send it again or drop it."
SHIPPED_TOO = (
    "This order was changed on the server since you shipped it here. Choose what is to become of it."
)
GONE = (
    "This parcel is no longer on the server, so there is nothing to change. "
    "Add it as another parcel with what you typed, or drop the change."
)


class ParcelDelivery(Delivery):
    """Add, change, take back."""

    def ways(self) -> dict[OpKind, Way]:
        """Return how each kind is delivered."""
        return {
            OpKind.ADD_SHIPMENT: self._add,
            OpKind.EDIT_SHIPMENT: self._edit,
            OpKind.REMOVE_SHIPMENT: self._remove,
        }

    async def _add(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        fields = {name: value for name, value in operation.payload.items() if value not in (None, "")}
        number = str(fields.get("tracking_number") or "").strip()

        async def same() -> list[Shipment]:
            parcels = await self._client.orders.list_shipments(operation.uid)
            if not number:
                return [one for one in parcels if one.carrier == fields.get("carrier")]
            return [one for one in parcels if same_number(one.tracking_number, number)]

        found = await self.look_twice(same) if attempt.unsure else (await same() if number else [])
        if found and not number:
            return Clashed(PERHAPS_THERE)
        parcel = found[0] if found else None
        if parcel is None:
            verdict = await self._changed(attempt)
            late = await same() if verdict and attempt.unsure and number else []
            if late:  # what changed the order meanwhile may be our own request
                return await self.seen_again(attempt, {TEMPORARY + operation.uuid: late[0].uid})
            if verdict is not None:
                return verdict

            async def add(more: Wire) -> Shipment:
                return await self._client.orders.add_shipment(
                    operation.uid, {**fields, **more}, operation.uuid
                )

            try:
                parcel = await _agreed(attempt, number, add)
            except _Shared as shared:
                return Clashed(shared.words, shared.theirs)
        return await self.seen_again(attempt, {TEMPORARY + operation.uuid: parcel.uid})

    async def _changed(self, attempt: Attempt) -> Clashed | None:
        """Ask the user about an order that somebody else shipped or closed since this was written."""
        operation = attempt.operation
        self.reading(attempt)
        record = (await self._client.orders.get(operation.uid)).record
        found = news(Entity.ORDER, operation.seen, wire_of(record))
        return Clashed(SHIPPED_TOO, found, ((Entity.ORDER, record),)) if found else None

    async def _edit(self, attempt: Attempt) -> Verdict:
        """Change a parcel where it is still as the user saw it; what arrived before is not sent again."""
        operation = attempt.operation
        wanted = str(operation.payload["shipment"])
        parcels = await self._client.orders.list_shipments(operation.uid)
        parcel = next((one for one in parcels if one.uid == wanted), None)
        if parcel is None:
            return await self.clashed(attempt, GONE)
        there = wire_fields(parcel, operation.edits)
        decision = decide(operation.edits, there)
        if decision.theirs:
            return await self.clashed(attempt, CHANGED, decision.theirs)
        if decision.send:
            fields: dict[str, Any] = decision.send
            key = f"{operation.uuid}:{name_of_step(fields, None, there)}"

            async def change(more: Wire) -> Shipment:
                return await self._client.orders.update_shipment(
                    operation.uid, wanted, {**fields, **more}, key
                )

            try:
                await _agreed(attempt, str(fields.get("tracking_number") or ""), change)
            except _Shared as shared:
                return await self.clashed(attempt, shared.words, shared.theirs)
            except NotFound as error:
                if not error.part:
                    raise
                return await self.clashed(attempt, GONE)  # it went while we looked
        return await self.seen_again(attempt)

    async def _remove(self, attempt: Attempt) -> Verdict:
        """Take a parcel off, unless somebody else has changed it since it was seen."""
        operation = attempt.operation
        shipment, seen = str(operation.payload["shipment"]), operation.payload.get("seen")
        if seen and not attempt.unsure:
            parcels = await self._client.orders.list_shipments(operation.uid)
            parcel = next((one for one in parcels if one.uid == shipment), None)
            if parcel is not None and not _as_seen(parcel, seen):
                return await self.clashed(attempt, CHANGED_SINCE)
        try:
            call = self._client.orders.delete_shipment(operation.uid, shipment, operation.uuid)
            await writing(attempt, call)
        except NotFound:
            pass
        return await self.seen_again(attempt)


class _Shared(Exception):
    """The number is on orders to other addresses, of which the user does not know yet."""

    def __init__(self, number: str, orders: list[Wire]) -> None:
        super().__init__(number)
        self.words, self.theirs = sharing_words(orders), question(number, orders)


async def _agreed(attempt: Attempt, number: str, send: Callable[[Wire], Awaitable[Shipment]]) -> Shipment:
    """Send a parcel, and go on where its number is on other orders if the user agreed to just those.

    It is always asked first: which orders have the number by now, only the server knows.
    Raises: `_Shared`.
    """
    try:
        return await writing(attempt, send({}))
    except Clash as clash:
        orders = _also_on(clash)
        if not orders:
            raise
        attempt.wrote = False
        if not is_agreed(attempt.operation.seen, number, orders):
            raise _Shared(number, orders) from clash
    return await writing(attempt, send({"confirm": True}))


def _also_on(clash: Clash) -> list[Wire]:
    """Return the orders that a refusal names; none where it is of another kind, or cannot be read."""
    try:
        found = msgspec.convert(clash.more.get("also_on") or (), tuple[AlsoOn, ...])
    except msgspec.ValidationError:
        return []
    return [msgspec.to_builtins(order) for order in found]


def _as_seen(parcel: Shipment, seen: Mapping[str, Any]) -> bool:
    """Tell whether a parcel holds what the user saw of it; the server's and the user's own values both do."""
    there: dict[str, Any] = msgspec.to_builtins(parcel)
    return all(any(same(name, there.get(name), value) for value in values) for name, values in seen.items())
