"""Files of earlier versions: opened by this one, nothing of them lost."""

import shutil
from pathlib import Path

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.core.query import Query
from instica_desktop.store.rules import Rules
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from tests.store.support import run

_FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An account's folder as the version named by the parameter left it."""
    home = tmp_path / "account"
    home.mkdir(mode=0o700)
    for name in ("cache", "outbox"):
        shutil.copy(_FIXTURES / f"{name}-{request.param}.db", home / f"{name}.db")
    return home


@pytest.mark.parametrize("folder", ["v1", "v2"], indirect=True)
def test_what_an_earlier_version_left_is_there(folder: Path) -> None:
    run(_look_through(folder))


@pytest.mark.parametrize("folder", ["v1", "v2"], indirect=True)
def test_a_start_waits_for_no_index_and_orders_are_the_same_without(folder: Path) -> None:
    run(_order_meanwhile(folder))


async def _order_meanwhile(folder: Path) -> None:
    store = Store.open(folder)
    try:
        rules = Rules(store.cache)
        assert store.cache.lacks_indexes()
        assert rules.outdated
        while rules.share < 1 and await rules.renew(1):
            pass
        queries = [
            Query(entity, ordering=ordering) for entity in Entity for ordering in TABLES[entity].orderings
        ]
        before = [(list(store.cache.first_ids(one)), await store.cache.ids(one)) for one in queries]
        assert store.cache.lacks_indexes()
        while await rules.renew(100):
            pass
        assert not store.cache.lacks_indexes()
        assert not rules.outdated
        assert [(list(store.cache.first_ids(one)), await store.cache.ids(one)) for one in queries] == before
    finally:
        await store.close()
    store = Store.open(folder)
    assert not Rules(store.cache).outdated
    await store.close()


async def _look_through(folder: Path) -> None:
    store = Store.open(folder)
    await store.cache.reproject_pending()
    while await Rules(store.cache).renew(100):
        pass
    edit, create = store.outbox.all()
    assert (edit.kind, edit.uid, edit.edits[0].new) == (OpKind.UPDATE, "i1", "B-2")
    assert (create.kind, create.payload["fields"]["manual_sku"]) == (OpKind.CREATE, "ID-1")
    assert [entry.value for entry in store.outbox.history(Entity.ITEM, "i1")] == ["C-3"]
    row = store.cache.by_uid(Entity.ITEM, "i1")
    assert row is not None
    assert getattr(row.data, "location", None) == "B-2"
    assert len(await store.cache.ids(Query(Entity.ITEM, search="kind blue"))) == 2  # the unsent one too
    for entity in (Entity.PRODUCT, Entity.ORDER):
        assert store.cache.known(entity) == 1
    assert (folder / f"outbox.db.before-{OUTBOX.version}").exists()
    assert store.intake.all() == []
    await store.outbox.done(edit.uuid)
    await store.close()
    store = Store.open(folder)
    assert [one.uuid for one in store.outbox.all()] == ["u2"]
    await store.close()
