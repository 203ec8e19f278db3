"""What an earlier version stored by other rules is made anew by today's, a piece at a time.

How far that is lies beside the records, in the same transactions: cut off, it goes on where it was.
"""

from functools import partial

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.store.database import Connection
from instica_desktop.store.indexes import make_next
from instica_desktop.store.projection import RULES
from instica_desktop.store.spans import span_next

KEY = "rules"
_AT = "rules_at"


class _At(msgspec.Struct, frozen=True):
    """How far it is: by which rules, in which table, behind which uid, and how many records are done."""

    rules: str = RULES
    entity: Entity = next(iter(Entity))
    uid: str = ""
    done: int = 0


class Rules:
    """The rules by which the records of a cache were stored and are indexed, and their renewal."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    @property
    def outdated(self) -> bool:
        """Whether some records are found and ordered as an earlier version did it."""
        return self._cache.get_meta(KEY) != RULES or self._cache.lacks_indexes()

    @property
    def share(self) -> float:
        """How far the renewal is, 0 to 1."""
        known = sum(self._cache.known(entity) for entity in Entity)
        return min(1.0, self._read().done / max(1, known))

    async def renew(self, most: int) -> bool:
        """Bring up to so many records up to date, then one index, then spans; tell whether there is more."""
        if self._cache.get_meta(KEY) == RULES:
            return bool(await self._cache.run(make_next) or await self._cache.run(span_next))
        at = self._read()
        for entity in list(Entity)[list(Entity).index(at.entity) :]:
            uids = self._cache.uids_after(entity, at.uid if entity is at.entity else "", most)
            if uids:
                reached = _At(entity=entity, uid=uids[-1], done=at.done + len(uids))
                await self._cache.renew(entity, uids, partial(_note, reached))
                return True
        await self._cache.run(_done)
        return self._cache.lacks_indexes()

    def _read(self) -> _At:
        text = self._cache.get_meta(_AT)
        try:
            at = msgspec.json.decode(text, type=_At) if text else _At()
        except msgspec.DecodeError:
            return _At()
        return at if at.rules == RULES else _At()


def _note(at: _At, connection: Connection) -> None:
    text = msgspec.json.encode(at).decode()
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (_AT, text))


def _done(connection: Connection) -> None:
    connection.execute("DELETE FROM meta WHERE key=?", (_AT,))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (KEY, RULES))
