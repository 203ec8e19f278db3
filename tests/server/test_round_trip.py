"""What is exported and imported again: nothing changes, and an empty shop becomes the same one."""

import csv
import io
import json
import random
from typing import Any

import pytest

from tests.server.brought import FILES
from tests.server.imports import counts, imported, rows_of
from tests.server.shop import Shop
from tests.server.test_export import exported

OWN = ("uid", "product", "created", "updated")
"""What a copy of a record does not share with it."""

_TITLES = [
    "Aja",
    "Greatest Hits",
    "†",
    "???",
    "None",
    '12" Mix',
    'The "Hit"',
    "=Sum",
    "Ænima",
    "a\tb",
    "x,y;z",
    "N/A",
]
_ARTISTS = ["", "Steely Dan", "Various", "AC/DC", "Björk (2)", "?", "Lil J & The Boyz*", "坂本龍一"]
_LABELS = ["", "Mill Records", "Mill Records, Other", "4AD", "Not On Label"]
_NUMBERS = ["", "0000", "040", "1E5", "Dec 84", "AB 1006", "FAC 23.12"]
_BARCODES = ["", "0602445563463", "074646493519"]
_FORMATS = ["", "LP", "LP, Album", "CD, Album", '7"', "2xLP"]
_NOTES = ["", "fine", 'said "so"', "line one\r\nline two", "a;b,c\td", "'quoted", "-", "00:00"]
_STATUSES = ["draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "archived"]


def fill(shop: Shop, count: int, seed: int = 7) -> None:
    """Make so many items with all that the forms take, by the operations of the API, and their offers."""
    from instica_desktop.server.operations.items import create_item
    from instica_desktop.server.operations.products import create_product
    from instica_desktop.server.operations.recounting import recounting_once
    from instica_desktop.server.storage.transactions import writing

    rng = random.Random(seed)
    with writing(), recounting_once():
        products = [create_product(shop.organization, _product(rng)) for _ in range(count // 3)]
        items = [
            create_item(shop.organization, {"product": rng.choice(products), **_item(rng)})
            for _ in range(count)
        ]
        _offer(rng, items)


def _offer(rng: random.Random, items: list[Any]) -> None:
    """Put listed items on offer, some of them together with other copies, and let others have had offers."""
    from instica_desktop.server.models import Listing
    from instica_desktop.server.operations.shared import share

    by_product: dict[int, list[Any]] = {}
    for number, item in enumerate(items):
        states = {"listed": ["listed", "failed"], "sold": ["sold"], "shipped": ["sold"]}
        for platform in rng.sample(["discogs", "ebay", "redbubble"], rng.randrange(3)):
            status = rng.choice(states.get(item.status, ["draft", "inactive", "failed"]))
            listing = Listing.objects.create(
                item=item,
                platform=platform,
                status=status,
                title=rng.choice(_TITLES),
                price_cents=rng.choice([None, 0, item.price_item_cents]),
                external_id="" if status == "draft" or platform == "redbubble" else str(number),
                url=rng.choice(["", f"https://example.com/{number}?a=1&b=ü"]),
                error_code=rng.choice(["", "photo_required"]),
                error_message=rng.choice(["", 'It said "no",\nand why.']),
                listed_at=item.listed_at if status in ("listed", "failed") else None,
            )
            if others := by_product.get(item.product.pk, [])[: rng.choice([0, 0, 2])]:
                share(listing, others)
        by_product.setdefault(item.product.pk, []).append(item)


def _product(rng: random.Random) -> dict[str, Any]:
    named = {"artist": rng.choice(_ARTISTS), "label": rng.choice(_LABELS)}
    return {
        "title": rng.choice(_TITLES),
        "type": rng.choice(["physical", "physical", "digital"]),
        "catalog_number": rng.choice(_NUMBERS),
        "barcode": rng.choice(_BARCODES),
        "year": rng.choice([None, 1985, 2018]),
        "format": rng.choice(_FORMATS),
        "country": rng.choice(["", "US", "United Kingdom", "UK"]),
        "genres": rng.choice([[], ["Jazz"], ["electronic, pop", "art"]]),
        "discogs_release_id": rng.choice([None, None, 111, 222]),
        **{name: {"name": value} for name, value in named.items() if value},
    }


def _item(rng: random.Random) -> dict[str, Any]:
    from datetime import UTC, datetime, timedelta

    def moment(*, known: bool = False) -> datetime | None:
        start = datetime(2020, 1, 1, tzinfo=UTC)
        return start + timedelta(microseconds=rng.randrange(10**14)) if known or rng.random() < 0.5 else None

    status = rng.choice(_STATUSES)
    in_stock = status in ("draft", "received", "ready-to-sell", "listed")
    return {
        "status": status,
        "price_item_cents": rng.randrange(1, 10**6),
        "price_shipping_cents": rng.choice([None, 0, 350]),
        "cost_cents": rng.choice([None, 0, 999]),
        "expected_cents": rng.choice([None, 5000]),
        "condition_item": rng.choice(["", "m", "vg_plus"]),
        "condition_container": rng.choice(["", "no_cover", "not_graded"]),
        "manual_sku": rng.choice(["", "007", f"IN-{rng.randrange(10**6)}"]),
        "manual_description": rng.choice(_NOTES),
        "condition_notes": rng.choice(_NOTES),
        "location": rng.choice(["", "A-1", "-A-01", "None", "1E5"]),
        "barcode": rng.choice(_BARCODES),
        "tags": rng.choice([[], ["a, b", '7"', "@c"], ["rare"]]),
        "weight_grams": rng.choice([None, 0, 230]),
        "acquired_at": moment(),
        "listed_at": moment(known=status == "listed"),
        "sold_at": None if in_stock else moment(known=status in ("sold", "shipped")),
    }


def cells(text: str) -> list[dict[str, str]]:
    """Return the rows of an export without what a copy does not share; offers by their place in the file."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    uids: dict[str, str] = {}

    def shown(name: str, value: str) -> Any:
        if name != "listings" or not value:
            return value
        offers = json.loads(value)
        return [{**one, "uid": uids.setdefault(one["uid"], str(len(uids)))} for one in offers]

    return [{name: shown(name, value) for name, value in row.items() if name not in OWN} for row in rows]


def grouped(text: str) -> list[int]:
    """Return, for each row, the place of the first row of its product."""
    products = [row["product"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    return [products.index(product) for product in products]


def unchanged(shop: Shop, **fields: Any) -> None:
    """Export the shop, import that again, and find nothing changed."""
    before = exported(shop, ordering="created")
    for mode in ("upsert", "create", "update"):
        job = imported(shop, before, mode=mode, **fields)
        assert not job["error_count"], job["errors"][:3]
        assert {row["result"] for row in rows_of(shop, job)} <= {"same"}
        assert [row["errors"] for row in rows_of(shop, job) if row["errors"]] == []
        assert exported(shop, ordering="created") == before


_ANSWERS = {
    "dates with two meanings": {"date_order": "dmy"},
    "currencies": {"currency": "", "rate": ""},
}
"""What is answered where a file asks; amounts in dollars are the usual answer."""


@pytest.mark.parametrize("name", [name for name in FILES if name != "Etsy in Italian"])
def test_what_a_file_brought_comes_back_as_it_was(shop: Shop, other_shop: Shop, name: str) -> None:
    first = imported(shop, FILES[name], **_ANSWERS.get(name, {}))
    assert first["created"] > 0, first["errors"]
    unchanged(shop)
    again = imported(shop, FILES[name], mode="upsert", **_ANSWERS.get(name, {}))
    if "sku" in FILES[name].decode("utf-8", "replace").lower() or "listing_id" in first["mapping"]:
        assert (again["created"], again["updated"]) == (0, 0)
    text = exported(shop, ordering="created")
    imported(other_shop, text)
    copy = exported(other_shop, ordering="created")
    assert [(one, two) for one, two in zip(cells(copy), cells(text), strict=True) if one != two] == []
    assert grouped(copy) == grouped(text)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("count", [200, pytest.param(4000, marks=pytest.mark.long)])
def test_generated_records_come_back_as_they_were(shop: Shop, other_shop: Shop, count: int) -> None:
    fill(shop, count)
    unchanged(shop)
    text = exported(shop, ordering="created")
    job = imported(other_shop, text)
    assert counts(job) == ("succeeded", count, count, 0, 0), job["errors"][:3]
    copy = exported(other_shop, ordering="created")
    for one, other in zip(cells(copy), cells(text), strict=True):
        assert one == other
    assert grouped(copy) == grouped(text)
    assert counts(imported(other_shop, text)) == (
        "succeeded",
        count,
        0,
        0,
        count,
    )  # known by what they were called
    assert exported(other_shop, ordering="created") == copy
