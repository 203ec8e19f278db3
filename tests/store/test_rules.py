"""What an earlier version stored by other rules is made anew a piece at a time, from where it was cut off."""

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.store.database import Connection
from instica_desktop.store.rules import KEY, Rules
from instica_desktop.store.store import Store
from tests.store.support import found, item, query, record, run

UIDS = [f"u{at}" for at in range(9)]


def _forget_words(connection: Connection) -> None:
    """Let the records be found by nothing, as under rules that knew no names."""
    connection.execute("INSERT INTO inventory_fts(inventory_fts) VALUES ('delete-all')")
    connection.execute("UPDATE inventory SET words=''")
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 'of long ago')", (KEY,))


@pytest.fixture
def old(store: Store) -> Cache:
    run(store.cache.upsert(Entity.ITEM, [item(uid, name="Blue") for uid in UIDS]))
    run(store.cache.upsert(Entity.PRODUCT, [record(Entity.PRODUCT, "p", title="Train")]))
    run(store.cache.run(_forget_words))
    return store.cache


def test_it_goes_on_where_it_was_cut_off(store: Store, old: Cache) -> None:
    assert Rules(old).outdated
    assert run(Rules(old).renew(4))
    while not found(store, query(search="blue")):  # the tables before may take their pieces first
        assert run(Rules(old).renew(4))
    assert sorted(found(store, query(search="blue"))) == UIDS[:4]
    run(store.close())
    again = Store.open(store.folder)
    try:
        rules = Rules(again.cache)
        assert rules.outdated
        assert run(rules.renew(4))
        assert sorted(found(again, query(search="blue"))) == UIDS[:8]
        while run(rules.renew(4)):
            pass
        assert not rules.outdated
        assert sorted(found(again, query(search="blue"))) == UIDS
        assert found(again, query(Entity.PRODUCT, search="train")) == ["p"]
    finally:
        run(again.close())


def test_it_tells_how_far_it_is_also_after_it_was_cut_off(store: Store, old: Cache) -> None:
    assert Rules(old).share == 0.0
    assert run(Rules(old).renew(4))
    assert 0.0 < Rules(old).share < 0.5
    shares = [Rules(old).share]
    while run(Rules(old).renew(4)):
        shares.append(Rules(old).share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0  # 9 items and a product


def test_only_what_is_found_otherwise_now_is_announced(store: Store, old: Cache) -> None:
    announced: list[frozenset[str]] = []
    store.publish = lambda changes: announced.append(changes.uids)
    rules = Rules(old)
    while run(rules.renew(100)):
        pass
    assert announced == [frozenset(UIDS)]  # the product is found as before


def test_a_copy_made_by_this_version_needs_nothing(store: Store) -> None:
    assert not run(Rules(store.cache).renew(100))
    assert not Rules(store.cache).outdated
