"""A record that was deleted is in no pane any more, and what was typed for it is not saved by itself."""

from contextlib import aclosing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.api import InsticaClient
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.bindings import RETURNED
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.products.view import ProductsView
from tests.features.conftest import Desk, until
from tests.features.inventory.test_inventory import ready, shown
from tests.server.fixture import RunningServer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


async def alone(view: RecordScreen, uid: str, words: str) -> None:
    """Narrow a list to one record and stand on it."""
    view.browser.reveal(search=words)
    await until(lambda: view.browser.table.table_model.count == 1, "one hit")
    await until(lambda: view.pane.row is not None and view.pane.row.uid == uid, "the record in the pane")


async def unsold(view: InventoryView) -> tuple[str, str]:
    """Stand alone on an item that may be deleted; return its uid and SKU."""
    model = view.browser.table.table_model
    view.browser.filter_by("status", ("ready-to-sell",))
    await until(lambda: model.row(0) is not None and model.row(0).data.status == "ready-to-sell", "one")
    row = model.row(0)
    assert row is not None
    await alone(view, row.uid, row.data.manual_sku)
    return row.uid, row.data.manual_sku


def typed(view: InventoryView, text: str) -> QLineEdit:
    """Type a shelf and do not leave the field."""
    shelf = view.detail.fields.shelf
    shelf.setFocus()
    shelf.selectAll()
    QTest.keyClicks(shelf, text)
    return shelf


def location(context: Context, uid: str) -> str | None:
    """Return where an item stands, as this computer has it."""
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    assert isinstance(row.data, InventoryItem)
    return row.data.location


async def empty(view: RecordScreen) -> None:
    """Wait until the pane shows no record."""
    await until(lambda: view.pane.row is None, "the pane is empty")
    assert not any(field.isVisible() for field in view.pane.findChildren(QLineEdit))


async def test_the_pane_of_the_only_hit_is_empty_once_it_is_deleted(qtbot: QtBot, desk: Desk) -> None:
    async with desk(hold=600) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid, sku = await unsold(view)
        deleted = await context.shop.removal.delete(Entity.ITEM, [uid])
        await empty(view)
        await context.shop.discard(context.shop.operations()[0].uuid)
        await alone(view, uid, sku)
        assert deleted.acts
        view.leave()


async def test_what_is_typed_while_a_record_is_deleted_comes_back_with_it_and_waits(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk(hold=600) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid, sku = await unsold(view)
        shelf, before = typed(view, "GHOST-1"), location(context, uid)
        await context.shop.removal.delete(Entity.ITEM, [uid])
        await empty(view)
        await context.shop.discard(context.shop.operations()[0].uuid)
        await alone(view, uid, sku)
        assert shelf.text() == "GHOST-1"
        assert shelf.accessibleDescription() == RETURNED
        await view.finish()
        view.browser.search.edit.setFocus()
        view.leave()
        await view.finish()
        assert location(context, uid) == before
        assert not context.shop.operations()


async def test_a_refused_text_waits_for_a_decision_and_is_not_saved_by_leaving(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid, _ = await unsold(view)
        real = context.shop.edit

        async def refuse(*_: object, **__: object) -> None:
            raise InputError("This record is being deleted.")

        monkeypatch.setattr(context.shop, "edit", refuse)
        shelf = typed(view, "GHOST-2")
        view.browser.table.setFocus()
        await until(lambda: "being deleted" in shelf.accessibleDescription(), "the reason")
        monkeypatch.setattr(context.shop, "edit", real)
        shelf.setFocus()
        view.browser.table.setFocus()
        await view.finish()
        assert not context.shop.operations()
        assert [
            button.text() for button in view.detail.findChildren(QPushButton) if button.text() == "Save it"
        ]
        shelf.setFocus()
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        await until(lambda: location(context, uid) == "GHOST-2", "saved when asked")
        view.leave()


async def test_a_record_deleted_by_a_colleague_leaves_the_pane(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context, aclosing(InsticaClient(seeded.base_url, seeded.api_key)) as colleague:
        view = shown(qtbot, context)
        await ready(view)
        uid, _ = await unsold(view)
        await colleague.inventory.delete(uid)
        await context.shop.refresh(Entity.ITEM, uid)
        await empty(view)
        view.leave()


async def test_a_deleted_product_leaves_its_pane(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with (
        desk(hold=600) as context,
        aclosing(InsticaClient(seeded.base_url, seeded.api_key)) as colleague,
    ):
        made = await colleague.products.create({"title": "Ghost of a record"})
        view = ProductsView(context)
        qtbot.addWidget(view)
        view.resize(1240, 800)
        view.show()
        view.activate()
        uid = made.record.data.uid
        await alone(view, uid, "Ghost of a record")
        await context.shop.removal.delete(Entity.PRODUCT, [uid])
        await empty(view)
        view.leave()
