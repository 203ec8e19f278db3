"""Records: made, changed field by field, deleted."""

from typing import TYPE_CHECKING, Any

from instica_desktop.core.errors import Clash, InputError, NotFound, Rejected
from instica_desktop.core.meanwhile import news
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import AGAIN, Operation, OpKind, is_temporary
from instica_desktop.core.query import Query
from instica_desktop.sync import keepsakes
from instica_desktop.sync.attempts import Attempt, Clashed, Delivered, Verdict
from instica_desktop.sync.conflicts import changed_since, decide, same
from instica_desktop.sync.decisions import keep_merged
from instica_desktop.sync.delivery.base import CHANGED, Delivery, Way, made_after, made_since, writing
from instica_desktop.sync.wirework import (
    continued,
    creating,
    is_own_sku,
    name_of_step,
    own_sku,
    patches,
    wire_of,
)

if TYPE_CHECKING:
    from instica_desktop.api import Fetched
    from instica_desktop.api.sections.base import RecordSection

SEVERAL = "There are several of these on the server. Keep one of them."
PERHAPS_MADE = "This may have been made already. Look for it on the server, then send it again or drop it."
CHANGED_MEANWHILE = (
    "You deleted this record, and it was changed on the server since. Choose what is to become of it."
)
PRICED_ELSEWHERE = (
    "The item was sold or put on offer since you changed its price. Choose what is to become of the price."
)
MADE_ELSEWHERE = (
    "This was made again already, on another computer as it seems. Use that one, or make another."
)
GRADES = ("condition_item", "condition_container")
NAMES = ("title", "artist", "catalog_number")
PRICES = frozenset({"price_item_usd", "price_shipping_usd"})
PRODUCT_DROPPED = (
    "The product of this copy was dropped before it was sent, so the copy cannot be made. "
    "Drop it too, or add a copy of another product."
)

_OTHER_VERSION = 412
_CLASHES = 3
"""How often an update is compared anew because the record changed between reading and writing."""


class RecordDelivery(Delivery):
    """Create, update, delete."""

    def ways(self) -> dict[OpKind, Way]:
        """Return how each kind is delivered."""
        return {OpKind.CREATE: self._create, OpKind.UPDATE: self._update, OpKind.DELETE: self._delete}

    async def _update(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        section = self.section(operation.entity)
        for last in (False,) * (_CLASHES - 1) + (True,):
            self.reading(attempt)
            fetched = await section.get(operation.uid)
            remote = wire_of(fetched.record)
            edits = continued(operation.edits, remote) if attempt.unsure else operation.edits
            decision = decide(edits, remote)
            if decision.theirs:
                return Clashed(CHANGED, decision.theirs, ((operation.entity, fetched.record),))
            if overtaken := _overtaken(operation, decision.send, remote):
                return Clashed(PRICED_ELSEWHERE, overtaken, ((operation.entity, fetched.record),))
            operation = await keep_merged(self._store, operation, decision.merged)
            if not decision.send:
                return Delivered(((operation.entity, fetched.record),))
            before = fetched.record
            try:
                fetched = await self._patch(attempt, section, fetched, decision.send)
            except Clash:
                if last:
                    raise
                continue
            others = await self._others(before, fetched.record) if "status" in decision.send else ()
            return Delivered(((operation.entity, fetched.record), *others))
        raise AssertionError("the last round returns or raises")

    async def _patch(
        self, attempt: Attempt, section: "RecordSection[Any]", fetched: "Fetched[Any]", send: dict[str, Any]
    ) -> "Fetched[Any]":
        status = str(wire_of(fetched.record).get("status") or "")
        for fields in patches(send, status):
            key = f"{attempt.operation.uuid}:{name_of_step(fields, fetched.etag, wire_of(fetched.record))}"
            call = section.update(attempt.operation.uid, fields, fetched.etag, key)
            fetched = await writing(attempt, call)
            attempt.unsure = True  # whatever stops us now, this step is done: the next try goes on from here
        return fetched

    async def _create(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        fields: dict[str, Any] = operation.payload.get("fields", {})
        product: Any = creating(fields).get("product")
        if is_temporary(str(product)):
            raise InputError(PRODUCT_DROPPED, field="product")
        if attempt.unsure:
            if not (fields.get("manual_sku") or fields.get("title")):
                return Clashed(PERHAPS_MADE)
            found = await self.look_twice(lambda: self._like(operation, fields))
            if len(found) > 1:
                return Clashed(SEVERAL)
            if found:
                return self._made(attempt, found[0])
        elif AGAIN in operation.payload and (there := await self._made_elsewhere(operation, fields)):
            theirs = {AGAIN: {"uid": there.data.uid, "title": there.data.title}}
            return Clashed(MADE_ELSEWHERE, theirs, ((operation.entity, there),))
        section = self.section(operation.entity)
        fetched = await writing(attempt, section.create(creating(fields), operation.uuid))
        return self._made(attempt, fetched.record)

    def _made(self, attempt: Attempt, record: Record[Any]) -> Delivered:
        operation = attempt.operation
        temporary = {operation.uid: record.data.uid} if is_temporary(operation.uid) else {}
        return Delivered(((operation.entity, record),), replaced=temporary)

    async def _like(self, operation: Operation, fields: dict[str, Any]) -> list[Record[Any]]:
        """Return what an earlier try may have made: an item by a SKU of its own, or by one that was given and
        its product; a product that is the same in all. What was there before is none of it."""
        sku = fields.get("manual_sku")
        words = str(sku or fields.get("title"))
        page = await self.section(operation.entity).page(Query(operation.entity, search=words))
        fresh = [record for record in page.records if made_since(record.data.created, operation)]
        if operation.entity is not Entity.ITEM:
            return [record for record in fresh if _has(wire_of(record), fields)]
        if sku == own_sku(operation.uuid):  # nobody else has it, whatever the clocks say
            return [record for record in page.records if record.data.manual_sku == sku]
        of = creating(fields).get("product")
        alike = [record.data for record in fresh if record.data.manual_sku == sku]
        same = {item.uid for item in alike if not of or (item.product and item.product.uid == of)}
        return [record for record in fresh if record.data.uid in same]

    async def _made_elsewhere(self, operation: Operation, fields: dict[str, Any]) -> Record[Any] | None:
        """Return what another computer has made again of the same record, by what it can be known by.

        A copy by its SKU and product; one that had no SKU, by its product, its grades, and the SKU that a
        record made again is given. A product by its title, artist and catalogue number.
        """
        query, sku = Query(operation.entity), fields.get("manual_sku")
        if operation.entity is Entity.ITEM:
            wanted = {name: fields.get(name) for name in GRADES}
            query = query.with_filter("product", [str(creating(fields).get("product"))])
            if sku != own_sku(operation.uuid):
                query, wanted = query.with_search(str(sku)), {"manual_sku": sku}
        else:
            wanted = {name: fields.get(name) for name in NAMES}
            query = query.with_search(str(fields.get("title")))
        since = str(operation.payload[AGAIN])
        if not since and "manual_sku" not in wanted:
            return None  # others like it may have been there all along
        for record in (await self.section(operation.entity).page(query)).records:
            there = wire_of(record)
            known = "manual_sku" in wanted or operation.entity is not Entity.ITEM or is_own_sku(there)
            alike = all(same(field, there.get(field), value) for field, value in wanted.items())
            if alike and known and made_after(record.data.created, since):
                return record
        return None

    async def _delete(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        others: tuple[tuple[Entity, Record[Any]], ...] = ()
        try:
            for last in (False,) * (_CLASHES - 1) + (True,):
                self.reading(attempt)
                fetched = await self.section(operation.entity).get(operation.uid)
                there = wire_of(fetched.record)
                theirs = changed_since(operation.seen, there) | news(operation.entity, operation.seen, there)
                if theirs:
                    return Clashed(CHANGED_MEANWHILE, theirs, ((operation.entity, fetched.record),))
                await self._keep_files(operation, wire_of(fetched.record))
                if await self._deleted(attempt, fetched.etag, last=last):
                    others = await self._others(fetched.record)
                    break
        except NotFound:
            pass  # somebody was faster
        return Delivered(others, gone=((operation.entity, operation.uid),))

    async def _others(self, *seen: Record[Any]) -> tuple[tuple[Entity, Record[Any]], ...]:
        """Read the copies that an item shares offers with; one that moves or goes leaves them, or is back."""
        items = [record.data for record in seen if isinstance(record.data, InventoryItem)]
        others = {copy.uid for item in items for offer in item.listings for copy in offer.items}
        return await self.copies(items[0], others) if items else ()

    async def _keep_files(self, operation: Operation, record: dict[str, Any]) -> None:
        """Have here what taking the deletion back needs, before it is gone there."""
        await keepsakes.fetch_wanted(self._client, self._store, record, operation.attempts)
        if operation.payload.get("keep"):
            await keepsakes.fetch_unnamed(self._client, self._store, record, operation.attempts)

    async def _deleted(self, attempt: Attempt, etag: str | None, *, last: bool) -> bool:
        """Delete the version of a record that was compared; return whether it was that version still."""
        operation = attempt.operation
        try:
            delete = self.section(operation.entity).delete(operation.uid, etag, operation.uuid)
            await writing(attempt, delete)
        except Clash as error:
            if error.status == _OTHER_VERSION and not last:
                return False
            if error.status == _OTHER_VERSION:
                raise
            # others depend on it: no second try changes that
            raise Rejected(error.message, status=error.status, details=error.details) from error
        return True


def _overtaken(operation: Operation, send: dict[str, Any], remote: dict[str, Any]) -> dict[str, Any]:
    """Return what makes a new price doubtful: the item was sold, or put on offer, since it was typed."""
    if not PRICES & send.keys():
        return {}
    found = news(operation.entity, operation.seen, remote)
    edited = {edit.field for edit in operation.edits}
    return {field: value for field, value in found.items() if field not in edited}


def _has(remote: dict[str, Any], fields: dict[str, Any]) -> bool:
    return all(same(field, remote.get(field), value) for field, value in fields.items() if field in remote)
