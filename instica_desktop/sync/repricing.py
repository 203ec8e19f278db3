"""Offers that follow the price of their item: those that had it, no others. The server moves none itself."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.overlay_derived import derive
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.edits import Edited
from instica_desktop.sync.followers import PRICES, TOTAL
from instica_desktop.sync.parts import Parts, is_live


class Offer(msgspec.Struct, frozen=True):
    """An offer by the name of its marketplace, and its price."""

    name: str
    price: Decimal


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
            (follow if act else stay).append(_offer(offer, now if act else offer.get("price_usd")))
        return what, Repriced(tuple(acts), tuple(follow), tuple(stay))

    def _moved(
        self, uid: str, item: dict[str, Any], offer: Mapping[str, Any], was: Any
    ) -> tuple[Settlement, Act | None]:
        """Return what changes an offer's price if it was the item's; no act when it stays."""
        now = item.get(TOTAL)
        if not same(TOTAL, offer.get("price_usd"), was) or not now:
            return Settlement(), None
        try:
            return self._parts.revision(uid, item, str(offer["uid"]), {"price_usd": Decimal(str(now))})
        except InputError:
            return Settlement(), None


def _offer(offer: Mapping[str, Any], price: Any) -> Offer:
    return Offer(str(offer.get("platform_name") or offer.get("platform")), Decimal(str(price or 0)))
