"""How near to this computer a connection may end: judged by the address connected to, not by a name."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from instica_desktop.api.address import NOT_HERE
from instica_desktop.core.addresses import Reach, reach_of
from instica_desktop.core.errors import AddressError

_CONNECTED = "connection.connect_tcp.complete"

Watch = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def watch_for(nearest: Reach) -> Watch:
    """Return httpx's `trace` extension for a request whose connection may end no nearer than this.

    It is told of a connection when its other end is known and nothing has been sent there yet.
    https://www.encode.io/httpcore/extensions/#trace

    Raises, when called:
        AddressError: the name led nearer. The connection is closed.
    """

    async def watch(event: str, info: Mapping[str, Any]) -> None:
        if event != _CONNECTED:
            return
        stream = info["return_value"]
        host, *_ = stream.get_extra_info("server_addr")
        if reach_of(ipaddress.ip_address(host)) > nearest:
            await stream.aclose()
            raise AddressError(NOT_HERE)

    return watch
