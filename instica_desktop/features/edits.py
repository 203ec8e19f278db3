"""An edit of fields as one step of undo, together with the offers that follow an item's price."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import format_money
from instica_desktop.features.context import Context
from instica_desktop.features.undo import edit_step

if TYPE_CHECKING:
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
    """Remember an edit that was just made as one step with the offers that followed, of which is told."""
    step = edit_step(entity, uid, title, edited)
    if repriced is None:
        context.did(step)
        return
    step = msgspec.structs.replace(step, acts=(*step.acts, *repriced.acts))
    context.did(step, repricing_words(repriced))


def repricing_words(repriced: "Repriced") -> str:
    """Return what became of an item's offers when its price changed; empty when it has none."""
    words: list[str] = []
    if repriced.follow:
        price = format_money(repriced.follow[0].price)
        words.append(f"{_offers(repriced.follow)} now {_verb(repriced.follow, 'asks')} ${price}.")
    words += [_stays(one) for one in repriced.stay]
    return " ".join(words)


def _stays(offer: "Offer") -> str:
    why = f": {offer.copies:,} copies share it" if offer.copies > 1 else ""
    return f"The {offer.name} offer stays at ${format_money(offer.price)}{why}."


def _offers(offers: "Sequence[Offer]") -> str:
    names = [one.name for one in offers]
    joined = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"The {joined} offer{'' if len(names) == 1 else 's'}"


def _verb(offers: "Sequence[Offer]", verb: str) -> str:
    return verb if len(offers) == 1 else verb.removesuffix("s")
