"""Short ways to make records, operations and queries."""

import asyncio
import os
from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast

import apsw
import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Edit, Operation, OpKind
from instica_desktop.core.query import Filter, Query
from instica_desktop.store.database import Connection
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.seals import note_version, seal_all
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from instica_desktop.sync.queue import due_heads

T = TypeVar("T")
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_numbers = count(1)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one coroutine on a loop of its own."""
    return asyncio.run(work)


def record(entity: Entity, uid: str, **fields: Any) -> Record[Any]:
    """Return a record as the API client would, from wire fields."""
    raw = msgspec.json.encode({"uid": uid, **fields})
    return Record(msgspec.json.decode(raw, type=TABLES[entity].type), raw)


def item(uid: str, **fields: Any) -> Record[Any]:
    """Return an item made on 2 January 2025 unless told otherwise."""
    return record(Entity.ITEM, uid, **{"created": "2025-01-02T00:00:00Z", "title": uid, **fields})


def operation(uid: str, kind: OpKind = OpKind.UPDATE, **fields: Any) -> Operation:
    """Return an operation on an item with a uuid of its own."""
    uuid = fields.pop("uuid", f"op-{next(_numbers)}")
    return Operation(uuid=uuid, **{"entity": Entity.ITEM, "uid": uid, "kind": kind, "created": NOW, **fields})


def update(uid: str, field: str, base: Any, new: Any, **fields: Any) -> Operation:
    """Return an update of one field."""
    return operation(uid, edits=(Edit(field, base, new),), **fields)


def query(entity: Entity = Entity.ITEM, search: str = "", ordering: str = "", **filters: str) -> Query:
    """Return a query; filter values are comma-separated."""
    chosen = tuple(Filter(name, tuple(values.split(","))) for name, values in sorted(filters.items()))
    return Query(entity, search, chosen, ordering)


def uids(store: Store, entity: Entity, ids: Iterable[int]) -> list[str]:
    """Return the uids of rows."""
    return [row.uid if row else "?" for row in store.cache.rows(entity, list(ids))]


def found(store: Store, wanted: Query, limit: int = 1000) -> list[str]:
    """Return the uids a query finds, after checking that window, whole list and count agree."""
    first = store.cache.first_ids(wanted, limit)

    async def background() -> tuple[list[int], int]:
        return list(await store.cache.ids(wanted)), await store.cache.count(wanted)

    everything, number = run(background())
    assert list(first) == everything[:limit]
    assert len(everything) == number
    return uids(store, wanted.entity, first)


def due(outbox: Outbox, now: datetime) -> list[Operation]:
    """Return what the sender would send now."""
    return list(due_heads(outbox.queues(), outbox.unmade, now))


def spoil_table(path: Path, name: str) -> None:
    """Overwrite the first page of a table."""
    reader = apsw.Connection(str(path))
    ((page,),) = reader.execute("SELECT rootpage FROM sqlite_schema WHERE name=?", (name,)).fetchall()
    reader.close()
    with open(path, "r+b") as file:
        file.seek((int(str(page)) - 1) * 4096)
        file.write(os.urandom(4096))


def reseal(path: Path) -> None:
    """Seal the rows of an outbox as they are: what another version wrote is no damage."""
    connection = apsw.Connection(str(path))
    seal_all(cast(Connection, connection))
    connection.close()


def make_newer(path: Path) -> None:
    """Let a file of a shop be one that a newer version wrote."""
    writer = apsw.Connection(str(path))
    call_newer(writer, path.name)
    writer.close()


def call_newer(writer: apsw.Connection, name: str) -> None:
    """Give a file of that name, which is open, the number of a newer version."""
    writer.execute("PRAGMA user_version=99")
    if name == "outbox.db":
        note_version(cast(Connection, writer), 99)


def fill(store: Store, count: int = 40) -> None:
    """Give a store records, three edits and a photo to send."""
    run(
        store.cache.upsert(
            Entity.ITEM, [item(f"u{at}", name=f"Blue {at}", manual_sku=f"S-{at}") for at in range(count)]
        )
    )
    run(store.outbox.add(update("u1", "name", "Blue 1", "Red")))
    run(store.outbox.add(update("u2", "location", None, "A-1")))
    photo = run(store.blobs.put(b"photo"))
    run(store.outbox.add(operation("u3", OpKind.ADD_PHOTO, payload={"blob": photo})))
    run(store.cache.reproject_pending())


def waiting(store: Store) -> list[str]:
    """Return the uids of the records with unsent edits."""
    return [one.uid for one in store.outbox.all()]
