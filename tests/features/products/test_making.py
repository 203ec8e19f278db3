"""A new product, a copy of one, and its picture, as a seller makes them."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.app.tour.hands import drop_files
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.products.view import ProductsView
from tests.features.conftest import Desk, Window, until
from tests.features.test_accessible import unnamed


def shown(qtbot: QtBot, context: Context) -> ProductsView:
    view = ProductsView(context)
    qtbot.addWidget(view)
    view.resize(1240, 840)
    view.show()
    view.activate()
    return view


async def with_product(view: ProductsView, title: str) -> Product:
    """Make a product by the form; return it as the pane shows it."""
    view.make_new()
    dialog = view.findChild(NewProductDialog)
    assert isinstance(dialog, NewProductDialog)
    assert unnamed(dialog) == []
    QTest.keyClicks(dialog.fields.title, title)
    dialog.fields.artist.setText("Nobody Yet")
    dialog.fields.year.setText("1971")
    QTest.keyClick(dialog.fields.year, Qt.Key.Key_Return)
    await until(lambda: view.detail.row and view.detail.row.data.title == title, "it is in the pane")
    await until(lambda: not view.findChildren(NewProductDialog))
    assert view.detail.row is not None
    found: Product = view.detail.row.data
    return found


async def test_a_product_is_made_offline_shown_with_its_badge_and_taken_back(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        made = await with_product(view, "Unheard")
        assert made.artist is not None
        assert (made.artist.name, made.year, made.type) == ("Nobody Yet", 1971, "physical")
        row = view.browser.table.current_row()
        assert row is not None
        assert (row.uid, row.mark.pending) == (made.uid, 1)
        assert is_temporary(made.uid)
        view.detail.fields.number.setText("X 1")
        QTest.keyClick(view.detail.fields.number, Qt.Key.Key_Return)
        await until(lambda: context.undo.next_undo and "Catalogue" in context.undo.next_undo.words.title())
        assert isinstance(context.ui, Window)
        words, undo = context.ui.undos[-1]
        assert words == "New product Unheard"
        undo()
        await until(lambda: not context.shop.row(Entity.PRODUCT, made.uid))
        assert context.shop.operations() == []
        await context.undo.redo()
        again = context.shop.row(Entity.PRODUCT, made.uid)
        assert again is not None
        assert isinstance(again.data, Product)
        assert again.data.catalog_number == "X 1"
        view.leave()


async def test_add_and_another_keeps_what_a_stack_shares_and_makes_each_once(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        view.make_new()
        dialog = view.findChild(NewProductDialog)
        assert isinstance(dialog, NewProductDialog)
        fields = dialog.fields
        for field, text in ((fields.title, "One"), (fields.number, "X 1"), (fields.label, "Blue Note")):
            field.setText(text)
        for _ in range(2):  # a key that bounces
            QTest.keyClick(fields.title, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not fields.title.text(), "the form for another")
        assert (fields.number.text(), fields.label.text()) == ("", "Blue Note")
        assert [one.title for one in context.shop.operations()] == ["One"]
        QTest.keyClick(fields.title, Qt.Key.Key_Escape)  # what is kept counts as not typed
        await until(lambda: not view.findChildren(NewProductDialog))
        view.leave()


async def test_a_product_made_on_another_screen_is_there_when_one_comes_back(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        here = await with_product(view, "Made here")
        view.hide()
        await context.shop.making.copy({}, new={"title": "Made elsewhere"})
        view.show()
        view.activate()
        table = view.browser.table.table_model
        await until(lambda: table.count == 2)
        assert [row.data.title for row in map(table.row, range(2)) if row] == ["Made elsewhere", "Made here"]
        row = view.browser.table.current_row()
        assert row is not None
        assert row.uid == here.uid
        view.leave()


async def test_a_copy_is_added_from_the_pane_and_shown_among_the_items(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        made = await with_product(view, "To be copied")
        view.detail.copies.add_button.click()
        dialog = view.findChild(NewCopyDialog)
        assert isinstance(dialog, NewCopyDialog)
        assert dialog.chosen.title.text() == "To be copied"
        dialog.submit()
        await until(lambda: len(context.shop.operations()) == 2)
        await until(lambda: view.detail.copies.rows(), "the copy in the pane")
        assert isinstance(context.ui, Window)
        (copy,) = view.detail.copies.rows()
        await until(lambda: isinstance(context.ui, Window) and context.ui.visited)
        assert context.ui.visited == [("inventory", copy.uid, "")]
        fields = context.shop.operations()[-1].payload["fields"]
        assert fields["product"]["uid"] == made.uid
        view.leave()


async def test_a_picture_is_dropped_on_the_pane_refused_in_words_and_taken_back(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        await with_product(view, "With a picture")
        cover = view.detail.cover
        text, front = tmp_path / "notes.jpg", tmp_path / "front.png"
        text.write_text("this is no photo", "utf-8")
        Image.new("RGB", (40, 40), "teal").save(front)
        steps: list[object] = []
        context.undo.changed.connect(lambda: steps.append(context.undo.next_undo))
        drop_files(cover.hero, [text])
        await until(lambda: "not a photo" in cover.trouble)
        assert cover.remove.isHidden()
        drop_files(cover.hero, [front])
        await until(lambda: cover.hero.key.startswith("blob:"), "it shows at once")
        await until(lambda: len(steps) == 1, "it can be taken back")
        assert cover.trouble == ""
        assert cover.choose.text() == "Replace…"
        cover.remove.click()
        await until(lambda: len(steps) == 2 and not cover.hero.key)
        await context.undo.undo()
        await until(lambda: cover.hero.key.startswith("blob:"), "back again")
        await context.undo.undo()
        await until(lambda: not cover.hero.key)
        assert len(context.shop.operations()) == 1  # the product alone
        view.leave()
