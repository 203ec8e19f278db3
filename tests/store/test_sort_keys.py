"""Sort keys follow a new version of the cache, and unsent edits."""

from pathlib import Path

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit
from instica_desktop.store.migrations import Schema
from instica_desktop.store.renewing import prepared
from instica_desktop.store.rules import Rules
from instica_desktop.store.schema import CACHE
from instica_desktop.store.store import Store
from tests.store.support import found, item, operation, query, record, run, update

ITEM, PRODUCT = Entity.ITEM, Entity.PRODUCT


def test_a_copy_of_an_earlier_shape_is_filled_without_a_server(tmp_path: Path) -> None:
    path = tmp_path / "account" / "cache.db"
    path.parent.mkdir()
    before = Schema(CACHE.application_id, CACHE.steps[:2])
    prepared(path, before).close()
    store = Store.open(path.parent)
    product = {"uid": "p", "title": "x", "artist": {"uid": "1", "name": "The Who"}, "catalog_number": "B 2"}
    run(store.cache.upsert(ITEM, [item("b", product=product, location="A 10"), item("a", location="A 9")]))
    keys = "k_artist=NULL, k_label=NULL, k_catalog=NULL, k_shelf=NULL, k_title='old'"
    run(store.cache.run(lambda writer: writer.execute(f"UPDATE inventory SET {keys}")))
    run(store.cache.set_meta("rules", "2"))
    assert Rules(store.cache).outdated
    while run(Rules(store.cache).renew(1)):
        pass
    assert found(store, query(ordering="artist__name")) == ["b", "a"]
    assert found(store, query(ordering="location,-created")) == ["a", "b"]
    assert found(store, query(ordering="-title")) == ["b", "a"]
    run(store.close())


def test_an_unsent_edit_of_the_product_or_the_shelf_sorts_the_copy(store: Store) -> None:
    product = {"uid": "p", "title": "x", "artist": {"uid": "1", "name": "The Who"}, "catalog_number": "B 2"}
    other = {"uid": "q", "title": "y", "artist": {"uid": "2", "name": "Wire"}, "catalog_number": "B 10"}
    run(store.cache.upsert(PRODUCT, [record(PRODUCT, **one) for one in (product, other)]))
    run(store.cache.upsert(ITEM, [item("a", product=product, location="A 9"), item("b", product=other)]))
    edits = (
        Edit("artist", product["artist"], {"name": "A Zombie"}),
        Edit("catalog_number", "B 2", "B 11"),
    )
    run(store.outbox.add(operation("p", entity=PRODUCT, edits=edits)))
    run(store.outbox.add(update("b", "location", None, "A 8")))
    run(store.cache.reproject_pending())
    for ordering in ("artist__name", "catalog_number", "location"):
        assert found(store, query(ordering=ordering)) == ["b", "a"]
        assert found(store, query(ordering=f"-{ordering}")) == ["a", "b"]
    assert found(store, query(PRODUCT, ordering="artist__name")) == ["q", "p"]
    assert found(store, query(PRODUCT, ordering="-catalog_number")) == ["p", "q"]
