"""What a record shows of others follows their unsent edits: counts, prices, titles; and who is listed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpKind, OpState
from instica_desktop.core.query import Filter, Query
from instica_desktop.store import projection
from instica_desktop.store.rules import Rules
from instica_desktop.store.store import Store
from tests.store.support import NOW, found, item, operation, query, record, run, update

ITEM, PRODUCT, ORDER = Entity.ITEM, Entity.PRODUCT, Entity.ORDER
REF = {"uid": "p", "title": "Kind of Blue", "artist": {"uid": "m", "name": "Miles Davis"}}


def copy(uid: str, **fields: Any) -> dict[str, Any]:
    """Return a copy's fields as its product carries them."""
    return {"uid": uid, "status": "listed", "price_total_usd": "10.00", **fields}


def product(*copies: dict[str, Any], **fields: Any) -> Any:
    """Return a product with its copies, all of them unsold."""
    prices = [carried["price_total_usd"] for carried in copies]
    counts = {"total_inventory_count": len(copies), "listed_inventory_count": len(copies)}
    bounds = {"price_min_usd": min(prices), "price_max_usd": max(prices)} if prices else {}
    return record(
        PRODUCT, "p", **{"title": "Kind of Blue", "inventory_items": copies, **counts, **bounds, **fields}
    )


def sums(store: Store) -> tuple[Any, ...]:
    """Return the product's counts and prices: in stock, listed, available, lowest, highest."""
    row = store.cache.by_uid(PRODUCT, "p")
    assert row is not None
    assert isinstance(row.data, Product)
    return (
        row.data.total_inventory_count,
        row.data.listed_inventory_count,
        row.data.available_inventory_count,
        row.data.price_min_usd,
        row.data.price_max_usd,
    )


def stocked(store: Store) -> None:
    """Bring in a product with two copies, the order of a third, all read at one time."""
    copies = [copy("a"), copy("b", price_total_usd="20.00")]
    run(store.cache.upsert(PRODUCT, [product(*copies)], fetched_at=NOW))
    items = [item(**one, product=REF, title="Kind of Blue") for one in copies]
    items.append(item("s", status="sold", product=REF, title="Kind of Blue", sold_at="2026-01-01T00:00:00Z"))
    run(store.cache.upsert(ITEM, items, fetched_at=NOW))
    sold = {"uid": "l", "inventory_item": {"uid": "s", "title": "Kind of Blue"}}
    run(store.cache.upsert(ORDER, [record(ORDER, "o", inventory_item_listing=sold)], fetched_at=NOW))


def test_a_product_counts_its_edited_new_and_deleted_copies(store: Store) -> None:
    stocked(store)
    assert sums(store) == (2, 2, 0, Decimal("10.00"), Decimal("20.00"))
    move = operation(
        "a", edits=(Edit("status", "listed", "ready-to-sell"), Edit("price_item_usd", "10.00", "5.00"))
    )
    run(store.outbox.add(move))
    run(store.cache.reproject(ITEM, ["a"]))
    assert sums(store) == (2, 1, 1, Decimal("5.00"), Decimal("20.00"))
    assert found(store, query(PRODUCT, status="ready-to-sell")) == ["p"]
    assert found(store, query(PRODUCT, has_available_inventory="true")) == ["p"]

    fields = {"product": REF, "price_item_usd": "99.00", "status": "received"}
    run(store.outbox.add(operation("tmp-1", OpKind.CREATE, payload={"fields": fields})))
    run(store.cache.reproject(ITEM, ["tmp-1"]))
    assert sums(store) == (3, 1, 2, Decimal("5.00"), Decimal("99.00"))

    gone = operation("b", OpKind.DELETE)
    run(store.outbox.add(gone))
    run(store.cache.reproject(ITEM, ["b"]))
    assert sums(store) == (2, 0, 2, Decimal("5.00"), Decimal("99.00"))
    assert found(store, query(PRODUCT, status="listed")) == []

    for one in store.outbox.all():
        run(store.outbox.discard(one.uuid))
        run(store.cache.reproject(ITEM, [one.uid]))
    assert sums(store) == (2, 2, 0, Decimal("10.00"), Decimal("20.00"))
    assert found(store, query(PRODUCT, status="listed")) == ["p"]


def test_a_delivered_edit_still_counts_until_the_product_is_read_again(store: Store) -> None:
    stocked(store)
    later = NOW + timedelta(seconds=1)
    run(store.cache.upsert(ITEM, [item("a", status="sold", product=REF)], fetched_at=later))
    assert sums(store) == (1, 1, 0, Decimal("20.00"), Decimal("20.00"))
    fresh = product(copy("b", price_total_usd="20.00"), copy("a", status="sold"), total_inventory_count=1)
    run(store.cache.upsert(PRODUCT, [fresh], fetched_at=later + timedelta(seconds=1)))
    assert sums(store)[0] == 1


def test_what_the_product_knows_better_than_an_old_copy_stands(store: Store) -> None:
    stocked(store)
    sold = product(copy("a", status="sold"), copy("b"), total_inventory_count=1, listed_inventory_count=1)
    run(store.cache.upsert(PRODUCT, [sold], fetched_at=NOW + timedelta(minutes=1)))
    assert sums(store)[:2] == (1, 1)
    assert found(store, query(PRODUCT, status="sold")) == ["p"]


def test_copies_are_found_by_what_their_product_is_given(store: Store) -> None:
    stocked(store)
    for field, value, typed in (("barcode", "074646493519", "0 74646"), ("format", '7", Single', "7 inch")):
        run(store.outbox.add(update("p", field, None, value, entity=PRODUCT)))
        run(store.cache.reproject(PRODUCT, ["p"]))
        assert found(store, query(ITEM, typed, ordering="title")) == ["a", "b", "s"]
        assert found(store, query(PRODUCT, typed)) == ["p"]


def test_copies_and_orders_take_the_title_of_their_product(store: Store) -> None:
    stocked(store)
    graded = update("s", "condition_item", None, "vg_plus")
    renamed = update("p", "title", "Kind of Blue", "Sketches", entity=PRODUCT)
    run(store.outbox.add(graded))
    run(store.cache.reproject(ITEM, ["s"]))
    assert found(store, query(ORDER, "blue vg")) == ["o"]
    run(store.outbox.add(renamed))
    run(store.cache.reproject(PRODUCT, ["p"]))
    assert found(store, query(ITEM, "sketches", ordering="title")) == ["a", "b", "s"]
    assert found(store, query(ORDER, "sketches vg")) == ["o"]
    assert found(store, query(ITEM, "kind")) == found(store, query(ORDER, "kind")) == []
    copied, order = store.cache.by_uid(ITEM, "s"), store.cache.by_uid(ORDER, "o")
    assert copied is not None
    assert order is not None
    assert isinstance(copied.data, InventoryItem)
    assert isinstance(order.data, Order)
    assert copied.data.title == "Sketches - VG+"
    assert order.data.inventory_item_listing is not None
    assert order.data.inventory_item_listing.inventory_item is not None
    assert order.data.inventory_item_listing.inventory_item.title == "Sketches - VG+"

    for one in (renamed, graded):
        run(store.outbox.discard(one.uuid))
        run(store.cache.reproject(one.entity, [one.uid]))
    assert found(store, query(ITEM, "kind blue", ordering="title")) == ["a", "b", "s"]
    assert found(store, query(ORDER, "kind")) == ["o"]
    assert found(store, query(ORDER, "sketches")) == []


@pytest.mark.parametrize(
    "ordering", ["-created", "price_total_usd", "name", "-days_in_inventory", "listed_first"]
)
def test_what_is_about_to_be_deleted_is_in_no_list(store: Store, ordering: str) -> None:
    run(store.cache.upsert(ITEM, [item("a", name="Blue"), item("b", name="Blue"), item("c")]))
    gone = operation("b", OpKind.DELETE)
    run(store.outbox.add(gone))
    run(store.cache.reproject(ITEM, ["b"]))
    assert sorted(found(store, query(ordering=ordering))) == ["a", "c"]
    assert found(store, query(search="blue", ordering=ordering)) == ["a"]
    assert store.cache.known(ITEM) == 2
    row = store.cache.by_uid(ITEM, "b")
    assert row is not None
    assert row.mark.deleted

    run(store.outbox.set_state(gone.uuid, OpState.REFUSED))
    run(store.cache.reproject(ITEM, ["b"]))  # the server said no: it stands in its place again
    assert sorted(found(store, query(ordering=ordering))) == ["a", "b", "c"]
    assert store.cache.known(ITEM) == 3

    run(store.outbox.set_state(gone.uuid, OpState.QUEUED))
    run(store.cache.upsert(ITEM, [item("b", name="Blue")]))
    assert sorted(found(store, query(ordering=ordering))) == ["a", "c"]
    run(store.outbox.done(gone.uuid))
    run(store.cache.remove(ITEM, ["b"]))
    assert store.cache.known(ITEM) == 2
    assert store.cache.by_uid(ITEM, "b") is None


def test_a_status_given_offline_ends_the_days_in_stock_and_resumes_them(store: Store) -> None:
    old = item("a", status="listed", created="2020-01-01T00:00:00Z")
    run(store.cache.upsert(ITEM, [old, item("b", created="2026-01-01T00:00:00Z")]))
    ages = query(ordering="-days_in_inventory")
    assert found(store, ages) == ["a", "b"]
    run(store.outbox.add(operation("a", edits=(Edit("acquired_at", None, "2026-03-01T00:00:00Z"),))))
    run(store.outbox.add(update("a", "status", "listed", "sold")))
    run(store.cache.reproject(ITEM, ["a"]))
    assert found(store, ages) == ["b", "a"]
    assert _sold_at(store) == NOW
    run(store.outbox.add(update("a", "status", "listed", "listed", state=OpState.QUEUED)))
    run(store.cache.reproject(ITEM, ["a"]))
    assert _sold_at(store) is None


def _sold_at(store: Store) -> Any:
    row = store.cache.by_uid(ITEM, "a")
    assert row is not None
    assert isinstance(row.data, InventoryItem)
    return row.data.sold_at


def test_what_earlier_rules_stored_is_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(projection, "search_text", lambda *fields: " old")  # pyright: ignore[reportUnknownLambdaType]
        run(store.cache.upsert(ITEM, [item("a", name="Blue")]))
    while run(Rules(store.cache).renew(100)):
        pass
    assert found(store, query(search="blue")) == ["a"]
    assert found(store, query(search="old")) == []
    assert store.cache.get_meta("rules") == projection.RULES


def test_an_unknown_code_finds_nothing_as_the_server_refuses_it(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a", status="listed", location="B, left"), item("b", status="odd")]))
    assert found(store, query(status="listed")) == ["a"]
    assert found(store, query(status="listed,nonsense")) == []
    assert set(found(store, query(status="listed,odd"))) == {"a", "b"}  # a foreign server's own code
    assert found(store, query(status="listed,,")) == ["a"]
    shelves = Query(ITEM, filters=(Filter("location", ("b, LEFT", "nowhere")),))
    assert found(store, shelves) == ["a"]
    assert shelves.params()[:2] == [("location", "b, LEFT"), ("location", "nowhere")]
