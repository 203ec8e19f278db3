"""Launch to the last paint of text, beside DB Browser for SQLite and a bare table on the same rows.

Run by hand: `python -m tests.bench.launch [ITEMS] [--rounds 7] [--profile DIR]`. Needs Xvfb and openbox; DB
Browser (Debian: sqlitebrowser) is left out, in words, where it is not installed.

Ours is the program as a person starts it on a local shop whose copy is whole. A profile that holds one is
used as it is (and worked on: give a copy); else one is made. Each is started on a display whose picture
lies in a file: looked at every few milliseconds, it tells when the last pixel between menu and status line
changed. The status line is left out because it goes on telling how far the local server is. In each round
every program is started once; the figure that counts is the ratio to DB Browser in the same round: at most
1.0.
"""

import argparse
import mmap
import shutil
import sqlite3
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path
from statistics import median

from tests.bench.local_copy import ITEMS, account_folder, fill_profile
from tests.e2e.display import PICTURE, Display

ROUNDS = 7
LOOK = 0.003
"""Seconds between two looks at the picture."""
STILL = 1.0
"""Seconds without a change after which what is there is taken for the last paint."""
GONE = 0.3
"""The same, once a program has ended."""
PATIENCE = 30.0
"""Seconds a program may take to show anything, or to end."""
EDGES = (90, 860)
"""The lines of the display between which text is waited for: without title, menu, and status line."""

BARE = """
import sqlite3, sys
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QApplication, QTableView

class Rows(QAbstractTableModel):
    def __init__(self, path):
        super().__init__()
        self.base = sqlite3.connect(path)
        self.count = self.base.execute("SELECT count(*) FROM items").fetchone()[0]
        self.width = len(self.base.execute("SELECT * FROM items LIMIT 1").fetchone())
        self.read = {}
    def rowCount(self, parent=None):
        return self.count
    def columnCount(self, parent=None):
        return self.width
    def data(self, index, role=0):
        if role == Qt.ItemDataRole.DisplayRole:
            page = index.row() // 128
            if page not in self.read:
                ask = "SELECT * FROM items LIMIT 128 OFFSET ?"
                self.read[page] = self.base.execute(ask, (page * 128,)).fetchall()
            return self.read[page][index.row() % 128][index.column()]

app = QApplication(["bare"])
table = QTableView()
table.setModel(Rows(sys.argv[1]))
table.resize(1200, 900)
table.show()
app.exec()
"""


class Picture:
    """What a display shows, as Xvfb writes it into a file (an X window dump)."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self._map[:100])
        pixels, line = header[0] + header[19] * 12, header[12]
        self._part = slice(pixels + EDGES[0] * line, pixels + EDGES[1] * line)

    def digest(self) -> int:
        """Return a number that changes with any pixel between the edges."""
        with memoryview(self._map) as whole:
            return zlib.crc32(whole[self._part])


def last_paint(display: Display, picture: Picture, command: list[str], name: str) -> float:
    """Start a program; return the seconds until the picture last changed. Ends it, and waits for that."""
    display.xdotool("mousemove", "1439", "959")  # the pointer is part of the picture, and it may turn
    empty, began = picture.digest(), time.perf_counter()
    child = display.start(command, name)
    while picture.digest() == empty:
        if child.poll() is not None or time.perf_counter() - began > PATIENCE:
            raise SystemExit(f"{name} shows nothing: {(display.folder / f'{name}.log').read_text()}")
        time.sleep(LOOK)
    painted = last_change(picture, STILL)
    child.terminate()
    child.wait(PATIENCE)
    last_change(picture, GONE)
    return painted - began


def last_change(picture: Picture, still: float) -> float:
    """Wait until the picture has been still for so many seconds; return when it changed last."""
    shown, changed = picture.digest(), time.perf_counter()
    while (now := time.perf_counter()) - changed < still:
        if (seen := picture.digest()) != shown:
            shown, changed = seen, now
        time.sleep(LOOK)
    return changed


def copy_rows(profile: Path, into: Path) -> int:
    """Write the columns the list shows of every item into a plain table; return how many there are."""
    base = sqlite3.connect(into)
    base.execute("ATTACH ? AS copy", (str(account_folder(profile) / "cache.db"),))
    base.execute(
        "CREATE TABLE items AS SELECT k_title AS title, k_artist AS artist, k_label AS label,"
        " k_catalog AS catalogue_number, k_grade AS grade, k_price AS price, k_status AS status,"
        " k_shelf AS shelf, k_start_day AS since, k_sku AS sku, k_created AS created, uid"
        " FROM copy.inventory ORDER BY k_created DESC, uid"
    )
    base.commit()
    count = base.execute("SELECT count(*) FROM items").fetchone()[0]
    base.close()
    return int(count)


def commands(profile: Path, rows: Path) -> dict[str, list[str]]:
    """Return what is started, by its name in the report."""
    found = {"ours": [sys.executable, "-m", "instica_desktop", "--profile", str(profile), "run"]}
    if shutil.which("sqlitebrowser"):
        found["DB Browser"] = ["sqlitebrowser", "--table", "items", str(rows)]
    else:
        print(
            "DB Browser is not installed here (Debian: sqlitebrowser), so there is nothing to compare with."
        )
    found["bare table"] = [sys.executable, "-c", BARE, str(rows)]
    return found


def measure(profile: Path, folder: Path, rounds: int) -> None:
    """Start each program once a round and compare."""
    rows = folder / "items.sqlite3"
    print(f"{copy_rows(profile, rows):,} items; seconds from the start to the last paint of text")
    environment = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    display = Display(folder, environment)
    try:
        picture = Picture(folder / PICTURE)
        programs = commands(profile, rows)
        for name, command in programs.items():
            last_paint(display, picture, command, name)  # so that all find their files in memory
        taken = [
            {name: last_paint(display, picture, command, name) for name, command in programs.items()}
            for _ in range(rounds)
        ]
        report(taken)
    finally:
        display.close()


def report(taken: list[dict[str, float]]) -> None:
    """Print every program's figures and the ratios to DB Browser."""
    for name in taken[0]:
        figures = sorted(a_round[name] for a_round in taken)
        print(f"{name:12} {median(figures):.2f} in the middle ({figures[0]:.2f} to {figures[-1]:.2f})")
    if "DB Browser" in taken[0]:
        ratios = sorted(a_round["ours"] / a_round["DB Browser"] for a_round in taken)
        spread = f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"ours / DB Browser: {spread}; wanted: at most 1.0")


def main() -> None:
    """Make what is missing and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("items", type=int, nargs="?", default=ITEMS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--profile", type=Path, help="a local shop's profile, made if it is not there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        folder = Path(temporary)
        profile: Path = asked.profile or folder / "profile"
        fill_profile(profile, asked.items)
        measure(profile, folder, asked.rounds)


if __name__ == "__main__":
    main()
