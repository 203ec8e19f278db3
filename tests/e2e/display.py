"""A display of our own: Xvfb with a window manager, and what acts on it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("Xvfb", "openbox", "xdotool", "import", "dbus-daemon")
PICTURE = "Xvfb_screen0"
"""The file in a display's folder that holds what it shows, as an X window dump."""


def missing() -> list[str]:
    """Return the programs that are not installed."""
    return [name for name in NEEDED if shutil.which(name) is None]


def wait_for(condition: Callable[[], object], what: str, seconds: float = 40) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


class Display:
    """One X server. Everything it starts ends with `close`."""

    def __init__(self, folder: Path, more: Mapping[str, str] | None = None) -> None:
        """`more` goes into the environment of all programs here."""
        self.folder = folder
        self._more = dict(more or {})
        self._children: list[subprocess.Popen[bytes]] = []
        self.number = self._start_server()
        self.start(["openbox"], "openbox")

    def _start_server(self) -> int:
        read, write = os.pipe()
        with (self.folder / "xvfb.log").open("wb") as log:
            server = subprocess.Popen(
                [
                    *("Xvfb", "-displayfd", str(write), "-screen", "0", "1440x960x24", "-nolisten", "tcp"),
                    *("-fbdir", str(self.folder)),
                ],
                pass_fds=(write,),
                stdout=log,
                stderr=log,
            )
        self._children.append(server)
        os.close(write)
        with os.fdopen(read) as said:
            return int(said.readline())

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs on this display."""
        mine = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        return {**mine, "DISPLAY": f":{self.number}", "QT_QPA_PLATFORM": "xcb", **self._more}

    def start(
        self, command: list[str], name: str, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program on the display; its output goes to a log in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                command, env={**self.environment, **(env or {})}, stdout=log, stderr=log, cwd=ROOT
            )
        self._children.append(child)
        return child

    def app(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start the installed program."""
        return self.start([program(), *arguments], "app", env)

    def xdotool(self, *arguments: str) -> str:
        """Act on the display; return what xdotool says."""
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout.strip()

    def window(self) -> str:
        """Return the id of the program's window, or nothing."""
        return next(iter(self.windows("Instica Desktop")), "")

    def windows(self, name: str) -> list[str]:
        """Return the ids of the windows that show whose titles fit a pattern."""
        return self.xdotool("search", "--onlyvisible", "--name", name).split()

    def pointer(self) -> tuple[int, int]:
        """Return where the mouse pointer is."""
        said = dict(line.split("=") for line in self.xdotool("getmouselocation", "--shell").split())
        return int(said["X"]), int(said["Y"])

    def picture(self, name: str) -> Path:
        """Take a picture of the whole display."""
        path = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path

    def close(self) -> None:
        """End everything, the last started first."""
        for child in reversed(self._children):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(15)


def program() -> str:
    """Return the installed command beside this Python, else the one on the path."""
    beside = Path(sys.executable).with_name("instica-desktop")
    found = str(beside) if beside.exists() else shutil.which("instica-desktop")
    assert found, "instica-desktop is not installed in this environment"
    return found
