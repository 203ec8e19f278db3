"""What is done to the offers of an item: put on offer, changed, taken off. Each can be taken back."""

from collections.abc import Set

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models import Listing
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import wire_money
from instica_desktop.core.operations import OpKind
from instica_desktop.core.overlay_listings import USED_AGAIN
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.columns import title_of
from instica_desktop.features.marks import RecordRow
from instica_desktop.sync import OfferDraft


def number_of_copies(listing: Listing | None) -> int:
    """Return how many copies an offer offers."""
    return max(1, len(listing.items)) if listing else 1


def for_all(listing: Listing | None) -> str:
    """Return the words that follow an act on an offer: for whom it is, where copies share the offer."""
    number = number_of_copies(listing)
    return f" for all {number:,} copies" if number > 1 else ""


class OfferActs:
    """Acts on the offers of the item they were begun on. What is refused is raised as InputError."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def save(
        self, row: RecordRow, listing: Listing | None, draft: OfferDraft, changed: Set[str] = frozenset()
    ) -> None:
        """Change an offer, or make one; a field that is empty has the item's value.

        Of `listing`, which is the offer as it was shown, only the `changed` fields are written.
        """
        parts, title = self._context.shop.parts, title_of(row.data)
        name = draft.platform_name or draft.platform
        if listing is None:
            before = [one for one in row.data.listings if one.platform == draft.platform]
            ended = next((one for one in before if one.status in USED_AGAIN), None)
            act = await parts.offer(row.uid, draft)
            self._did(act, f"{name} offer of {title}", f"{title} is put on offer{for_all(ended)}")
            return
        wanted = {"price_usd": draft.price_usd, "title": draft.title}
        was = {"price_usd": wire_money(listing.price_usd), "title": listing.title}
        shown = {field: value for field, value in was.items() if field in changed}
        act = await parts.revise(row.uid, listing.uid, wanted, shown)
        if act is not None:
            self._did(
                act,
                f"change of the {name} offer of {title}",
                f"The {name} offer of {title} is changed{for_all(listing)}",
            )

    async def take_off(self, row: RecordRow, listing: Listing) -> None:
        """End an offer."""
        act = await self._context.shop.parts.take_off(row.uid, listing.uid)
        name, title = listing.platform_name or listing.platform, title_of(row.data)
        if act is not None:
            self._did(act, f"taking {title} off {name}", f"{title} is taken off {name}{for_all(listing)}")

    async def keep(self, row: RecordRow, listing: Listing) -> None:
        """Take back that an offer is to end, where that has not been sent."""
        last = self._context.undo.last_of(Entity.ITEM, row.uid)
        if isinstance(last, Step) and [(act.kind, act.part) for act in last.acts] == [
            (ActKind.TAKEN_OFF, listing.uid)
        ]:
            await self._context.undo.undo(last)
            return
        for operation in self._context.shop.operations():
            if operation.kind is OpKind.DELIST and operation.payload.get("listing") == listing.uid:
                act = await self._context.shop.discard(operation.uuid)
                if act is not None:
                    self._did(act, f"keeping the offer of {title_of(row.data)}")

    def _did(self, act: Act, words: str, said: str = "") -> None:
        self._context.did(Step(words=words, acts=(act,)), said)
