"""The stage for tests of Activity: its list over a window, a real shop, and somebody else at the records."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.api import InsticaClient
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.features.activity.conflict import ConflictDialog
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context
from instica_desktop.features.notices import NoticeLog
from instica_desktop.sync import Kind
from tests.features.conftest import Desk, Window, until
from tests.server.fixture import RunningServer

POPUPS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""For modules that open popups: the offscreen platform warns of them."""


class Stage:
    """A window with the popover over a cell, a shop with real items, and a client that is somebody else."""

    def __init__(self, context: Context, other: InsticaClient, items: list[InventoryItem]) -> None:
        self.context, self.other, self.items = context, other, items
        self.home = QMainWindow()
        self.home.resize(1200, 800)
        self.cell = QPushButton("cell", self.home)
        self.cell.move(40, 760)
        self.home.show()
        self.notices = NoticeLog()
        self.popover = ActivityPopover(context, self.notices, self.home)

    @property
    def window(self) -> Window:
        assert isinstance(self.context.ui, Window)
        return self.context.ui

    def rows(self) -> list[OperationRow]:
        shown = [row for row in self.popover.findChildren(OperationRow) if not row.isHidden()]
        return sorted(shown, key=OperationRow.y)

    def open(self) -> None:
        self.popover.open_above(self.cell)

    def item(self, at: int = 0) -> InventoryItem:
        row = self.context.shop.row(Entity.ITEM, self.items[at].uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        return row.data

    async def edit(self, at: int = 0, **changes: Any) -> None:
        await self.context.shop.edit(Entity.ITEM, self.items[at].uid, changes)

    async def elsewhere(self, at: int = 0, **changes: Any) -> None:
        await self.other.inventory.update(self.items[at].uid, changes)

    async def stored(self, at: int = 0) -> InventoryItem:
        return (await self.other.inventory.get(self.items[at].uid)).record.data

    async def conflict(self) -> ConflictDialog:
        """Change notes and shelf on both sides, the SKU here only, and press Resolve."""
        shop = self.context.shop
        shop.work_offline(True)
        mine = f"{self.items[0].uid[:6]}-mine"
        await self.edit(location="C-11-03", condition_notes="Plays clean, faint warp.", manual_sku=mine)
        await self.elsewhere(location="C-11-09", condition_notes="Inner sleeve is original.")
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        self.open()
        QTest.keyClick(self.rows()[0], Qt.Key.Key_Return)
        await until(lambda: self.home.findChildren(ConflictDialog))
        dialog = self.home.findChild(ConflictDialog)
        assert dialog is not None
        await until(lambda: dialog.fields and dialog.fields[0].mine.hasFocus(), "the keyboard is in it")
        return dialog


@asynccontextmanager
async def stage(
    qtbot: QtBot, desk: Desk, seeded: RunningServer, *, first: int, status: str = ""
) -> AsyncIterator[Stage]:
    """Give a stage on items from the `first` on, so that tests leave each other alone."""
    other = InsticaClient(seeded.base_url, seeded.api_key)
    async with desk() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        query = Query(Entity.ITEM)
        results = context.shop.results(query.with_filter("status", [status]) if status else query)
        results.open()
        await until(lambda: results.row(first + 3))
        rows = [results.row(first + at) for at in range(4)]
        items = [row.data for row in rows if row and isinstance(row.data, InventoryItem)]
        results.close()
        made = Stage(context, other, items)
        qtbot.addWidget(made.home)
        try:
            yield made
        finally:
            made.popover.leave()
            made.popover.dismiss()
            for operation in context.shop.operations():
                if operation.state is not OpState.SENDING:
                    with suppress(InputError):  # it was sent meanwhile; what failed in the test is to be read
                        await context.shop.discard(operation.uuid)
            await other.aclose()


async def deleted_elsewhere(on: Stage) -> None:
    """Edit an item that somebody else has deleted, and open the list."""
    shop = on.context.shop
    shop.work_offline(True)
    await on.edit(location="G-01-01")
    await on.other.inventory.delete(on.items[0].uid)
    shop.work_offline(False)
    await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
    on.open()


def words_on(popover: QWidget) -> list[str]:
    return [label.text() for label in popover.findChildren(QLabel) if label.isVisible()]


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()
