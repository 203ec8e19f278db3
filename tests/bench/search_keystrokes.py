"""Keystroke to painted rows in the real inventory screen, from the cache alone.

    python -m tests.bench.store_queries …        # makes the cache; see there
    python -m tests.bench.search_keystrokes FOLDER

FOLDER is an account's folder, such as the one store_queries leaves. Prints median and p95 in ms, and beside
them the same for a bare QLineEdit: a letter typed until it is painted.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.loop import run
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs
from tests.features.conftest import Window

WORDS = (
    "blue moon",
    "giant steps",
    "night",
    "silver heart",
    "love supreme",
    "wild river",
    "zenqua",
    "IN-0004",
)


class Paints(QObject):
    """Notes when a widget was painted last, and when a table was given other rows last."""

    def __init__(self, widget: QWidget, table: EntityTableView | None = None) -> None:
        super().__init__(widget)
        self.at = 0.0
        self.asked = 0.0
        widget.installEventFilter(self)
        if table:
            table.table_model.feed_changed.connect(self.note)

    def note(self) -> None:
        self.asked = time.perf_counter()

    def shown_since(self, start: float, *, rows: bool) -> bool:
        return self.at > (self.asked if rows else start) and (not rows or self.asked > start)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def summary(name: str, taken: list[float]) -> str:
    ordered = sorted(1000 * one for one in taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, {len(ordered)} keystrokes"


async def turn_until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  nothing may come between the loop's turns and what is measured
        await asyncio.sleep(0)


async def typed(edit: QLineEdit, paints: Paints, *, rows: bool) -> list[float]:
    taken: list[float] = []
    for words in random.Random(1).sample(WORDS, len(WORDS)):
        edit.clear()
        await asyncio.sleep(0.4)
        for letter in words:
            start = time.perf_counter()
            QTest.keyClicks(edit, letter)
            if letter != " ":  # a space asks for nothing new
                await turn_until(partial(paints.shown_since, start, rows=rows))
                taken.append(paints.at - start)
            await asyncio.sleep(0.12)
    return taken


async def measure(folder: Path, app: QApplication) -> None:
    theme.apply(app, "light")
    bus, store = Bus(), Store.open(folder)
    client = InsticaClient("http://127.0.0.1:9", "ik_nobody_listens")
    shop = Shop(Account(id="bench", base_url="http://127.0.0.1:9"), client, store, bus.publish)
    with tempfile.TemporaryDirectory() as settings:
        context = Context(shop.account, shop, bus, Prefs(Path(settings) / "settings.json"), Window())
        view = InventoryView(context)
        view.resize(1240, 840)
        view.show()
        view.activate()
        await asyncio.sleep(3)
        print(f"{store.cache.known(Entity.ITEM):,} items")
        table = view.browser.table
        taken = await typed(view.browser.search.edit, Paints(table.viewport(), table), rows=True)
        bare = QLineEdit()
        bare.show()
        await asyncio.sleep(0.2)
        plain = await typed(bare, Paints(bare), rows=False)
        print(summary("keystroke to painted rows", taken))
        print(summary("keystroke to a painted letter in a bare field", plain))
        view.leave()
        context.close()
        await shop.close()
        await client.aclose()
        await store.close()
        bare.close()
        view.close()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    run(application, measure(Path(sys.argv[1]), application))
