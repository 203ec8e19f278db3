"""A way to the server on which uploads break at a share of their bytes."""

import asyncio
import re
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class CuttingWay:
    """Passes connections on to a server; the next `times` POSTs break after a `share` of their body."""

    def __init__(self, upstream: int, share: float, times: int = 1) -> None:
        self._upstream = upstream
        self._share = share
        self.left = times
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        ways = [
            asyncio.create_task(self._requests(reader, far_writer)),
            asyncio.create_task(_pass_on(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            far_writer.transport.abort()
            writer.transport.abort()
            self._tasks.discard(task)

    async def _requests(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        mine, theirs = f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self._upstream}".encode()
        room: int | None = None
        while chunk := await reader.read(65536):
            chunk = chunk.replace(mine, theirs)
            head, end, _ = chunk.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if chunk.startswith(b"POST ") and self.left and length:
                self.left -= 1
                room = len(head + end) + int(int(length[1]) * self._share)
            if room is None:
                server.write(chunk)
            else:
                server.write(chunk[:room])
                room -= len(chunk)
            await server.drain()
            if room is not None and room <= 0:
                return


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
