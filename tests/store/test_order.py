"""Order to the last tie, whichever way a query is answered; compared with sorting in Python."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.collation import code_key, name_key
from instica_desktop.core.grading import UNGRADED_RANK, grade_rank
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import ORDERINGS, Query
from instica_desktop.core.search_words import Searchable, search_text
from instica_desktop.store import projection, search
from instica_desktop.store.database import connect
from instica_desktop.store.plan import make_plan
from instica_desktop.store.store import Store
from tests.store.support import found, item, query, run
from tests.support.asking import finds

ITEM = Entity.ITEM
TODAY = datetime.now(UTC)
_WAYS = {
    "as it comes": {},
    "many candidates: walk": {"FEW": 0, "WALK_SECONDS": 60},
    "walk gives up: sort": {"FEW": 0, "WALK_SECONDS": -1},
}


def _wire(chance: random.Random, at: int) -> dict[str, Any]:
    """Return an item of a shop where nearly everything ties, and much is missing."""
    moment = TODAY - timedelta(days=chance.randint(0, 3), microseconds=chance.randint(0, 2) * 1000)
    sold = chance.random() < 0.4
    return {
        "uid": f"{chance.randint(0, 10**9)}-{at}",
        "title": chance.choice(("Ágætis byrjun", "agaetis", "The AGÆTIS BYRJUN", "", "A Zoo", "日本")),
        "name": chance.choice((None, "", "blue", "Blue Train")),
        "created": chance.choice((moment.isoformat(), "2024-05-06T07:08:09.5Z", None)),
        "updated": chance.choice((moment.isoformat(), None)),
        "acquired_at": chance.choice(
            (None, None, (moment - timedelta(days=chance.randint(-2, 3))).isoformat())
        ),
        "sold_at": (moment + timedelta(days=chance.randint(0, 3))).isoformat() if sold else None,
        "price_total_usd": chance.choice((None, "9.99", "10.00", 10, "100.00")),
        "condition_item": chance.choice((None, "m", "vg_plus", "p", "future_grade")),
        "manual_sku": chance.choice((None, "", "ab-1", "AB-1", "B2")),
        "location": chance.choice((None, "", "A-2", "a-10", "A-02")),
        "product": chance.choice((None, _product(chance), _product(chance))),
        "status": chance.choice(("draft", "listed", "sold")),
        "tags": chance.sample(("Jazz", "Rock"), chance.randint(0, 2)),
    }


def _product(chance: random.Random) -> dict[str, Any]:
    return {
        "uid": f"p{chance.randint(0, 9)}",
        "title": "x",
        "artist": chance.choice((None, {"uid": "1", "name": "The Who"}, {"uid": "2", "name": "who"})),
        "label": chance.choice((None, {"uid": "1", "name": "4AD"}, {"uid": "2", "name": "Les Disques"})),
        "catalog_number": chance.choice((None, "", "CS 10", "cs 9", "CS 09")),
    }


def _of_product(wire: dict[str, Any], *path: str) -> str | None:
    found: Any = wire["product"]
    for name in path:
        found = found and found[name]
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _days(wire: dict[str, Any]) -> int | None:
    start = _moment(wire["acquired_at"]) or _moment(wire["created"])
    end = _moment(wire["sold_at"]) or datetime.now(UTC)
    return None if start is None else max(0, end.toordinal() - start.astimezone(UTC).toordinal())


def _rank(wire: dict[str, Any]) -> int | None:
    rank = grade_rank(wire["condition_item"])
    return None if rank == UNGRADED_RANK else rank


def _price(wire: dict[str, Any]) -> float | None:
    return None if wire["price_total_usd"] is None else float(wire["price_total_usd"])


_KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "created": lambda wire: _moment(wire["created"]),
    "updated": lambda wire: _moment(wire["updated"]),
    "title": lambda wire: name_key(wire["title"]),
    "name": lambda wire: name_key(wire["name"]),
    "artist__name": lambda wire: name_key(_of_product(wire, "artist", "name")),
    "label__name": lambda wire: name_key(_of_product(wire, "label", "name")),
    "catalog_number": lambda wire: code_key(_of_product(wire, "catalog_number")),
    "location": lambda wire: code_key(wire["location"]),
    "price_total_usd": _price,
    "status": lambda wire: wire["status"],
    "condition_item": _rank,
    "manual_sku": lambda wire: code_key(wire["manual_sku"]),
    "days_in_inventory": _days,
}


_SHELF = {
    "artist__name": ("title", "catalog_number"),
    "label__name": ("catalog_number", "artist__name", "title"),
    "catalog_number": ("artist__name", "title"),
    "location": ("artist__name", "title", "catalog_number"),
}
"""How a list goes on whose last ordering this is."""


def _sorted(wires: list[dict[str, Any]], ordering: str) -> list[str]:
    """Sort as the contract says, the plain way: last key first, each sort stable."""
    rows = sorted(wires, key=lambda wire: wire["uid"])
    names = ordering.split(",")
    for one in reversed((*names, *_SHELF.get(names[-1].removeprefix("-"), ()))):
        rows = _by_one(rows, one)
    return [wire["uid"] for wire in rows]


def _by_one(rows: list[dict[str, Any]], ordering: str) -> list[dict[str, Any]]:
    aliases = {"price_high_low": "-price_total_usd", "price_low_high": "price_total_usd"}
    ordering = aliases.get(ordering, ordering)
    if ordering in ("listed_first", "unlisted_first"):
        rows = _by(rows, _KEYS["created"], descending=True)
        wanted = ordering == "listed_first"
        return sorted(rows, key=lambda wire: (wire["status"] == "listed") != wanted)
    return _by(rows, _KEYS[ordering.removeprefix("-")], descending=ordering.startswith("-"))


def _by(rows: list[dict[str, Any]], key: Callable[[Any], Any], *, descending: bool) -> list[dict[str, Any]]:
    with_key = [row for row in rows if key(row) is not None]
    without = [row for row in rows if key(row) is None]
    return sorted(with_key, key=key, reverse=descending) + without  # `reverse` keeps the order of ties


@pytest.fixture
def shop(store: Store) -> list[dict[str, Any]]:
    chance = random.Random(3)
    wires = [_wire(chance, at) for at in range(300)]
    run(store.cache.upsert(ITEM, [item(**wire) for wire in wires]))
    return wires


LISTS = (
    *("artist__name,-created", "-artist__name,title", "status,-price_total_usd", "-location,manual_sku"),
    *("listed_first,artist__name", "unlisted_first,-name", "title,listed_first,location", "-created,name"),
    *("days_in_inventory,title", "-days_in_inventory,-catalog_number", "status,days_in_inventory"),
    "label__name,-catalog_number,artist__name,-title",
)
"""Lists of orderings: each decides where those before tie."""


def _queries() -> list[Query]:
    names = [*sorted(ORDERINGS[ITEM]), *LISTS]
    plain = [query(ordering=ordering) for ordering in names]
    filtered = [query(ordering=ordering, status="draft,sold") for ordering in names]
    searched = [query(search="blu", ordering=ordering) for ordering in names]
    others = [
        query(search="blue tra", status="listed", tags="jazz"),
        query(tags="jazz,rock"),
        query(tags="none"),
        *(query(search="b 2", ordering=ordering) for ordering in ("", "title", "-manual_sku")),
        *(
            query(search="a b1", status="draft,sold", ordering=ordering)
            for ordering in ("", "price_low_high")
        ),
        query(search="bl ue tra"),
        query(search="blue-train"),
    ]
    return [*plain, *filtered, *searched, *others, query(search="blue"), query(status="listed", tags="rock")]


def _expected(wires: list[dict[str, Any]], wanted: Query) -> list[str]:
    tags, statuses = set(wanted.values("tags")), wanted.values("status")
    hits = [
        wire
        for wire in wires
        if finds(wanted.search, search_text(Searchable((wire["name"],), codes=(wire["manual_sku"],))))
        and (not statuses or wire["status"] in statuses)
        and (not tags or tags & {tag.lower() for tag in wire["tags"]})
    ]
    return _sorted(hits, wanted.effective_ordering)


@pytest.mark.parametrize("way", _WAYS)
def test_every_way_gives_the_same_order(
    store: Store, shop: list[dict[str, Any]], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in _WAYS[way].items():
        monkeypatch.setattr(search, name, value)
    monkeypatch.setattr(search, "_STRIDE", 20)  # so that the clock is looked at even in a small shop
    for wanted in _queries():
        assert found(store, wanted, 40) == _expected(shop, wanted)[:40], wanted


@pytest.mark.parametrize("ordering", ["days_in_inventory,title", "-days_in_inventory,-catalog_number"])
@pytest.mark.parametrize("chosen", [{}, {"status": "draft,sold"}])
def test_days_that_others_follow_are_read_from_the_indexes(
    folder: Path,
    shop: list[dict[str, Any]],
    ordering: str,
    chosen: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    monkeypatch.setattr(search, "WALK_SECONDS", 60)
    connection: Any = connect(folder / "cache.db", write=False)
    asked: list[tuple[str, Any]] = []
    plan = make_plan(connection, query(ITEM, ordering=ordering, **chosen), datetime.now(UTC).toordinal())
    connection.exec_trace = lambda _, sql, bindings: asked.append((sql, bindings)) or True
    assert len(search.first_ids(connection, plan, 5)) == 5
    connection.exec_trace = None
    steps = [
        step[3]
        for sql, bindings in asked
        for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)
        if step[3].startswith(("SEARCH", "SCAN"))
    ]
    connection.close()
    assert any("inventory_by_sold_days" in step for step in steps)
    assert any("inventory_by_start_day" in step for step in steps)
    assert not [step for step in steps if "rowid>" in step or step.startswith("SCAN t")], steps


def test_when_no_way_is_quick_the_window_holds_what_was_found(
    store: Store, shop: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FEW", 0), ("WALK_SECONDS", -1), ("SORT_SECONDS", -1), ("_STRIDE", 20)):
        monkeypatch.setattr(search, name, value)
    for wanted in _queries():
        ids = store.cache.first_ids(wanted, 40)
        assert list(ids) == list(run(store.cache.ids(wanted)))[: len(ids)]


def test_rows_whose_second_is_full_still_stand_in_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "crc32", lambda *_: 0)  # every record of a second wants the same place
    wires = [
        {"uid": f"u{at:02}", "name": "Blue", "created": f"2025-01-0{1 + at % 3}T00:00:00.{at % 2}Z"}
        for at in range(30)
    ]
    run(store.cache.upsert(ITEM, [item(**wire) for wire in wires]))
    expected = [
        wire["uid"] for wire in _by(sorted(wires, key=lambda w: w["uid"]), _KEYS["created"], descending=True)
    ]
    assert found(store, query()) == expected
    assert found(store, query(search="blue")) == expected
    monkeypatch.setattr(search, "FEW", 0)
    assert found(store, query(search="blue"), 7) == expected[:7]
    run(store.cache.remove(ITEM, [wire["uid"] for wire in wires[3:]]))
    assert found(store, query(search="blue")) == ["u02", "u01", "u00"]


def test_days_turn_with_the_date(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from instica_desktop.store import cache

    sold = {"acquired_at": "2025-01-01T12:00:00Z", "sold_at": "2025-01-11T00:00:00Z"}  # ten days, for good
    run(store.cache.upsert(ITEM, [item("sold", **sold), item("here", acquired_at="2025-03-01T23:59:59Z")]))
    for day, order in ((10, ["here", "sold"]), (11, ["here", "sold"]), (12, ["sold", "here"])):
        monkeypatch.setattr(cache, "_today", lambda day=day: datetime(2025, 3, day, tzinfo=UTC).toordinal())
        assert found(store, query(ordering="days_in_inventory")) == order
    monkeypatch.setattr(cache, "_today", lambda: datetime(2025, 3, 11, tzinfo=UTC).toordinal())
    assert found(store, query(ordering="-days_in_inventory")) == [
        "here",
        "sold",
    ]  # a tie: uid decides both ways
