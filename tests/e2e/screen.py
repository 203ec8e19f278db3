"""What the program shows, as a screen reader is told it: names, roles, places, what has the focus.

Qt offers it over D-Bus (AT-SPI) on a bus of our own; nothing of the program is read but that.
"""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from jeepney import DBusAddress, Message, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

TREE = "org.a11y.atspi"
ROOT = "/org/a11y/atspi/accessible/root"
FOCUSED, SHOWING = 12, 25
"""Bits of a state, as AT-SPI counts them."""
_PATIENCE = 10.0


class Gone(Exception):
    """What was asked about is not there any more."""


class Place(msgspec.Struct, frozen=True):
    """Where something is on the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """The point a person would click."""
        return self.x + self.width // 2, self.y + self.height // 2


class Seen(msgspec.Struct, frozen=True):
    """One thing on the screen."""

    path: str
    role: str
    name: str
    focused: bool
    place: Place


class Bus:
    """A message bus for accessibility alone. Ended by `close`."""

    def __init__(self, folder: Path) -> None:
        with (folder / "bus.log").open("wb") as log:
            self._daemon = subprocess.Popen(
                ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()

    @property
    def environment(self) -> dict[str, str]:
        """What has Qt speak on this bus, and on no other."""
        return {
            "AT_SPI_BUS_ADDRESS": self.address,
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }

    def close(self) -> None:
        """End the bus."""
        self._daemon.terminate()
        self._daemon.wait(15)
        assert self._daemon.stdout is not None
        self._daemon.stdout.close()


class Screen:
    """The one program on a bus."""

    def __init__(self, bus: Bus) -> None:
        self._connection: DBusConnection = open_dbus_connection(bus.address)
        self._program = ""

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()

    def forget(self) -> None:
        """Look for the program anew: it was started again."""
        self._program = ""

    # ------------------------------------------------------------ what is there

    def all(self) -> list[Seen]:
        """Return what shows, but for the cells of tables."""
        return list(self._below(ROOT))

    def find(self, name: str, role: str = "") -> Seen | None:
        """Return what shows under a name, a pattern for all of it."""
        pattern = re.compile(name)
        fits = (seen for seen in self.all() if pattern.fullmatch(seen.name) and role in ("", seen.role))
        return next(fits, None)

    def focus(self) -> Seen | None:
        """Return what has the keyboard."""
        return next((seen for seen in reversed(self.all()) if seen.focused), None)

    def words(self) -> str:
        """Return all that can be read, a line each, for looking for something in it."""
        return "\n".join(seen.name for seen in self.all() if seen.name)

    def text(self, seen: Seen) -> str:
        """Return what stands in a field."""
        return str(self._call(seen.path, "Text", "GetText", "ii", (0, -1)))

    # ------------------------------------------------------------ the table

    def table(self) -> Seen:
        """Return the table of records."""
        found = next((seen for seen in self.all() if seen.role == "table"), None)
        if found is None:
            raise Gone("no table shows")
        return found

    def rows(self, most: int = 40) -> list[str]:
        """Return the words of the first cell of each row, from the top."""
        table = self.table().path
        count = min(most, int(self._property(table, "Table", "NRows")))
        return [self._name(self._cell(table, row, 0)) for row in range(count)]

    def places(self, most: int = 15) -> dict[str, Place]:
        """Return where the first cell of each row is, by its words."""
        table = self.table().path
        count = min(most, int(self._property(table, "Table", "NRows")))
        cells = [self._cell(table, row, 0) for row in range(count)]
        return {self._name(cell): self._place(cell) for cell in cells}

    def cell(self, row: int, column: str) -> tuple[str, Place]:
        """Return the words of a cell and where it is; the column goes by its heading."""
        table = self.table().path
        for number in range(int(self._property(table, "Table", "NColumns"))):
            head = self._call(table, "Table", "GetColumnHeader", "i", (number,))[1]
            if self._name(head) == column:
                cell = self._cell(table, row, number)
                return self._name(cell), self._place(cell)
        raise Gone(f"no column {column}")

    def _cell(self, table: str, row: int, column: int) -> str:
        return str(self._call(table, "Table", "GetAccessibleAt", "ii", (row, column))[1])

    # ------------------------------------------------------------ the bus

    def _below(self, path: str) -> Iterator[Seen]:
        for _, child in self._call(path, "Accessible", "GetChildren"):
            try:
                state = self._state(child)
                if path != ROOT and not state >> SHOWING & 1:
                    continue
                role = str(self._call(child, "Accessible", "GetRoleName"))
                focused = bool(state >> FOCUSED & 1)
                yield Seen(child, role, self._name(child), focused, self._place(child))
                if role != "table":
                    yield from self._below(child)
            except Gone:
                continue

    def _state(self, path: str) -> int:
        low, high = self._call(path, "Accessible", "GetState")
        return low | high << 32

    def _name(self, path: str) -> str:
        return str(self._property(path, "Accessible", "Name"))

    def _place(self, path: str) -> Place:
        return Place(*self._call(path, "Component", "GetExtents", "u", (0,)))

    def _property(self, path: str, part: str, name: str) -> Any:
        return self._send(Properties(self._address(path, part)).get(name))[1]

    def _call(
        self, path: str, part: str, method: str, signature: str = "", body: tuple[int, ...] = ()
    ) -> Any:
        return self._send(new_method_call(self._address(path, part), method, signature or None, body))

    def _address(self, path: str, part: str) -> DBusAddress:
        return DBusAddress(path, bus_name=self._name_on_bus(), interface=f"{TREE}.{part}")

    def _send(self, message: Message) -> Any:
        answer = self._connection.send_and_get_reply(message, timeout=_PATIENCE)
        if answer.header.message_type is MessageType.error:
            raise Gone(str(answer.body))
        return answer.body[0] if answer.body else None

    def _name_on_bus(self) -> str:
        """Return the program's name on the bus: it alone has a tree there."""
        deadline = time.monotonic() + _PATIENCE
        while not self._program:
            daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
            for name in self._send(new_method_call(daemon, "ListNames")):
                root = DBusAddress(ROOT, bus_name=name, interface=f"{TREE}.Accessible")
                if name.startswith(":") and name != self._connection.unique_name and self._answers(root):
                    self._program = name
            assert time.monotonic() < deadline, "no program is on the bus"
        return self._program

    def _answers(self, root: DBusAddress) -> bool:
        try:
            self._send(Properties(root).get("Name"))
        except Gone:
            return False
        return True
