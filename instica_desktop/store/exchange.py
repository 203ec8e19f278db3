"""Another file in the place of a damaged one, while the program goes on: all connections, then the file."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from instica_desktop.store.database import Connection, Cursor, Reader, SqliteError, Writer, connect


class Nowhere:
    """What stands for a connection where no file can be made: whatever is asked of it fails, and says so."""

    def execute(self, statements: str, bindings: Sequence[Any] = (), /) -> Cursor:
        """Fail."""
        raise SqliteError("there is no file in the damaged one’s place yet")

    def executemany(self, statements: str, bindings: Iterable[Sequence[Any]], /) -> Cursor:
        """Fail."""
        return self.execute(statements)

    def changes(self) -> int:
        """Return 0: there were none."""
        return 0

    def last_insert_rowid(self) -> int:
        """Return 0: there is none."""
        return 0

    def get_autocommit(self) -> bool:
        """Tell that no transaction is open."""
        return True

    def set_progress_handler(self, callable: Callable[[], bool] | None, nsteps: int = 100, /) -> None:
        """Watch nothing."""

    def interrupt(self) -> None:
        """Break nothing off."""

    def close(self) -> None:
        """Let nothing go."""


class OpenFile:
    """One open database: its writer, the readers in the background, the connection the screen reads by."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        readers: Sequence[Reader],
        screen: Connection,
        read_by: Callable[[Connection], None],
    ) -> None:
        """`read_by` is told of the connection the screen has to read by from now on."""
        self._path = path
        self._workers = (writer, *readers)
        self._screen = screen
        self._read_by = read_by

    async def exchange(self, make: Callable[[], Awaitable[Connection]]) -> None:
        """Close every connection, let `make` put a new file there, and go on with that.

        What is asked meanwhile waits. `make` returns a connection that writes. When it fails, so does
        whatever is asked of the file until the next exchange.
        """
        parked = [worker.park() for worker in self._workers]
        fresh: list[Connection] = []
        try:
            await asyncio.gather(*parked)
            with suppress(SqliteError):  # what is damaged may not even close well
                self._screen.close()
            fresh.append(await make())
            fresh += [connect(self._path, write=False, cache_mb=32) for _ in self._workers[1:]]
            fresh.append(connect(self._path, write=False))
        except BaseException:
            for connection in fresh:
                with suppress(SqliteError):
                    connection.close()
            fresh = [Nowhere() for _ in (*self._workers, self._screen)]
            raise
        finally:
            self._go_on(fresh)

    def close(self) -> None:
        """Close the connection of the screen; the workers are stopped by whoever made them."""
        self._screen.close()

    def _go_on(self, fresh: Sequence[Connection]) -> None:
        *others, self._screen = fresh
        for worker, connection in zip(self._workers, others, strict=True):
            worker.resume(connection)
        self._read_by(self._screen)
