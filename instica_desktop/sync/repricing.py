"""Offers that follow the price of their item: those that had it, no others. The server moves none itself."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.overlay_derived import derive
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
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

    async def follow(self, uid: str, before: Mapping[str, Any]) -> Repriced:
        """Give the offers that had an item's price the one it has now. `before`: its fields until then."""
        if not PRICES & before.keys():
            return Repriced()
        item = self._desk.shown(Entity.ITEM, uid)
        was = {**item, **before}
        derive(was, set(PRICES))
        now = item.get(TOTAL)
        if same(TOTAL, was.get(TOTAL), now):
            return Repriced()
        acts: list[Act] = []
        follow: list[Offer] = []
        stay: list[Offer] = []
        for offer in item.get("listings") or ():
            if not is_live(offer) or same(TOTAL, offer.get("price_usd"), now):
                continue
            act = await self._moved(uid, offer, was.get(TOTAL), now)
            acts += [act] if act else []
            (follow if act else stay).append(_offer(offer, now if act else offer.get("price_usd")))
        return Repriced(tuple(acts), tuple(follow), tuple(stay))

    async def _moved(self, uid: str, offer: Mapping[str, Any], was: Any, now: Any) -> Act | None:
        """Change an offer's price if it was the item's; None when it stays."""
        if not same(TOTAL, offer.get("price_usd"), was) or not now:
            return None
        try:
            return await self._parts.revise(uid, str(offer["uid"]), {"price_usd": Decimal(str(now))})
        except InputError:
            return None


def _offer(offer: Mapping[str, Any], price: Any) -> Offer:
    return Offer(str(offer.get("platform_name") or offer.get("platform")), Decimal(str(price or 0)))
