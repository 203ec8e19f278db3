"""A real local server for anybody's tests.

Its own process, its own data folder, stopped with the test process.

    server = start_server(tmp_path / "shop", items=300)     httpx.get(server.base_url + "/api/v1/inventory/",
headers={"X-API-Key": server.api_key})     server.kill(); server.restart(); server.stop()

An empty shop is up in about a second, one of 300 items takes a fifth of a second more.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar

from tests.server.databases import database_for

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "resources" / "catalogue" / "releases.csv"
_PATIENCE = 30


class ServerFailed(Exception):
    """The server ended instead of saying where it listens; the message is what it complained about."""


@dataclass
class RunningServer:
    """A server process. `base_url` has no slash at its end; `api_key` is fresh after every (re)start."""

    module: ClassVar[str] = "instica_desktop.server"
    """What is run."""

    data_dir: Path
    base_url: str = ""
    api_key: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        assert self.process is not None
        return self.process.pid

    @property
    def port(self) -> int:
        """The port it listens on, or listened on last."""
        return int(self.base_url.rpartition(":")[2])

    def start(self, *arguments: str, port: int = 0) -> None:
        """Start the process and wait until it listens. Errors: `ServerFailed`."""
        own = ["--port", str(port), "--parent-pipe", *arguments]
        self.process = spawn(self.data_dir, own, self.module)
        assert self.process.stdin is not None
        self.process.stdin.write("\n")  # no key of ours: it prints a fresh one
        self.process.stdin.flush()
        self.base_url = self._said("base_url")
        self.api_key = self._said("api_key")

    def _said(self, name: str) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        label, value = "preparing", ""
        while label == "preparing":  # how far an update of an older shop is
            label, _, value = self.process.stdout.readline().strip().partition("=")
        if label != name:
            self._end()
            raise ServerFailed(
                (self.data_dir.parent / f"{self.data_dir.name}.log").read_text(encoding="utf-8")
            )
        return value

    def stop(self) -> int:
        """End the server as the system would; returns its exit code."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
        return self._end()

    def kill(self) -> None:
        """End the server without a warning, as a crash would."""
        assert self.process is not None
        self.process.kill()
        self._end()

    def restart(self) -> None:
        """Start again on the same data and the same port; the key is another one."""
        self.stop()
        self.start(port=self.port)

    def _end(self) -> int:
        assert self.process is not None
        for pipe in (self.process.stdin, self.process.stdout):
            _close(pipe)
        return self.process.wait(_PATIENCE)

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        pipe.close()


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment of a server on a folder; it names the folder's database when that is no file."""
    database = database_for(data_dir)
    own = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "DATABASE_URL": database or ""}
    return {**os.environ, **own}


def spawn(
    data_dir: Path, arguments: list[str], module: str = "instica_desktop.server"
) -> subprocess.Popen[str]:
    """Start a server's process, or that of a module which serves as it does."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with (data_dir.parent / f"{data_dir.name}.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module, "--data", str(data_dir), *arguments],
            cwd=ROOT,
            env=environment(data_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )


def start_server(
    data_dir: Path, *, items: int = 0, seed: int = 1, catalogue: Path | None = None
) -> RunningServer:
    """Start a server on `data_dir`, filled with `items` copies if it is empty (0 = leave it empty).

    Errors: `ServerFailed` with the server's own words. What it writes to stderr lies beside the folder as
    `.log`.
    """
    server = RunningServer(data_dir)
    demo = ["--demo", "--items", str(items), "--seed", str(seed)] if items else []
    server.start(*demo, "--catalogue", str(catalogue or CATALOGUE))
    return server
