"""What is kept of where a filter's records lie never leaves one of them out."""

import random
from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store.checking import examine
from instica_desktop.store.database import connect
from instica_desktop.store.plan import make_plan
from instica_desktop.store.projection import RULES
from instica_desktop.store.rules import KEY, Rules
from instica_desktop.store.search import first_ids
from instica_desktop.store.spans import Reach, Span, reach, spans_of
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from tests.store.support import found, item, query, run, update

ITEM = Entity.ITEM


def _item(chance: random.Random, at: int) -> Any:
    status = chance.choice(("draft", "listed", "sold", "archived"))
    price = None if status == "draft" and chance.random() < 0.9 else f"{chance.randint(1, 40)}.00"
    sold = f"2025-03-{chance.randint(1, 28):02}T00:00:00Z" if status == "sold" else None
    made = f"2025-0{1 + at % 2}-{chance.randint(1, 28):02}T00:00:00Z"
    return item(f"u{at}", status=status, price_total_usd=price, created=made, sold_at=sold, location="A-1")


def _spans(store: Store) -> dict[str, Any]:
    """Return the spans of each status, by its name."""
    connection = connect(store.folder / "cache.db", write=False)
    terms = dict(connection.execute("SELECT term, value FROM terms WHERE field='status'"))
    known = {terms[term]: spans for term, spans in spans_of(connection, terms).items()}
    connection.close()
    return known


def _all_orders(store: Store) -> list[list[str]]:
    return [
        found(store, query(status=status, ordering=ordering), 12)
        for status in ("draft", "listed", "sold", "draft,archived")
        for ordering in sorted(TABLES[ITEM].orderings)
    ]


def test_however_records_change_each_lies_within_the_spans_of_its_filters(store: Store) -> None:
    chance = random.Random(11)
    for _ in range(6):
        run(store.cache.upsert(ITEM, [_item(chance, chance.randint(0, 60)) for _ in range(25)]))
        run(store.outbox.add(update(f"u{chance.randint(0, 60)}", "price_total_usd", None, "99.00")))
        run(store.cache.remove(ITEM, [f"u{chance.randint(0, 60)}"]))
        run(store.cache.reproject_pending())
    _all_orders(store)  # `found` compares each window with the whole
    assert not examine(store.folder).findings


def test_a_price_tells_where_the_records_of_a_status_are(store: Store) -> None:
    sold = [
        item("a", status="sold", price_total_usd="7.00"),
        item("b", status="sold", price_total_usd="9.00"),
    ]
    run(store.cache.upsert(ITEM, [*sold, item("c", status="draft")]))
    assert _spans(store)["sold"]["price"] == Span(70_000, 90_000, False)
    assert _spans(store)["draft"]["price"] == Span(None, None, True)
    run(store.cache.upsert(ITEM, [item("c", status="draft", price_total_usd="3.00")]))
    assert _spans(store)["draft"]["price"] == Span(30_000, 30_000, True)


def test_a_copy_of_an_earlier_version_gets_its_spans_behind_the_window(store: Store) -> None:
    chance = random.Random(5)
    run(store.cache.upsert(ITEM, [_item(chance, at) for at in range(60)]))
    before, expected = _spans(store), _all_orders(store)
    run(store.cache.run(lambda db: db.execute("INSERT INTO unspanned SELECT term FROM spans")))
    run(store.cache.run(lambda db: db.execute("DELETE FROM spans")))
    run(store.cache.set_meta(KEY, RULES))
    assert (_spans(store), _all_orders(store)) == ({}, expected)
    run(store.cache.upsert(ITEM, [item("new", status="draft", price_total_usd="1.00")]))
    assert _spans(store) == {}  # as long as others of the status were not looked at
    run(store.cache.remove(ITEM, ["new"]))
    rules = Rules(store.cache)
    assert rules.outdated
    while run(rules.renew(10)):
        pass
    assert not rules.outdated
    assert (_spans(store), _all_orders(store)) == (before, expected)


def test_a_text_with_a_nul_in_it_bounds_a_list_as_any_other(store: Store) -> None:
    skus = ["A\0B", *(f"B-{number:03}" for number in range(300))]
    run(
        store.cache.upsert(
            ITEM, [item(f"u{at}", status="sold", manual_sku=sku) for at, sku in enumerate(skus)]
        )
    )
    for ordering in ("manual_sku", "-manual_sku", "location"):
        assert len(found(store, query(status="sold", ordering=ordering), 64)) == 64


def test_two_filters_that_exclude_each_other_are_not_looked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = [{"uid": "l", "platform": "ebay"}]
    run(store.cache.upsert(ITEM, [item("a", status="listed", listings=offered), item("b", status="draft")]))
    connection: Any = connect(store.folder / "cache.db", write=False)
    asked: list[str] = []
    plan = make_plan(connection, query(status="draft", platform="ebay", ordering="title"), 0)
    connection.exec_trace = lambda _, sql, _bindings: asked.append(sql) or True
    assert list(first_ids(connection, plan, 5)) == []
    assert asked == []
    connection.close()


def test_where_records_of_several_filters_lie() -> None:
    known = {
        1: {"price": Span(1, 5)},
        2: {"price": Span(4, 9, True)},
        3: {"price": Span(20, 30)},
        4: {"price": Span(25, 40)},
        5: {"price": Span()},
    }
    assert reach(known, [(1, 2, 3)], "price") == Reach(((1, 9), (20, 30)), lacks=True)
    assert reach(known, [(1, 3), (2, 4)], "price") == Reach(((4, 5), (25, 30)), lacks=False)
    assert reach(known, [(1,), (3,)], "price") == Reach((), lacks=False)
    assert reach(known, [(5,)], "price") == Reach((), lacks=False)
    assert reach(known, [(1, 6)], "price") == Reach()
    assert reach(known, [(1,)], "status") == Reach()
    assert reach({1: {"listed": Span(0, 0)}}, [(1,)], "listed").is_one_value
    assert not reach(known, [(1,)], "price").is_one_value
