"""What was deleted elsewhere is found beside a record that is being deleted from here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.store.mirror import Progress
from instica_desktop.store.store import Store
from instica_desktop.sync.mirror.missing import Missing
from tests.store.support import item, operation

ITEM = Entity.ITEM


class Emptied:
    """A server's list without a record, and the tables of a scan that kept some that it did not see."""

    entity, size = ITEM, 100

    def __init__(self, store: Store, kept: list[str]) -> None:
        self.cache, self._kept = store.cache, kept
        self.forgotten: list[str] = []

    async def page(self, *_: Any) -> None:
        raise NotFound("There is no such page.")

    async def keep(self, _: str) -> None:
        raise NotFound("There is no such record.")

    async def kept(self, *_: Any) -> list[str]:
        return self._kept

    async def forget(self, _: Entity, uids: list[str]) -> None:
        self.forgotten += uids


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "account")
    yield opened
    opened.let_go()


async def test_what_is_gone_is_found_beside_a_record_whose_deletion_waits(store: Store) -> None:
    await store.cache.upsert(ITEM, [item(uid) for uid in ("leaving", "gone")])
    await store.outbox.add(operation("leaving", OpKind.DELETE))
    await store.cache.reproject_pending()
    server: Any = Emptied(store, ["leaving"])
    await Missing(server, server).remove(1, Progress())
    assert server.forgotten == ["gone"]
