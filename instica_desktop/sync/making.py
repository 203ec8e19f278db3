"""Making records: a product, a copy of one, or both at once. Checked here, kept whole, shown at once."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.core.overlay_derived import NESTED
from instica_desktop.core.query import Query
from instica_desktop.core.statuses import item_status
from instica_desktop.core.steps import reached
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.edits import PRICED, checked
from instica_desktop.sync.wirework import own_sku

STARTS = ("draft", "received", "ready-to-sell")
"""Statuses a new copy may begin with; the others come about by what happens to it."""
OF_PRODUCT = "product."
"""Stands before the field of an error that is about the product made along with a copy."""
_AT_ONCE = 64
_TAKEN = "Another copy has this SKU. Leave it empty to get one of its own."


class Made(msgspec.Struct, frozen=True):
    """What was made, by temporary uids; `product` is the one that was made along with a copy, else empty."""

    entity: Entity
    uid: str
    title: str
    product: str = ""

    @property
    def acts(self) -> tuple[Act, ...]:
        """What was done, for taking it back: the product that was made along with a copy goes with it."""
        copy = Act(kind=ActKind.MAKE, entity=self.entity, uid=self.uid)
        if not self.product:
            return (copy,)
        along = {"with": self.uid}
        return Act(kind=ActKind.MAKE, entity=Entity.PRODUCT, uid=self.product, before=along), copy


class Making:
    """Makes products and copies. What is refused here was not kept; what returns is on the disk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def product(self, fields: Mapping[str, Any]) -> Made:
        """Make a product of wire fields.

        Raises:
            InputError: by field; nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        create = self._create(Entity.PRODUCT, _product_fields(fields))
        await self._keep(create)
        return Made(Entity.PRODUCT, create.uid, create.title)

    async def copy(
        self, fields: Mapping[str, Any], *, of: str = "", new: Mapping[str, Any] | None = None
    ) -> Made:
        """Make a copy of a product, or of a `new` one in the same breath. Without a SKU it gets one.

        Raises:
            InputError: by field (`product.…` for those of the new product); nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        clean = self._item_fields(fields)
        first: tuple[Operation, ...] = ()
        if new is not None:
            first = (self._create(Entity.PRODUCT, _new_product_fields(new)),)
            product = {"uid": first[0].uid, **_nested(first[0].payload["fields"])}
        else:
            product = self._known(of)
        create = self._create(Entity.ITEM, {**clean, "product": product}, str(product.get("title") or ""))
        await self._keep(*first, create)
        return Made(Entity.ITEM, create.uid, create.title, first[0].uid if first else "")

    # ------------------------------------------------------------ inside

    def _item_fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        wanted = dict(fields)
        status = str(wanted.pop("status", None) or STARTS[0])
        if status not in STARTS:
            raise InputError("Choose one of the statuses a new copy can have.", field="status")
        clean = checked(Entity.ITEM, {"status": status}, wanted)
        if status in PRICED and not clean.get("price_item_usd"):
            label = item_status(status).label.lower()
            raise InputError(f"A copy that is {label} needs a price.", field="price_item_usd")
        return clean if status == STARTS[0] else {**clean, "status": status}

    async def _is_taken(self, sku: str) -> bool:
        """Tell whether a copy here has a SKU: by it a new one is found when its answer is lost."""
        if not sku:
            return False
        cache = self._desk.store.cache
        ids = await cache.ids(Query(Entity.ITEM, search=sku))  # whatever begins with it
        for at in range(0, len(ids), _AT_ONCE):
            rows = cache.rows(Entity.ITEM, ids[at : at + _AT_ONCE])
            if any(cast(InventoryItem, row.data).manual_sku == sku for row in rows if row is not None):
                return True
            await asyncio.sleep(0)
        return False

    def _known(self, uid: str) -> dict[str, Any]:
        if not uid:
            raise InputError("Choose a product, or make a new one.", field="product")
        row = self._desk.row(Entity.PRODUCT, uid)
        return {"uid": row.uid, **_nested(msgspec.to_builtins(row.data))}

    def _create(self, entity: Entity, fields: dict[str, Any], title: str = "") -> Operation:
        name = str(uuid.uuid4())
        if entity is Entity.ITEM and not fields.get("manual_sku"):
            fields["manual_sku"] = own_sku(name)
        return Operation(
            uuid=name,
            entity=entity,
            uid=TEMPORARY + name,
            kind=OpKind.CREATE,
            title=title or str(fields.get("title") or ""),
            payload={"fields": fields},
            created=self._desk.now(),
        )

    async def _keep(self, *creates: Operation) -> None:
        async with self._desk.lock:
            for create in creates:
                if await self._is_taken(str(create.payload["fields"].get("manual_sku") or "")):
                    raise InputError(_TAKEN, field="manual_sku")
            await self._desk.store.outbox.add_many(creates)
            reached("operation kept")
            for create in creates:
                await self._desk.show(create.entity, create.uid)


def _product_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return checked(Entity.PRODUCT, {}, {"title": "", **fields})


def _new_product_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _product_fields(fields)
    except InputError as error:
        raise InputError(error.message, field=OF_PRODUCT + error.field) from error


def _nested(product: Mapping[str, Any]) -> dict[str, Any]:
    return {name: product[name] for name in NESTED if product.get(name) is not None}
