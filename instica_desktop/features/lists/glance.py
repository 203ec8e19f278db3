"""A quick look at records before an act on them: what somebody else did to them since they were shown."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import news_words, told
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context

MOST = 20
"""Of more records than this no look is taken; whatever is sent is compared with the server all the same."""


class Glance:
    """Remembers how records were shown when an act on them began, and tells what is new since."""

    def __init__(self, context: Context, entity: Entity, uids: Sequence[str]) -> None:
        self._context, self._entity = context, entity
        self._seen: dict[str, Mapping[str, Any]] = {}
        for uid in uids if len(uids) <= MOST else ():
            with suppress(InputError):  # it is not here any more: the act itself says so
                self._seen[uid] = context.shop.seen(entity, uid)

    async def look(self) -> None:
        """Read the records anew, as far as that takes no time to speak of."""
        await asyncio.gather(*(self._context.shop.look(self._entity, uid) for uid in self._seen))

    def news(self) -> str:
        """Return what is new, a line for each record, and empty once it was told."""
        lines: list[str] = []
        for uid, seen in self._seen.items():
            with suppress(InputError):
                found = self._context.shop.news(self._entity, uid, seen)
                if found:
                    self._seen[uid] = told(seen, found)
                    lines.append(f"{self._name(uid)}: {news_words(self._entity, found)}")
        return "\n".join(lines)

    def _name(self, uid: str) -> str:
        row = self._context.shop.row(self._entity, uid)
        return str(getattr(row.data, "title", "") or "This record") if row is not None else "This record"
