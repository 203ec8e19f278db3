"""What there is one of, or a handful, kept whole: the account, the marketplaces, the plan."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from instica_desktop.core.errors import (
    ASK_AGAIN,
    NotOffered,
    PlanLapsed,
    Rejected,
    ServerTrouble,
    SignedOut,
)
from instica_desktop.store.mirror import MirrorTables
from instica_desktop.store.values import millis
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient

log = logging.getLogger(__name__)

Sources = Mapping[str, Callable[[], Awaitable[bytes]]]
"""By name, what reads a document's JSON. Raises InsticaError."""


def sources(client: "InsticaClient") -> Sources:
    """Return what reads each document from a server."""

    async def account() -> bytes:
        return (await client.account.me()).record.raw

    async def platforms() -> bytes:
        return msgspec.json.encode(await client.platforms.list())

    async def plan() -> bytes:
        return msgspec.json.encode(await client.subscriptions.status())

    return {"account": account, "platforms": platforms, "plan": plan}


class Documents:
    """Reads the documents anew from time to time, each by itself: one that cannot be had costs no other."""

    def __init__(
        self, sources: Sources, tables: MirrorTables, pace: Pace, clock: Callable[[], datetime]
    ) -> None:
        self._sources = sources
        self._tables = tables
        self._pace = pace
        self._clock = clock
        self._due: dict[str, float] = {}

    async def read(self) -> None:
        """Read what is due. What this server, plan or key does not give is done without for a while.

        Raises:
            InsticaError: the server cannot be reached, or takes nothing from us.
        """
        for name, source in self._sources.items():
            now = asyncio.get_running_loop().time()
            if now >= self._due.get(name, float("-inf")):
                self._due[name] = now + await self._read(name, source)

    def clear(self) -> None:
        """Take nothing for read any more."""
        self._due.clear()

    async def _read(self, name: str, source: Callable[[], Awaitable[bytes]]) -> float:
        """Read a document and keep it; return after how many seconds to do so again."""
        try:
            raw = await source()
        except (SignedOut, PlanLapsed):
            raise
        except (Rejected, ServerTrouble) as error:
            log.info("There is no document %s just now: %s", name, error.details or error.message)
            return error.again if isinstance(error, NotOffered) else ASK_AGAIN
        await self._tables.put_document(name, raw, millis(self._clock()))
        return self._pace.mirror_again
