"""Offers of an item on marketplaces: one per marketplace, changed field by field, ended once."""

import msgspec

from instica_desktop.core.errors import NotFound, Rejected
from instica_desktop.core.models import Listing
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.sync.attempts import Attempt, Delivered, Verdict
from instica_desktop.sync.conflicts import decide
from instica_desktop.sync.delivery.base import CHANGED, Delivery, Way, made_since, wire_fields, writing
from instica_desktop.sync.wirework import name_of_step

GONE = "This offer is no longer on the server, so there is nothing to change. Drop the change."
ENDED = frozenset({"inactive", "sold"})
_SENT = ("platform", "price_usd", "title")


class ListingDelivery(Delivery):
    """Offer, revise, take off."""

    def ways(self) -> dict[OpKind, Way]:
        """Return how each kind is delivered."""
        return {
            OpKind.ADD_LISTING: self._add,
            OpKind.REVISE_LISTING: self._revise,
            OpKind.DELIST: self._delist,
        }

    async def _add(self, attempt: Attempt) -> Verdict:
        """Offer the item. There is one live offer per marketplace: that is what an earlier try has made."""
        operation = attempt.operation

        async def made() -> list[Listing]:
            offers = await self._client.inventory.list_listings(operation.uid)
            return [offer for offer in offers if _made_by(offer, operation)]

        found = await self.look_twice(made) if attempt.unsure else []
        if found:
            offer = found[0]
        else:
            payload = operation.payload
            fields = {name: payload[name] for name in _SENT if payload.get(name) not in (None, "")}
            call = self._client.inventory.add_listing(operation.uid, fields, operation.uuid)
            offer = await writing(attempt, call)
        return await self._seen(attempt, offer, {TEMPORARY + operation.uuid: offer.uid})

    async def _revise(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        uid, offer = await self._offer(operation)
        if offer is None:
            return await self.clashed(attempt, GONE)
        there = wire_fields(offer, operation.edits)
        decision = decide(operation.edits, there)
        if decision.theirs:
            return await self.clashed(attempt, CHANGED, decision.theirs)
        if decision.send:
            key = f"{operation.uuid}:{name_of_step(decision.send, None, there)}"
            call = self._client.inventory.update_listing(uid, offer.uid, decision.send, key)
            offer = await writing(attempt, call)
        return await self._seen(attempt, offer)

    async def _delist(self, attempt: Attempt) -> Verdict:
        """Take an offer off. Where the marketplace does not, buyers still see it: the user must know."""
        operation = attempt.operation
        uid, offer = await self._offer(operation)
        if offer is not None and offer.status not in ENDED:
            version = offer.updated.isoformat() if offer.updated else ""
            key = f"{operation.uuid}:{version}"  # what was refused once is asked anew: the offer has changed
            call = self._client.inventory.delist(uid, offer.uid, key)
            offer = await writing(attempt, call)
            if offer.status == "failed":
                reason = offer.error.message if offer.error else "It gave no reason."
                name = offer.platform_name or offer.platform
                raise Rejected(f"{name} did not end this offer, so buyers still see it. {reason}")
        return await self._seen(attempt, offer)

    async def _offer(self, operation: Operation) -> tuple[str, Listing | None]:
        """Return the item at which an offer stands, and the offer; None when it stands nowhere.

        Of copies that shared it, the one it was acted on by may have gone since: it stands at the others.
        """
        for uid in dict.fromkeys((operation.uid, *operation.payload.get("copies", ()))):
            try:
                offers = await self._client.inventory.list_listings(uid)
            except NotFound:
                if uid == operation.uid and not operation.payload.get("copies"):
                    raise
                continue
            if offer := next((one for one in offers if one.uid == operation.payload["listing"]), None):
                return uid, offer
        return operation.uid, None

    async def _seen(
        self, attempt: Attempt, offer: Listing | None, replaced: dict[str, str] | None = None
    ) -> Delivered:
        """Read the item again, and the copies that share the offer with it."""
        done = await self.seen_again(attempt, replaced)
        item = next((record.data for of, record in done.records if of is Entity.ITEM), None)
        others = {copy.uid for copy in offer.items} if offer else set[str]()
        others |= set(attempt.operation.payload.get("copies", ()))
        more = await self.copies(item, others) if item else ()
        return msgspec.structs.replace(done, records=(*done.records, *more))


def _made_by(offer: Listing, operation: Operation) -> bool:
    """Tell whether an offer can be what an operation has made: one that stands, or was just refused."""
    if offer.platform != operation.payload["platform"]:
        return False
    refused = offer.status == "failed" and offer.updated is not None and made_since(offer.updated, operation)
    return offer.status == "listed" or refused
