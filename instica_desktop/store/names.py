"""What things went by before the uid they have now: temporary uids, those of what was made again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.store.coalesce import renamed, texts_of
from instica_desktop.store.database import Connection
from instica_desktop.store.seals import demand, insert
from instica_desktop.store.values import millis


class Names:
    """One transaction's changes of names. What a thing goes by now leads on to nothing: no circles."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def give(self, uids: Mapping[str, str]) -> None:
        """Know what went by one uid by another."""
        now = millis(datetime.now(UTC))
        rows = [(old, new, now) for old, new in uids.items() if old != new]
        self._take(new for _, new, _ in rows)
        write_names(self._db, rows)
        for old, new, _ in rows:
            self._given[old] = new
            self._taken.discard(old)

    def dropped(self, operation: Operation) -> None:
        """Let what an operation would have made again go by its former name."""
        if operation.kind is not OpKind.CREATE:
            sql = "SELECT temporary FROM renamings WHERE real=?"
            named = self._db.execute(sql, (TEMPORARY + operation.uuid,)).fetchall()
            self._take(uid for (uid,) in named)

    def now(self, operation: Operation) -> Operation:
        """Return an operation by the uids of now; whoever made it may not have heard of them."""
        if TEMPORARY.encode() not in msgspec.json.encode(operation):
            return operation
        return renamed(operation, {uid: self._last(uid) for uid in texts_of(operation)})

    def apply(self, real: dict[str, str]) -> None:
        """Bring the names in memory up to date, after the commit."""
        real |= self._given
        for uid in self._taken:
            real.pop(uid, None)

    def _last(self, uid: str) -> str:
        """Return what something goes by in the end, each step held to its seal."""
        sql = "SELECT temporary, real, at, seal FROM renamings WHERE temporary=?"
        while (row := self._db.execute(sql, (uid,)).fetchone()) is not None:
            demand("renamings", row[:3], row[3])
            uid = row[1]
        return uid

    def _take(self, uids: Iterable[str]) -> None:
        for uid in uids:
            self._db.execute("DELETE FROM renamings WHERE temporary=?", (uid,))
            self._given.pop(uid, None)
            self._taken.add(uid)


def write_names(connection: Connection, names: Iterable[tuple[str, str, int]]) -> None:
    """Write what went by one uid by another, and since when (ms since 2000)."""
    for temporary, real, at in names:
        row = {"temporary": temporary, "real": real, "at": at}
        insert(connection, "renamings", row, "INSERT OR REPLACE")
