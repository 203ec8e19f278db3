"""A public server cannot point pictures into this computer: judged by the address connected to.

Names lead where a stand-in for the DNS says; the connections are real ones, to loopback.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.api import transport
from instica_desktop.core import errors
from tests.api.scripted import KEY, Scripted, Wired, reply
from tests.core.test_addresses import SPELLINGS_OF_THIS_COMPUTER
from tests.support.tls import server_context

PUBLIC = "https://records.example"
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(20)

Names = dict[str, str]


class Door(asyncio.Protocol):
    """A port of this computer that somebody may knock at; one visitor at a time."""

    def __init__(self) -> None:
        self.knocks = 0
        self.heard = b""
        self.port = 0
        self.left = asyncio.Event()
        self._visitor: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._visitor, self.knocks = transport, self.knocks + 1

    def data_received(self, data: bytes) -> None:
        self.heard += data
        self.close()  # whoever speaks TLS or to a proxy hears no more

    def connection_lost(self, exc: Exception | None) -> None:
        self.left.set()

    def close(self) -> None:
        if self._visitor is not None:
            self._visitor.close()


@asynccontextmanager
async def door() -> AsyncIterator[Door]:
    """Open a port on every address of this computer that takes whatever comes."""
    there = Door()
    server = await asyncio.get_running_loop().create_server(lambda: there, "0.0.0.0", 0)
    there.port = server.sockets[0].getsockname()[1]
    try:
        yield there
    finally:
        there.close()
        server.close()
        if there.knocks:
            await there.left.wait()
        await server.wait_closed()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Return the DNS: names, and the addresses they lead to."""
    known: Names = {}
    real: Callable[..., Any] = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real(known.get(name, name), *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("host", SPELLINGS_OF_THIS_COMPUTER)
async def test_no_spelling_of_this_computer_is_connected_to(host: str) -> None:
    async with door() as there, Wired(PUBLIC, seconds=2.0) as wired:
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(f"https://{host}:{there.port}/x.png")
        assert there.knocks == 0


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[fd00::1]", "192.168.1"])
async def test_nor_is_anything_in_its_network(host: str) -> None:
    async with Wired(PUBLIC, seconds=2.0) as wired:
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(f"https://{host}/x.png")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.2.1", "::ffff:127.0.0.1"])
async def test_a_name_that_leads_into_this_computer_gets_not_a_byte(names: Names, address: str) -> None:
    names["cdn.example"] = address
    async with door() as there, Wired(PUBLIC, seconds=5.0) as wired:
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(f"https://cdn.example:{there.port}/x.png")
        if there.knocks:
            await there.left.wait()
        assert there.heard == b""


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
async def test_no_proxy_is_asked_for_a_picture_elsewhere(
    names: Names, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    names["cdn.example"] = "127.0.0.1"
    async with door() as there, door() as proxy, Wired(PUBLIC, seconds=2.0) as wired:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(errors.AddressError):
            await wired.client.fetch(f"https://cdn.example:{there.port}/x.png")
        assert proxy.knocks == 0


async def test_the_shops_own_pictures_come_from_wherever_its_name_leads(
    names: Names, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names |= {"records.example": "127.0.0.1", "cdn.example": "127.0.0.1"}
    serving, authority = server_context(tmp_path, "records.example", "cdn.example")
    monkeypatch.setattr(transport, "_trust", lambda: ssl.create_default_context(cafile=authority))
    async with Scripted(reply(200, PIXEL, "image/png"), tls=serving) as server:
        base = f"https://records.example:{server.port}"
        async with Wired(base) as wired:
            assert (await wired.client.fetch("/media/a.png")).content == PIXEL
            assert (await wired.client.fetch(f"{base}/media/b.png")).content == PIXEL
            with pytest.raises(errors.AddressError):
                await wired.client.fetch(f"https://cdn.example:{server.port}/c.png")
        assert [got.target for got in server.got] == ["/media/a.png", "/media/b.png"]
        assert [got.headers["x-api-key"] for got in server.got] == [KEY, KEY]


async def test_a_shop_on_this_computer_may_have_its_pictures_in_another_place_here(names: Names) -> None:
    names["cdn.localhost"] = "127.0.0.1"
    async with Scripted(reply(200, PIXEL, "image/png")) as other, Scripted(reply(200, PIXEL)) as server:
        async with Wired(server.url) as wired:
            for host in ("127.0.0.1", "127.1", "cdn.localhost"):
                assert (await wired.client.fetch(f"http://{host}:{other.port}/a.png")).content == PIXEL
        assert not any("x-api-key" in got.headers for got in other.got)
