"""A made-up shop of any size, in the proportions of a real one: what is sold has no offers, drafts have no
price, what is to be shipped was sold last. Pages of records come as a server sends them, the newest first.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Filter, Query
from instica_desktop.store.database import Connection
from instica_desktop.store.tables import TABLES

_FIRST = "blue kind giant steps love supreme night moon river black white gold silver wild heart"
_SYLLABLES = "ba ko ri ta mu lo ne sha vi dro zen pel qua fi stro wen hul jar oby cas"
_GRADES = ("m", "nm", "ex", "vg_plus", "vg", "g_plus", "g", "f", "p", None)
_STATUSES = (
    *("draft",) * 6, *("received",) * 8, *("ready-to-sell",) * 20, *("listed",) * 40, *("sold",) * 10,
    *("shipped",) * 10, *("returned",) * 2, *("archived",) * 4,
)  # fmt: skip
_TAGS = (
    "Jazz",
    "Rock",
    "Dub",
    "Modal",
    "Hard Bop",
    "Ambient",
    "First Press",
    "Promo",
    "Japan",
    "Sealed",
    "Signed",
)
_END = datetime(2026, 7, 1, tzinfo=UTC)
_UNPRICED = ("draft", "received")


PICTURES = 2_500
"""How many different pictures the products have."""


def picture(at: int) -> str:
    """Return the address of a product's picture; nobody answers there."""
    return f"http://127.0.0.1:9/pictures/{at % PICTURES}.jpg"


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES.split(), k=chance.randint(2, 4))).capitalize()


def _products(chance: random.Random, count: int) -> list[dict[str, object]]:
    words = [*_FIRST.split(), *(_word(chance) for _ in range(40_000))]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    drawn = iter(chance.choices(words, weights, k=count * 6))
    return [
        {
            "uid": f"prd_{chance.getrandbits(80):020x}",
            "title": " ".join(next(drawn).capitalize() for _ in range(chance.randint(1, 4))),
            "type": "physical" if chance.random() < 0.97 else "digital",
            "product_image": picture(at),
            "artist": {"uid": f"art_{at % 20_000}", "name": f"{next(drawn)} {next(drawn)}".title()},
            "label": {"uid": f"lab_{at % 2_000}", "name": f"{words[at % 2_000].title()} Records"},
            "catalog_number": f"{chance.choice(('CS', 'BLP', 'ECM', 'WARP'))} {chance.randint(1000, 99999)}",
        }
        for at, _ in enumerate(range(count))
    ]


def _item(chance: random.Random, at: int, rows: int, product: dict[str, object]) -> dict[str, object]:
    """Return the item that is `at`-th from the newest: a server's pages come in that order."""
    created = _END - timedelta(days=(at + chance.random()) / rows * 1300)
    status = chance.choice(_STATUSES)
    price = (
        None
        if status in _UNPRICED
        else f"{chance.choice((4, 7, 12, 18, 25, 40, 90))}.{chance.randint(0, 99):02}"
    )
    grade = chance.choice(_GRADES)
    return {
        "uid": f"itm_{chance.getrandbits(80):020x}",
        "title": f"{product['title']} - {grade}",
        "name": product["title"] if chance.random() < 0.2 else "",
        "product": product,
        "condition_item": grade,
        "condition_container": chance.choice(_GRADES),
        "status": status,
        "price_item_usd": price,
        "price_shipping_usd": None,
        "price_total_usd": price,
        "cost_usd": "3.00",
        "manual_sku": f"SKU-{at:07}",
        "manual_description": "Plays well with light surface noise",
        "location": f"{chance.choice('ABCDEFGH')}{chance.randint(1, 60)}",
        "tags": chance.sample(_TAGS, chance.choice((0, 0, 1, 2))),
        "acquired_at": (created - timedelta(days=chance.randint(0, 300))).isoformat(),
        "sold_at": (created + timedelta(days=chance.randint(1, 200))).isoformat()
        if status in ("sold", "shipped")
        else None,
        "assets": [],
        "listings": [{"uid": "l", "platform": chance.choice(("ebay", "discogs"))}]
        if status == "listed"
        else [],
        "created": created.isoformat(),
        "updated": (created + timedelta(days=chance.random() * 30)).isoformat(),
    }


def _product(chance: random.Random, at: int, rows: int, product: dict[str, object]) -> dict[str, object]:
    created = _END - timedelta(days=(at + chance.random()) / rows * 1300)
    total = chance.choice((0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 7))
    listed = chance.randint(0, total)
    low = chance.randint(300, 9000)
    return {
        **product,
        "tags": chance.sample(_TAGS, chance.choice((0, 0, 1, 2))),
        "uploadable_to_redbubble": chance.random() < 0.1,
        "total_inventory_count": total,
        "listed_inventory_count": listed,
        "available_inventory_count": total - listed,
        "price_min_usd": f"{low / 100:.2f}" if total else None,
        "price_max_usd": f"{(low + chance.choice((0, 0, 500))) / 100:.2f}" if total else None,
        "inventory_items": [
            {"uid": f"of_{at}_{one}", "status": "listed" if one < listed else "ready-to-sell"}
            for one in range(total)
        ],
        "created": created.isoformat(),
        "updated": (created + timedelta(days=chance.random() * 30)).isoformat(),
    }


def _order(chance: random.Random, at: int, rows: int, product: dict[str, object]) -> dict[str, object]:
    sold = _END - timedelta(days=(at + chance.random()) / rows * 1300)
    status = "awaiting_shipment" if at * 50 < rows else "shipped" if at * 12 < rows else "completed"
    return {
        "uid": f"ord_{chance.getrandbits(80):020x}",
        "order_id": f"{at:08}",
        "status": status,
        "platform": chance.choice(("discogs", "discogs", "discogs", "ebay", "ebay", "etsy")),
        "buyer_name": _word(chance),
        "sale_price": f"{chance.randint(300, 9000) / 100:.2f}",
        "sold_at": sold.isoformat(),
        "created": (sold + timedelta(minutes=chance.randint(1, 900))).isoformat(),
    }


_MAKERS: dict[Entity, Callable[[random.Random, int, int, dict[str, object]], dict[str, object]]] = {
    Entity.PRODUCT: _product,
    Entity.ITEM: _item,
    Entity.ORDER: _order,
}


def pages(entity: Entity, rows: int, size: int = 1000) -> Iterator[list[Record[Any]]]:
    """Yield so many records, page by page; always the same ones."""
    chance, make = random.Random(7), _MAKERS[entity]
    alone = entity is Entity.PRODUCT
    products = _products(chance, rows if alone else max(1, rows // 3))
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(TABLES[entity].type).decode
    for start in range(0, rows, size):
        raws = [
            encode(make(chance, at, rows, products[at] if alone else chance.choice(products)))
            for at in range(start, min(rows, start + size))
        ]
        yield [Record(decode(raw), raw) for raw in raws]


VALUES = 12
"""Of a filter with more values than that, the commonest are asked for."""


def filters(connection: Connection, entity: Entity) -> dict[str, list[tuple[str, int]]]:
    """Return, for every filter a table declares, its commonest values with how many records have them."""
    table = TABLES[entity]
    sql = (
        f"SELECT value, (SELECT count(*) FROM {table.name}_links AS l WHERE l.term = t.term) AS n "
        f"FROM terms AS t WHERE entity=? AND field=? ORDER BY n DESC LIMIT ?"
    )
    bound = ((name, (table.name, name, VALUES)) for name in table.filters)
    return {name: connection.execute(sql, bindings).fetchall() for name, bindings in bound}


def windows(connection: Connection, entity: Entity) -> Iterator[tuple[Query, int]]:
    """Yield every filter by each of its values in every ordering, and how many records it finds."""
    for name, values in filters(connection, entity).items():
        for value, count in values:
            for ordering in sorted(TABLES[entity].orderings):
                yield Query(entity, filters=(Filter(name, (value,)),), ordering=ordering), count


def pairs(connection: Connection, entity: Entity) -> Iterator[Query]:
    """Yield every two filters, each by its commonest value and one that is rarer, in every ordering."""
    some = {
        name: [values[0][0], values[len(values) // 2][0]]
        for name, values in filters(connection, entity).items()
    }
    for one, other in combinations(sorted(some), 2):
        for value, ordering in product(range(2), sorted(TABLES[entity].orderings)):
            chosen = (Filter(one, (some[one][value],)), Filter(other, (some[other][-value],)))
            yield Query(entity, filters=chosen, ordering=ordering)
