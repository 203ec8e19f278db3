"""The local shop's server as a child process: started on a free loopback port, restarted when it dies.

The child is our own command (`serve --embedded`), so that it is there in a frozen build too. Its key goes
in by stdin, never by argv, and it ends by itself when that pipe closes: also when this process is killed.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from instica_desktop.core.errors import InUse, StoreError
from instica_desktop.system.files import append_private, private_folder, write_atomically
from instica_desktop.system.logs import keep_secret, redact

log = logging.getLogger(__name__)

RESTART_DELAYS = (0.2, 1.0, 3.0, 10.0)
"""Seconds before each restart; after the last one we give up and say so."""

NOT_HERE = (
    "The local shop could not be opened here: its folder or its log cannot be written. Look at the details "
    "for which, and make it yours to write."
)
FEW_HEAPS = {"MALLOC_ARENA_MAX": "2"}
"""Has glibc keep two heaps, not one a thread: each keeps the most it ever held, such as a drawn picture."""
EXIT_IN_USE = 4
"""What `serve` exits with when another server has the data folder."""


class Address(msgspec.Struct, frozen=True):
    """Where the local server listens, and the key it was given."""

    base_url: str
    api_key: str
    port: int


class LocalServer:
    """One local shop. `on_event` gets plain words, in the loop's thread, when the server dies or is back.

    `on_preparing` gets there how far (0 to 1) it is with bringing the data of an older version up to date.
    """

    def __init__(self, data: Path, logs: Path, *, demo: bool = False) -> None:
        self.data = data
        self.demo = demo
        self.may_restart = True
        self.restarts = 0
        self.on_event: Callable[[str], None] | None = None
        self.on_preparing: Callable[[float], None] | None = None
        self._log_file = logs / "local-server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._ready: asyncio.Future[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._restarting: asyncio.Task[None] | None = None
        self._port_file = data.with_name(f"{data.name}.port")
        port = _same_port(self._port_file) or free_port()
        key = secrets.token_urlsafe(32)
        keep_secret(key)
        self.address = Address(f"http://127.0.0.1:{port}", key, port)

    @property
    def pid(self) -> int | None:
        """The process id while the server runs."""
        return self._process.pid if self._process else None

    async def start(self) -> Address:
        """Start the server and wait until it listens, however long an update of its data takes.

        Raises:
            InUse: another server has this shop's data.
            StoreError: its folder cannot be written, or it ended before it listened; `details` has its last
                words.
        """
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        self._ready = self._loop.create_future()
        try:
            process = self._process = self._launched()
        except OSError as error:
            raise StoreError(NOT_HERE, details=str(error)) from error
        threading.Thread(target=self._watch, args=(process,), name="local server", daemon=True).start()
        self._hand_over_key(process)
        await self._ready
        self._remember_port()
        return self.address

    def _launched(self) -> subprocess.Popen[bytes]:
        private_folder(self.data)
        with os.fdopen(append_private(self._log_file), "ab") as log_file:
            return subprocess.Popen(
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                env=FEW_HEAPS | os.environ,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def _remember_port(self) -> None:
        """Have the next start listen there too: the addresses of pictures then stay what they are."""
        try:
            write_atomically(self._port_file, str(self.address.port).encode())
        except OSError as error:
            log.info("The local server's port could not be noted: %s", error)

    async def stop(self, timeout: float = 10.0) -> None:
        """End the server by closing its pipe and wait for it; kill it when it does not go."""
        self._stopping = True
        if self._restarting:
            self._restarting.cancel()
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        if not await _wait_for_end(process, timeout):
            process.kill()
            await _wait_for_end(process, timeout)

    def kill(self) -> None:
        """End the server the hard way, as a crash would."""
        if self._process:
            self._process.kill()

    def _command(self) -> list[str]:
        start = (
            [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "instica_desktop"]
        )
        options = ["--data", str(self.data), "--port", str(self.address.port), "--embedded"]
        return [*start, "serve", *options, *(["--demo"] if self.demo else [])]

    def _hand_over_key(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None:
            return
        try:
            process.stdin.write(self.address.api_key.encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return  # it has ended already; the watching thread says why

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        """Read the child's output to its end, in a thread: it tells how far it is, and that it listens."""
        stdout = process.stdout
        if stdout is not None:
            with stdout:
                for line in stdout:
                    name, _, value = line.strip().partition(b"=")
                    if name == b"base_url":
                        self._tell(self._listens)
                    elif name == b"preparing":
                        self._tell(partial(self._prepares, value))
        code = process.wait()
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
        self._tell(lambda: self._ended(process, code))

    def _tell(self, call: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
                self._loop.call_soon_threadsafe(call)

    def _prepares(self, how_far: bytes) -> None:
        done, _, total = how_far.partition(b"/")
        if self.on_preparing:
            self.on_preparing(int(done) / int(total))

    def _listens(self) -> None:
        if self._ready and not self._ready.done():
            self._ready.set_result(self.address.base_url)

    def _ended(self, process: subprocess.Popen[bytes], code: int) -> None:
        if self._ready and not self._ready.done():
            self._ready.set_exception(self._failure(code))
            return
        if self._stopping or process is not self._process or not self.may_restart:
            return
        log.info("The local server ended with code %s; restarting it.", code)
        self._restarting = asyncio.ensure_future(self._restart())

    async def _restart(self) -> None:
        self._say("The local shop stopped unexpectedly. Starting it again.")
        for delay in RESTART_DELAYS:
            await asyncio.sleep(delay)
            try:
                await self.start()
            except StoreError as error:
                log.info("The local server did not start: %s", error.details)
                continue
            self.restarts += 1
            self._say("The local shop is running again.")
            return
        self._say(
            "The local shop does not start. Your copy still works; quit and start the app to try again."
        )

    def _say(self, words: str) -> None:
        if self.on_event:
            self.on_event(words)

    def _failure(self, code: int) -> StoreError:
        details = _last_words(self._log_file)
        if code == EXIT_IN_USE:
            return InUse(
                "The local shop is already open in another window. Close that window and try again.",
                details=details,
            )
        return StoreError(
            "The local shop did not start. Its data is untouched. Try again, or look at the details.",
            details=details or f"exit code {code}",
        )


def free_port() -> int:
    """Return a loopback port nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _same_port(noted: Path) -> int | None:
    """Return the port of the last start if nobody listens there now."""
    try:
        port = int(noted.read_bytes())
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":  # there it would let us take what another one has
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError, OverflowError):
        return None
    return port or None


async def _wait_for_end(process: subprocess.Popen[bytes], timeout: float) -> bool:
    deadline = asyncio.get_running_loop().time() + timeout
    while process.poll() is None:
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True


def _last_words(path: Path, lines: int = 12) -> str:
    try:
        return "\n".join(redact(path.read_text("utf-8", "replace")).splitlines()[-lines:])
    except OSError:
        return ""
