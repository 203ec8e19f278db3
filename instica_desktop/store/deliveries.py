"""What was sent, kept for thirty days: written in the transaction that forgets the operation."""

from datetime import UTC, datetime, timedelta

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.store.database import Connection, one
from instica_desktop.store.values import from_millis, millis

KEPT = timedelta(days=30)


class Delivery(msgspec.Struct, frozen=True):
    """One operation that reached the server. `at` is UTC."""

    at: datetime
    uuid: str
    entity: Entity
    uid: str
    kind: OpKind
    title: str


def note_delivery(connection: Connection, operation: Operation, uid: str) -> None:
    """Note that an operation is on the server, on the record `uid`; forget what is older than `KEPT`."""
    now = datetime.now(UTC)
    values = (millis(now), operation.uuid, operation.entity.value, uid, operation.kind.value, operation.title)
    connection.execute(
        "INSERT INTO deliveries(at, uuid, entity, uid, kind, title) VALUES (?,?,?,?,?,?)", values
    )
    connection.execute("DELETE FROM deliveries WHERE at < ?", (millis(now - KEPT),))


def delivered_since(connection: Connection, moment: datetime) -> int:
    """Return how many operations were delivered since a moment."""
    return int(one(connection, "SELECT count(*) FROM deliveries WHERE at >= ?", (millis(moment),)))


def newest_deliveries(connection: Connection, limit: int) -> list[Delivery]:
    """Return what was delivered last, newest first."""
    sql = "SELECT at, uuid, entity, uid, kind, title FROM deliveries ORDER BY id DESC LIMIT ?"
    return [
        Delivery(from_millis(at), uuid, Entity(entity), uid, OpKind(kind), title)
        for at, uuid, entity, uid, kind, title in connection.execute(sql, (limit,))
    ]
