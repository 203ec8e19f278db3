"""Tracking numbers on several orders: on one order a number stands once, on others to its address unasked.

On an order to another address it is a question: labels are mixed up so. The sender answers it in advance with
`confirm`.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.places import address_key
from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.domain.tracking import number_key
from instica_desktop.server.models import Order, Shipment
from instica_desktop.server.web.errors import Conflict

MOST_NAMED = 20
"""How many orders an answer names; their parcels' newest first."""
_IN_WORDS = 3


class SharedNumber(Conflict):
    """A number is on orders of other addresses (409). `also_on` names them, as the answer does."""

    def __init__(self, also_on: list[dict[str, str | None]]) -> None:
        super().__init__(_words(also_on), {"also_on": also_on})
        self.also_on = also_on


def check_number(order: Order, number: str, *, confirm: bool, but: Shipment | None = None) -> None:
    """Check the number of a parcel that comes to an order, or of one there (`but`).

    Errors: `ValidationError` where a parcel of the order has it, `SharedNumber` where an order to another
    address does, or to one of which that cannot be told; not if `confirm`.
    """
    if not number:
        return
    key = number_key(order.organization.pk, number)
    same = Shipment.objects.filter(number_key=key).exclude(pk=but.pk if but else None)
    if same.filter(order=order).exists():
        raise ValidationError({"tracking_number": ["Another parcel of this order has this number."]})
    also_on = [] if confirm else list(islice(_others(order, same), MOST_NAMED))
    if also_on:
        raise SharedNumber(also_on)


def home_note(shipment: Shipment) -> str:
    """Return that orders to the same address have a parcel's number too; empty where none has."""
    same = Shipment.objects.filter(number_key=shipment.number_key).exclude(order=shipment.order)
    if shipment.number_key is None:
        return ""
    own, orders = address_key(shipment.order.address), dict[str, Order]()
    for parcel in same.select_related("order").order_by("-pk")[:MOST_NAMED]:
        if own and own == address_key(parcel.order.address):
            orders[parcel.order.uid] = parcel.order
    named = ", ".join(f"order {order.order_id or order.uid}" for order in orders.values())
    return f"This tracking number is also on {named}, to the same address." if named else ""


def _others(order: Order, same: Any) -> Iterator[dict[str, str | None]]:
    """Yield the orders that parcels with the same number are on, unless they go where this order does."""
    own, seen = address_key(order.address), set[int]()
    for parcel in same.select_related("order").order_by("-pk").iterator(chunk_size=100):
        other = parcel.order
        theirs = address_key(other.address)
        if other.pk not in seen and not (own and own == theirs):
            seen.add(other.pk)
            yield {
                "uid": other.uid,
                "order_id": other.order_id or None,
                "buyer_name": other.buyer_name or None,
                "platform": other.platform,
                "platform_name": platform_name(other.platform),
                "address": "other" if own and theirs else "unknown",
            }


def _words(also_on: list[dict[str, str | None]]) -> str:
    named = [_name(one) for one in also_on[:_IN_WORDS]]
    more = f" and {len(also_on) - _IN_WORDS} more" if len(also_on) > _IN_WORDS else ""
    unknown = any(one["address"] == "unknown" for one in also_on)
    where = "and whether that is the same address is not known" if unknown else "to another address"
    return (
        f"This tracking number is also on {', '.join(named)}{more}, {where}. "
        "If that is right, send it with `confirm: true`."
    )


def _name(order: dict[str, str | None]) -> str:
    number, buyer = order["order_id"], order["buyer_name"]
    return f"order {number or order['uid']}{f' of {buyer}' if buyer else ''}"
