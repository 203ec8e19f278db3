"""The products screen as a seller uses it: find, filter, order, edit a pressing, go on to its copies."""

from decimal import Decimal

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from instica_desktop.core.describe import field_value
from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.product_words import artist_of, label_of
from instica_desktop.features.products.view import ProductsView
from instica_desktop.qtkit.paint import text_width
from tests.features.conftest import Desk, Window, oldest_on, until
from tests.server.fixture import RunningServer

FIELD_EDGES = 2 * 12
"""Border, padding and margin of a field."""
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


def shown(qtbot: QtBot, context: Context) -> ProductsView:
    view = ProductsView(context)
    qtbot.addWidget(view)
    view.resize(1240, 840)
    view.show()
    view.activate()
    return view


async def settled(view: ProductsView) -> None:
    """Wait until the rows of the query are the server's."""
    model = view.browser.table.table_model
    await until(lambda: not view.browser.reordering)
    await until(lambda: model.feed is not None and not model.feed.loading and model.count is not None)
    await until(lambda: not model.count or model.row(0) is not None)


async def ready(view: ProductsView) -> None:
    await until(lambda: view.browser.table.table_model.count, "products are counted")
    await settled(view)
    view.browser.table.go_to(0)
    await until(lambda: view.detail.row, "a product in the pane")


async def ordered(view: ProductsView, ordering: str) -> None:
    """Order the rows by name and stand on the first."""
    view.browser.order_by(ordering)
    await settled(view)
    view.browser.table.go_to(0)


def product(view: ProductsView) -> Product:
    row = view.detail.row
    assert row is not None
    found = row.data
    assert isinstance(found, Product)
    return found


def rows(view: ProductsView) -> list[Product]:
    model = view.browser.table.table_model
    found = [model.row(at) for at in range(min(60, model.rowCount()))]
    return [row.data for row in found if row is not None]


def on_server(server: RunningServer, uid: str) -> dict[str, object]:
    answer = httpx.get(f"{server.base_url}/api/v1/products/{uid}/", headers={"X-API-Key": server.api_key})
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found


def named(server: RunningServer, uid: str, field: str) -> str:
    """Return the name of a product's artist or label on the server, or nothing."""
    found = on_server(server, uid)[field]
    return str(found["name"]) if isinstance(found, dict) else ""


def window(context: Context) -> Window:
    assert isinstance(context.ui, Window)
    return context.ui


async def test_products_are_listed_with_their_copies(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        await ordered(view, "most_inventory")
        await until(lambda: product(view).total_inventory_count > 1)
        copies = view.detail.copies.rows()
        assert len(copies) == min(5, len(product(view).inventory_items))
        copies[0].setFocus()
        QTest.keyClick(copies[0], Qt.Key.Key_Return)
        assert window(context).visited == [("inventory", product(view).inventory_items[0].uid, "")]
        view.leave()


async def test_all_copies_are_looked_for_in_the_inventory(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.detail.copies.show_product(
            Product(
                uid="p", title="x", inventory_items=product(view).inventory_items, total_inventory_count=12
            )
        )
        assert view.detail.copies.all_button.text() == "Show all 12 copies"
        view.detail.copies.all_button.click()
        key, uid, search = window(context).visited[-1]
        assert (key, uid) == ("inventory", "")
        assert product(view).title in search
        view.leave()


@pytest.mark.parametrize(
    ("ordering", "key"),
    [
        ("most_inventory", lambda p: -p.total_inventory_count),
        ("least_inventory", lambda p: p.total_inventory_count),
        ("price_high_low", lambda p: -(p.price_max_usd or Decimal(0))),
        ("listed_first", lambda p: p.listed_inventory_count == 0),
        ("unlisted_first", lambda p: p.listed_inventory_count > 0),
    ],
)
async def test_named_orderings_order(qtbot: QtBot, desk: Desk, ordering: str, key: object) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.order_by(ordering)
        await settled(view)
        keys = [key(found) for found in rows(view)]  # type: ignore[operator]
        assert keys == sorted(keys)
        assert len(keys) > 10
        view.leave()


async def test_a_click_on_a_heading_orders_and_turns_round(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        table = view.browser.table
        for wanted in ("title", "-title"):
            table.header.sectionClicked.emit(table.table_model.column_index("title"))
            assert view.browser.query.ordering == wanted
            await settled(view)
        first = rows(view)[0].title
        view.browser.order_by("title")
        await settled(view)
        assert rows(view)[0].title != first
        view.leave()


async def test_filters_narrow_to_what_is_in_stock_or_not(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        whole = view.browser.table.table_model.count or 0
        chip = view.browser.filters.chips["has_inventory"]
        found: list[int] = []
        for value in ("true", "false"):
            chip.set_selected((value,))
            chip.selection_changed.emit((value,))
            await settled(view)
            assert {(p.total_inventory_count > 0) for p in rows(view)} == {value == "true"}
            found.append(view.browser.table.table_model.count or 0)
        assert sum(found) == whole
        view.leave()


async def test_a_pressing_is_edited_in_place_and_undone(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid, before = product(view).uid, product(view).catalog_number
        fields = view.detail.fields
        fields.number.setText("TEST 4711")
        QTest.keyClick(fields.number, Qt.Key.Key_Return)
        await until(lambda: on_server(seeded, uid)["catalog_number"] == "TEST 4711", "the server has it")
        await until(lambda: product(view).catalog_number == "TEST 4711")
        view.detail.undo_requested.emit()
        await until(lambda: on_server(seeded, uid)["catalog_number"] == before, "taken back")
        view.leave()


async def test_what_cannot_be_saved_stays_with_its_reason(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        fields = view.detail.fields
        for field, typed in ((fields.year, "next year"), (fields.title, "")):
            before = context.shop.operations()
            field.setText(typed)
            QTest.keyClick(field, Qt.Key.Key_Return)
            form = field.parentWidget()
            await until(lambda form=form: form.error, "the reason under the field")  # type: ignore[union-attr]
            assert field.text() == typed
            assert context.shop.operations() == before
        fields.description.setPlainText("x" * 20_001)  # only the shop knows that this is too long
        view.detail.go_on()
        await until(lambda: fields.year.text() != "next year", "another product")
        await until(lambda: window(context).problems, "the window says what was not saved")
        view.detail.go_back()
        await until(lambda: fields.year.text() == "next year", "what could not be saved is still there")
        assert len(fields.description.text()) == 20_001
        view.leave()


async def test_tags_and_description_are_saved_when_another_product_is_chosen(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = product(view).uid
        view.detail.fields.tags.setText("first pressing, mono")
        view.detail.fields.description.setPlainText("A clean copy of the first pressing.")
        view.detail.go_on()
        await until(lambda: on_server(seeded, uid)["tags"] == ["first pressing", "mono"])
        await until(lambda: str(on_server(seeded, uid)["marketplace_description"]).startswith("A clean"))
        view.leave()


async def test_offline_an_edit_shows_at_once_and_waits(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        view.detail.fields.country.setText("Atlantis")
        QTest.keyClick(view.detail.fields.country, Qt.Key.Key_Return)
        await until(lambda: product(view).country == "Atlantis")
        row = context.shop.row(Entity.PRODUCT, product(view).uid)
        assert row is not None
        assert row.mark.pending == 1
        for operation in context.shop.operations():
            await context.shop.discard(operation.uuid)
        view.leave()


async def test_search_finds_by_catalogue_number(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        await until(lambda: any(p.catalog_number for p in rows(view)))
        wanted = next(p for p in rows(view) if p.catalog_number and len(p.catalog_number) > 4)
        assert wanted.catalog_number
        view.reveal(search=wanted.catalog_number)
        await until(lambda: wanted.uid in {p.uid for p in rows(view)})
        assert (view.browser.table.table_model.count or 0) < 10
        view.leave()


async def test_marketplaces_are_listed_where_there_are_any(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        await ordered(view, "listed_first")
        await until(lambda: product(view).marketplace_presences)
        assert view.detail.presences.isVisible()
        await ordered(view, "unlisted_first")
        await until(lambda: not product(view).marketplace_presences)
        assert not view.detail.presences.isVisible()
        view.leave()


async def test_the_catalogue_number_is_copied_from_the_menu(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        rows = view.browser.table.table_model
        numbered = (at for at in range(20) if (row := rows.row(at)) and row.data.catalog_number)
        view.browser.table.go_to(next(numbered))
        await until(lambda: product(view).catalog_number, "a pressing with a number")
        view.browser.context_menu.emit(view.mapToGlobal(view.rect().center()))
        menu = view.findChild(QMenu, "productMenu")
        assert menu is not None
        action = next(action for action in menu.actions() if action.text() == "Copy catalogue number")
        assert action.isEnabled()
        action.trigger()
        assert QApplication.clipboard().text() == product(view).catalog_number
        menu.close()
        view.leave()


async def test_a_product_far_down_is_brought_up(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        oldest = oldest_on(seeded, "products", "created")
        await context.shop.refresh(Entity.PRODUCT, oldest)
        view.reveal(oldest)
        await until(lambda: view.detail.row and product(view).uid == oldest)
        view.leave()


def of_item(context: Context, uid: str) -> str:
    """Return the artist an item shows."""
    row = context.shop.row(Entity.ITEM, uid)
    shown = row.data if row is not None else None
    return artist_of(shown.product) if isinstance(shown, InventoryItem) and shown.product else ""


async def copy_of(context: Context, view: ProductsView) -> str:
    """Stand on a product that has a copy; return the copy, which is then on this computer too."""
    await ordered(view, "most_inventory")
    await until(lambda: product(view).inventory_items)
    copy = product(view).inventory_items[0].uid
    await context.shop.refresh(Entity.ITEM, copy)
    return copy


def rename_artist(server: RunningServer, uid: str, name: str) -> None:
    """Give a product another artist, as a colleague does."""
    httpx.patch(
        f"{server.base_url}/api/v1/products/{uid}/",
        json={"artist": {"name": name}},
        headers={"X-API-Key": server.api_key},
    ).raise_for_status()


def typed(field: QLineEdit, text: str) -> None:
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)


async def test_artist_and_label_are_edited_and_taken_back(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        fields, uid = view.detail.fields, product(view).uid
        for field, name, before in (
            (fields.artist, "artist", artist_of(product(view))),
            (fields.label, "label", label_of(product(view))),
        ):
            assert field.text() == before
            typed(field, f"Zygmunt’s {name}")
            await until(
                lambda name=name: named(seeded, uid, name) == f"Zygmunt’s {name}", "the server has it"
            )
            view.detail.undo_requested.emit()
            await until(lambda name=name, was=before: named(seeded, uid, name) == was, "taken back")
            await until(lambda field=field, was=before: field.text() == was)
        typed(fields.label, "")
        await until(lambda: named(seeded, uid, "label") == "", "a product may have no label")
        view.leave()


async def test_offline_an_artist_is_seen_on_the_copies_found_and_sorted_by_at_once(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        copy, uid = await copy_of(context, view), product(view).uid
        context.shop.work_offline(True)
        typed(view.detail.fields.artist, "101 Aardvarks")
        await until(lambda: artist_of(product(view)) == "101 Aardvarks")
        row = context.shop.row(Entity.PRODUCT, uid)
        assert row is not None
        assert row.mark.fields == {"artist"}
        assert of_item(context, copy) == "101 Aardvarks"
        await ordered(view, "artist__name")
        await until(lambda: rows(view)[0].uid == uid, "sorted by it")
        view.reveal(search="aardvarks")
        await until(lambda: [found.uid for found in rows(view)] == [uid], "found by its new artist")
        for operation in context.shop.operations():
            await context.shop.discard(operation.uuid)
        await until(lambda: of_item(context, copy) != "101 Aardvarks", "dropped from the copies too")
        view.leave()


async def test_an_artist_changed_elsewhere_meanwhile_is_a_conflict(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = product(view).uid
        context.shop.work_offline(True)
        typed(view.detail.fields.artist, "Mine")
        await until(lambda: context.shop.operations())
        rename_artist(seeded, uid, "Theirs")
        context.shop.work_offline(False)
        await until(lambda: context.shop.operations()[0].state is OpState.CONFLICT, "the user is asked")
        operation = context.shop.operations()[0]
        assert field_value("artist", operation.theirs["artist"]) == "Theirs"
        assert named(seeded, uid, "artist") == "Theirs"
        await context.shop.resolve(operation.uuid, {"artist": "mine"})
        await until(lambda: named(seeded, uid, "artist") == "Mine")
        view.leave()


@pytest.mark.parametrize("window", [1100, 1240])
async def test_a_usual_format_is_seen_whole(qtbot: QtBot, desk: Desk, window: int) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        view.resize(window, 700)
        await ready(view)
        field = view.detail.fields.format
        needed = text_width("LP, Remastered", "body") + FIELD_EDGES
        await until(lambda: field.width() >= needed, f"{field.width()} of {needed} px")
        view.leave()
