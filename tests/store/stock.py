"""A real server filled with names in many scripts, and a cache that has seen all of it."""

import asyncio
import http.client
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from tests.server.fixture import RunningServer
from tests.support.scripts import code, title, visible

ITEM, PRODUCT, ORDER = Entity.ITEM, Entity.PRODUCT, Entity.ORDER
NUMBERS = ("RR{:09}GB", "{:012}", "1Z999AA1{:010}", "{:06} 71-KO", "3SKOB{:011}")
"""How tracking numbers are formed; each gets figures of its own."""
GRADES = ("m", "nm", "ex", "vg_plus", "vg", "g_plus", "g", "f", "p", None)
SHELVES = ("A1", "a1", "Ä 1", "B, left", "B", "left", "棚 3", "ЁЖ-2", "", "ǆ")
TAGS = (
    "Jazz",
    "rock, pop",
    "Ｊazz",
    "ΡΟΚ",
    "ジャズ",
    "Straße",
    "first press",
    "é",
    "e",
    "ß",
    "100%",
    "a_b",
    '12"',
)
PLENTY = 104
"""Copies of one product: more than it carries with it."""


class Stock:
    """The server's side: calls of its API over one connection."""

    def __init__(self, server: RunningServer, chance: random.Random) -> None:
        self.chance = chance
        self._key = server.api_key
        self._connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=60)
        self.products: list[str] = []

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request; return status and JSON."""
        headers = {"X-API-Key": self._key, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1/{path}", content, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read else None

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request that must succeed; return its JSON."""
        status, answer = self.call(method, path, body)
        assert status < 300, (method, path, body, status, answer)
        return answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    # ------------------------------------------------------------ filling

    def fill(self, products: int = 30, items: int = 70) -> None:
        """Rename some of the demo stock and add products and copies of all kinds."""
        sold = [wire["inventory_item_listing"]["inventory_item"]["uid"] for wire in self.everything(ORDER)]
        for wire in self.everything(ITEM):
            if wire["uid"] in sold[:25]:
                self.done("PATCH", f"products/{wire['product']['uid']}/", self.product_fields())
                self.done(
                    "PATCH", f"inventory/{wire['uid']}/", {"condition_item": self.chance.choice(GRADES)}
                )
        for _ in range(products):
            self.products.append(self.done("POST", "products/", self.product_fields())["uid"])
        for _ in range(items):
            self.add_item(self.chance.choice(self.products))
        for wire in self.everything(ORDER)[:6]:
            number = self.chance.choice(NUMBERS).format(self.chance.randrange(10**9))
            self.done(
                "POST", f"orders/{wire['uid']}/shipments/", {"carrier": "other", "tracking_number": number}
            )

    def add_plenty(self) -> None:
        """Make a product with so many copies that it does not carry the first, which alone was returned."""
        product = self.done("POST", "products/", {"title": "Plenty"})["uid"]
        for at in range(PLENTY):
            status = "received" if at else "returned"
            self.done("POST", "inventory/", {"product": product, "status": status, "price_item_usd": "1.00"})

    def product_fields(self) -> dict[str, Any]:
        """Return the fields of a product."""
        chance = self.chance
        return {
            "title": visible(title(chance)),
            "artist": chance.choice((None, {"name": visible(title(chance, 2))})),
            "label": chance.choice((None, {"name": visible(title(chance, 2))})),
            "type": chance.choice(("physical", "physical", "digital", "nft")),
            "catalog_number": chance.choice(("", code(chance))),
            "barcode": chance.choice(("", "0 75992 73871 2")),
            "tags": chance.sample(TAGS, chance.randint(0, 3)),
            "marketplace_description": chance.choice(("", title(chance, 8), "ﬃ" * 200, "x" * 700)),
            "license_type": chance.choice(("", title(chance, 1))),
            "license_notes": chance.choice(("", title(chance, 3))),
            "uploadable_to_redbubble": chance.random() < 0.3,
        }

    def item_fields(self) -> dict[str, Any]:
        """Return the fields of an item, in any status."""
        chance, now = self.chance, datetime.now(UTC)
        moment = now - timedelta(days=chance.randint(-3, 400), seconds=chance.randint(0, 86_400))
        status = chance.choice(
            ("draft", "received", "ready-to-sell", "listed", "sold", "returned", "archived")
        )
        gone = {"sold_at": (moment + timedelta(days=chance.randint(-2, 90))).isoformat()}
        return {
            "name": chance.choice(("", visible(title(chance)))),
            "status": status,
            "condition_item": chance.choice(GRADES),
            "price_item_usd": f"{chance.choice((1, 9, 10, 10, 250))}.{chance.choice(('00', '50', '99'))}",
            "price_shipping_usd": chance.choice((None, "0.01", "4.00")),
            "manual_sku": chance.choice(("", code(chance))),
            "manual_description": chance.choice(("", title(chance, 6))),
            "location": chance.choice(SHELVES),
            "barcode": chance.choice(("", "4 006381 333931")),
            "tags": chance.sample(TAGS, chance.randint(0, 3)),
            "acquired_at": chance.choice((None, moment.isoformat())),
            **(gone if status == "sold" else {}),
        }

    def add_item(self, product: str) -> str:
        """Make an item; return its uid."""
        return self.done("POST", "inventory/", {"product": product, **self.item_fields()})["uid"]

    # ------------------------------------------------------------ reading

    def page(self, query: Query, page: int, size: int) -> tuple[int, Any]:
        """Ask for one page."""
        pairs = [*query.params(), ("page", str(page)), ("page_size", str(size))]
        return self.call("GET", f"{query.entity.value}/?{urlencode(pairs)}")

    def everything(self, entity: Entity) -> list[dict[str, Any]]:
        """Return all records of a kind."""
        found: list[dict[str, Any]] = []
        while True:
            status, body = self.page(Query(entity), len(found) // 100 + 1, 100)
            assert status == 200, body
            found += body["results"]
            if body["next"] is None:
                return found

    def copy_into(self, store: Store) -> dict[Entity, list[dict[str, Any]]]:
        """Bring a cache up to date with all the server has, as a full copy would; return the records."""
        found = {entity: self.everything(entity) for entity in Entity}
        for entity, wires in found.items():
            here = {
                row.uid
                for row in store.cache.rows(entity, list(asyncio.run(store.cache.ids(Query(entity)))))
                if row
            }
            asyncio.run(store.cache.upsert(entity, [_record(entity, wire) for wire in wires]))
            asyncio.run(store.cache.remove(entity, here - {wire["uid"] for wire in wires}))
        return found


def _record(entity: Entity, wire: dict[str, Any]) -> Record[Any]:
    raw = msgspec.json.encode(wire)
    return Record(msgspec.json.decode(raw, type=TABLES[entity].type), raw)


def texts_of(wire: dict[str, Any]) -> list[str]:
    """Return what a person may search a record by."""
    product = wire.get("product") or wire
    artist, label = product.get("artist") or {}, product.get("label") or {}
    sold = (wire.get("inventory_item_listing") or {}).get("inventory_item") or {}
    names = (
        *(wire.get(name) for name in ("name", "manual_sku", "manual_description", "barcode", "order_id")),
        *(wire.get(name) for name in ("buyer_name", "shipment_tracking_number", "marketplace_description")),
        *(wire.get(name) for name in ("license_type", "license_notes", "title")),
        *(product.get("title"), product.get("catalog_number"), artist.get("name"), label.get("name")),
        sold.get("title"),
        *(wire.get("tags") or ()),
        *(copy["manual_sku"] for copy in wire.get("inventory_items") or ()),
    )
    return [name for name in names if name]
