"""An edit of fields as one step of undo, together with the offers that follow an item's price."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import format_money
from instica_desktop.core.overlay_listings import LEFT, is_by_hand
from instica_desktop.features.context import Context
from instica_desktop.features.undo import edit_step

if TYPE_CHECKING:
    from instica_desktop.core.models.inventory import Listing
    from instica_desktop.sync import Edited
    from instica_desktop.sync.repricing import Offer, Repriced


async def save_edit(
    context: Context, entity: Entity, uid: str, changes: Mapping[str, Any], shown: Mapping[str, Any]
) -> "tuple[Edited, Repriced | None]":
    """Save fields of a record, and with an item's price what its offers ask. Raises like `Shop.edit`."""
    if entity is Entity.ITEM and any(field.startswith("price_") for field in changes):
        return await context.shop.repricing.edit(uid, changes, shown=shown)
    return await context.shop.edit(entity, uid, changes, shown=shown), None


def remember_edit(
    context: Context, entity: Entity, uid: str, title: str, edited: "Edited", repriced: "Repriced | None"
) -> None:
    """Remember an edit that was just made as one step with the offers that followed, of which is told.

    What ends with a status is told as well, and what of it no undo brings back.
    """
    step = edit_step(entity, uid, title, edited)
    words = [_leaving_words(context, uid)] if _takes_off(entity, edited) else []
    if repriced is not None:
        step = msgspec.structs.replace(step, acts=(*step.acts, *repriced.acts))
        words.append(repricing_words(repriced))
    context.did(step, " ".join(part for part in words if part))


def _takes_off(entity: Entity, edited: "Edited") -> bool:
    """Tell whether an edit takes an item off sale that was not."""
    return (
        entity is Entity.ITEM and edited.after.get("status") in LEFT and edited.before["status"] not in LEFT
    )


def _leaving_words(context: Context, uid: str) -> str:
    row = context.shop.row(Entity.ITEM, uid)
    item = row.data if row is not None else None
    return leaving_words(item.listings) if isinstance(item, InventoryItem) else ""


def leaving_words(listings: "Sequence[Listing]") -> str:
    """Return what becomes of an item's offers when it is sold or archived; empty when it has none."""
    going = [listing for listing in listings if listing.comes_back]
    alone = [listing for listing in going if len(listing.items) < 2]
    ending = [_name(listing) for listing in alone if not is_by_hand(listing.platform)]
    by_hand = [_name(listing) for listing in alone if is_by_hand(listing.platform)]
    words = [f"{_offers(ending)} {'ends' if len(ending) == 1 else 'end'}."] if ending else []
    if by_hand:
        words.append(f"{_offers(by_hand)} you end there by hand; Undo does not put it up there again.")
    return " ".join([*words, *(_goes_on(listing) for listing in going if listing not in alone)])


def _goes_on(listing: "Listing") -> str:
    others = len(listing.items) - 1
    copies = f"{others:,} cop{'y' if others == 1 else 'ies'}"
    return f"The {_name(listing)} offer goes on with {copies}, as far as is known here."


def _name(listing: "Listing") -> str:
    return listing.platform_name or listing.platform


def repricing_words(repriced: "Repriced") -> str:
    """Return what became of an item's offers when its price changed; empty when it has none."""
    words: list[str] = []
    if repriced.follow:
        price = format_money(repriced.follow[0].price)
        names = [one.name for one in repriced.follow]
        words.append(f"{_offers(names)} will ask ${price} once this is sent.")
    words += [_stays(one) for one in repriced.stay]
    return " ".join(words)


def _stays(offer: "Offer") -> str:
    why = f": {offer.copies:,} copies share it" if offer.copies > 1 else ""
    return f"The {offer.name} offer stays at ${format_money(offer.price)}{why}."


def _offers(names: "Sequence[str]") -> str:
    joined = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"The {joined} offer{'' if len(names) == 1 else 's'}"
