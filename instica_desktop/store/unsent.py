"""Records that were made here and that the server does not have yet, as a list of its records needs them."""

from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.database import Connection
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.plan import LISTED, make_plan
from instica_desktop.store.tables import TABLES
from instica_desktop.store.values import micros

CLOCKS_DIFFER = timedelta(minutes=10)
_UNDER_WAY = frozenset({OpState.SENDING, OpState.UNKNOWN})
_MOVING = frozenset({OpKind.CREATE, OpKind.DELETE, OpKind.ADD_SHIPMENT, OpKind.REMOVE_SHIPMENT})
_KNOWN_BY = {Entity.ITEM: "sku", Entity.PRODUCT: "title"}
"""The key by which a record is known again while nobody has told us that it was made."""


class Unsent:
    """The rows of unsent creates. Made by the cache, whose `reader` for the screen it uses."""

    def __init__(
        self, outbox: Outbox, reader: Connection, reading: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """`reading` frames every use of `reader`."""
        self._outbox = outbox
        self._reader = reader
        self._reading = reading

    def read_by(self, reader: Connection) -> None:
        """Read by another connection."""
        self._reader = reader

    def rows(self, entity: Entity, among: Container[str] | None = None) -> dict[str, int]:
        """Return the row ids of the records that were made here and not sent, by temporary uid."""
        made = [one.uid for one in self._outbox.creates(entity) if among is None or one.uid in among]
        if not made:
            return {}
        sql = f"SELECT t.uid, t.id FROM {self._among(entity)} WHERE t.fetched IS NULL"
        with self._reading():
            return dict(self._reader.execute(sql, (_json(made),)).fetchall())

    def shipped(self) -> list[str]:
        """Return the orders that got a parcel, or lost one, by what was not sent yet."""
        kinds = (OpKind.ADD_SHIPMENT, OpKind.REMOVE_SHIPMENT)
        return list({one.uid: None for one in self._outbox.all() if one.kind in kinds})

    def moving(self, entity: Entity) -> list[str]:
        """Return the records that come, go or move to another status by what was not sent yet."""
        found = (one.uid for one in self._outbox.all() if one.entity is entity and one.kind in _MOVING)
        return list(dict.fromkeys(found))

    def moves(self, entity: Entity, uid: str) -> bool:
        """Tell whether something that was not sent yet lets a record come, go or move."""
        return any(one.kind in _MOVING for one in self._outbox.for_object(entity, uid))

    def may_be_there(self, entity: Entity, uid: str) -> bool:
        """Tell whether what moves a record may be on the server by now: it is being sent, or just was."""
        moving = [one for one in self._outbox.for_object(entity, uid) if one.kind in _MOVING]
        return not moving or any(one.state in _UNDER_WAY for one in moving)

    def leaving(self, entity: Entity) -> int:
        """Return how many records of a kind are on their way out."""
        return self._outbox.leaving(entity).left

    def sent(self, uid: str) -> str:
        """Return the uid the server gave to a record that was made here, or the one it has still."""
        return self._outbox.real(uid)

    def matching(self, query: Query, uids: Iterable[str]) -> list[int]:
        """Return the row ids of those records that a query finds, in its order."""
        wanted = list(uids)
        if not wanted:
            return []
        with self._reading():
            plan = make_plan(self._reader, query, datetime.now(UTC).toordinal())
            if plan.hopeless:
                return []
            tests = plan.tests(plan.search)
            sql = f"SELECT t.id FROM {self._among(query.entity)} WHERE {LISTED}{tests} {plan.order_by()}"
            return [row[0] for row in self._reader.execute(sql, (_json(wanted),))]

    def in_order(self, query: Query, ids: Sequence[int]) -> list[int]:
        """Return rows in the order of a query, whether it finds them or not."""
        name = TABLES[query.entity].name
        with self._reading():
            plan = make_plan(self._reader, query, datetime.now(UTC).toordinal())
            sql = f"SELECT t.id FROM json_each(?) AS j CROSS JOIN {name} AS t ON t.id = j.value"
            return [row[0] for row in self._reader.execute(f"{sql} {plan.order_by()}", (_json(list(ids)),))]

    def twins(self, entity: Entity) -> dict[int, int]:
        """Return what is here twice: the row made here → the row the server made of it, not yet told so."""
        under_way = [one for one in self._outbox.creates(entity) if one.state in _UNDER_WAY]
        if not under_way or entity not in _KNOWN_BY:
            return {}
        told = set(self._outbox.renamings.values())
        pairs = (self._twin(entity, one, told) for one in under_way)
        return dict(pair for pair in pairs if pair)

    def _twin(self, entity: Entity, create: Operation, told: set[str]) -> tuple[int, int] | None:
        key, name = f"k_{_KNOWN_BY[entity]}", TABLES[entity].name
        sql = f"""
            SELECT t.id, o.id, o.uid FROM {name} AS t CROSS JOIN {name} AS o ON o.{key} = t.{key}
            WHERE t.uid = ? AND t.fetched IS NULL AND o.fetched IS NOT NULL AND o.id > 0
            AND coalesce(o.k_created, ?2) >= ?2"""
        since = micros(create.created - CLOCKS_DIFFER)
        with self._reading():
            found = self._reader.execute(sql, (create.uid, since)).fetchall()
        return next(((here, there) for here, there, uid in found if uid not in told), None)

    def _among(self, entity: Entity) -> str:
        name = TABLES[entity].name
        return f"json_each(?) AS j CROSS JOIN {name} AS t ON t.uid = j.value"


def _json(values: list[str] | list[int]) -> str:
    return msgspec.json.encode(values).decode()
