"""How late the window is when somebody has leafed through the list with PageDown.

    xvfb-run -a -s "-screen 0 1600x1000x24" python -m tests.bench.page_downs [FOLDER] [--rows 100000]

Sends 100 PageDowns, 30 a second, as real keys of the X display, and looks at the screen from outside: what
counts is when the rows last changed after the last key. In turns: the inventory with its pane and thumbnails,
Qt's own table over Qt's own SQL model, and DB Browser where it is installed. FOLDER keeps the shop.
"""

import argparse
import asyncio
import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.loop import run
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs
from tests.bench.stock import PICTURES, picture
from tests.bench.store_queries import fill
from tests.bench.table_data import make_file
from tests.bench.table_scroll import sql_view
from tests.bench.xdisplay import PAGE_DOWN, Display
from tests.features.conftest import Window

KEYS = 100
EVERY = 1 / 30
ROUNDS = 5
SIZE = (1320, 900)
STRIP = (60, 200, 380, 640)
"""What is looked at: a part of the rows, with their pictures and titles."""
STILL_S = 0.6
"""A picture that has not changed for so long is the last."""
READY = "ready"


# ---------------------------------------------------------------- what is looked at


def jpeg(at: int) -> bytes:
    """Return a picture of 300 px that is like no other."""
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for band in range(12):
        colour = QColor.fromHsv((at * 37 + band * 30) % 360, 60 + at % 190, 60 + (at * 7 + band * 15) % 190)
        painter.fillRect(0, band * 25, 300, 25, colour)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 85)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return bytes(buffer.data().data())


async def make_shop(folder: Path, rows: int) -> None:
    """Fill a shop with items and the pictures of all of them."""
    store = Store.open(folder)
    if store.cache.known(Entity.ITEM) < rows:
        await fill(store, rows)
        for at in range(PICTURES):
            await store.cache.put_image(picture(at).removeprefix("http://127.0.0.1:9"), jpeg(at))
    await store.close()


async def show_inventory(folder: Path, app: QApplication) -> None:
    """Show the real screen until nobody wants it any more."""
    theme.apply(app, "light")
    bus, store = Bus(), Store.open(folder)
    client = InsticaClient("http://127.0.0.1:9", "ik_nobody_listens")
    shop = Shop(Account(id="bench", base_url="http://127.0.0.1:9"), client, store, bus.publish)
    with tempfile.TemporaryDirectory() as settings:
        context = Context(shop.account, shop, bus, Prefs(Path(settings) / "settings.json"), Window())
        view = InventoryView(context)
        show(view)
        view.activate()
        await asyncio.sleep(3)
        print(READY, int(view.winId()), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        view.leave()
        context.close()
        await shop.close()
        await client.aclose()
        await store.close()
        view.close()


def show_bare(file: Path, app: QApplication) -> None:
    """Show Qt's own table until nobody wants it any more."""
    view = sql_view(file)
    show(view)
    view.setFocus()
    view.selectRow(0)
    end = time.monotonic() + 2
    while time.monotonic() < end:
        app.processEvents()
    print(READY, int(view.winId()), flush=True)
    app.exec()


def show(view: QWidget) -> None:
    """Show a window at the corner of the screen."""
    view.resize(*SIZE)
    view.move(QPoint(0, 0))
    view.show()


# ---------------------------------------------------------------- looking at it


@contextlib.contextmanager
def shown(command: list[str]) -> Iterator[int]:
    """Start a program that shows a window; its number."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            said = next(line for line in process.stdout if line.startswith(READY))
            yield int(said.split()[1])
        finally:
            process.terminate()


def lateness(display: Display, window: int) -> float:
    """Leaf, and return how many ms after the last key the rows changed last."""
    display.focus(window)
    time.sleep(0.5)
    begin = time.perf_counter()
    for number in range(KEYS):
        time.sleep(max(0.0, begin + number * EVERY - time.perf_counter()))
        display.press(PAGE_DOWN)
    last = changed = time.perf_counter()
    seen = display.picture(*STRIP)
    while time.perf_counter() - changed < STILL_S:
        now = display.picture(*STRIP)
        if now != seen:
            seen, changed = now, time.perf_counter()
        time.sleep(0.001)
    return (changed - last) * 1000


def measured(display: Display, command: list[str], name: str) -> None:
    """Print how late a program was, leafing again and again."""
    with shown(command) as window:
        taken = [lateness(display, window) for _ in range(ROUNDS)]
    tell(name, taken)


def tell(name: str, taken: list[float]) -> None:
    """Print a line."""
    each = ", ".join(f"{one:.0f}" for one in taken)
    print(f"{name:<12} median {statistics.median(taken):6.1f} ms late; {each}", flush=True)


def browser(file: Path, display: Display) -> None:
    """Measure DB Browser, whose table takes the keyboard after a click into it."""
    command = ["sqlitebrowser", "-t", "item", str(file)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(6)
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)],
            capture_output=True,
            text=True,
            check=True,
        )
        window = found.stdout.split()[-1]
        where = ["windowmove", window, "0", "0", "windowsize", window, *map(str, SIZE)]
        subprocess.run(["xdotool", *where, "mousemove", "250", "420", "click", "1"], check=True)
        time.sleep(1)
        taken = [lateness(display, int(window)) for _ in range(ROUNDS)]
        process.terminate()
    tell("DB Browser", taken)


def main() -> None:
    """Show one window, or measure all of them in turns."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", choices=("inventory", "bare"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "account"
        file = folder / "bare.db"
        if given.only:
            app = QApplication(sys.argv[:1])
            run(app, show_inventory(folder, app)) if given.only == "inventory" else show_bare(file, app)
            return
        asyncio.run(make_shop(folder, given.rows))
        if not file.exists():
            make_file(file, given.rows)
        display = Display()
        command = [sys.executable, "-m", "tests.bench.page_downs", str(folder), "--only"]
        measured(display, [*command, "inventory"], "inventory")
        measured(display, [*command, "bare"], "bare table")
        if shutil.which("sqlitebrowser"):
            browser(file, display)


if __name__ == "__main__":
    main()
