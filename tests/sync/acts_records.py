"""Rows of the matrix: edits of fields, making records, deleting them."""

import uuid
from typing import Any, ClassVar

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from tests.support.fault_proxy import Answer
from tests.sync.acts import Case, Row
from tests.sync.test_photos import picture
from tests.sync.world import World

TOO_LONG = Answer(400, body=b'{"location": ["This cannot be."], "non_field_errors": ["This cannot be."]}')
"""How the server refuses what a test wants refused."""


async def a_copy(world: World, **fields: Any) -> str:
    """Return the uid of a copy that only this test knows, with a photo, read into the cache."""
    wanted = {"product": await world.a_product(), "location": "BEFORE", "price_item_usd": "12.50"}
    wanted |= {"manual_sku": f"ACT-{uuid.uuid4().hex[:8]}", **fields}
    made = (await world.admin.inventory.create(wanted)).record.data
    await world.admin.inventory.add_asset(made.uid, picture("#102030"), "front.jpg", "item")
    assert await world.shop.refresh(Entity.ITEM, made.uid)
    return made.uid


class EditRow(Row):
    """A shelf and a price, written in one go."""

    kind = ActKind.EDIT

    async def case(self, world: World) -> Case:
        return Case(world, [(Entity.ITEM, await a_copy(world))])

    async def act(self, case: Case) -> Step:
        changes = {"location": "MINE", "price_item_usd": "20.00"}
        edited = await case.world.shop.edit(Entity.ITEM, case.uid, changes)
        act = Act(kind=self.kind, entity=Entity.ITEM, uid=case.uid, before=edited.before, after=edited.after)
        return Step(words="2 fields", acts=(act,))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("PATCH ", TOO_LONG)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.inventory.update(case.uid, {"location": "THEIRS", "price_item_usd": "31.00"})


class MakeRow(Row):
    """A copy with its new product, made in one breath."""

    kind = ActKind.MAKE
    cannot: ClassVar = {
        "changed_before": "nobody knows of it before it is sent",
        "gone_before": "nobody knows of it before it is sent",
        "resolved_mine": "nobody knows of it before it is sent",
        "resolved_theirs": "nobody knows of it before it is sent",
    }

    async def case(self, world: World) -> Case:
        return Case(world, [])

    async def act(self, case: Case) -> Step:
        product = {"title": "Matrix Pressing", "artist": {"name": "Nobody"}, "year": 1971}
        made = await case.world.shop.making.copy({"location": "NEW"}, new=product)
        case.records += [(Entity.PRODUCT, made.product), (Entity.ITEM, made.uid)]
        return Step(words="new copy of Matrix Pressing", acts=made.acts)

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("POST /api/v1/inventory/", TOO_LONG)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.inventory.update(case.real(case.records[1][1]), {"location": "THEIRS"})


class StatusRow(EditRow):
    """A move of status, whose way back is a move like any other."""

    name = "status"
    blind = frozenset({"listed_at", "sold_at"})

    async def act(self, case: Case) -> Step:
        edited = await case.world.shop.edit(Entity.ITEM, case.uid, {"status": "received"})
        act = Act(kind=self.kind, entity=Entity.ITEM, uid=case.uid, before=edited.before, after=edited.after)
        return Step(words="status", acts=(act,))

    async def interfere(self, case: Case) -> None:
        await case.world.admin.inventory.update(case.uid, {"status": "archived"})


class DeleteProductRow(Row):
    """A product with a picture and no copies."""

    kind = ActKind.DELETE
    name = "delete-product"
    cannot: ClassVar = {
        "gone_before": "that is what was wanted",
        "changed_after": "what is deleted nobody else changes",
    }

    async def case(self, world: World) -> Case:
        fields = {"title": f"Pictured {uuid.uuid4().hex[:6]}", "year": 1971, "tags": ["kept"]}
        made = (await world.admin.products.create(fields)).record.data
        await world.shop.refresh(Entity.PRODUCT, made.uid)
        await world.shop.covers.set(made.uid, picture("#405060"))
        await world.delivered()
        await world.shop.refresh(Entity.PRODUCT, made.uid)
        return Case(world, [(Entity.PRODUCT, made.uid)])

    async def act(self, case: Case) -> Step:
        deleted = await case.world.shop.removal.delete(Entity.PRODUCT, [case.uid])
        return Step(words="deleting 1 product", acts=deleted.acts)

    async def resolve(self, case: Case, *, mine: bool) -> None:
        shop = case.world.shop
        (stuck,) = shop.operations()
        await (shop.do_anyway(stuck.uuid) if mine else shop.discard(stuck.uuid))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("DELETE ", TOO_LONG)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.products.update(case.uid, {"year": 1999})


class DeleteRow(Row):
    """A copy with a photo."""

    kind = ActKind.DELETE

    async def case(self, world: World) -> Case:
        return Case(world, [(Entity.ITEM, await a_copy(world))])

    async def act(self, case: Case) -> Step:
        deleted = await case.world.shop.removal.delete(Entity.ITEM, [case.uid])
        return Step(words="deleting 1 item", acts=deleted.acts)

    cannot: ClassVar = {
        "gone_before": "that is what was wanted",
        "changed_after": "what is deleted nobody else changes",
    }

    async def resolve(self, case: Case, *, mine: bool) -> None:
        shop = case.world.shop
        (stuck,) = shop.operations()
        await (shop.do_anyway(stuck.uuid) if mine else shop.discard(stuck.uuid))

    async def refuse(self, case: Case) -> None:
        case.world.proxy.answer("DELETE ", TOO_LONG)

    async def interfere(self, case: Case) -> None:
        await case.world.admin.inventory.update(case.uid, {"location": "THEIRS"})
