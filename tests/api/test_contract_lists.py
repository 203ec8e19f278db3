"""The contract against the real server: paging, every ordering, every filter, search."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.core import errors
from instica_desktop.core.collation import code_key, name_key
from instica_desktop.core.folding import fold
from instica_desktop.core.grading import grade_rank
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import FILTERS, ORDERINGS, Query
from instica_desktop.core.search_words import Searchable, search_text
from tests.server.fixture import RunningServer
from tests.support.asking import finds

Key = Callable[[Any], Any]
LAST = (1, 0)


def known(value: Any) -> Any:
    return LAST if value is None else (0, value)


def name(value: str | None) -> Any:
    return known(name_key(value))


def code(value: str | None) -> Any:
    return known(code_key(value))


KEYS: dict[Entity, dict[str, Key]] = {
    Entity.PRODUCT: {
        "title": lambda row: name(row.title),
        "created": lambda row: known(row.created),
        "updated": lambda row: known(row.updated),
        "artist__name": lambda row: name(row.artist and row.artist.name),
        "label__name": lambda row: name(row.label and row.label.name),
        "catalog_number": lambda row: code(row.catalog_number),
        "price_total_usd": lambda row: known(row.price_min_usd),
        "price_low_high": lambda row: known(row.price_min_usd),
        "price_high_low": lambda row: known(row.price_max_usd),
        "least_inventory": lambda row: known(row.total_inventory_count),
        "most_inventory": lambda row: known(row.total_inventory_count),
        "listed_first": lambda row: known(row.listed_inventory_count > 0),
        "unlisted_first": lambda row: known(row.listed_inventory_count > 0),
    },
    Entity.ITEM: {
        "created": lambda row: known(row.created),
        "updated": lambda row: known(row.updated),
        "name": lambda row: name(row.name),
        "title": lambda row: name(row.title),
        "artist__name": lambda row: name(row.product.artist and row.product.artist.name),
        "label__name": lambda row: name(row.product.label and row.product.label.name),
        "catalog_number": lambda row: code(row.product.catalog_number),
        "location": lambda row: code(row.location),
        "price_total_usd": lambda row: known(row.price_total_usd),
        "price_low_high": lambda row: known(row.price_total_usd),
        "price_high_low": lambda row: known(row.price_total_usd),
        "status": lambda row: known(row.status),
        "condition_item": lambda row: known(grade_rank(row.condition_item)) if row.condition_item else LAST,
        "manual_sku": lambda row: code(row.manual_sku),
        "days_in_inventory": lambda row: known(row.days_in_inventory),
        "listed_first": lambda row: known(row.status == "listed"),
        "unlisted_first": lambda row: known(row.status == "listed"),
    },
    Entity.ORDER: {
        "created": lambda row: known(row.created),
        "sold_at": lambda row: known(row.sold_at),
        "status": lambda row: known(row.status),
        "platform": lambda row: known(row.platform),
        "sale_price": lambda row: known(row.sale_price),
    },
}
FALLING = {"price_high_low", "most_inventory", "listed_first"}
THEN_NEWEST = {"listed_first", "unlisted_first"}
THEN = {
    "artist__name": ("title", "catalog_number"),
    "label__name": ("catalog_number", "artist__name", "title"),
    "catalog_number": ("artist__name", "title"),
    "location": ("artist__name", "title", "catalog_number"),
}
"""How a list goes on among records that are equal, whichever way it goes."""


def sorted_by(ordering: str, entity: Entity, rows: list[Any]) -> list[str]:
    """Sort as the contract says: what is missing last both ways, then as on a shelf, then uid ascending."""
    wanted = ordering.removeprefix("-")
    key = KEYS[entity][wanted]
    rows = sorted(rows, key=lambda row: row.uid)
    for further in reversed(THEN.get(wanted, ())):
        rows.sort(key=lambda row: (KEYS[entity][further](row) == LAST, KEYS[entity][further](row)))
    if wanted in THEN_NEWEST:
        rows.sort(key=lambda row: row.created, reverse=True)
    there = [row for row in rows if key(row) != LAST]
    there.sort(key=key, reverse=ordering.startswith("-") or wanted in FALLING)
    return [row.uid for row in there] + [row.uid for row in rows if key(row) == LAST]


def section(client: InsticaClient, entity: Entity) -> Any:
    return {Entity.PRODUCT: client.products, Entity.ITEM: client.inventory, Entity.ORDER: client.orders}[
        entity
    ]


class Reader:
    """Reads whole lists of the seeded shop."""

    def __init__(self, server: RunningServer) -> None:
        self.client = InsticaClient(server.base_url, server.api_key)

    async def __aenter__(self) -> "Reader":
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.client.aclose()

    async def rows(self, query: Query, **more: str) -> list[Any]:
        found = [record.data async for record in section(self.client, query.entity).all(query, **more)]
        first = await section(self.client, query.entity).page(query, 1, 1, **more)
        assert first.count == len(found) == len({row.uid for row in found})
        return found


@pytest.mark.parametrize(
    ("entity", "ordering"),
    [(entity, ordering) for entity in Entity for ordering in sorted(ORDERINGS[entity])],
)
async def test_every_ordering(seeded: RunningServer, entity: Entity, ordering: str) -> None:
    async with Reader(seeded) as reader:
        rows = await reader.rows(Query(entity, ordering=ordering))
        expected = sorted_by(ordering, entity, rows)
        assert [row.uid for row in rows] == expected


@pytest.mark.parametrize("entity", list(Entity))
async def test_pages_neither_skip_nor_repeat(seeded: RunningServer, entity: Entity) -> None:
    async with Reader(seeded) as reader:
        whole = [row.uid for row in await reader.rows(Query(entity))]
        pages: list[str] = []
        number, more = 1, True
        while more:
            page = await section(reader.client, entity).page(Query(entity), number, 7)
            assert (page.count, page.skipped) == (len(whole), 0)
            pages += [record.data.uid for record in page.records]
            number, more = number + 1, page.has_more
        assert pages == whole
        with pytest.raises(errors.NotFound):
            await section(reader.client, entity).page(Query(entity), number, 7)
        with pytest.raises(errors.NotFound):
            await section(reader.client, entity).page(Query(entity), 0, 7)
        largest = await section(reader.client, entity).page(Query(entity), 1, 5000)
        assert len(largest.records) == min(100, len(whole))


@pytest.mark.parametrize("entity", list(Entity))
async def test_an_unknown_ordering_or_status_is_refused_by_name(
    seeded: RunningServer, entity: Entity
) -> None:
    async with Reader(seeded) as reader:
        for name, query in (
            ("ordering", Query(entity, ordering="colour")),
            ("status", Query(entity).with_filter("status", ["in-orbit"])),
        ):
            with pytest.raises(errors.ValidationFailed) as caught:
                await section(reader.client, entity).page(query)
            assert caught.value.fields[name]


def folded(tags: tuple[str, ...]) -> set[str]:
    return {fold(tag) for tag in tags}


HOLDS: dict[tuple[Entity, str], Callable[[Any, tuple[str, ...]], bool]] = {
    (Entity.PRODUCT, "has_inventory"): lambda row, want: (
        (row.total_inventory_count > 0) is (want == ("true",))
    ),
    (Entity.PRODUCT, "has_available_inventory"): lambda row, want: (
        (row.available_inventory_count > 0) is (want == ("true",))
    ),
    (Entity.PRODUCT, "uploadable_to_redbubble"): lambda row, want: (
        row.uploadable_to_redbubble is (want == ("true",))
    ),
    (Entity.PRODUCT, "status"): lambda row, want: any(item.status in want for item in row.inventory_items),
    (Entity.PRODUCT, "type"): lambda row, want: row.type in want,
    (Entity.PRODUCT, "tags"): lambda row, want: any(
        fold(part) in tag for tag in folded(row.tags) for part in want
    ),
    (Entity.ITEM, "status"): lambda row, want: row.status in want,
    (Entity.ITEM, "product"): lambda row, want: row.product.uid in want,
    (Entity.ITEM, "type"): lambda row, want: row.product.type in want,
    (Entity.ITEM, "platform"): lambda row, want: any(offer.platform in want for offer in row.listings),
    (Entity.ITEM, "tags"): lambda row, want: bool(folded(row.tags) & folded(want)),
    (Entity.ITEM, "condition_item"): lambda row, want: row.condition_item in want,
    (Entity.ITEM, "location"): lambda row, want: fold(row.location or "") in folded(want),
    (Entity.ORDER, "status"): lambda row, want: row.status in want,
    (Entity.ORDER, "platform"): lambda row, want: row.platform in want,
}


def some_values(entity: Entity, name: str, rows: list[Any]) -> list[tuple[str, ...]]:
    """Return values for a filter that some rows have: one, two together, and one written otherwise."""
    if name.startswith(("has_", "uploadable")):
        return [("true",), ("false",)]
    get: dict[str, Callable[[Any], list[str]]] = {
        "tags": lambda row: list(row.tags),
        "product": lambda row: [row.product.uid],
        "platform": lambda row: [offer.platform for offer in row.listings],
        "type": lambda row: [row.product.type],
    }
    if entity is Entity.PRODUCT:
        get |= {
            "status": lambda row: [item.status for item in row.inventory_items],
            "type": lambda row: [row.type],
        }
    if entity is Entity.ORDER:
        get |= {"platform": lambda row: [row.platform]}
    read = get.get(name, lambda row: [value] if (value := getattr(row, name)) else [])
    often = [value for value, _ in Counter(value for row in rows for value in read(row)).most_common(2)]
    if name in ("product", "location"):
        return [(often[0],)] + ([(often[0].lower(),)] if name == "location" else [])
    return [(often[0],), tuple(often)] + ([(often[0].upper(),)] if name == "tags" else [])


@pytest.mark.parametrize(
    ("entity", "name"), [(entity, name) for entity in Entity for name in sorted(FILTERS[entity])]
)
async def test_every_filter(seeded: RunningServer, entity: Entity, name: str) -> None:
    async with Reader(seeded) as reader:
        rows = await reader.rows(Query(entity))
        for values in some_values(entity, name, rows):
            found = await reader.rows(Query(entity).with_filter(name, values))
            expected = [row.uid for row in rows if HOLDS[entity, name](row, values)]
            assert [row.uid for row in found] == expected, values


@pytest.mark.parametrize("entity", list(Entity))
async def test_what_changed_after_a_moment(seeded: RunningServer, entity: Entity) -> None:
    async with Reader(seeded) as reader:
        rows = await reader.rows(Query(entity))
        middle = sorted(row.updated for row in rows)[len(rows) // 2]
        found = await reader.rows(Query(entity), updated_after=middle.isoformat())
        assert {row.uid for row in found} == {row.uid for row in rows if row.updated > middle}
        assert await reader.rows(Query(entity), updated_after=datetime.now(UTC).isoformat()) == []


def name_of(named: Any) -> str | None:
    return named and named.name


def product_words(row: Any) -> str:
    texts = [row.marketplace_description, row.license_type, row.license_notes, row.format, *row.tags]
    texts += [asset.filename for asset in row.digital_assets]
    skus = [item.manual_sku for item in row.inventory_items]
    return search_text(
        Searchable(
            (row.title, name_of(row.artist), name_of(row.label)),
            tuple(texts),
            (row.catalog_number, *skus),
            (row.barcode,),
        )
    )


def item_words(row: Any) -> str:
    product = row.product
    return search_text(
        Searchable(
            (row.name, product.title, name_of(product.artist), name_of(product.label)),
            (row.manual_description, product.format),
            (row.manual_sku, product.catalog_number),
            (row.barcode, product.barcode),
        )
    )


def order_words(row: Any) -> str:
    listing = row.inventory_item_listing
    sold, address = listing and listing.inventory_item, row.shipment_address
    numbers = (parcel.tracking_number for parcel in row.shipments)
    shown = (listing.title, sold.title, sold.artist) if sold else ()
    buyer = (row.buyer_name, address and address.full_name)
    codes = (row.order_id, *numbers, sold and sold.manual_sku)
    return search_text(Searchable((*buyer, *shown), codes=codes))


WORDS = {Entity.PRODUCT: product_words, Entity.ITEM: item_words, Entity.ORDER: order_words}


def questions(entity: Entity, rows: list[Any]) -> list[str]:
    """Return searches of many kinds made from what is there."""
    asked = ["zzzz nothing"]
    for row in rows[:: max(1, len(rows) // 12)]:
        words = WORDS[entity](row).split()
        asked += [words[0][:2], f"{words[-1]} {words[0][:3]}".upper()]
    if entity is not Entity.ORDER:
        asked += ["miles", "ö", "the b", "レ", "12", '12"', "lp", "!"]
        code = next(row for row in rows if entity is Entity.ITEM or row.catalog_number)
        number = (code.product if entity is Entity.ITEM else code).catalog_number
        asked += [number, number.replace(" ", ""), number.replace(" ", "-"), " ".join(number)]
    return asked


@pytest.mark.parametrize("entity", list(Entity))
async def test_search_finds_what_the_contract_says(seeded: RunningServer, entity: Entity) -> None:
    async with Reader(seeded) as reader:
        rows = await reader.rows(Query(entity))
        words = {row.uid: WORDS[entity](row) for row in rows}
        for question in questions(entity, rows):
            found = await reader.rows(Query(entity, search=question))
            expected = [uid for uid, text in words.items() if finds(question, text)]
            assert [row.uid for row in found] == expected, question
