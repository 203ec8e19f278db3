"""Offers that follow the price of their item: those that had it, no others. The server moves none itself.

An offer that copies share follows once all of them have the new price, and stays until then.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import wire_money
from instica_desktop.core.overlay_derived import derive
from instica_desktop.core.overlay_listings import is_live, sharing
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.edits import Edited
from instica_desktop.sync.followers import PRICES, TOTAL
from instica_desktop.sync.parts import Parts


class Offer(msgspec.Struct, frozen=True):
    """An offer by the name of its marketplace, its price, and the number of copies that keep it there."""

    name: str
    price: Decimal
    copies: int = 1


class Repriced(msgspec.Struct, frozen=True):
    """What became of an item's offers: what was done, which follow, and which stay at another price."""

    acts: tuple[Act, ...] = ()
    follow: tuple[Offer, ...] = ()
    stay: tuple[Offer, ...] = ()


class Repricing:
    """Lets offers follow."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk, self._parts = desk, parts

    async def edit(
        self, uid: str, changes: Mapping[str, Any], *, shown: Mapping[str, Any] | None = None
    ) -> tuple[Edited, Repriced]:
        """Change fields of an item as `Shop.edit` does; the offers that have its price get the new one.

        Both are kept in one transaction: cut off between two, an offer would stay at the old price.
        """
        repriced = Repriced()

        def along(now: dict[str, Any], was: Mapping[str, Any]) -> Settlement:
            nonlocal repriced
            what, repriced = self._follow(uid, now, was)
            return what

        edited = await self._desk.edit(Entity.ITEM, uid, changes, shown=shown or {}, along=along)
        return edited, repriced

    def _follow(
        self, uid: str, item: dict[str, Any], before: Mapping[str, Any]
    ) -> tuple[Settlement, Repriced]:
        """Return what gives the offers that had an item's price the one it has now, and what follows."""
        was = {**item, **before}
        derive(was, set(PRICES))
        now = item.get(TOTAL)
        what, acts = Settlement(), list[Act]()
        if not PRICES & before.keys() or same(TOTAL, was.get(TOTAL), now):
            return what, Repriced()
        follow: list[Offer] = []
        stay: list[Offer] = []
        for offer in item.get("listings") or ():
            if not is_live(offer) or same(TOTAL, offer.get("price_usd"), now):
                continue
            more, act = self._moved(uid, item, offer, was.get(TOTAL))
            what = what.along_with(more)
            acts += [act] if act else []
            (follow if act else stay).append(_moved_to(offer, now) if act else _kept(offer, was.get(TOTAL)))
        return what, Repriced(tuple(acts), tuple(follow), tuple(stay))

    def _moved(
        self, uid: str, item: dict[str, Any], offer: Mapping[str, Any], was: Any
    ) -> tuple[Settlement, Act | None]:
        """Return what changes an offer's price if it was the item's; no act when it stays."""
        uid, now = self._desk.store.outbox.real(uid), item.get(TOTAL)
        if not same(TOTAL, offer.get("price_usd"), was) or not now or not self._of_all(uid, offer, now):
            return Settlement(), None
        if self._parts.carrier(uid, item, str(offer["uid"])) != uid:
            return Settlement(), None  # another copy is at it: what is said there stands
        try:
            return self._parts.revision(uid, item, str(offer["uid"]), {"price_usd": Decimal(str(now))})
        except InputError:
            return Settlement(), None

    def _of_all(self, uid: str, offer: Mapping[str, Any], price: Any) -> bool:
        """Tell whether all copies that share an offer cost this by now: it does not follow some of them."""
        others = [copy for copy in sharing(offer) if copy != uid]
        here = self._desk.store.cache.by_uids(Entity.ITEM, others)
        costs = [wire_money(cast(InventoryItem, row.data).price_total_usd) for row in here.values()]
        return len(costs) == len(others) and all(same(TOTAL, cost, price) for cost in costs)


def _moved_to(offer: Mapping[str, Any], price: Any) -> Offer:
    return Offer(_name(offer), Decimal(str(price)))


def _kept(offer: Mapping[str, Any], was: Any) -> Offer:
    """Return an offer that stays; if it had the item's price, because not all copies have the new one."""
    price = offer.get("price_usd")
    copies = len(sharing(offer)) if same(TOTAL, price, was) else 0
    return Offer(_name(offer), Decimal(str(price or 0)), max(1, copies))


def _name(offer: Mapping[str, Any]) -> str:
    return str(offer.get("platform_name") or offer.get("platform"))
