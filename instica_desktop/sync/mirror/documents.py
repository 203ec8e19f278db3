"""What there is one of, or a handful, kept whole: the account, the marketplaces, the plan."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from instica_desktop.core.errors import Forbidden, NotFound, NotOffered

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient

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


async def read(source: Callable[[], Awaitable[bytes]]) -> bytes | None:
    """Return a document, or None where this server or this key has none."""
    try:
        return await source()
    except (NotFound, NotOffered, Forbidden):
        return None
