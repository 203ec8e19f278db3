"""Our table against Qt's own SQL model with its own delegate: same file, columns, viewport and positions.

Run by hand: `python -m tests.bench.table_scroll [ROWS]`. Prints frame times, memory, first paint and Ctrl+A.
The figures that count are the ratios: at most 1.2 for the 95th percentile of a frame, at most 1/8 for memory.
"""

import gc
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from PySide6.QtCore import Qt
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from instica_desktop.qtkit import theme
from instica_desktop.qtkit.entity_table import EntityTableView
from tests.bench.table_data import SqliteFeed, columns, make_file

FRAMES = 240
ROUNDS = 3
"""Taken in turns, the best of each kept: other work on the machine disturbs one round, seldom all."""
VIEWPORT = (1320, 40 * 33 + 32)


def resident() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def positions(rows: int) -> list[int]:
    """Return scroll positions in rows: wheel steps, pages and jumps, the same for both tables."""
    chance, at, found = random.Random(7), 0, []
    for frame in range(FRAMES):
        at = chance.randrange(rows - 50) if frame % 40 == 39 else at + (33 if frame % 3 else 3)
        found.append(min(at, rows - 50))
    return found


def frames(view: QTableView, rows: int) -> list[float]:
    """Return the time of each frame in ms, after a few to warm up."""
    bar, taken = view.verticalScrollBar(), []
    for row in positions(rows):
        start = perf_counter()
        bar.setValue(row * 40)
        view.viewport().repaint()
        taken.append((perf_counter() - start) * 1000)
    return sorted(taken[8:])


def sql_view(path: Path) -> QTableView:
    """Return Qt's table over Qt's model, all rows fetched, as a scroll bar over all of them needs."""
    base = QSqlDatabase.addDatabase("QSQLITE")
    base.setDatabaseName(str(path))
    base.open()
    model = QSqlTableModel(None, base)
    model.setTable("item")
    model.select()
    while model.canFetchMore():
        model.fetchMore()
    view = QTableView()
    view.setModel(model)
    view.setColumnHidden(0, True)
    for at, column in enumerate(columns(False), start=1):
        view.setColumnWidth(at, column.width)
    header = view.verticalHeader()
    header.hide()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setDefaultSectionSize(40)
    view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    return view


def our_view(path: Path, styled: bool) -> EntityTableView:
    """Return our table, plain or as the product shows it."""
    view = EntityTableView(columns(styled), "bench", "Bench")
    view.set_results(SqliteFeed(path))
    return view


def measure(which: str, path: Path, rows: int) -> None:
    """Measure one table in this process and print one line: p50, p95, MB, first paint, Ctrl+A."""
    app = QApplication([])
    theme.apply(app, "light")
    gc.collect()
    before, start = resident(), perf_counter()
    view = sql_view(path) if which == "sql" else our_view(path, which == "styled")
    view.resize(*VIEWPORT)
    view.show()
    app.processEvents()
    first = (perf_counter() - start) * 1000
    taken = frames(view, rows)
    memory = resident() - before
    start = perf_counter()
    if which != "sql":
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        view.viewport().repaint()
    everything = (perf_counter() - start) * 1000
    print(median(taken), taken[int(len(taken) * 0.95)], memory, first, everything)


def in_own_process(which: str, path: Path, rows: int) -> list[float]:
    """Measure one table where nothing of the others is in memory."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench.table_scroll", which, str(path), str(rows)],
        capture_output=True,
        text=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": "."},
    )
    return [float(word) for word in found.stdout.split()]


def main() -> None:
    """Measure each table in a process of its own and compare."""
    if len(sys.argv) == 4:
        measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.db"
        make_file(path, rows)
        results: dict[str, list[float]] = {}
        for which in ("sql", "plain", "styled") * ROUNDS:
            taken = in_own_process(which, path, rows)
            results[which] = [min(pair) for pair in zip(taken, results.get(which, taken), strict=True)]
    report(results, rows)


def report(results: dict[str, list[float]], rows: int) -> None:
    """Print a table and the ratios."""
    print(f"{rows:,} rows, 12 columns, {VIEWPORT[0]}×{VIEWPORT[1]}; ms, MB")
    print(f"{'':8}{'p50':>8}{'p95':>8}{'memory':>9}{'first':>9}{'Ctrl+A':>8}")
    for which, figures in results.items():
        print(
            f"{which:8}"
            + "".join(f"{figure:>{width}.1f}" for figure, width in zip(figures, (8, 8, 9, 9, 8), strict=True))
        )
    for which in ("plain", "styled"):
        frame = results[which][1] / results["sql"][1]
        print(f"{which}: p95 {frame:.2f} of Qt's, memory 1/{results['sql'][2] / results[which][2]:.1f}")


if __name__ == "__main__":
    main()
