"""One tracking number on several orders: whose question that is, what was agreed to, and the words for it.

Orders to one address share a parcel. On orders to different addresses, or of which that cannot be told, the
number may be a mistake: the user is asked, and what they agreed to is kept by number, so that another order
with it is asked about again. Pure functions.

Addresses are compared by these rules, which `server.domain.places` holds for itself (a test compares both):
1. Name, both lines of the street, postal code (the city where there is none) and country, folded, by their
   letters and figures.
2. Without one of them an address is not known.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from instica_desktop.core.folding import fold
from instica_desktop.core.models import Order
from instica_desktop.core.models.order import ShipmentAddress
from instica_desktop.core.tracking_numbers import compared, same_number

Wire = Mapping[str, Any]
Agreed = dict[str, list[str]]
"""By number, as it is compared: the uids of the other orders that may have it too."""

AGREED = "agreed"
"""Where an `Agreed` stands in what was seen."""
ALSO_ON = "also_on"
"""Where a question stands in a conflict: `{"number", "orders"}`, the orders as the API names them."""
SAME = "same"
_NAMED = 3


def address_key(address: ShipmentAddress | None) -> tuple[str, ...]:
    """Return the form in which addresses are compared; empty for one that is not known."""
    if address is None:
        return ()
    street = f"{address.line1 or ''} {address.line2 or ''}"
    place = _words(address.postal_code).replace(" ", "") or _words(address.city)
    parts = (_words(address.full_name), _words(street), place, _words(address.country))
    return parts if all(parts) else ()


def also_on(number: str, order: Order, others: Iterable[Order]) -> list[dict[str, Any]]:
    """Return which of other orders have a parcel with a number, unless they go where this one does."""
    return [one for one in with_number(number, order, others) if one["address"] != SAME]


def with_number(number: str, order: Order, others: Iterable[Order]) -> list[dict[str, Any]]:
    """Return which of other orders have a parcel with a number; `address`: `same`, `other` or `unknown`."""
    return [*_with_number(number, order, others)] if number else []


def _with_number(number: str, order: Order, others: Iterable[Order]) -> Iterator[dict[str, Any]]:
    own = address_key(order.shipment_address)
    for other in others:
        theirs = address_key(other.shipment_address)
        has_it = any(same_number(parcel.tracking_number, number) for parcel in other.shipments)
        if has_it and other.uid != order.uid:
            yield {
                "uid": other.uid,
                "order_id": other.order_id,
                "buyer_name": other.buyer_name,
                "platform": other.platform,
                "platform_name": other.platform_name,
                "address": (SAME if own == theirs else "other") if own and theirs else "unknown",
            }


# ------------------------------------------------------------ agreeing


def question(number: str, orders: Iterable[Wire]) -> dict[str, Any]:
    """Return what stands in conflict where a number is on other orders."""
    return {ALSO_ON: {"number": number, "orders": [dict(order) for order in orders]}}


def asked(found: Wire) -> list[Wire]:
    """Return the orders that a conflict asks about; none where it is about something else."""
    return list(cast("Iterable[Wire]", found.get(ALSO_ON, {}).get("orders", ())))


def agreement(number: str, orders: Iterable[Wire]) -> Agreed:
    """Return that a number may be on these orders too."""
    uids = [str(order.get("uid")) for order in orders]
    return {compared(number): uids} if number and uids else {}


def agreement_of(found: Wire) -> Agreed:
    """Return what the user agrees to who goes on with what a conflict asks."""
    return agreement(str(found.get(ALSO_ON, {}).get("number", "")), asked(found))


def together(one: Agreed, other: Agreed) -> Agreed:
    """Return both agreements in one."""
    return {
        number: list(dict.fromkeys((*one.get(number, ()), *other.get(number, ()))))
        for number in {**one, **other}
    }


def agreed_in(seen: Wire) -> Agreed:
    """Return what was agreed to, of what was seen."""
    return dict(seen.get(AGREED) or {})


def with_agreed(seen: Wire, more: Agreed) -> dict[str, Any]:
    """Return what was seen, with more that was agreed to."""
    return {**seen, AGREED: together(agreed_in(seen), more)} if more else dict(seen)


def is_agreed(seen: Wire, number: str, orders: Iterable[Wire]) -> bool:
    """Tell whether the user knows of all these orders with a number."""
    known = agreed_in(seen).get(compared(number), ())
    return all(order.get("uid") in known for order in orders)


# ------------------------------------------------------------ words


def sharing_words(orders: Iterable[Wire]) -> str:
    """Return `The number is also on order 1001 of Ann Buyer, to another address.`"""
    every = list(orders)
    names = [named(order) for order in every[:_NAMED]]
    names += [f"{len(every) - _NAMED:,} more"] if len(every) > _NAMED else []
    all_of = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    if all(order.get("address") == "unknown" for order in every):
        return f"The number is also on {all_of}. Whether that goes to the same address is not known."
    if all(order.get("address") == SAME for order in every):
        return f"The number is also on {all_of}, to the same address."
    return (
        f"The number is also on {all_of}, to {'another address' if len(every) == 1 else 'other addresses'}."
    )


def named(order: Wire) -> str:
    """Return `order 1001 of Ann Buyer`; what is not known is left out."""
    number, buyer = order.get("order_id"), order.get("buyer_name")
    whose = f" of {buyer}" if buyer else ""
    return f"order {number}{whose}" if number else f"an order{whose}"


def _words(text: str | None) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text or "")))
