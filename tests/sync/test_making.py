"""A copy and its product made in one breath, offline or with answers lost: both once, or nothing."""

import asyncio
from decimal import Decimal

import pytest

from instica_desktop.core.errors import DiskFull, InputError
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import making
from tests.support.fault_proxy import Fault
from tests.sync.world import World

COPY = {"condition_item": "vg_plus", "price_item_usd": "18.00", "location": "B-02", "status": "received"}


def pressing(title: str) -> dict[str, object]:
    return {"title": title, "artist": {"name": "Nobody Yet"}, "year": 1971, "genres": ["Dub"]}


async def products(world: World, title: str) -> list[Product]:
    page = await world.admin.products.page(Query(Entity.PRODUCT, search=title))
    return [record.data for record in page.records if record.data.title == title]


async def test_a_copy_of_a_new_product_shows_at_once_and_both_are_sent_in_order(world: World) -> None:
    shop = await world.open()
    shop.work_offline(True)
    made = await shop.making.copy(COPY, new=pressing("From Nothing"))
    assert [one.kind for one in shop.operations()] == [OpKind.CREATE, OpKind.CREATE]
    shown, mark = world.item(made.uid)
    assert shown.product is not None
    assert shown.product.artist is not None
    assert (shown.title, shown.product.artist.name, mark.pending) == ("From Nothing - VG+", "Nobody Yet", 1)
    assert (shown.status_display, shown.price_total_usd) == ("Received", Decimal("18.00"))
    row = shop.row(Entity.PRODUCT, made.product)
    assert row is not None
    assert isinstance(row.data, Product)
    assert [copy.uid for copy in row.data.inventory_items] == [made.uid]

    shop.work_offline(False)
    await world.delivered()
    (product,) = await products(world, "From Nothing")
    assert product.genres == ("Dub",)
    there = await world.on_server(world.item(made.uid)[0].uid)
    assert there.product is not None
    assert (there.product.uid, there.status, there.location) == (product.uid, "received", "B-02")


@pytest.mark.parametrize("entity", [Entity.PRODUCT, Entity.ITEM])
async def test_neither_is_made_twice_when_an_answer_is_lost(world: World, entity: Entity) -> None:
    shop = await world.open()
    title = f"Lost on {entity.value}"
    world.proxy.fail(f"POST /api/v1/{entity.value}/", Fault.DROP_REPLY)
    await shop.making.copy(COPY, new=pressing(title))
    await world.delivered()
    (product,) = await products(world, title)
    assert product.total_inventory_count == 1
    assert world.proxy.seen("POST ") == 2


async def test_a_copy_of_a_known_product_shows_its_pressing_before_it_is_sent(world: World) -> None:
    shop = await world.open()
    known = (await world.seen(Query(Entity.PRODUCT))).row(0)
    assert known is not None
    assert isinstance(known.data, Product)
    shop.work_offline(True)
    made = await shop.making.copy({}, of=known.uid)
    product = world.item(made.uid)[0].product
    assert product is not None
    assert (product.title, product.artist) == (known.data.title, known.data.artist)
    again = await shop.making.copy({"manual_sku": "MINE-1"}, of=known.uid)
    with pytest.raises(InputError, match="has this SKU") as caught:
        await shop.making.copy({"manual_sku": "MINE-1"}, of=known.uid)
    assert caught.value.field == "manual_sku"
    twice = [shop.making.copy({"manual_sku": "MINE-2"}, of=known.uid) for _ in range(2)]
    ends = await asyncio.gather(*twice, return_exceptions=True)
    assert [isinstance(end, InputError) for end in ends] == [False, True]  # two clicks on one button
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(world.item(again.uid)[0].uid)).manual_sku == "MINE-1"


async def test_a_copy_whose_product_was_dropped_says_so_and_is_not_sent(world: World) -> None:
    shop = await world.open()
    shop.work_offline(True)
    made = await shop.making.copy(COPY, new=pressing("Dropped"))
    await shop.discard(made.product.removeprefix(TEMPORARY))
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    assert "was dropped" in shop.operations()[0].message
    assert world.proxy.seen("POST ") == 0


@pytest.mark.parametrize(
    ("copy", "new", "field"),
    [
        ({}, None, "product"),
        ({}, {"title": " "}, "product.title"),
        ({}, {"title": "x", "year": "soon"}, "product.year"),
        ({"price_item_usd": "0"}, {"title": "x"}, "price_item_usd"),
        ({"status": "ready-to-sell"}, {"title": "x"}, "price_item_usd"),
        ({"status": "sold"}, {"title": "x"}, "status"),
        ({"condition_item": "best"}, {"title": "x"}, "condition_item"),
    ],
)
async def test_what_is_certainly_wrong_is_said_by_field_and_nothing_is_kept(
    world: World, copy: dict[str, str], new: dict[str, str] | None, field: str
) -> None:
    shop = await world.open(online=False)
    with pytest.raises(InputError) as caught:
        await shop.making.copy(copy, new=new)
    assert caught.value.field == field
    assert shop.operations() == []


async def test_a_full_disk_keeps_neither_of_the_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = await world.open(online=False)
    monkeypatch.setattr("instica_desktop.store.outbox._Change._keep", _refusing(after=1))
    with pytest.raises(DiskFull):
        await shop.making.copy(COPY, new=pressing("Half"))
    monkeypatch.undo()
    assert shop.operations() == []
    await world.leave()
    assert (await world.enter(online=False)).operations() == []


def _refusing(after: int) -> object:
    from instica_desktop.store.outbox import _Change  # pyright: ignore[reportPrivateUsage]

    keep, kept = _Change._keep, [0]  # pyright: ignore[reportPrivateUsage]

    def keeping(change: _Change, operation: object) -> object:
        kept[0] += 1
        if kept[0] > after:
            raise DiskFull("full")
        return keep(change, operation)  # pyright: ignore[reportArgumentType]

    return keeping


async def a_product(world: World, at: int) -> Product:
    row = (await world.seen(Query(Entity.PRODUCT))).row(at)
    assert row is not None
    assert isinstance(row.data, Product)
    return row.data


async def test_a_copy_with_the_sku_of_another_is_told_however_many_begin_like_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_AT_ONCE", 1)
    shop = await world.open(online=False)
    first = await shop.making.copy({**COPY, "manual_sku": "BOX-1"}, new=pressing("In Boxes"))
    for sku in ("BOX-10", "BOX-11"):
        await shop.making.copy({**COPY, "manual_sku": sku}, of=first.product)
    with pytest.raises(InputError, match="SKU"):
        await shop.making.copy({**COPY, "manual_sku": "BOX-1"}, of=first.product)


async def test_a_copy_whose_request_was_lost_is_not_taken_for_another_with_its_sku(world: World) -> None:
    shop = await world.open()
    (ours, theirs) = [await a_product(world, at) for at in (0, 1)]
    await world.admin.inventory.create({"product": theirs.uid, "manual_sku": "SHELF-7"})
    world.proxy.fail("POST /api/v1/inventory/", Fault.RESET)
    made = await shop.making.copy({**COPY, "manual_sku": "SHELF-7"}, of=ours.uid)
    await world.delivered()
    there = (await world.on_server(world.item(made.uid)[0].uid)).product
    assert there is not None
    assert there.uid == ours.uid


@pytest.mark.parametrize(
    "free", [{"price_item_usd": "0.00"}, {"price_item_usd": "0.00", "price_shipping_usd": "4.00"}]
)
async def test_a_copy_is_not_made_for_sale_at_zero(world: World, free: dict[str, str]) -> None:
    shop = await world.open()
    shop.work_offline(True)
    with pytest.raises(InputError, match="above zero") as caught:
        await shop.making.copy({**free, "status": "ready-to-sell"}, new=pressing("For Nothing"))
    assert caught.value.field == "price_item_usd"
    assert shop.operations() == []
