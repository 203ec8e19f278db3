"""What has become of a record since an act on it began, where that matters to the act. Pure functions.

An act keeps the `basis` of what the user saw. Whoever is about to carry it out compares: what is `news` is
told to the user, who then decides. The server does not tell who did it, only what and when.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.describe import field_value
from instica_desktop.core.models.common import Entity
from instica_desktop.core.overlay_listings import ENDING, WAITING
from instica_desktop.core.sharing import ALSO_ON, agreement_of, with_agreed
from instica_desktop.core.statuses import SHIPPABLE, TO_SHIP, carrier_name, item_status, order_status
from instica_desktop.core.tracking import spaced

Wire = Mapping[str, Any]

PARTS = frozenset({"shipments", "listings"})
"""Parts of a record, of which the basis keeps the uids."""
_SOLD = frozenset({"sold", "shipped"})
_SEEN_BY_BUYERS = frozenset({"listed", ENDING})


def basis(entity: Entity, record: Wire) -> dict[str, Any]:
    """Return what an act on a record depends on, as it stands in the record."""
    if entity is Entity.ORDER:
        return {"status": record.get("status"), "shipments": _uids(_parts(record, "shipments"))}
    if entity is Entity.ITEM:
        live = [one for one in _parts(record, "listings") if one.get("status") in _SEEN_BY_BUYERS | {WAITING}]
        return {"status": record.get("status"), "listings": _uids(live)}
    return {}


def news(entity: Entity, seen: Wire, there: Wire) -> dict[str, Any]:
    """Return what stands there now, by field, and is not what was seen; only what matters to an act.

    Of parcels and offers those that came. What was seen without them, by an earlier version, tells nothing.
    """
    if entity is Entity.ORDER and "shipments" in seen:
        return _of_order(seen, there)
    if entity is Entity.ITEM and "listings" in seen:
        return _of_item(seen, there)
    return {}


def told(seen: Wire, found: Wire) -> dict[str, Any]:
    """Return what the user has seen once they were told the news, and has agreed to."""
    parts = {name: [*(seen.get(name) or ()), *_uids(found[name])] for name in PARTS & found.keys()}
    values = {name: value for name, value in found.items() if name != ALSO_ON}
    return with_agreed({**seen, **values, **parts}, agreement_of(found))


def news_words(entity: Entity, found: Wire) -> str:
    """Return the news in sentences, one a line."""
    parcels = [_parcel_words(one) for one in _parts(found, "shipments")]
    offers = [_offer_words(one) for one in _parts(found, "listings")]
    return "\n".join([*_status_words(entity, found, parcels), *parcels, *offers])


def _of_order(seen: Wire, there: Wire) -> dict[str, Any]:
    found: dict[str, Any] = {}
    was, now = seen.get("status"), there.get("status")
    if now != was and (now not in SHIPPABLE or was == TO_SHIP):
        found["status"] = now
    if came := _came(seen, there, "shipments"):
        found["shipments"] = came
    return found


def _of_item(seen: Wire, there: Wire) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if there.get("status") in _SOLD and seen.get("status") not in _SOLD:
        found["status"] = there.get("status")
    if came := [one for one in _came(seen, there, "listings") if one.get("status") in _SEEN_BY_BUYERS]:
        found["listings"] = came
    return found


def _came(seen: Wire, there: Wire, name: str) -> list[Wire]:
    known = set(seen.get(name) or ())
    return [one for one in _parts(there, name) if one.get("uid") not in known]


def _parts(record: Wire, name: str) -> list[Wire]:
    return list(cast("Iterable[Wire]", record.get(name) or ()))


def _uids(parts: Iterable[Wire]) -> list[str]:
    return [str(one.get("uid")) for one in parts]


# ------------------------------------------------------------ words


def _status_words(entity: Entity, found: Wire, parcels: list[str]) -> list[str]:
    if "status" not in found:
        return []
    code = str(found["status"] or "")
    if entity is Entity.ITEM:
        return [f"It is {item_status(code).label.lower()}."]
    if code in SHIPPABLE:
        return [] if parcels else [f"The order is {order_status(code).label.lower()}, without a parcel."]
    return [f"The order is “{order_status(code).label}” on its marketplace and takes no parcel."]


def _parcel_words(parcel: Wire) -> str:
    carrier = "Other carrier" if parcel.get("carrier") == "other" else carrier_name(parcel.get("carrier"))
    number = spaced(str(parcel.get("tracking_number") or "")) or "without a number"
    at = _moment(parcel.get("shipped_at") or parcel.get("created"))
    return f"{carrier} {number}{f', shipped {at}' if at else ''}."


def _offer_words(offer: Wire) -> str:
    name = offer.get("platform_name") or offer.get("platform") or "A marketplace"
    price, at = offer.get("price_usd"), _moment(offer.get("listed_at"))
    asked = f" for {field_value('price_usd', price)}" if price else ""
    return f"It is on offer on {name}{asked}{f' since {at}' if at else ''}."


def _moment(value: Any) -> str:
    try:
        return day_and_clock(value if isinstance(value, datetime) else datetime.fromisoformat(str(value)))
    except ValueError:
        return ""
