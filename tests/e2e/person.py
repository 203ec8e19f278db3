"""A person at the real window: looks, clicks, types, drops files, quits, and comes back."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from PIL import Image

from tests.e2e.display import Display, wait_for
from tests.e2e.screen import Bus, Gone, Place, Screen, Seen

T = TypeVar("T")


class Person:
    """Works with one profile on one display. What is looked for is waited for."""

    def __init__(self, display: Display, bus: Bus, profile: Path, shop: dict[str, str]) -> None:
        """`shop`: the environment that names the server."""
        self._display = display
        self._profile = profile
        self._shop = shop
        self.screen = Screen(bus)
        self.program: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------ coming and going

    def opens_the_window(self, first: str = "") -> None:
        """Start the program and wait until the row called `first` is there."""
        self.screen.forget()
        self.program = self._display.app("--profile", str(self._profile), "run", env=self._shop)
        wait_for(self._display.window, "the window")
        self._display.xdotool("windowfocus", "--sync", self._display.window())
        if first:
            self.sees_row(first)

    def asks_to_quit(self) -> None:
        """Press Ctrl+Q."""
        self.presses("ctrl+q")

    def quits(self) -> None:
        """Quit; whatever is asked first is answered as the focused button says."""
        assert self.program is not None
        self.asks_to_quit()
        wait_for(self._has_ended, "the end of the program")
        assert self.program.returncode == 0

    def _has_ended(self) -> bool:
        assert self.program is not None
        return self.program.poll() is not None

    def pulls_the_plug(self) -> None:
        """End the program as a power cut does."""
        assert self.program is not None
        self.program.kill()
        self.program.wait(15)

    # ------------------------------------------------------------ looking

    def finds(self, name: str, role: str = "", seconds: float = 20) -> Seen:
        """Look for something by its name, a pattern for all of it."""
        found: list[Seen] = []

        def shows() -> bool:
            seen = self._look(lambda: self.screen.find(name, role))
            found[:] = [seen] if seen else []
            return bool(found)

        wait_for(shows, f"“{name}” on the screen, which has\n{self._look(self.screen.words)}", seconds)
        return found[0]

    def rows(self) -> list[str]:
        """Return the first cells of the rows, from the top."""
        return self._look(self.screen.rows) or []

    def row_of(self, title: str) -> int:
        """Return where the row stands whose title this is; -1 for nowhere."""
        return next((at for at, row in enumerate(self.rows()) if row.split(", ")[0] == title), -1)

    def sees_row(self, title: str, seconds: float = 30) -> None:
        """Wait for a row."""
        wait_for(lambda: self.row_of(title) >= 0, f"the row {title}", seconds)

    def highlighted(self) -> list[str]:
        """Return the titles of the rows that have the bar of a highlighted one at their left edge."""
        rows = self._look(self.screen.places) or {}
        with Image.open(self._display.picture("now")) as picture:
            pixels = picture.convert("RGB")
            return [
                title.split(", ")[0]
                for title, place in rows.items()
                if _is_coloured(cast("tuple[int, int, int]", pixels.getpixel((place.x + 1, place.y + 4))))
            ]

    def titles(self) -> list[str]:
        """Return the titles of the rows, from the top."""
        return [row.split(", ")[0] for row in self.rows()]

    def cell(self, title: str, column: str) -> str:
        """Return the words of a cell, nothing where there is no such row."""
        found = self._look(lambda: self.screen.cell(self.row_of(title), column))
        return found[0] if found else ""

    def reads(self) -> str:
        """Return all that is written on the screen but in the table."""
        return self._look(self.screen.words) or ""

    def written_in(self, name: str) -> str:
        """Return what stands in a field, nothing where there is none."""
        seen = self._look(lambda: self.screen.find(name, "text"))
        return (seen and self._look(lambda: self.screen.text(seen))) or ""

    def _look(self, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except Gone:
            return None  # it changed while it was looked at: look again

    # ------------------------------------------------------------ acting

    def presses(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._display.xdotool("key", "--delay", "60", *keys)

    def types(self, text: str) -> None:
        """Type text."""
        self._display.xdotool("type", "--delay", "25", text)

    def clicks(self, name: str, role: str = "") -> None:
        """Click on something that has a name."""
        self._click(self.finds(name, role).place)

    def clicks_row(self, title: str, column: str = "Title", held: str = "") -> None:
        """Click on a cell of a row, perhaps with a key held."""
        self.sees_row(title)
        self.clicks_place(self.place_of(title, column), held)

    def place_of(self, title: str, column: str = "Title") -> Place:
        """Return where a cell is."""
        places: list[Place] = []

        def shows() -> bool:
            found = self._look(lambda: self.screen.cell(self.row_of(title), column))
            places[:] = [found[1]] if found else []
            return bool(places)

        wait_for(shows, f"the cell {column} of {title}")
        return places[0]

    def clicks_place(self, place: Place, held: str = "") -> None:
        """Click where something stands or stood."""
        if held:
            self._display.xdotool("keydown", held)
        self._click(place)
        if held:
            self._display.xdotool("keyup", held)

    def _click(self, place: Place) -> None:
        x, y = place.middle
        self._display.xdotool("mousemove", "--sync", str(x), str(y), "click", "1")
        time.sleep(0.25)  # two clicks within a moment are a double click

    def goes_to_field(self, name: str) -> None:
        """Go from the table into the pane, and there by Tab to a field."""
        self.presses("F4")
        for _ in range(12):
            seen = self._look(self.screen.focus)
            if seen and seen.name == name:
                return
            self.presses("Tab")
        raise AssertionError(f"Tab does not lead to “{name}”, but to {seen}")

    def drops(self, files: list[Path], onto: str) -> None:
        """Drag files from another window and drop them, as a hand does."""
        self._display.start(  # it stays, as a file manager does
            [sys.executable, "-m", "tests.e2e.drag_source", *map(str, files)], "drag source"
        )
        wait_for(lambda: self._display.windows("^drag source$"), "the files to drag")
        target = self.finds(onto).place.middle
        window = self._display.windows("^drag source$")[0]
        move = self._display.xdotool
        move("mousemove", "--sync", "--window", window, "60", "40")
        move("mousedown", "1")
        for _ in range(6):
            move("mousemove_relative", "--sync", "--", "4", "-3")
            time.sleep(0.04)
        x, y = self._display.pointer()
        for step in range(1, 13):
            move("mousemove", str(x + (target[0] - x) * step // 12), str(y + (target[1] - y) * step // 12))
            time.sleep(0.04)
        move("mousemove_relative", "--", "3", "0")
        time.sleep(0.4)  # the target answers whether it takes them
        move("mouseup", "1")
        wait_for(lambda: "taken as" in (self._display.folder / "drag source.log").read_text(), "the drop")
        self._display.xdotool("windowfocus", "--sync", self._display.window())


def _is_coloured(pixel: tuple[int, int, int]) -> bool:
    """Tell the colour of the bar from white and greys."""
    return max(pixel) - min(pixel) > 60
