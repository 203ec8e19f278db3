"""What an earlier version stored by other rules is made anew by today's, a piece at a time.

How far that is lies beside the records, in the same transactions: cut off, it goes on where it was.
"""

from collections.abc import Sequence
from functools import partial

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.store.database import Connection
from instica_desktop.store.projection import RULES

KEY = "rules"
_AT = "rules_at"


class _At(msgspec.Struct, frozen=True):
    """How far it is: by which rules, in which table, behind which uid."""

    rules: str = RULES
    entity: Entity = next(iter(Entity))
    uid: str = ""


class Rules:
    """The rules by which the records of a cache were stored, and their renewal."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    @property
    def outdated(self) -> bool:
        """Whether some records are found and ordered as an earlier version did it."""
        return self._cache.get_meta(KEY) != RULES

    async def renew(self, most: int) -> bool:
        """Bring up to so many records up to date; tell whether there are more."""
        at = self._read()
        for entity in list(Entity)[list(Entity).index(at.entity) :]:
            uids = self._cache.uids_after(entity, at.uid if entity is at.entity else "", most)
            if uids:
                await self._cache.renew(entity, uids, partial(_note, entity, uids))
                return True
        await self._cache.run(_done)
        return False

    def _read(self) -> _At:
        text = self._cache.get_meta(_AT)
        try:
            at = msgspec.json.decode(text, type=_At) if text else _At()
        except msgspec.DecodeError:
            return _At()
        return at if at.rules == RULES else _At()


def _note(entity: Entity, uids: Sequence[str], connection: Connection) -> None:
    at = msgspec.json.encode(_At(entity=entity, uid=uids[-1])).decode()
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (_AT, at))


def _done(connection: Connection) -> None:
    connection.execute("DELETE FROM meta WHERE key=?", (_AT,))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (KEY, RULES))
