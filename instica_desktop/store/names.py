"""What things went by before the uid they have now: temporary uids, those of what was made again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.store.coalesce import renamed
from instica_desktop.store.database import Connection
from instica_desktop.store.seals import insert
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
        known: dict[str, str] = dict(self._db.execute("SELECT temporary, real FROM renamings").fetchall())
        return renamed(operation, {uid: _last(known, uid) for uid in known})

    def apply(self, real: dict[str, str]) -> None:
        """Bring the names in memory up to date, after the commit."""
        real |= self._given
        for uid in self._taken:
            real.pop(uid, None)

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


def _last(known: Mapping[str, str], uid: str) -> str:
    while uid in known:
        uid = known[uid]
    return uid
